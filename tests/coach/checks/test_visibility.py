"""What could be judged, and why not: unseen is not wrong."""

from dataclasses import replace

import numpy as np
import pytest

from facetrack.coach import Thresholds
from facetrack.coach.checks.visibility import VisibilityTracker, hand_for_each_side
from facetrack.coach.frame_context import SideFrame
from facetrack.coach.strokes.hand_motion import HandSample, HandTrack
from facetrack.coach.verdict import StrokeKind
from facetrack.geometry.face_points import FacePoints
from facetrack.packets import LEFT, RIGHT
from facetrack.routine.compiled import CompiledStep
from tests.coach.synthetic import Hand, blind, frame, phase, plan_of, segment, step

LIMITS = Thresholds()
MIDDLE = [2]
HERE = Hand().at((30.0, 40.0)).rest(60.0)
PLAN = plan_of()


def samples_of(points: FacePoints) -> list[HandSample | None]:
    return [HandTrack(hand, LIMITS).update(points, MIDDLE) for hand in (LEFT, RIGHT)]


def moved(points: FacePoints, hand: int, x: float) -> FacePoints:
    places = points.points_mm.copy()
    places[hand, :, 0] += x - places[hand, 2, 0]
    return replace(points, points_mm=places)


def test_each_side_is_served_by_its_own_hand() -> None:
    assert hand_for_each_side(samples_of(frame(1.0, HERE, HERE))) == [LEFT, RIGHT]
    assert hand_for_each_side(samples_of(frame(1.0, HERE, None))) == [LEFT, None]
    assert hand_for_each_side([None, None]) == [None, None]


def test_the_side_is_the_half_of_the_face_not_the_hand() -> None:
    crossed = moved(frame(1.0, HERE, None), LEFT, -30.0)
    assert hand_for_each_side(samples_of(crossed)) == [None, LEFT]


@pytest.mark.parametrize(("hand", "x", "serving"), [(RIGHT, 30.0, [LEFT, None]), (LEFT, -30.0, [None, RIGHT])])
def test_with_both_hands_on_one_side_its_own_hand_serves_it(hand: int, x: float, serving: list[int | None]) -> None:
    assert hand_for_each_side(samples_of(moved(frame(1.0, HERE, HERE), hand, x))) == serving


def test_within_ten_millimetres_of_the_midline_the_hand_tells() -> None:
    for x, side in ((9.0, LEFT), (-9.0, LEFT), (-11.0, RIGHT)):
        sample = samples_of(moved(frame(1.0, HERE, None), LEFT, x))[LEFT]
        assert sample is not None
        assert sample.side == side
    assert LIMITS.tuning.hand.midline_mm == 10.0


def test_a_hand_away_from_the_face_serves_nothing() -> None:
    away = replace(frame(1.0, HERE, HERE), near_face=np.zeros(2, bool))
    assert hand_for_each_side(samples_of(away)) == [None, None]


def reasons(sight: VisibilityTracker, points: FacePoints) -> list[str | None]:
    samples = samples_of(points)
    sight.update(points, samples)
    here = [None if hand is None else samples[hand] for hand in hand_for_each_side(samples)]
    return [sight.withheld_reason(side, SideFrame(here[side], True, None, None), points, PLAN) for side in (LEFT, RIGHT)]


@pytest.mark.parametrize(
    ("seconds", "kind", "made", "reason"),
    [
        (0.9, "uncertain", step(), "contact"),
        (0.7, "uncertain", step(), None),
        (0.9, "against", step(), None),
        (0.9, "uncertain", step(judge=frozenset({"pace"})), None),
        (0.9, "uncertain", step("fro", phase("back-and-forth")), None),
    ],
)
def test_contact_is_withheld_where_direction_needs_it(
    seconds: float, kind: StrokeKind, made: CompiledStep, reason: str | None
) -> None:
    points, sight = frame(1.0, HERE, HERE), VisibilityTracker(LIMITS)
    samples = samples_of(points)
    sight.update(points, samples)
    here = SideFrame(samples[LEFT], True, segment(time_s=seconds), kind)
    assert sight.withheld_reason(LEFT, here, points, plan_of(made)) == reason


def test_a_hand_in_sight_whose_place_can_t_be_told_is_withheld_after_the_bridged_gap() -> None:
    sight = VisibilityTracker(LIMITS)
    assert reasons(sight, frame(1.0, HERE, HERE)) == [None, None]
    for t_s, expected in ((1.0 + 0.9 * LIMITS.tuning.hand.gap_s, None), (1.0 + 1.1 * LIMITS.tuning.hand.gap_s, "hand")):
        assert reasons(sight, moved(frame(t_s, HERE, HERE), LEFT, np.nan)) == [expected, None]


def test_seen_hands_are_not_withheld() -> None:
    assert reasons(VisibilityTracker(LIMITS), frame(1.0, HERE, HERE)) == [None, None]


