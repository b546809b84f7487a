"""Lengths along the skin, against those on the mannequin, which has a nose, a jaw and a neck of its own."""

from collections.abc import Callable

import numpy as np
import pytest

from facetrack.geometry.head.canonical import canonical_face
from facetrack.geometry.surface.metric import Skin, length_mm
from facetrack.geometry.surface.relief import skin_relief
from facetrack.mannequin.body.skin_path import skin_length_mm
from facetrack.packets import Float

PATHS = {
    "down the nose": [(3.0, 8.0), (3.0, -28.0)],
    "down beside the nose": [(14.0, -5.0), (18.0, -38.0)],
    "along the jaw": [(10.0, -98.0), (60.0, -55.0)],
    "under the jaw": [(35.0, -85.0), (32.0, -125.0)],
    "up the forehead": [(15.0, 30.0), (15.0, 65.0)],
    "along the brow": [(12.0, 20.0), (48.0, 22.0)],
    "under the eye": [(15.0, -12.0), (45.0, -8.0)],
    "along the lip": [(3.0, -55.0), (28.0, -60.0)],
}


def _error(path: list[tuple[float, float]], metric_at: Callable[[Float], Float]) -> float:
    share = np.linspace(0.0, 1.0, 200)[:, None]
    start, end = np.array(path)
    chart = start + share * (end - start)
    told = float(length_mm(np.diff(chart, axis=0), metric_at(chart[:-1])).sum())
    return told / float(skin_length_mm(chart)[-1]) - 1.0


def in_relief(chart: Float, softened: Float) -> Float:
    """The metrics (N, 3) of many points, with the relief."""
    points = zip(chart.tolist(), softened.tolist(), strict=True)
    return np.array([skin_relief().metric_of(x, y, metric) for (x, y), metric in points])


def test_lengths_are_nearer_to_the_truth_than_on_the_softened_skin() -> None:
    skin = Skin.of(canonical_face().points_mm)
    softened = {name: _error(path, skin.metric_at) for name, path in PATHS.items()}
    told = {name: _error(path, lambda chart: in_relief(chart, skin.metric_at(chart))) for name, path in PATHS.items()}
    print({name: (round(softened[name], 3), round(told[name], 3)) for name in PATHS})
    assert max(abs(error) for error in told.values()) < 0.25
    for steep in ("down the nose", "down beside the nose", "under the jaw"):
        assert abs(told[steep]) < 0.6 * abs(softened[steep])


def test_the_face_is_as_wide_at_any_size_and_beside_the_head_nothing_is_added() -> None:
    chart = np.array([[3.0, -10.0], [100.0, -10.0]])
    softened = Skin.of(canonical_face().points_mm).metric_at(chart)
    told = in_relief(chart, softened)
    assert in_relief(chart, 4.0 * softened) == pytest.approx(4.0 * told)
    assert told[1] == pytest.approx(softened[1])
    assert told[0, 2] > 1.1 * softened[0, 2]


def test_what_is_not_known_stays_so() -> None:
    assert np.isnan(skin_relief().metric_of(np.nan, np.nan, [1.0, 0.0, 1.0])).all()
    assert np.isnan(skin_relief().metric_of(0.0, 0.0, [np.nan] * 3)).all()
