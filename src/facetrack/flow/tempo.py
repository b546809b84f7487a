"""Chooses the tempo of a step that follows the pulse: how many movements go with a beat, and when it ticks."""

import math
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from facetrack.flow.texts import beat_text
from facetrack.routine.compiled import CompiledPhase, CompiledStep

STROKE_SHARE: Final = 0.6
"""Share of a repetition's time in which the hand strokes; in the rest it is lifted and returns."""
ROOM: Final = 0.9
"""Share of the fastest permitted pace that a tempo may use, because a person in time is now and then a little ahead."""
PER_BEAT: Final = (1.0, 0.5, 2.0, 0.25, 4.0, 0.125)
"""Movements for each beat, in the order in which they are tried: as asked for, then halved or doubled, the slower ones
first."""


@dataclass(frozen=True, slots=True)
class PulseRate:
    """The user's pulse at rest."""

    bpm: float  # beats a minute
    source: Literal["camera", "typed"]  # measured by the camera, or entered by the user
    confidence: float = math.nan  # 0..1 for a measurement; NaN for an entered pulse


@dataclass(frozen=True, slots=True)
class Beat:
    """Ticks of a step at every multiple of tick_s on the session's clock (``Frame.t_s``), so that a replay has the same
    ticks."""

    tick_s: float
    # Every accent-th tick is a strong one: where a movement begins or, if several movements go with a beat, at the heart's own
    # beat.
    accent: int
    per_beat: float  # movements for each beat of the heart
    turns: bool  # whether the movements are turns of a spiral
    words: str  # what the user should do with it

    @property
    def move_s(self) -> float:
        """Seconds from the beginning of one movement to that of the next."""
        return self.tick_s / min(self.per_beat, 1.0)

    def phase(self, t_s: float) -> float:
        """Return how far time has advanced since the last tick: 0..1 of the interval."""
        return t_s / self.tick_s % 1.0

    def accented(self, t_s: float) -> bool:
        """Return whether the last tick was a strong one."""
        return math.floor(t_s / self.tick_s) % self.accent == 0


def beat_of(step: CompiledStep, bpm: float) -> Beat | None:
    """Compute the beat of a step with ``tempo = "pulse"``. Returns None for other steps, and if no tempo in PER_BEAT fits its
    pace."""
    if step.tempo != "pulse" or not math.isfinite(bpm):
        return None
    ranges = [_rates_hz(phase) for phase in step.asked if phase.motion != "hold"]
    if not ranges:
        return None
    low, high = max(low for low, _ in ranges), min(high for _, high in ranges)
    heart_hz = bpm / 60.0
    for per_beat in PER_BEAT:
        if low <= heart_hz * per_beat <= high:
            turns = all(phase.motion in ("spiral", "hold") for phase in step.asked)
            ticks = max(per_beat, 1.0)
            return Beat(
                1.0 / (heart_hz * ticks), round(max(per_beat, 1.0 / per_beat)), per_beat, turns, beat_text(per_beat, turns)
            )
    return None


def _rates_hz(phase: CompiledPhase) -> tuple[float, float]:
    """Return the (slowest, fastest) movements a second that keep a phase inside its pace: turns of a spiral, strokes to and
    fro, or strokes one way."""
    if phase.motion == "spiral":
        return phase.turns_s[0], ROOM * phase.turns_s[1]
    low, high = phase.pace_mm_s
    length_mm = float(np.hypot(*np.diff(phase.path_mm, axis=0).T).sum())
    if length_mm <= 0.0:
        return 0.0, math.inf
    share = 1.0 if phase.motion == "back-and-forth" else STROKE_SHARE
    return share * low / length_mm, ROOM * share * high / length_mm if high > 0 else math.inf
