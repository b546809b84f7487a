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


def bent_case(step: str, head: dict[str, float]) -> Case:
    """A right performance of a step, named by its routine too, with the head held like that."""
    routine, step_id = step.split("/")
    style = Style(seed=_SEED, order="together")
    return Case(step, routine, step_id, (), "middle", style, Conditions("bent", fps=_FPS, seed=_SEED, **head))  # type: ignore[arg-type]


def working_point_errors(step: str, head: dict[str, float]) -> tuple[Float, Float]:
    """(N, 2) mm in the chart over a right performance, NaN out of contact and where the point is not known; and (2,) the
    share of each hand's frames in contact in which it is not, though the hand was seen."""
    case = bent_case(step, head)
    observations, exact = observations_of(case, performance_of(case))
    mapper = FaceMapper()
    points = np.stack([mapper.update(observation)[0].points_mm for observation in observations])
    place = points[:, :, case.compiled()[1].working].mean(axis=2)
    errors: Float = np.linalg.norm(place - exact.hands.working_mm, axis=-1)
    errors[~exact.hands.contact] = np.nan
    working = exact.hands.contact & np.stack([observation.hand_seen for observation in observations])
    return errors, (np.isnan(errors) & working).sum(axis=0) / working.sum(axis=0)


def main() -> None:
    print("working point, mm p50/p95, of the user's left and right side; withheld")
    print(f"{'':20s}" + "".join(f"{name:>30s}" for name in HEADS))
    for step in STEPS:
        cells = []
        for head in HEADS.values():
            errors, (left, right) = working_point_errors(step, head)
            p50, p95 = np.nanquantile(errors, [0.5, 0.95], axis=0)
            cells.append(f"{p50[0]:.1f}/{p95[0]:.1f}  {p50[1]:.1f}/{p95[1]:.1f}; {left:.0%} {right:.0%}")
        print(f"{step:20s}" + "".join(f"{cell:>30s}" for cell in cells), flush=True)


if __name__ == "__main__":
    main()
