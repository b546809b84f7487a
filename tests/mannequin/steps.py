"""Steps made by hand, so that these tests depend on no routine file."""

from functools import cache

import numpy as np

from facetrack.geometry.face_points import POINT_NAMES
from facetrack.packets import Float
from facetrack.routine.compiled import CompiledPhase, CompiledRoutine, CompiledStep, MotionType
from tests.coach import synthetic


def phase(motion: MotionType, *corners: tuple[float, float], pace: tuple[float, float] = (10.0, 80.0)) -> CompiledPhase:
    spiral = motion == "spiral"
    return CompiledPhase(
        motion=motion,
        path_mm=np.array(corners, dtype=float),
        pace_mm_s=pace,
        turns_s=(0.5, 2.0) if spiral else (np.nan, np.nan),
        turn_radius_mm=8.0 if spiral else np.nan,
        hold_s=1.0 if motion == "hold" else np.nan,
    )


def around(path: Float, margin: float = 14.0) -> Float:
    """A box about a path."""
    (left, bottom), (right, top) = path.min(axis=0) - margin, path.max(axis=0) + margin
    return np.array([[left, bottom], [right, bottom], [right, top], [left, top]])


def step(name: str, *phases: CompiledPhase, **changes: object) -> CompiledStep:
    zone = tuple(around(one.path_mm) for one in phases)
    return synthetic.step(name, *phases, **{"title": name, "zone": zone, "zone_names": ("own",), "repetitions": 3} | changes)


FOREHEAD = step("forehead", phase("stroke", (8, 45), (62, 35)))
JAWLINE = step("jawline", phase("stroke", (6, -112), (40, -90), (64, -48)))
CHEEK_SPIRAL = step("cheek-spiral", phase("spiral", (40, -70), (50, -10)))
NOSTRIL = step("nostril", phase("back-and-forth", (18, -20), (20, -40)))
CUP = step(
    "cup",
    phase("stroke", (36, -40), (58, -42)),
    phase("hold", (58, -42)),
    contact="palms",
    working=np.arange(len(POINT_NAMES)) == POINT_NAMES.index("palm"),
)
OWN_STEPS = (FOREHEAD, JAWLINE, CHEEK_SPIRAL, NOSTRIL, CUP)


@cache
def shipped_steps() -> tuple[CompiledStep, ...]:
    """All steps of both shipped routines."""
    from facetrack.routine import load_routine

    routines: list[CompiledRoutine] = [load_routine(name) for name in ("japanese", "fascia")]
    return tuple(one for routine in routines for one in routine.steps)
