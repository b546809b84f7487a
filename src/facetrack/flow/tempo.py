"""The tempo of a step that is to be done in time with the pulse: how many movements go to a beat, and when it ticks."""

import math
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from facetrack.flow.texts import beat_text
from facetrack.routine.compiled import CompiledPhase, CompiledStep

STROKE_SHARE: Final = 0.6
"""Of a repetition's time the hand strokes; in the rest it is lifted and goes back."""
ROOM: Final = 0.9
"""Of the fastest pace allowed: a person in time is now and then a little ahead of it."""
PER_BEAT: Final = (1.0, 0.5, 2.0, 0.25, 4.0, 0.125)
"""Movements to a beat, in the order in which they are tried: as asked for, else halved or doubled, slower before quicker."""


@dataclass(frozen=True, slots=True)
class PulseRate:
    """bpm: beats a minute at rest. source: measured, or typed in. confidence: 0..1 of a measurement, NaN of what was typed."""

    bpm: float
    source: Literal["camera", "typed"]
    confidence: float = math.nan


@dataclass(frozen=True, slots=True)
class Beat:
    """Ticks of a step at every multiple of tick_s on the session's clock (``Frame.t_s``), so that a replay has the same.

    accent: every so many ticks one is stronger: where a movement begins, or, where several go to a beat, at the heart's own.
    per_beat: movements to a beat of the heart. turns: they are turns of a spiral. words: what to do with it.
    """

    tick_s: float
    accent: int
    per_beat: float
    turns: bool
    words: str

    @property
    def move_s(self) -> float:
        """From the beginning of one movement to the next, in time with it."""
        return self.tick_s / min(self.per_beat, 1.0)

    def phase(self, t_s: float) -> float:
        """0..1 since the last tick."""
        return t_s / self.tick_s % 1.0

    def accented(self, t_s: float) -> bool:
        """Whether the last tick was a strong one."""
        return math.floor(t_s / self.tick_s) % self.accent == 0


def beat_of(step: CompiledStep, bpm: float) -> Beat | None:
    """The beat of a step with ``tempo = "pulse"``; None of any other, or where no share of PER_BEAT is inside its pace."""
    if step.tempo != "pulse" or not math.isfinite(bpm):
        return None
    ranges = [_rates_hz(phase) for phase in step.phases if phase.motion != "hold"]
    if not ranges:
        return None
    low, high = max(low for low, _ in ranges), min(high for _, high in ranges)
    heart_hz = bpm / 60.0
    for per_beat in PER_BEAT:
        if low <= heart_hz * per_beat <= high:
            turns = all(phase.motion in ("spiral", "hold") for phase in step.phases)
            ticks = max(per_beat, 1.0)
            return Beat(
                1.0 / (heart_hz * ticks), round(max(per_beat, 1.0 / per_beat)), per_beat, turns, beat_text(per_beat, turns)
            )
    return None


def _rates_hz(phase: CompiledPhase) -> tuple[float, float]:
    """Movements a second that keep a phase inside its pace: a spiral's turns, strokes to and fro, or strokes one way."""
    if phase.motion == "spiral":
        return phase.turns_s[0], ROOM * phase.turns_s[1]
    low, high = phase.pace_mm_s
    length_mm = float(np.hypot(*np.diff(phase.path_mm, axis=0).T).sum())
    if length_mm <= 0.0:
        return 0.0, math.inf
    share = 1.0 if phase.motion == "back-and-forth" else STROKE_SHARE
    return share * low / length_mm, ROOM * share * high / length_mm if high > 0 else math.inf
