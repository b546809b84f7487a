"""Draws pace and balance: a scale at each side, and a beam under the counts. They show the verdict's figures."""

import math
from typing import Final

import numpy as np

from facetrack.capture.opencv import Image
from facetrack.coach.verdict import Verdict
from facetrack.flow.texts import TEXTS
from facetrack.overlay.drawing import shapes, text
from facetrack.overlay.drawing.layout import Layout
from facetrack.overlay.drawing.theme import Theme
from facetrack.packets import SIDES
from facetrack.routine.compiled import CompiledStep

SCALE_END: Final = 1.6
"""Upper end of the scale, as a multiple of the pace's upper limit."""
BEAM: Final = 0.16
"""Half of the beam's length, as a share of the picture's width."""
MIDDLE: Final = 0.32
"""Height of the scales' middle between the counts and the foot, as a share: the words below leave them free."""
LEAST_PATH_MM: Final = 30.0
"""The beam is shown once this much has been stroked; before that there is nothing to compare."""


def draw_pace(
    image: Image, layout: Layout, theme: Theme, mirrored: bool, verdict: Verdict, step: CompiledStep, below: int
) -> None:
    """Draw a scale at each side's edge: the band is the step's pace, the pointer the side's own.

    below: the y of the words below it.
    """
    low, high = step.pace_limits
    if "pace" not in step.judge or not math.isfinite(high):
        return
    for side, judged in enumerate(verdict.sides):
        if judged.needed and math.isfinite(judged.pace):
            wrong = any(c.kind == "pace" and c.side in (SIDES[side], "both") for c in verdict.corrections)
            at_left = (side == 0) == mirrored
            _draw_scale(image, layout, theme, at_left, (low / high, judged.pace / high), wrong, below)


def _draw_scale(
    image: Image, layout: Layout, theme: Theme, at_left: bool, low_and_pace: tuple[float, float], wrong: bool, below: int
) -> None:
    low, pace = low_and_pace
    tall, thick = layout.px(theme.gauge), layout.px(0.012)
    letters = layout.px(theme.text_count)
    bottom = layout.top[3] + round(MIDDLE * (layout.foot[1] - layout.top[3])) + tall // 2
    bottom = max(min(bottom, below - round(1.5 * letters)), layout.top[3] + tall + 2 * letters)
    x = layout.margin if at_left else layout.width - layout.margin - thick
    inward = 1.0 if at_left else -1.0

    def y_of(share: float) -> int:
        return bottom - round(min(share, SCALE_END) / SCALE_END * tall)

    image[bottom - tall : bottom, x : x + thick] = theme.outline
    image[y_of(1.0) : y_of(low) + 1, x : x + thick] = theme.right_light
    size = 1.6 * thick
    tip = np.array([x + thick / 2 + inward * thick, float(y_of(pace))])
    pointer = tip + size * np.array([[0.0, 0.0], [inward, 0.8], [inward, -0.8]])
    shapes.fill(image, [pointer], theme.wrong if wrong else theme.text_colour)
    shapes.lines(image, [pointer], theme.outline, layout.px(0.5 * theme.line), closed=True)
    for word, baseline in (
        (TEXTS["pace.fast"], bottom - tall - letters // 3),
        (TEXTS["pace.slow"], bottom + round(1.1 * letters)),
    ):
        where = x if at_left else x + thick
        _outlined(image, word, where, baseline, theme, letters, 0.0 if at_left else 1.0)


def _outlined(image: Image, word: str, x: int, baseline: int, theme: Theme, size: int, align: float) -> None:
    width = text.width_of(word, size, theme.weight_small)
    left = x - round(align * width)
    shapes.darken(image, (left - size // 4, baseline - size, width + size // 2, round(1.3 * size)), theme.panel_shade)
    text.put_text_light(image, word, left, baseline, theme.text_colour, size, theme.weight_small)


def draw_balance(image: Image, layout: Layout, theme: Theme, mirrored: bool, verdict: Verdict, step: CompiledStep) -> None:
    """Draw two bars from the middle outwards: how far each side was stroked in this step."""
    paths = [side.path_mm for side in verdict.sides]
    if step.hands in ("left", "right") or max(paths) < LEAST_PATH_MM:
        return
    thick, middle = layout.px(0.014), layout.width // 2
    top = layout.top[3] + layout.px(0.022)
    wrong = [any(c.kind == "symmetry" and c.side in (name, "both") for c in verdict.corrections) for name in ("left", "right")]
    longest = round(BEAM * layout.width)
    image[top - 1 : top + thick + 1, middle - longest - 1 : middle + longest + 1] = theme.outline
    for side, path_mm in enumerate(paths):
        length = round(longest * path_mm / max(paths))
        colour = theme.wrong if wrong[side] else theme.right_light
        at_left = (side == 0) == mirrored
        start, end = (middle - length, middle) if at_left else (middle, middle + length)
        image[top : top + thick, start:end] = colour
        letters = layout.px(theme.text_small)
        where = middle + (-1 if at_left else 1) * (longest + letters // 2)
        words, align = TEXTS[f"balance.{SIDES[side]}"], 1.0 if at_left else 0.0
        _outlined(image, words, where, top + thick // 2 + letters // 3, theme, letters, align)
    image[top - 2 : top + thick + 2, middle - 1 : middle + 1] = theme.text_colour
