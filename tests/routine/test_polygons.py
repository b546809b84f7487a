"""Plane geometry and lengths on the skin."""

import numpy as np
import pytest

from facetrack.geometry.head.canonical import canonical_face
from facetrack.geometry.surface.metric import Skin, length_mm
from facetrack.routine.map.polygons import area_mm2, crosses_itself, sampled
from facetrack.routine.map.surface import canonical_skin_length_mm

SQUARE = np.array([[0.0, 0], [10, 0], [10, 10], [0, 10]])


def test_crossings() -> None:
    assert not crosses_itself(SQUARE, closed=True)
    assert crosses_itself(SQUARE[[0, 2, 1, 3]], closed=True)
    assert not crosses_itself(SQUARE[[0, 2, 1]], closed=False)
    assert crosses_itself(np.array([[0.0, 0], [10, 0], [10, 10], [5, -5]]), closed=False)
    assert crosses_itself(np.array([[0.0, 0], [10, 0], [20, 0], [20, 5], [5, 0]]), closed=False)  # touching from the side


def test_area_and_samples() -> None:
    assert area_mm2(SQUARE) == 100.0
    points = sampled(SQUARE)
    assert np.linalg.norm(np.diff(points, axis=0), axis=1).max() <= 2.0 + 1e-9
    assert (points[[0, -1]] == SQUARE[[0, -1]]).all()


@pytest.mark.parametrize(
    ("start", "end", "longer"),
    [
        ((4.0, 36.0), (30.0, 38.0), 1.0),  # the forehead faces the camera
        ((50.0, -40.0), (68.0, -38.0), 1.5),  # the side of the cheek turns away
        ((4.0, -104.0), (62.0, -70.0), 1.15),
        ((30.0, -140.0), (30.0, -170.0), 1.0),  # off the mesh: as on the chart
    ],
)
def test_lengths_on_the_skin_agree_with_the_coachs_metric(
    start: tuple[float, float], end: tuple[float, float], longer: float
) -> None:
    path = np.array([start, end])
    points = sampled(path)
    metric = Skin.of(canonical_face().points_mm).metric_at((points[1:] + points[:-1]) / 2)
    assert canonical_skin_length_mm(path) == pytest.approx(length_mm(np.diff(points, axis=0), metric).sum(), rel=0.1)
    assert canonical_skin_length_mm(path) >= longer * np.linalg.norm(path[1] - path[0])
