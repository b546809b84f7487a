"""Draws the picture in the picture in which the mannequin shows the step."""

from typing import Final

import cv2

from facetrack.capture.opencv import Image
from facetrack.overlay.drawing import shapes, text
from facetrack.overlay.drawing.layout import Layout, Rect
from facetrack.overlay.drawing.theme import Theme

ALONE: Final = 0.6
"""Height of the demonstration without a camera's picture, as a share of the picture's height."""


def inset_rect(layout: Layout, theme: Theme, picture: Image, alone: bool = False) -> Rect:
    """Place the inset at the top right under the counts, away from the face and from the words below; alone, in the middle."""
    tall = picture.shape[0] / picture.shape[1]
    widest = layout.width - 2 * layout.margin if alone else layout.width // 3
    height = round(ALONE * (layout.foot[1] - layout.top[3])) if alone else layout.px(theme.inset)
    width = min(round(height / tall), widest)
    height = round(width * tall)
    x = (layout.width - width) // 2 if alone else layout.width - layout.margin - width
    return x, layout.top[3] + 2 * layout.margin, width, height


def draw_inset(image: Image, layout: Layout, theme: Theme, picture: Image, words: str, alone: bool = False) -> None:
    """Draw the inset. picture: (h, w, 3) uint8, as it should be seen."""
    x, y, width, height = inset_rect(layout, theme, picture, alone)
    region = image[y : y + height, x : x + width]
    if region.shape[:2] != (height, width):
        return
    cv2.resize(picture, (width, height), dst=region, interpolation=cv2.INTER_LINEAR)
    frame = layout.px(0.5 * theme.line)
    cv2.rectangle(image, (x - frame, y - frame), (x + width + frame - 1, y + height + frame - 1), theme.text_colour, frame)
    size = layout.px(0.8 * theme.text_small)
    band = round(1.5 * size)
    shapes.darken(image, (x, y + height - band, width, band), theme.panel_shade)
    text.put_text_light(
        image, words, x + width // 2, y + height - size // 2, theme.text_colour, size, theme.weight_small, align=0.5
    )
