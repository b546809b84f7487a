"""What the coach says of one frame. Frozen: sinks read it, nobody writes it."""

from dataclasses import dataclass
from typing import Final, Literal

from facetrack.packets import Float
from facetrack.routine.compiled import Kind

Side = Literal["left", "right", "both"]
WithheldReason = Literal["face", "hand", "contact", "covered", "calibration"]
StepStatus = Literal["done", "skipped", "unseen", "stopped"]
StrokeKind = Literal["along", "across", "against", "return", "uncertain"]
STROKING: Final[tuple[StrokeKind, ...]] = ("along", "across", "against")
"""What is stroking: a return is lifted, and of an uncertain movement nobody knows whether it touched."""
SessionState = Literal["calibrating", "working", "paused", "finished"]


@dataclass(frozen=True, slots=True)
class Stroke:
    """One stroke (or, of a spiral, one pass of its drift) of one side, told when it ends.

    length_mm, mean_mm_s, peak_mm_s: the user's millimetres of skin. off_path_deg: angle between its displacement and the path
    (for spirals: its drift), NaN where undefined. straightness: displacement over length, 0..1. turning_rad: signed
    turning of the velocity. zone_share, contact_share: 0..1 of its time. kind: "return" is lifted, "uncertain" is withheld.
    counted: whether it is one of the step's repetitions. start_mm, end_mm: (2,) chart mm.
    """

    side: Literal["left", "right"]
    hand: Literal["left", "right"]
    t_start_s: float
    t_end_s: float
    length_mm: float
    mean_mm_s: float
    peak_mm_s: float
    off_path_deg: float
    straightness: float
    turning_rad: float
    zone_share: float
    contact_share: float
    kind: StrokeKind
    counted: bool
    start_mm: tuple[float, float]
    end_mm: tuple[float, float]


@dataclass(frozen=True, slots=True)
class SideVerdict:
    """One half of the face in one frame. None and NaN: not known.

    working_mm: (2,) chart mm of the working point. speed_mm_s, acceleration_mm_s2: of it, the user's mm.
    withheld: why this side can't be judged now, or None. ``needed``: whether the step wants this side at this time.
    """

    needed: bool
    withheld: WithheldReason | None
    hand: Literal["left", "right"] | None
    working_mm: Float
    in_zone: bool | None
    in_contact: bool | None
    stroking: bool | None
    speed_mm_s: float
    acceleration_mm_s2: float
    off_path_deg: float
    pace: float  # what pace is judged by: median mm/s (spirals: turns/s) over the last 1.5 s of stroking; NaN: too little
    repetitions: int
    path_mm: float  # travelled in contact since the step began


@dataclass(frozen=True, slots=True)
class Correction:
    """Something to change. The same event keeps its ``index`` while it is open; ``t_end_s`` is None until it is withdrawn."""

    index: int
    step_id: str
    side: Side
    kind: Kind
    t_start_s: float
    t_end_s: float | None
    value: float
    limit: float
    message_id: str
    message: str


@dataclass(frozen=True, slots=True)
class Cue:
    """What reached the user of a correction, decided once when it was raised (or when silence ended)."""

    t_s: float
    correction: int
    shown: bool
    spoken: bool
    why_not: str | None


@dataclass(frozen=True, slots=True)
class StepEnd:
    """A step that ended in this frame. withheld_share: of its time from the first hand seen in it; NaN: no hand was seen."""

    index: int
    step_id: str
    status: StepStatus
    t_start_s: float
    t_end_s: float
    withheld_share: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """Says what the coach found in one frame.

    Attributes
    ----------
    t_s : float
        The frame's time, in seconds since the source began.
    step : int
        The step's place in the routine, from 0; -1 before the first.
    corrections : tuple of Correction
        The corrections that are open, whether or not they are shown: ``kind``, ``side``, ``t_start_s``, ``message`` and more.
    ended : tuple of StepEnd
        The steps that ended in this frame.
    sides : tuple of SideVerdict
        The user's left and right side. Of each, ``withheld`` says why it can't be judged, or is None; ``in_zone`` and
        ``in_contact`` are None where they are not known; ``repetitions`` is their number so far.

    Examples
    --------
    >>> import facetrack
    >>> judge = facetrack.Judge.for_routine(facetrack.load_routine("fascia"), step="jawline")
    >>> verdict = judge.update(facetrack.Observation.empty(0.5, (640, 480)))
    >>> verdict.t_s, verdict.step, verdict.corrections, verdict.ended
    (0.5, -1, (), ())
    >>> [side.withheld for side in verdict.sides]
    ['face', 'face']
    """

    t_s: float
    state: SessionState
    step: int
    phase_index: int  # which of the step's phases runs
    sides: tuple[SideVerdict, SideVerdict]
    balance: float
    corrections: tuple[Correction, ...]
    changed: tuple[Correction, ...]  # raised, changed or withdrawn in this frame
    shown: Correction | None  # on the screen
    cue: Cue | None  # given in this frame
    strokes: tuple[Stroke, ...]  # ended in this frame
    ended: tuple[StepEnd, ...]
    step_elapsed_s: float
    step_left_s: float  # NaN: the step is counted by repetitions
    target: int | None  # repetitions wanted
    hint_id: str | None  # what is unseen or asked for, such as "unseen.face"
    hint: str | None
