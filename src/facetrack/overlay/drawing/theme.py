"""All colours and proportions of the picture, in one place.

Colours are BGR, from the palette of Okabe and Ito (2008), which people with any kind of colour blindness can distinguish; a
shape or a position always says the same as the colour. Lengths are shares of the picture's shorter side, so that the picture
has the same proportions at every size.
"""

from dataclasses import dataclass
from typing import Final

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours and proportions. text_*: sizes of letters; weight_*: 100-900. From two metres, letters of a twelfth of a laptop's
    screen are readable."""

    right: Colour = (178, 114, 0)  # blue
    right_light: Colour = (233, 180, 86)  # sky blue
    wrong: Colour = (0, 159, 230)  # orange
    unseen: Colour = (170, 170, 170)
    text_colour: Colour = (255, 255, 255)
    quiet_text_colour: Colour = (210, 210, 210)
    outline: Colour = (30, 24, 20)
    recording: Colour = (60, 60, 235)
    zone_tint: float = 0.22
    panel_shade: float = 0.32
    page_shade: float = 0.22
    paused_shade: float = 0.45
    margin: float = 0.025
    text_large: float = 0.085
    text_title: float = 0.058
    text_count: float = 0.050
    text_small: float = 0.036
    weight_large: int = 700
    weight_small: int = 500
    line: float = 0.006
    marker: float = 0.016
    chevron: float = 0.020
    arrow: float = 0.13
    inset: float = 0.34
    gauge: float = 0.20


THEME: Final = Theme()
"""The theme that facetrack uses."""
