"""Holds what the coach says of one frame. Sinks read it; it never changes."""

from dataclasses import dataclass
from typing import Final, Literal

from facetrack.packets import Float
from facetrack.routine.compiled import ContactPart, Kind

Side = Literal["left", "right", "both"]
WithheldReason = Literal["face", "hand", "contact", "covered", "calibration", "frame-rate", "picture", "person", "tool"]
StepStatus = Literal["done", "partial", "skipped", "unseen", "stopped"]
"""``partial``: its time was up before its repetitions. ``skipped``: nobody did it, or the user went on. ``unseen``: it could
not be judged. ``stopped``: the session ended in it."""
StrokeKind = Literal["along", "across", "against", "return", "uncertain"]
STROKING: Final[tuple[StrokeKind, ...]] = ("along", "across", "against")
"""These kinds are stroking: a return is lifted, and whether an uncertain movement touched is not known."""
SessionState = Literal["calibrating", "working", "paused", "finished"]


@dataclass(frozen=True, slots=True)
class Stroke:
    """Describes a movement of one side that has ended: a stroke, or a lifted return or an uncertain one, as ``kind`` says.

    Of a spiral it is one pass of its drift along the path, which has many turns.
    """

    side: Literal["left", "right"]
    hand: Literal["left", "right"]
    t_start_s: float
    t_end_s: float
    length_mm: float  # the user's millimetres along the skin, as the two speeds
    mean_mm_s: float
    peak_mm_s: float
    off_path_deg: float  # angle between its displacement (of spirals, its drift) and the path; NaN where undefined
    straightness: float  # displacement over length, 0..1
    turning_rad: float  # signed turning of the velocity
    zone_share: float  # of its time, 0..1
    contact_share: float  # of its time, 0..1; NaN where uncertain
    kind: StrokeKind  # "return" is lifted, "uncertain" is withheld
    counted: bool  # it completed one of the step's repetitions
    start_mm: tuple[float, float]  # chart mm
    end_mm: tuple[float, float]


@dataclass(frozen=True, slots=True)
class SideVerdict:
    """Describes one half of the face in one frame. None and NaN: not known."""

    needed: bool  # the step wants this side now
    withheld: WithheldReason | None  # why this side can't be judged now
    hand: Literal["left", "right"] | None  # that works here
    working_mm: Float  # (2,) chart mm of the working point
    in_zone: bool | None
    in_contact: bool | None
    stroking: bool | None
    speed_mm_s: float  # of the working point, the user's mm
    acceleration_mm_s2: float  # length of the vector
    off_path_deg: float  # of the movement under way
    pace: float  # what pace is judged by: median mm/s (spirals: turns/s) over the last 1 s of stroking; NaN: too little
    repetitions: int
    path_mm: float  # stroked since the step began, the user's mm
    contact: ContactPart | None = None  # what touches here

    @property
    def zone_withheld(self) -> bool:
        """Whether the place can't be judged, because it is not known where the tool in the hand touches."""
        return self.contact == "tool" and self.in_zone is None


@dataclass(frozen=True, slots=True)
class Correction:
    """Describes something to change. The same event keeps its ``index``, also where it is opened again: a mistake that was not
    seen for a while, nor its mend, and then is."""

    index: int
    step_id: str
    side: Side
    kind: Kind
    t_start_s: float
    t_end_s: float | None  # None while it is open
    value: float  # what was found, in the unit of the limit (mm, degrees, mm/s or turns/s, a share)
    limit: float
    message_id: str
    message: str
    mended: bool = False  # it ended because the contrary was seen


@dataclass(frozen=True, slots=True)
class Cue:
    """Says whether a correction reached the user: decided when it was raised, and again when it got its turn."""

    t_s: float
    correction: int  # its index
    shown: bool
    spoken: bool
    why_not: str | None  # why it was not shown, or not spoken


@dataclass(frozen=True, slots=True)
class StepEnd:
    """Describes how a step ended in this frame."""

    index: int  # in the routine
    step_id: str
    status: StepStatus
    t_start_s: float
    t_end_s: float
    withheld_share: float  # of the time since the first hand was seen in the step; NaN: no hand was seen


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

    @property
    def with_tool(self) -> bool:
        """Whether a hand works with a tool."""
        return any(side.contact == "tool" for side in self.sides)
