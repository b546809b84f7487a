"""The scale comes from the irises: where the two disagree, its error grows."""

import numpy as np
import pytest

from facetrack.geometry.head.calibration import Calibration
from facetrack.geometry.head.canonical import canonical_face
from facetrack.geometry.head.landmarks import IRIS_DIAMETERS


def _mesh(wider: float, noise_px: float, seed: int) -> np.ndarray:
    """A face from the front, 2 px to the mm, one iris wider than it is by that share."""
    rng = np.random.default_rng(seed)
    mesh = canonical_face().points_mm * (2.0, -2.0, -2.0) + (320.0, 240.0, 0.0)
    left, right = IRIS_DIAMETERS[0]
    mesh[[left, right], 0] += np.array([-0.5, 0.5]) * wider * (mesh[right, 0] - mesh[left, 0])
    return mesh + rng.normal(0.0, noise_px, mesh.shape)


@pytest.mark.parametrize("wider", [0.0, 0.1, 0.2])
def test_what_the_two_irises_say_apart_is_how_uncertain_the_scale_is(wider: float) -> None:
    calibration = Calibration()
    for number in range(40):
        calibration.update(_mesh(wider, 0.05, number), False, number / 20.0)
    assert calibration.eyes_differ == pytest.approx(wider, abs=0.02)


def test_nothing_is_said_before_a_face_was_seen() -> None:
    assert Calibration().eyes_differ == 0.0
