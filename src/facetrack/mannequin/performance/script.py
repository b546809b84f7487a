"""What the mannequin does over time, without a picture: where each hand works, how far it is lifted, what it does wrong and
when.

Pure numpy. ``perform`` and ``perform_steps`` (performer.py) make one; truth.py and render.py read it.
"""

from dataclasses import dataclass, fields
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from facetrack.mannequin.performance.mistakes import MistakeWindow
from facetrack.mannequin.performance.motion_segments import RATE_HZ, SegmentKind
from facetrack.packets import Bool, Float
from facetrack.routine.compiled import CompiledStep

CONTACT_LIFT_MM: Final = 2.0
"""A working point lifted by less still touches: skin and fingertip give way."""


@dataclass(frozen=True, slots=True)
class StrokeTruth:
    """One movement of one hand. length_mm: along the skin (of its path; a spiral's loops not counted), the user's mm.
    kind: along, against, across, hold: in contact; return: lifted; rest: waiting, mostly in contact. turns: of a spiral,
    else 0."""

    side: Literal["left", "right"]
    step: int
    phase: int
    kind: SegmentKind
    t_start_s: float
    t_end_s: float
    length_mm: float
    turns: float


@dataclass(frozen=True, slots=True)
class RepetitionTruth:
    """One pass through all phases of a step by one side, right or wrong."""

    side: Literal["left", "right"]
    step: int
    t_start_s: float
    t_end_s: float
    correct: bool


@dataclass(frozen=True, slots=True)
class StepSpan:
    """From a step's first touch to its last."""

    step: int
    step_id: str
    t_start_s: float
    t_end_s: float


@dataclass(frozen=True, slots=True)
class HandTracks:
    """Both hands at N times. working_mm: (N, 2, 2) chart. lift_mm: (N, 2). away_mm: (N, 2, 3) offset of the hand while it comes
    and goes, body frame. pointing_rad: (N, 2) turn of the fingers from straight up towards the midline. open_share: (N, 2)
    0 the step's grip .. 1 flat and open. step: (N,) index of the step whose grip the hands have."""

    t_s: Float
    step: NDArray[np.intp]
    working_mm: Float
    lift_mm: Float
    away_mm: Float
    pointing_rad: Float
    open_share: Float

    @property
    def at_face(self) -> Bool:
        """(N, 2) the hand is where it works or just above, not coming or going."""
        near: Bool = np.linalg.norm(self.away_mm, axis=-1) < 1.0
        return near

    @property
    def contact(self) -> Bool:
        """(N, 2) the working point touches the skin."""
        touching: Bool = self.at_face & (self.lift_mm < CONTACT_LIFT_MM)
        return touching

    @property
    def out_of_sight(self) -> Bool:
        """(N, 2) the hand is parked below the picture."""
        parked: Bool = np.linalg.norm(self.away_mm, axis=-1) > PARKED_MM
        return parked


PARKED_MM: Final = 300.0


@dataclass(frozen=True, slots=True)
class Performance:
    """A performance on a time base of RATE_HZ, with everything that was right and wrong in it."""

    steps: tuple[CompiledStep, ...]
    tracks: HandTracks
    strokes: tuple[StrokeTruth, ...]
    repetitions: tuple[RepetitionTruth, ...]
    mistakes: tuple[MistakeWindow, ...]
    spans: tuple[StepSpan, ...]
    neutral_s: float

    @property
    def duration_s(self) -> float:
        return float(self.tracks.t_s[-1])

    def at(self, t_s: Float) -> HandTracks:
        """The hands at any times (N,), by linear interpolation; times beyond the ends are held."""
        base = self.tracks
        place = np.clip(np.asarray(t_s, dtype=float) * RATE_HZ, 0, len(base.t_s) - 1)
        low = np.minimum(place.astype(np.intp), len(base.t_s) - 2)
        share = place - low
        values = {}
        for field in fields(base):
            track = getattr(base, field.name)
            if field.name == "step":
                values[field.name] = track[np.round(place).astype(np.intp)]
                continue
            f = share.reshape(-1, *[1] * (track.ndim - 1))
            values[field.name] = track[low] * (1 - f) + track[low + 1] * f
        values["t_s"] = np.asarray(t_s, dtype=float)
        return HandTracks(**values)
