"""What the mannequin does over time, without a picture: where each hand works, how far it is lifted, what it does wrong and
when.

Pure numpy. ``perform`` and ``perform_steps`` (performer.py) make a performance; ``ground_truth`` and ``render`` read it.
"""

from dataclasses import dataclass, fields
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from facetrack.mannequin.body.tool import Tool
from facetrack.mannequin.performance.mistakes import MistakeWindow
from facetrack.mannequin.performance.motion_segments import RATE_HZ, SegmentKind
from facetrack.packets import Bool, Float
from facetrack.routine.compiled import CompiledStep

CONTACT_LIFT_MM: Final = 2.0
"""A working point that is lifted by less still touches: skin and fingertip give way."""


@dataclass(frozen=True, slots=True)
class StrokeTruth:
    """One movement of one hand."""

    side: Literal["left", "right"]
    step: int
    phase: int
    kind: SegmentKind  # along, against, across, hold: in contact; return: lifted; rest: waiting, mostly in contact
    t_start_s: float
    t_end_s: float
    length_mm: float  # length along the skin in the user's mm (of its path; a spiral's loops are not counted)
    turns: float  # turns of a spiral, else 0


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
    """The time from a step's first touch to its last."""

    step: int
    step_id: str
    t_start_s: float
    t_end_s: float


@dataclass(frozen=True, slots=True)
class HandTracks:
    """Both hands at N times."""

    t_s: Float
    step: NDArray[np.intp]  # (N,) index of the step whose grip the hands have
    working_mm: Float  # (N, 2, 2) working points on the face map
    lift_mm: Float  # (N, 2) distance from the skin
    away_mm: Float  # (N, 2, 3) offset of the hand while it comes and goes, body frame
    pointing_rad: Float  # (N, 2) turn of the fingers from straight up towards the midline
    open_share: Float  # (N, 2) from 0, the step's grip, to 1, flat and open
    # (N, 2, 2) further turn of each hand about what touches, in the picture and out of it; None: it is never turned
    swing_rad: Float | None = None

    @property
    def at_face(self) -> Bool:
        """(N, 2) whether the hand is where it works or just above, not coming or going."""
        near: Bool = np.linalg.norm(self.away_mm, axis=-1) < 1.0
        return near

    @property
    def contact(self) -> Bool:
        """(N, 2) whether the working point touches the skin."""
        touching: Bool = self.at_face & (self.lift_mm < CONTACT_LIFT_MM)
        return touching

    @property
    def out_of_sight(self) -> Bool:
        """(N, 2) whether the hand is parked below the picture."""
        parked: Bool = np.linalg.norm(self.away_mm, axis=-1) > PARKED_MM
        return parked


PARKED_MM: Final = 300.0
"""Offset beyond which a hand is parked."""


@dataclass(frozen=True, slots=True)
class Performance:
    """A performance sampled at RATE_HZ, with everything that was right and wrong in it."""

    steps: tuple[CompiledStep, ...]
    tracks: HandTracks
    strokes: tuple[StrokeTruth, ...]
    repetitions: tuple[RepetitionTruth, ...]
    mistakes: tuple[MistakeWindow, ...]
    spans: tuple[StepSpan, ...]
    neutral_s: float
    tool: Tool | None = None  # held in the steps that are done with a tool

    def tool_of(self, step: CompiledStep) -> Tool | None:
        """Return the tool that is held in a step; None where it is done with the hands alone."""
        return (self.tool or Tool()) if step.contact == "tool" else None

    @property
    def duration_s(self) -> float:
        return float(self.tracks.t_s[-1])

    def at(self, t_s: Float) -> HandTracks:
        """Interpolate the hands linearly at any times (N,); times beyond the ends are held."""
        base = self.tracks
        place = np.clip(np.asarray(t_s, dtype=float) * RATE_HZ, 0, len(base.t_s) - 1)
        low = np.minimum(place.astype(np.intp), len(base.t_s) - 2)
        share = place - low
        values = {}
        for field in fields(base):
            track = getattr(base, field.name)
            if track is None:
                continue
            if field.name == "step":
                values[field.name] = track[np.round(place).astype(np.intp)]
                continue
            f = share.reshape(-1, *[1] * (track.ndim - 1))
            values[field.name] = track[low] * (1 - f) + track[low + 1] * f
        values["t_s"] = np.asarray(t_s, dtype=float)
        return HandTracks(**values)
