"""Measures, wraps and draws text with OpenCV 5's TrueType fonts."""

from functools import lru_cache
from typing import Final

import cv2
import numpy as np

from facetrack.capture.opencv import Image
from facetrack.overlay.drawing.theme import Colour

_FONT: Final = cv2.FontFace("sans")
LINE_HEIGHT: Final = 1.3
"""Distance between baselines, in text sizes."""
SMALLEST: Final = 10
"""Text is not shrunk below this many pixels to make it fit."""


@lru_cache(maxsize=512)
def width_of(text: str, size: int, weight: int) -> int:
    """Return the width of a text in pixels."""
    rect = cv2.getTextSize((1 << 14, 1 << 14), text, (0, 0), _FONT, size, weight)
    return int(rect[2])


@lru_cache(maxsize=256)
def wrap(text: str, size: int, weight: int, room: int) -> tuple[str, ...]:
    """Break text into lines no wider than room pixels, where words allow. Text without spaces (Japanese) breaks between
    letters."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if width_of(longer, size, weight) <= room:
            line = longer
            continue
        if line:
            lines.append(line)
        line = word
        while width_of(line, size, weight) > room and len(line) > 1:
            fits = next(n for n in range(len(line) - 1, 0, -1) if n == 1 or width_of(line[:n], size, weight) <= room)
            lines.append(line[:fits])
            line = line[fits:]
    return (*lines, line) if line else tuple(lines)


@lru_cache(maxsize=256)
def fit(text: str, size: int, weight: int, room: int, most_lines: int) -> tuple[int, tuple[str, ...]]:
    """Find the largest size up to ``size`` at which the text takes at most most_lines. Returns the size and the lines."""
    while size > SMALLEST:
        lines = wrap(text, size, weight, room)
        if len(lines) <= most_lines and all(width_of(line, size, weight) <= room for line in lines):
            return size, lines
        size = max(SMALLEST, int(size * 0.92))
    return size, wrap(text, size, weight, room)


def put(image: Image, text: str, x: int, baseline: int, colour: Colour, size: int, weight: int, align: float = 0.0) -> None:
    """Draw one line. align: 0 puts its left end at x, 0.5 its middle, 1 its right end."""
    if align:
        x -= round(align * width_of(text, size, weight))
    cv2.putText(image, text, (x, baseline), colour, _FONT, size, weight)


@lru_cache(maxsize=160)
def _light_on_black(text: str, colour: Colour, size: int, weight: int) -> Image:
    """Render one line; its baseline is a text size below its top."""
    image: Image = np.zeros((round(1.45 * size), width_of(text, size, weight) + size // 2, 3), np.uint8)
    cv2.putText(image, text, (0, size), colour, _FONT, size, weight)
    image.setflags(write=False)
    return image


def put_text_light(
    image: Image, text: str, x: int, baseline: int, colour: Colour, size: int, weight: int, align: float = 0.0
) -> None:
    """Draw light text on a darkened ground as ``put`` does, at a tenth of its cost: a line is rendered once and then only laid
    over."""
    line = _light_on_black(text, colour, size, weight)
    if align:
        x -= round(align * width_of(text, size, weight))
    top, left = baseline - size, x
    y0, x0 = max(top, 0), max(left, 0)
    y1, x1 = min(top + line.shape[0], image.shape[0]), min(left + line.shape[1], image.shape[1])
    if y1 <= y0 or x1 <= x0:
        return
    region = image[y0:y1, x0:x1]
    cv2.max(region, line[y0 - top : y1 - top, x0 - left : x1 - left], dst=region)
