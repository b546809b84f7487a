"""A recording's motion at once: the same lookups as one frame at a time, and movements as a plain loop cuts them."""

import math

import numpy as np
import pytest

from benchmarks.speed.plain_fingers import plain_movements
from facetrack.geometry.batch.kinematics import Kinematics, motion_on_face
from facetrack.geometry.batch.movements import Cutting, movements_of
from facetrack.geometry.chart.direction_field import PathFields
from facetrack.geometry.chart.zones import ZoneAtlas
from facetrack.geometry.surface.metric import length_mm
from facetrack.packets import LEFT, RIGHT, Bool, Float

SQUARE = np.array([[0.0, 20.0], [60.0, 20.0], [60.0, 60.0], [0.0, 60.0]])
ATLAS = ZoneAtlas.of([[SQUARE]], [8.0])
PATHS = [np.array([[5.0, 40.0], [60.0, 30.0]]), np.array([[60.0, 0.0], [20.0, -50.0]])]
CUTTING = Cutting(moving_mm_s=14.0, still_mm_s=8.0, pause_s=0.12, shortest_mm=10.0)
MIDLINE_MM = 10.0


@pytest.mark.parametrize("hand", [LEFT, RIGHT])
@pytest.mark.parametrize("paths", [1, 2])
def test_many_frames_at_once_say_what_each_says_alone(hand: int, paths: int) -> None:
    rng = np.random.default_rng(11)
    n, fields = 3000, PathFields.of(PATHS[:paths])
    points, velocity = rng.uniform(-75, 75, (2, 3, n)), rng.normal(0, 40, (2, 3, n))
    metric = rng.uniform((0.9, -0.1, 0.9), (1.4, 0.1, 1.4), (n, 3))
    motion = motion_on_face(points, velocity, metric, hand, MIDLINE_MM, ATLAS, 0, fields)
    for k, i in rng.integers((0, 0), (3, n), (200, 2)).tolist():
        (x, y), (vx, vy) = points[:, k, i].tolist(), velocity[:, k, i].tolist()
        side = hand if abs(x) <= MIDLINE_MM else LEFT if x > 0 else RIGHT
        sign = 1.0 if side == LEFT else -1.0
        here = min(fields.at(np.array([sign * x, y])).tolist(), key=lambda row: row[3])
        assert motion.side[k, i] == side
        assert motion.in_zone[k, i] == bool(ATLAS.member(np.array([sign * x, y]), 0))
        assert [motion.progress_mm[k, i], motion.off_path_mm[k, i]] == pytest.approx(here[2:], abs=1e-9)
        assert motion.speed_mm_s[k, i] == pytest.approx(float(length_mm(np.array([vx, vy]), metric[i])), abs=1e-9)
        assert motion.onward[k, i] == pytest.approx(sign * vx * here[0] + vy * here[1], abs=1e-9)
        angle = math.degrees(math.acos(motion.onward[k, i] / math.hypot(vx, vy)))
        assert motion.off_path_deg[k, i] == pytest.approx(angle, abs=1e-5)


def _random_motion(n: int, seed: int) -> tuple[Kinematics, Float, Float, Bool]:
    rng = np.random.default_rng(seed)

    def wander(scale: float) -> Float:
        steps = rng.normal(0.0, 1.0, (2, n + 14))
        windows = np.lib.stride_tricks.sliding_window_view(steps, 15, axis=1)
        return np.asarray(scale * windows.mean(axis=-1) * math.sqrt(15))

    onward, aside = wander(25.0), wander(10.0)
    side = np.repeat(rng.integers(0, 2, (2, -(-n // 80))), 80, axis=1)[:, :n].astype(np.int8)
    in_zone = wander(1.0) > 0
    speed = 1.1 * np.hypot(onward, aside)
    t_s = np.cumsum(rng.choice([1 / 30, 1 / 30, 1 / 15], n))
    fresh = rng.random(n) < 0.01
    fresh[0] = True
    dt_s = np.where(fresh, 0.0, np.diff(t_s, prepend=t_s[0]))
    return Kinematics(side, in_zone, np.zeros((2, n)), np.zeros((2, n)), speed, onward, aside), t_s, dt_s, fresh


@pytest.mark.parametrize("seed", range(6))
def test_movements_are_those_of_a_plain_loop(seed: int) -> None:
    motion, t_s, dt_s, fresh = _random_motion(1500, seed)
    found = movements_of(motion, t_s, dt_s, fresh, CUTTING)
    expected = []
    for k in range(2):
        arrays = (motion.side, motion.in_zone, motion.off_path_mm, motion.speed_mm_s, motion.onward, motion.aside)
        samples = list(zip(*(array[k].tolist() for array in arrays), strict=True))
        found_plainly = plain_movements(samples, t_s.tolist(), dt_s.tolist(), fresh.tolist(), CUTTING)
        expected += [(k, *row) for row in found_plainly]
    assert len(expected) > 20
    assert list(zip(found.point.tolist(), found.first.tolist(), found.last.tolist(), strict=True)) == [
        (row[0], row[1], row[2]) for row in expected
    ]
    table = np.array([row[3:9] for row in expected])
    np.testing.assert_allclose(found.length_mm, table[:, 0], atol=1e-9)
    np.testing.assert_allclose(found.peak_mm_s, table[:, 1], atol=1e-9)
    np.testing.assert_allclose(found.off_path_deg, np.degrees(np.arctan2(abs(table[:, 3]), table[:, 2])), atol=1e-9)
    np.testing.assert_allclose(found.zone_share, table[:, 4] / table[:, 5], atol=1e-9)
    np.testing.assert_allclose(found.mean_mm_s, table[:, 0] / table[:, 5], atol=1e-9)


@pytest.mark.parametrize("n", [1, 2, 5])
def test_who_does_not_move_has_no_movements(n: int) -> None:
    still, t_s = np.zeros((2, n)), np.arange(n) / 30
    motion = Kinematics(np.zeros((2, n), np.int8), np.ones((2, n), np.bool_), *(still.copy() for _ in range(5)))
    found = movements_of(motion, t_s, np.full(n, 1 / 30), np.arange(n) == 0, CUTTING)
    assert len(found.length_mm) == len(found.point) == 0
