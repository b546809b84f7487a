"""Circles: how fast they turn and where they drift, told apart from straight ways."""

import math

import numpy as np
import pytest

from facetrack.signal import CircularMotionTracker, StraightRunDetector

EXPECTED_S, LEAST_SPEED = 1.0, 14.0


def circled(
    turning: CircularMotionTracker,
    turns_s: float,
    seconds: float,
    drift: tuple[float, float] = (0.0, 0.0),
    fps: float = 30.0,
    radius: float = 8.0,
) -> tuple[np.ndarray, float]:
    """Goes round (negative: the other way); gives the drift points (N, 3: x, y, t) and the turning in all."""
    out, turned, radius = [], 0.0, 8.0
    for k in range(round(seconds * fps)):
        t_s = k / fps
        angle = math.tau * turns_s * t_s
        x, y = radius * math.cos(angle) + drift[0] * t_s, radius * math.sin(angle) + drift[1] * t_s
        speed = math.tau * turns_s * radius
        vx, vy = -speed * math.sin(angle) + drift[0], speed * math.cos(angle) + drift[1]
        out.append((*turning.update(x, y, vx, vy, t_s), t_s))
        turned += turning.step_rad
    return np.array(out), turned


@pytest.mark.parametrize("turns_s", [0.5, 1.0, 2.0, -1.5])
@pytest.mark.parametrize("fps", [20.0, 30.0, 60.0])
def test_the_rate_is_the_turns_a_second_either_way_round(turns_s: float, fps: float) -> None:
    turning = CircularMotionTracker(EXPECTED_S, LEAST_SPEED)
    _, turned = circled(turning, turns_s, 4.0, fps=fps)
    assert turning.rate_turns_s == pytest.approx(abs(turns_s), rel=0.05)
    assert turned == pytest.approx(math.tau * turns_s * (4.0 - 1 / fps), rel=0.03)


@pytest.mark.parametrize("drift", [(0.0, 0.0), (8.0, 3.0), (-6.0, 10.0)])
@pytest.mark.parametrize("turns_s", [0.6, 1.2, -2.0])
def test_the_drift_is_what_is_left_when_the_circles_cancel(turns_s: float, drift: tuple[float, float]) -> None:
    points, _ = circled(CircularMotionTracker(EXPECTED_S, LEAST_SPEED), turns_s, 6.0, drift)
    late = points[points[:, 2] > 3.5]
    velocity = [np.polyfit(late[:, 2], late[:, axis], 1)[0] for axis in (0, 1)]
    np.testing.assert_allclose(velocity, drift, atol=1.0)
    centre = late[:, :2] - (late[:, 2:] - 0.5 / abs(turns_s)) * drift
    assert np.abs(centre).max() < 2.0, "half a turn behind, it is the circles' centre"


def test_it_is_settled_once_a_whole_turn_was_seen() -> None:
    turning = CircularMotionTracker(EXPECTED_S, LEAST_SPEED)
    for k in range(60):
        angle = math.tau * k / 30
        turning.update(8 * math.cos(angle), 8 * math.sin(angle), -50 * math.sin(angle), 50 * math.cos(angle), k / 30)
        assert turning.settled == (k / 30 > 1.0) or abs(k / 30 - 1.0) < 0.1
    turning.reset()
    assert not turning.settled


def test_a_straight_way_does_not_turn() -> None:
    turning = CircularMotionTracker(EXPECTED_S, LEAST_SPEED)
    for k in range(90):
        turning.update(k, 0.0, 30.0, 0.0, k / 30)
    assert turning.rate_turns_s == 0.0
    assert turning.step_rad == 0.0


def test_headings_of_a_resting_hand_are_noise_and_not_taken() -> None:
    turning, rng = CircularMotionTracker(EXPECTED_S, LEAST_SPEED), np.random.default_rng(0)
    for k in range(120):
        vx, vy = rng.normal(0, 3, 2).tolist()
        turning.update(0.0, 0.0, vx, vy, k / 30)
    assert turning.rate_turns_s == 0.0


def test_reset_forgets_the_motion() -> None:
    turning = CircularMotionTracker(EXPECTED_S, LEAST_SPEED)
    circled(turning, 1.0, 3.0)
    turning.reset()
    assert turning.update(5.0, 6.0, 30.0, 0.0, 100.0) == (5.0, 6.0)
    assert turning.step_rad == 0.0
    assert turning.rate_turns_s == 0.0


def test_the_drift_of_a_resting_point_is_the_point() -> None:
    turning = CircularMotionTracker(EXPECTED_S, LEAST_SPEED)
    for k in range(200):
        point = turning.update(12.0, -40.0, 0.0, 0.0, k / 30)
    assert point == pytest.approx((12.0, -40.0))


def run(points: list[tuple[float, float]], fps: float = 30.0) -> list[bool]:
    straight = StraightRunDetector(0.35, 22.0, 0.9)
    return [straight.update(x, y, k / fps) for k, (x, y) in enumerate(points)]


@pytest.mark.parametrize("fps", [20.0, 30.0, 60.0])
def test_a_quick_straight_way_is_a_run(fps: float) -> None:
    told = run([(100.0 * k / fps, 40.0 * k / fps) for k in range(round(fps))], fps)
    assert not told[0]
    assert told[-1]
    assert told.index(True) / fps == pytest.approx(22.0 / math.hypot(100, 40), abs=1.5 / fps)


def test_a_slow_one_is_not() -> None:
    assert not any(run([(40.0 * k / 30, 0.0) for k in range(60)]))


@pytest.mark.parametrize("radius", [6.0, 10.0])
@pytest.mark.parametrize("turns_s", [0.7, 1.5])
def test_circling_is_no_run(radius: float, turns_s: float) -> None:
    angle = [math.tau * turns_s * k / 30 for k in range(120)]
    assert not any(run([(radius * math.cos(a), radius * math.sin(a)) for a in angle]))


def test_reset_begins_another_run() -> None:
    straight = StraightRunDetector(0.35, 22.0, 0.9)
    for k in range(20):
        straight.update(5.0 * k, 0.0, k / 30)
    straight.reset()
    assert not straight.update(500.0, 0.0, 0.7)
