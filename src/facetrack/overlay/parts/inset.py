"""Draws the picture in the picture in which the mannequin shows the step."""

from typing import Final

import cv2

from facetrack.capture.opencv import Image
from facetrack.overlay.drawing import shapes, text
from facetrack.overlay.drawing.layout import Layout, Rect
from facetrack.overlay.drawing.theme import Theme
from facetrack.overlay.parts.panels import MOST_OF_PICTURE

ABOVE_A_PAGES_TEXT: Final = 0.5
"""Lowest edge of a demonstration that fills the window above a page's text, as a share of the picture's height."""
BESIDE_A_PAGES_TEXT: Final = 0.64
"""The same of one at the right of the text, above what the page asks for."""


def inset_rect(layout: Layout, theme: Theme, picture: Image, bottom: int | None = None, beside: bool = False) -> Rect:
    """Place the inset at the top right under the counts, away from the face and from the words below.

    bottom: without a camera's picture, the y above which the demonstration fills the window; beside: with words at its right.
    """
    tall = picture.shape[0] / picture.shape[1]
    y = layout.top[3] + (5 * layout.margin // 2 if bottom is None else layout.margin)
    widest = layout.width // 3 if bottom is None else layout.width - 2 * layout.margin
    lowest = layout.foot[1] - round(MOST_OF_PICTURE * layout.height) - layout.margin if bottom is None else bottom
    height = max(1, lowest - layout.margin - y)
    height = min(height, layout.px(theme.inset)) if bottom is None else height
    width = min(round(height / tall), widest)
    middle = layout.margin if beside else (layout.width - width) // 2
    x = layout.width - layout.margin - width if bottom is None else middle
    return x, y, width, round(width * tall)


def draw_inset(image: Image, theme: Theme, layout: Layout, picture: Image, words: str, rect: Rect) -> None:
    """Draw the inset. picture: (h, w, 3) uint8, as it should be seen."""
    x, y, width, height = rect
    region = image[y : y + height, x : x + width]
    if region.shape[:2] != (height, width):
        return
    cv2.resize(picture, (width, height), dst=region, interpolation=cv2.INTER_LINEAR)
    frame = layout.px(0.5 * theme.line)
    cv2.rectangle(image, (x - frame, y - frame), (x + width + frame - 1, y + height + frame - 1), theme.text_colour, frame)
    largest = layout.px(theme.text_count)
    size, _ = text.fit(words, largest, theme.weight_small, width, 1)
    band = round(1.5 * largest)
    shapes.darken(image, (x, y + height - band, width, band), theme.panel_shade)
    text.put_text_light(
        image, words, x + width // 2, y + height - size // 2, theme.text_colour, size, theme.weight_small, align=0.5
    )
