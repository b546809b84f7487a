"""Lays out a step once, for what the coach asks of it in every frame."""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from facetrack.geometry.chart.direction_field import PathFields
from facetrack.geometry.chart.zones import ZoneAtlas
from facetrack.routine.compiled import CompiledPhase, CompiledRoutine, CompiledStep

_MOVING = ("stroke", "spiral", "back-and-forth")


@dataclass(frozen=True)
class StepPlan:
    """Holds a step with its direction fields and its place in the routine's zone atlas."""

    step: CompiledStep
    atlas: ZoneAtlas
    moving: tuple[CompiledPhase, ...]

    @staticmethod
    def of(step: CompiledStep, atlas: ZoneAtlas) -> "StepPlan":
        return StepPlan(step, atlas, tuple(phase for phase in step.phases if phase.motion in _MOVING))

    @cached_property
    def fields(self) -> PathFields:
        """Lay out the direction fields of the moving phases, or of the hold where there are none."""
        return PathFields.of([phase.path_mm for phase in (self.moving or self.step.phases[:1])])

    @cached_property
    def working_points(self) -> list[int]:
        return [int(k) for k in np.flatnonzero(self.step.working)]

    @cached_property
    def spiral(self) -> bool:
        return any(phase.motion == "spiral" for phase in self.moving)

    @cached_property
    def bidirectional(self) -> bool:
        return bool(self.moving) and all(phase.motion == "back-and-forth" for phase in self.moving)

    @cached_property
    def hold_s(self) -> float:
        """Return the seconds that the step's holds take together in each repetition; 0 where it has none."""
        return float(sum(phase.hold_s for phase in self.step.phases if phase.motion == "hold"))

    @cached_property
    def last_asked(self) -> int:
        """Return the path, in the order of ``fields``, whose strokes complete a repetition."""
        return max((k for k, phase in enumerate(self.moving) if not phase.also), default=0)

    @cached_property
    def moving_at(self) -> list[int]:
        """Return the index in the step of each moving phase, in the order of ``fields``."""
        return [k for k, phase in enumerate(self.step.phases) if phase.motion in _MOVING]

    @cached_property
    def hold_at(self) -> int | None:
        """Return the index in the step of its last hold, or None."""
        holds = [k for k, phase in enumerate(self.step.phases) if phase.motion == "hold"]
        return holds[-1] if holds else None

    @cached_property
    def loop_diameter_mm(self) -> float:
        """Return how wide a spiral's loops are, in mm; 0 without spirals. A shorter drift can't be known from them."""
        return 2.0 * max((phase.turn_radius_mm for phase in self.moving if phase.motion == "spiral"), default=0.0)

    @cached_property
    def turn_s(self) -> float:
        """Return the seconds that a turn of a spiral is expected to take; NaN without spirals."""
        rates = [rate for phase in self.moving if phase.motion == "spiral" for rate in phase.turns_s]
        return float(1.0 / np.mean(rates)) if rates else float("nan")

    @cached_property
    def strokes_s(self) -> float:
        """Return the seconds that a repetition's strokes take at an ordinary pace; 0 for motions that never pause."""
        if self.spiral or self.bidirectional or not self.moving:
            return 0.0
        lengths = zip(self.fields.length_mm, self.moving, strict=True)
        return float(sum(length / np.mean(phase.pace_mm_s) for length, phase in lengths if not phase.also))

    @cached_property
    def pace_limits(self) -> tuple[float, float]:
        """Keep ``CompiledStep.pace_limits``, which is looked up in every frame."""
        return self.step.pace_limits

    def requires(self, side: int) -> bool:
        """Return whether the step wants this side always ("either" wants a side only once a hand works there)."""
        return self.step.hands in ("both", "alternate") or self.step.hands == ("left", "right")[side]


def atlas_of(routine: CompiledRoutine) -> ZoneAtlas:
    """Lay out the zones of all steps, each grown by its tolerance; zone k belongs to step k."""
    zones = tuple(tuple(np.asarray(polygon, dtype=float).tobytes() for polygon in step.zone) for step in routine.steps)
    return _laid_out(zones, tuple(step.tolerance_mm for step in routine.steps))


@lru_cache(maxsize=4)
def _laid_out(zones: tuple[tuple[bytes, ...], ...], tolerance_mm: tuple[float, ...]) -> ZoneAtlas:
    """Lay out the zones once for all sessions of a routine. zones: the bytes of polygons (V, 2)."""
    return ZoneAtlas.of([[np.frombuffer(polygon).reshape(-1, 2) for polygon in zone] for zone in zones], tolerance_mm)
