"""Draws the words around the face: step and counts at the top, one message below, and at the foot whether the picture is
recorded."""

import math
from functools import lru_cache
from typing import Final, Literal

import numpy as np

from facetrack.capture.opencv import Image
from facetrack.coach.verdict import SideVerdict, Verdict
from facetrack.flow.screen import Screen
from facetrack.flow.texts import TEXTS, points, whole_minutes
from facetrack.overlay.drawing import shapes, text
from facetrack.overlay.drawing.layout import Layout
from facetrack.overlay.drawing.theme import THEME, Colour, Theme
from facetrack.packets import SIDES
from facetrack.routine.compiled import CompiledRoutine, CompiledStep

MOST_OF_PICTURE: Final = 0.32
"""How much of the picture's height the step's sentence, point and pressure may take: the face is above."""
ONCE_BEGUN: Final = 0.30
"""The same once a repetition is done: the sentence is known by then, and the neck should be seen."""
BELOW_SHARE: Final = 0.9
"""Size of point and pressure, as a share of the sentence's: a point is asked for too, and read from as far."""


Foot = Literal["not-recording", "recording", "demo"]
"""What becomes of the picture, or that it is a demo's."""


class Panels:
    """Draws words onto the displayed picture. left: where the messages begin, with the whole height for them."""

    def __init__(self, image: Image, layout: Layout, theme: Theme, mirrored: bool, left: int = 0) -> None:
        self._image = image
        self._layout = layout
        self._theme = theme
        self._mirrored = mirrored
        self._left = left

    def top(self, routine: CompiledRoutine, verdict: Verdict, calibrated_share: float, screen: Screen | None = None) -> None:
        """Draw the step's title, the repetitions of each side where that side is, and a bar of what is done."""
        layout, theme = self._layout, self._theme
        _, _, width, height = layout.top
        shapes.darken(self._image, layout.top, theme.panel_shade)
        title, bar = self._title_and_share(routine, verdict, calibrated_share)
        room = width - 2 * layout.margin
        size, lines = text.fit(title, layout.px(theme.text_title), theme.weight_large, room, 1)
        baseline = layout.margin + layout.px(theme.text_title)
        text.put_text_light(
            self._image, lines[0] if lines else "", width // 2, baseline, theme.text_colour, size, theme.weight_large, align=0.5
        )
        if verdict.state == "working":
            small = height - layout.margin
            for side, side_verdict in enumerate(verdict.sides):
                self._count(side, side_verdict, verdict.target, small)
            self._time(verdict, screen, small)
        if math.isfinite(bar):
            thick = layout.px(1.4 * theme.line)
            self._image[height - thick : height, : round(width * min(max(bar, 0.0), 1.0))] = theme.right_light

    @staticmethod
    def _title_and_share(routine: CompiledRoutine, verdict: Verdict, calibrated_share: float) -> tuple[str, float]:
        if verdict.state == "calibrating" or verdict.step < 0:
            return routine.title, calibrated_share
        if verdict.state == "finished":
            return TEXTS["step.done"], 1.0
        step = routine.steps[verdict.step]
        title = TEXTS["step.paused"].format(title=step.title) if verdict.state == "paused" else step.title
        if verdict.target:
            counts = [side.repetitions for side in verdict.sides if side.needed] or [0]
            return title, min(counts) / verdict.target
        if step.seconds:
            return title, 1.0 - verdict.step_left_s / step.seconds
        return title, math.nan

    def _count(self, side: int, verdict: SideVerdict, target: int | None, baseline: int) -> None:
        if not verdict.needed and not verdict.repetitions:
            return
        layout, theme = self._layout, self._theme
        count = TEXTS["count.of" if target else "count.times"].format(done=verdict.repetitions, target=target)
        at_left = (side == 0) == self._mirrored
        x = layout.margin if at_left else layout.width - layout.margin
        words = f"{TEXTS[f'side.{SIDES[side]}']} {count}"
        size, weight = layout.px(theme.text_count), theme.weight_large
        text.put_text_light(self._image, words, x, baseline, theme.text_colour, size, weight, align=0.0 if at_left else 1.0)

    def _time(self, verdict: Verdict, screen: Screen | None, baseline: int) -> None:
        """Draw the step's number, and the time left of a step with a duration."""
        layout, theme = self._layout, self._theme
        words = []
        if screen is not None and screen.place[1] > 1:
            words.append(TEXTS["step.place"].format(number=screen.place[0], count=screen.place[1]))
        if math.isfinite(verdict.step_left_s):
            words.append(f"{max(0, math.ceil(verdict.step_left_s))} s")
        size, weight = layout.px(theme.text_small), theme.weight_large
        line, colour = " · ".join(words), theme.quiet_text_colour
        text.put_text_light(self._image, line, layout.width // 2, baseline, colour, size, weight, align=0.5)

    def message(self, verdict: Verdict, step: CompiledStep | None, screen: Screen | None = None) -> int:
        """Draw one message: the correction, else praise, else a hint, else the step's sentence. Returns the y above which there
        is room."""
        theme = self._theme
        shown = verdict.shown
        if shown is not None:
            words = screen.pointing.words if screen is not None else ""
            return self._words(words or shown.message, theme.text_large, theme.weight_large, theme.wrong, 2)
        if screen is not None and screen.praise:
            return self._words(screen.praise, theme.text_large, theme.weight_large, theme.right_light, 2)
        hint = (verdict.hint or "") if screen is None else screen.hint
        if hint:
            return self._words(hint, theme.text_large, theme.weight_small, theme.unseen, 2)
        if step is not None and verdict.state == "working":
            return self._step_words(step, verdict)
        return self._layout.foot[1]

    def _step_words(self, step: CompiledStep, verdict: Verdict) -> int:
        """Draw what the step asks for as large as there is room, and below it its point and pressure, or what is still wrong
        though it is not shown any more. Returns as ``_words``."""
        layout, theme = self._layout, self._theme
        room = layout.width - self._left - 2 * layout.margin
        below = " ".join((*points(step, verdict.with_tool), TEXTS["pressure"].format(pressure=step.pressure)))
        if verdict.corrections:
            below = TEXTS["silenced"].format(words=verdict.corrections[0].message)
        begun = any(side.repetitions for side in verdict.sides)
        share, largest = (ONCE_BEGUN, theme.text_title) if begun else (MOST_OF_PICTURE, theme.text_large)
        most = round(share * layout.height)
        if self._left:
            most = layout.foot[1] - layout.top[3] - 2 * layout.margin
        parts, height = _set_step(step.say, below, layout.px(largest), room, most)
        top = layout.foot[1] - height - layout.margin
        if self._left:
            top -= (most - height) // 2
        shapes.darken(self._image, (self._left, top, layout.width - self._left, layout.foot[1] - top), theme.panel_shade)
        y = top + layout.margin // 2
        for size, rows, colour in zip(*parts, (theme.text_colour, theme.quiet_text_colour), strict=True):
            for row in rows:
                text.put_text_light(self._image, row, self._left + layout.margin, y + size, colour, size, theme.weight_small)
                y += round(size * text.LINE_HEIGHT)
        return top

    def notice(self, words: str) -> None:
        """Draw a line that overrides everything, what stood there before too: the camera is lost, or an output failed."""
        self._words(words, self._theme.text_title, self._theme.weight_small, self._theme.wrong, 4, shade=0.0)

    def _words(
        self, words: str, share: float, weight: int, mark: Colour | None, most_lines: int, shade: float = THEME.panel_shade
    ) -> int:
        """Draw lines on a dark band above the foot; ``mark`` is a coloured bar at their left end. Returns the band's upper
        edge."""
        layout, theme = self._layout, self._theme
        inset = layout.margin if mark is None else 2 * layout.margin
        size, rows = text.fit(words, layout.px(share), weight, layout.width - inset - layout.margin, most_lines)
        row = round(size * text.LINE_HEIGHT)
        height = row * len(rows) + layout.margin
        top = layout.foot[1] - height
        shapes.darken(self._image, (0, top, layout.width, height), shade)
        if mark is not None:
            self._image[max(top, 0) : top + height, : layout.margin] = mark
        for number, line in enumerate(rows):
            text.put_text_light(
                self._image, line, inset, top + layout.margin // 2 + size + number * row, theme.text_colour, size, weight
            )
        return top

    def foot(self, kind: Foot, screen: Screen | None = None) -> None:
        """Draw what becomes of the picture (with a red dot if it is recorded) and, at the right, the session's remaining
        time."""
        layout, theme = self._layout, self._theme
        x, y, width, height = layout.foot
        shapes.darken(self._image, layout.foot, theme.panel_shade)
        size = layout.px(0.85 * theme.text_small)
        baseline = y + (height + round(0.7 * size)) // 2
        left = x + layout.margin
        if kind == "recording":
            radius = 0.4 * size
            shapes.ring(self._image, np.array([left + radius, y + height / 2.0]), radius, theme.recording, -1)
            left += round(3.0 * radius)
        words = TEXTS[f"foot.{kind}"]
        text.put_text_light(self._image, words, left, baseline, theme.quiet_text_colour, size, theme.weight_small)
        right = self._session_words(screen)
        if right:
            where = x + width - layout.margin
            text.put_text_light(
                self._image, right, where, baseline, theme.quiet_text_colour, size, theme.weight_small, align=1.0
            )

    @staticmethod
    def _session_words(screen: Screen | None) -> str:
        if screen is None:
            return ""
        words = [TEXTS["foot.sound-off"]] if screen.muted else []
        if math.isfinite(screen.session_left_s):
            left = TEXTS["foot.last-minute" if screen.session_left_s < 60.0 else "foot.minutes-left"]
            words.append(left.format(minutes=whole_minutes(screen.session_left_s)))
        return ", ".join(words)


@lru_cache(maxsize=32)
def _set_step(
    say: str, below: str, largest: int, room: int, height: int
) -> tuple[tuple[tuple[int, int], tuple[tuple[str, ...], ...]], int]:
    """Find the largest sizes at which a sentence and the words below it fit. Returns (sizes, rows) of each and their height."""
    weight = THEME.weight_small
    for size in range(max(largest, text.SMALLEST), text.SMALLEST - 1, -1):
        sizes = (size, max(text.SMALLEST, round(BELOW_SHARE * size)))
        rows = tuple(text.wrap(words, one, weight, room) for words, one in zip((say, below), sizes, strict=True))
        tall = sum(len(some) * round(one * text.LINE_HEIGHT) for some, one in zip(rows, sizes, strict=True))
        if tall <= height:
            break
    return (sizes, rows), tall