@pytest.mark.parametrize(
    ("gone", "reason"),
    [
        (lambda points: blind(points), "face"),
        (lambda points: replace(blind(points), face_seen=True), "covered"),
        (lambda points: replace(points, calibration="running"), "calibration"),
    ],
    ids=["face", "covered", "calibration"],
)
def test_the_face_s_reasons(gone: object, reason: str) -> None:
    sight = VisibilityTracker(LIMITS)
    reasons(sight, frame(1.0, HERE, HERE))
    assert reasons(sight, gone(frame(2.0, HERE, HERE))) == [reason, reason]  # type: ignore[operator]


def test_a_lost_hand_is_withheld_on_its_side_after_a_short_gap_is_bridged() -> None:
    sight = VisibilityTracker(LIMITS)
    reasons(sight, frame(1.0, HERE, HERE))
    assert reasons(sight, frame(1.0 + LIMITS.tuning.hand.gap_s - 0.05, HERE, None)) == [None, None]
    assert reasons(sight, frame(1.0 + LIMITS.tuning.hand.gap_s + 0.05, HERE, None)) == [None, "hand"]


def test_a_hand_that_is_seen_off_the_face_is_idle_and_not_unseen() -> None:
    sight = VisibilityTracker(LIMITS)
    points = frame(1.0, HERE, HERE)
    away = points.near_face.copy()
    away[RIGHT] = False
    assert reasons(sight, replace(points, near_face=away)) == [None, None]


def test_before_anything_was_seen_everything_is_lost() -> None:
    sight = VisibilityTracker(LIMITS)
    assert sight.face_lost(0.0)
    assert sight.hand_lost(LEFT, 0.0)


# -- following a hand --------------------------------------------------------------------------------------------------


def test_a_gap_or_a_leap_begins_anew() -> None:
    track = HandTrack(LEFT, LIMITS)
    went = Hand().at((10.0, 40.0)).go((60.0, 40.0), mm_s=50.0)
    fresh = [track.update(frame(k / 30, went), MIDDLE).fresh for k in range(20)]  # type: ignore[union-attr]
    assert fresh == [True] + [False] * 19
    late = track.update(frame(20 / 30 + LIMITS.tuning.hand.gap_s + 0.05, went), MIDDLE)
    assert late is not None
    assert late.fresh
    assert late.speed == 0.0
    there = Hand().at((10.0, 40.0 - LIMITS.tuning.hand.jump_mm - 40.0)).rest(9.0)
    leapt = track.update(frame(late.t_s + 1 / 30, there), MIDDLE)
    assert leapt is not None
    assert leapt.fresh


def test_the_right_hand_is_told_as_a_left_one_and_its_place_as_it_is() -> None:
    went = Hand().at((10.0, 40.0)).go((60.0, 40.0), mm_s=50.0)
    tracks = [HandTrack(hand, LIMITS) for hand in (LEFT, RIGHT)]
    for k in range(25):
        points = frame(k / 30, went, went)
        left, right = (track.update(points, MIDDLE) for track in tracks)
    assert left is not None
    assert right is not None
    assert right.x == pytest.approx(left.x, abs=1.0)
    assert right.vx == pytest.approx(left.vx, abs=8.0)
    assert left.vx == pytest.approx(50.0, abs=8.0)
    assert left.chart[0] > 0 > right.chart[0]


def test_speed_is_the_user_s_millimetres() -> None:
    went = Hand().at((10.0, 40.0)).go((60.0, 40.0), mm_s=50.0)
    track = HandTrack(LEFT, LIMITS)
    for k in range(25):
        points = frame(k / 30, went)
        sample = track.update(replace(points, metric_tensor=points.metric_tensor * 1.44), MIDDLE)
    assert sample is not None
    assert sample.speed == pytest.approx(1.2 * 50.0, rel=0.15)


def test_the_working_point_is_the_mean_of_its_fingers_and_unknown_if_one_is() -> None:
    points = frame(1.0, HERE)
    sample = HandTrack(LEFT, LIMITS).update(points, [1, 3])
    assert sample is not None
    assert sample.chart == pytest.approx(points.points_mm[LEFT, [1, 3]].mean(axis=0))
    holed = points.points_mm.copy()
    holed[LEFT, 3] = float("nan")
    assert HandTrack(LEFT, LIMITS).update(replace(points, points_mm=holed), [1, 3]) is None


def test_a_hand_that_works_on_the_other_side_stands_for_that_side_s_own() -> None:
    """The left hand is out of sight, the right one is on the left side: both sides' hands are accounted for."""
    sight = VisibilityTracker(LIMITS)
    points = moved(frame(1.0, None, HERE), RIGHT, 30.0)
    samples = samples_of(points)
    sight.update(points, samples)
    assert sight.hand_lost(LEFT, 1.0)
    assert sight.in_view([samples[RIGHT], None], 1.0)
    assert not sight.in_view([None, samples[RIGHT]], 1.0)
    assert not sight.in_view([samples[RIGHT], None], 1.5), "the face was not seen for half a second"
