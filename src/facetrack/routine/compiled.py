"""A routine as arrays, as the coach, the mannequin and the overlay use it. Uses numpy and the standard library only."""

from dataclasses import dataclass, replace
from math import nan
from typing import Final, Literal

import numpy as np

from facetrack.errors import UsageError
from facetrack.geometry.face_points import INDEX_TIP, KNUCKLE, MIDDLE_TIP, PALM, POINTS
from facetrack.packets import Bool, Float

MotionType = Literal["stroke", "spiral", "back-and-forth", "hold"]
"""How the hands move in a phase."""
Hands = Literal["both", "either", "any", "left", "right", "alternate"]
"""Whose half of the face is worked."""
ContactPart = Literal["fingertips", "knuckles", "palms", "tool"]
"""What touches the skin."""
Kind = str
"""The name of a kind of judgement. ``routine/kinds.py`` lists them."""


@dataclass(frozen=True, slots=True)
class CompiledPhase:
    """One movement of a step. One repetition of a step goes through all its phases in order."""

    motion: MotionType
    # (P, 2) polyline in mm on the face map, on the user's LEFT side (x >= 0). For the right side x is negated. P >= 2, or 1 for
    # a ``hold``.
    path_mm: Float
    pace_mm_s: tuple[float, float]  # (low, high) in the user's mm/s along the skin; for spirals the speed of the fingertip
    turns_s: tuple[float, float]  # (low, high) turns a second of a spiral; NaN for other motions
    turn_radius_mm: float  # radius of a spiral's loops; NaN for other motions
    hold_s: float  # how long a ``hold`` lasts; NaN for other motions
    drift_mm: float = float("nan")  # how far a spiral drifts along the path in one turn; NaN for other motions
    also: bool = False  # right as well wherever it is done, but not asked for
    way: str = ""  # which way to stroke, with its goal, as in "Outwards, to the temple"


@dataclass(frozen=True, slots=True)
class CompiledStep:
    """A step. Every step has ``repetitions`` or ``seconds``; the other is None."""

    id: str
    index: int
    group: int
    title: str
    say: str
    point: str
    hands: Hands
    contact: ContactPart
    working: Bool  # (7,) bool over geometry.POINT_NAMES: the working point is the mean of the marked points
    pressure: str
    # Polygons (V, 2) in mm on the face map, on the user's left side (closed implicitly); the right side's are mirrored. A zone
    # that crosses the midline has vertices with x < 0.
    zone: tuple[Float, ...]
    zone_names: tuple[str, ...]
    tolerance_mm: float  # how far outside its zone a working point may be
    judge: frozenset[Kind]  # which kinds are judged
    repetitions: int | None
    seconds: float | None
    planned_s: float  # how long the step takes at an ordinary pace; after this time it ends even if nothing was seen
    optional: bool
    tempo: Literal["pulse"] | None
    phases: tuple[CompiledPhase, ...]
    or_contact: tuple[ContactPart, ...] = ()  # what may touch the skin instead
    with_tool: str = ""  # what to mind as well with a tool

    @property
    def contacts(self) -> tuple[ContactPart, ...]:
        """All that may touch the skin."""
        return self.contact, *self.or_contact

    def with_contact(self, contact: ContactPart) -> "CompiledStep":
        """Return the step as it is done with this alone; where the step does not allow that, the step as it is."""
        if contact not in self.contacts:
            return self
        working = self.working if contact == self.contact else working_points(contact)
        return replace(self, contact=contact, or_contact=(), working=working)

    @property
    def asked(self) -> tuple[CompiledPhase, ...]:
        """The phases of a repetition, in their order, without those that are right as well."""
        return tuple(phase for phase in self.phases if not phase.also)

    @property
    def pace_limits(self) -> tuple[float, float]:
        """(low, high) of the judged pace over all phases that move: turns a second for spirals, else mm/s; NaN if nothing
        moves."""
        return _widest([phase.turns_s if phase.motion == "spiral" else phase.pace_mm_s for phase in self._moving])

    @property
    def speed_limits(self) -> tuple[float, float]:
        """(low, high) of the fingertip's speed, mm/s, over all phases that move. NaN where nothing moves."""
        return _widest([phase.pace_mm_s for phase in self._moving])

    @property
    def _moving(self) -> list[CompiledPhase]:
        return [phase for phase in self.phases if phase.motion != "hold"]


_FOLLOWED: Final[dict[ContactPart, list[int]]] = {
    "fingertips": [MIDDLE_TIP],
    "knuckles": [KNUCKLE],
    "palms": [PALM],
    "tool": [INDEX_TIP, MIDDLE_TIP],
}


def working_points(contact: ContactPart) -> Bool:
    """Mark which of POINT_NAMES (7,) are followed where a step names no fingers.

    Of a tool, which the tracker does not see, the fingers that hold it stand for it: with the mannequin's plates and rollers
    they went 1.0 times as far as the edge, 4 degrees off its way (medians); knuckles, which turn about it, 1.4 times as far.
    """
    marked = np.zeros(POINTS, dtype=bool)
    marked[_FOLLOWED[contact]] = True
    return marked


def _widest(limits: list[tuple[float, float]]) -> tuple[float, float]:
    return min((low for low, _ in limits), default=nan), max((high for _, high in limits), default=nan)


@dataclass(frozen=True, slots=True)
class CompiledRoutine:
    """A routine, ready to be judged."""

    id: str
    version: int
    sha256: str  # hash of the file's bytes
    title: str
    language: str
    prepare: tuple[str, ...]
    after: tuple[str, ...]
    session_cautions: tuple[str, ...]
    area_cautions: tuple[str, ...]
    start_per_week: int | None
    schedule_say: str
    steps: tuple[CompiledStep, ...]
    advice: tuple[str, ...] = ()  # what to mind throughout
    with_tool: str = ""  # the same with a tool
    author: str = ""
    source: str = ""
    concern_say: str = ""  # asks which areas to do once more after the last step; empty: the routine asks for none

    def step(self, step_id: str) -> CompiledStep:
        """Return the step with that id. Raises UsageError if there is none."""
        for step in self.steps:
            if step.id == step_id:
                return step
        known = ", ".join(step.id for step in self.steps)
        raise UsageError(f"The routine {self.id} has no step {step_id!r}. Its steps: {known}.")

    @property
    def may_use_tool(self) -> bool:
        """Whether a step may be done with a tool."""
        return any("tool" in step.contacts for step in self.steps)

    def with_contact(self, contact: ContactPart | None) -> "CompiledRoutine":
        """Return the routine as it is done with this alone, in all steps that allow it; None: as it is.

        Raises UsageError where no step allows it.
        """
        if contact is None:
            return self
        known = dict.fromkeys(part for step in self.steps for part in step.contacts)
        if contact not in known:
            raise UsageError(f"No step of {self.id} is done with {contact!r}. Its steps are done with: {', '.join(known)}.")
        return replace(self, steps=tuple(step.with_contact(contact) for step in self.steps))

    def for_one_side(self, side: Literal["left", "right"]) -> "CompiledRoutine":
        """Return the routine for who has one hand free: no step asks for the other side. Steps of one side only stay."""
        return replace(self, steps=tuple(_for_one_side(step, side) for step in self.steps))


def _for_one_side(step: CompiledStep, side: Literal["left", "right"]) -> CompiledStep:
    if step.hands not in ("both", "either", "alternate"):
        return step
    share = 1.0 if step.hands == "both" else 0.5  # one after the other takes the time of both
    return replace(step, hands=side, judge=step.judge - {"symmetry"}, planned_s=share * step.planned_s)
