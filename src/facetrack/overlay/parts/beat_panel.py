"""Draws the beat of a step: a disc that swells with each tick and shrinks until the next, beside the words on what to do."""

from typing import Final

import numpy as np

from facetrack.capture.opencv import Image
from facetrack.flow.tempo import Beat
from facetrack.overlay.drawing import shapes, text
from facetrack.overlay.drawing.layout import Layout
from facetrack.overlay.drawing.theme import Theme

RADIUS: Final = 0.030
"""Radius of the disc at a strong tick, as a share of the shorter side: visible from two metres without looking at it."""
SOFT: Final = 0.75
"""Size at the ticks between, as a share of the strong tick's."""
REST: Final = 0.35
"""Size just before the next tick, as a share of the tick's."""
DECAY: Final = 3.0
"""How fast the disc shrinks: by a factor of e in a third of a beat."""


def draw_beat(image: Image, layout: Layout, theme: Theme, beat: Beat, t_s: float, bottom: int) -> int:
    """Draw a row whose lower edge is at ``bottom``, at the session's time t_s. Returns the row's upper edge."""
    radius = RADIUS * layout.unit
    height = round(2.4 * radius)
    top = bottom - height
    shapes.darken(image, (0, top, layout.width, height), theme.panel_shade)
    centre = np.array([layout.margin + 1.1 * radius, top + height / 2.0])
    full = radius if beat.accented(t_s) else SOFT * radius
    swell = float(np.exp(-DECAY * beat.phase(t_s)))
    shapes.ring(image, centre, radius, theme.quiet_text_colour, layout.px(0.3 * theme.line))
    shapes.ring(image, centre, full * (REST + (1.0 - REST) * swell), theme.right_light, -1)
    size = layout.px(theme.text_count)
    left = round(centre[0] + 1.6 * radius)
    room = layout.width - left - layout.margin
    size, rows = text.fit(beat.words, size, theme.weight_large, room, 1)
    for row in rows[:1]:
        text.put_text_light(
            image, row, left, top + (height + round(0.7 * size)) // 2, theme.text_colour, size, theme.weight_large
        )
    return top
