"""How far off working points lie when the head is turned or bent: the curve behind the accuracy table's single figure.

python -m benchmarks.accuracy.bent_heads
"""

import os
from typing import Final

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from benchmarks.accuracy.cases import Case, performance_of
from benchmarks.accuracy.conditions import Conditions
from benchmarks.accuracy.truth_level import observations_of
from facetrack.geometry import FaceMapper
from facetrack.mannequin import Style
from facetrack.packets import Float

STEPS: Final = ("fascia/forehead", "fascia/cheeks", "fascia/jawline", "fascia/neck", "japanese/neck-down")
HEADS: Final[dict[str, dict[str, float]]] = {
    "straight": {},
    "yaw +20": {"yaw_deg": 20.0},
    "yaw -20": {"yaw_deg": -20.0},
    "pitch +12": {"pitch_deg": 12.0},
    "pitch -12": {"pitch_deg": -12.0},
    "roll +12": {"roll_deg": 12.0},
}
_SEED: Final = 3
_FPS: Final = 15.0


def working_point_errors(step: str, head: dict[str, float]) -> Float:
    """(N, 2) mm in the chart over a right performance; NaN out of contact and where the point is not known."""
    routine, step_id = step.split("/")
    style = Style(seed=_SEED, order="together")
    case = Case(step, routine, step_id, (), "middle", style, Conditions("bent", fps=_FPS, seed=_SEED, **head))  # type: ignore[arg-type]
    observations, exact = observations_of(case, performance_of(case))
    mapper = FaceMapper()
    points = np.stack([mapper.update(observation)[0].points_mm for observation in observations])
    working = points[:, :, case.compiled()[1].working].mean(axis=2)
    errors: Float = np.linalg.norm(working - exact.hands.working_mm, axis=-1)
    errors[~exact.hands.contact] = np.nan
    return errors


def main() -> None:
    print("working point, mm p50/p95, of the user's left and right side")
    print(f"{'':20s}" + "".join(f"{name:>24s}" for name in HEADS))
    for step in STEPS:
        cells = []
        for head in HEADS.values():
            p50, p95 = np.nanquantile(working_point_errors(step, head), [0.5, 0.95], axis=0)
            cells.append(f"{p50[0]:.1f}/{p95[0]:.1f}  {p50[1]:.1f}/{p95[1]:.1f}")
        print(f"{step:20s}" + "".join(f"{cell:>24s}" for cell in cells), flush=True)


if __name__ == "__main__":
    main()
