"""Finds what is possible in a routine but hardly meant, for ``facetrack routines validate``."""

from collections.abc import Iterator
from typing import Final

from facetrack.geometry.chart.zones import zone_distance
from facetrack.routine.compiled import CompiledPhase, CompiledRoutine, CompiledStep
from facetrack.routine.map.polygons import sampled

SLOWEST_LIMIT_MM_S: Final = 15.0
"""Whoever writes a smaller upper limit of the pace may have meant cm: 30 mm a second are pleasant."""
FASTEST_LIMIT_MM_S: Final = 250.0
"""Above this a camera sees a hand as a smear."""
LONGEST_HOLD_S: Final = 60.0
LONGEST_STEP_S: Final = 600.0
OUTSIDE_MM: Final = 1.0
"""A path that leads so far out of its zone is right only by the tolerance."""


def doubts_about(routine: CompiledRoutine) -> list[str]:
    """Return a line for each value that is possible but hardly meant; none where there is nothing to say."""
    return [
        f"step[{step.index + 1}] ({step.id}).{doubt}"
        for step in routine.steps
        for doubt in (*_doubts_about_step(step), *(doubt for phase in step.phases for doubt in _doubts_about_phase(phase)))
    ]


def _doubts_about_step(step: CompiledStep) -> Iterator[str]:
    outside = max(float(zone_distance(sampled(phase.path_mm), step.zone).max()) for phase in step.phases)
    if outside > OUTSIDE_MM:
        yield f"path: leads {outside:.0f} mm out of the zone, which only the tolerance of {step.tolerance_mm:g} mm allows"
    if step.planned_s > LONGEST_STEP_S:
        yield f"repetitions: the step takes about {step.planned_s / 60:.0f} minutes; is that meant?"


def _doubts_about_phase(phase: CompiledPhase) -> Iterator[str]:
    if phase.motion == "hold":
        if phase.hold_s > LONGEST_HOLD_S:
            yield f"hold_s: {phase.hold_s:g} seconds without moving; is that meant?"
        return
    slow, fast = phase.pace_mm_s
    if fast < SLOWEST_LIMIT_MM_S:
        yield f"pace_mm_s: [{slow:g}, {fast:g}] are millimetres a second, and 30 are pleasant; were centimetres meant?"
    elif fast > FASTEST_LIMIT_MM_S:
        yield f"{'turns_s' if phase.motion == 'spiral' else 'pace_mm_s'}: up to {fast:.0f} mm a second, too fast for a camera"
