"""A routine as arrays: what the coach, the mannequin and the overlay work with. numpy and the standard library only."""

from dataclasses import dataclass
from math import nan
from typing import Literal

from facetrack.packets import Bool, Float

MotionType = Literal["stroke", "spiral", "back-and-forth", "hold"]
Hands = Literal["both", "either", "left", "right", "alternate"]
ContactPart = Literal["fingertips", "knuckles", "palms", "tool"]
Kind = Literal["zone", "direction", "pace", "symmetry"]
KINDS: tuple[Kind, ...] = ("zone", "direction", "pace", "symmetry")


@dataclass(frozen=True, slots=True)
class CompiledPhase:
    """One movement of a step.

    path_mm: (P, 2) polyline in chart mm, on the user's LEFT side (x >= 0, or on the midline); the right side's is it with
        x negated. P >= 2 but for ``hold``, where one point is enough.
    pace_mm_s: (low, high) in the user's mm/s along the skin; for spirals the speed of the fingertip.
    turns_s: (low, high) turns a second of a spiral; NaN for other motions.
    turn_radius_mm: of a spiral's loops; NaN for other motions.
    hold_s: how long a ``hold`` lasts; NaN for other motions.
    drift_mm: how far a spiral wanders along the path in one turn; NaN for other motions.

    One repetition of a step goes through all of its phases, in their order.
    """

    motion: MotionType
    path_mm: Float
    pace_mm_s: tuple[float, float]
    turns_s: tuple[float, float]
    turn_radius_mm: float
    hold_s: float
    drift_mm: float = float("nan")


@dataclass(frozen=True, slots=True)
class CompiledStep:
    """A step. Every step has ``repetitions`` or ``seconds`` (the other is None).

    working: (7,) bool over geometry.POINT_NAMES: the working point is the mean of the marked points.
    zone: polygons (V, 2) in chart mm on the user's left side (closed implicitly); the right side's are mirrored. A zone that
        reaches over the midline simply has vertices with x < 0.
    tolerance_mm: how far outside its zone a working point may be.
    judge: which kinds are judged.
    planned_s: how long the step takes at an ordinary pace: the time after which it ends though nothing was seen.
    """

    id: str
    index: int
    group: int
    title: str
    say: str
    point: str
    hands: Hands
    contact: ContactPart
    working: Bool
    pressure: str
    zone: tuple[Float, ...]
    zone_names: tuple[str, ...]
    tolerance_mm: float
    judge: frozenset[Kind]
    repetitions: int | None
    seconds: float | None
    planned_s: float
    optional: bool
    tempo: Literal["pulse"] | None
    phases: tuple[CompiledPhase, ...]

    @property
    def pace_limits(self) -> tuple[float, float]:
        """(low, high) of what pace is judged by, over all phases that move: turns a second for spirals, else mm/s.

        NaN where nothing moves.
        """
        return _widest([phase.turns_s if phase.motion == "spiral" else phase.pace_mm_s for phase in self._moving])

    @property
    def speed_limits(self) -> tuple[float, float]:
        """(low, high) of the fingertip's speed, mm/s, over all phases that move. NaN where nothing moves."""
        return _widest([phase.pace_mm_s for phase in self._moving])

    @property
    def _moving(self) -> list[CompiledPhase]:
        return [phase for phase in self.phases if phase.motion != "hold"]


def _widest(limits: list[tuple[float, float]]) -> tuple[float, float]:
    return min((low for low, _ in limits), default=nan), max((high for _, high in limits), default=nan)


@dataclass(frozen=True, slots=True)
class CompiledRoutine:
    """A routine, ready to be judged. sha256: of the file's bytes. advice: what to mind throughout."""

    id: str
    version: int
    sha256: str
    title: str
    language: str
    prepare: tuple[str, ...]
    after: tuple[str, ...]
    session_cautions: tuple[str, ...]
    area_cautions: tuple[str, ...]
    start_per_week: int | None
    schedule_say: str
    steps: tuple[CompiledStep, ...]
    advice: tuple[str, ...] = ()
    author: str = ""
    source: str = ""

    def step(self, step_id: str) -> CompiledStep:
        """The step of that id; KeyError if there is none."""
        for step in self.steps:
            if step.id == step_id:
                return step
        raise KeyError(step_id)
