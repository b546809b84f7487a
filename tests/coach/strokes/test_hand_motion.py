"""A hand's motion: its acceleration, and what of it is a movement."""

import math

import numpy as np
import pytest

from facetrack.coach import SideVerdict, Thresholds
from facetrack.coach.strokes.hand_motion import HandSample, HandTrack
from facetrack.packets import LEFT
from tests.coach.synthetic import Hand, film, frame, judged, phase, step

CENTRE = (33.0, 40.0)


def sides_of(hand: Hand, fps: float) -> list[SideVerdict]:
    """The left side's verdicts, without those of the first second."""
    return [verdict.sides[LEFT] for verdict in judged(film(hand, None, fps=fps), step()).verdicts if verdict.t_s > 1.0]


@pytest.mark.parametrize("fps", [15.0, 30.0, 60.0])
def test_a_hand_that_circles_evenly_is_accelerated_towards_the_centre(fps: float) -> None:
    hand = Hand().at(CENTRE).spiral(CENTRE, 10.0, turns_s=1.0, radius=10.0)
    found = [side.acceleration_mm_s2 for side in sides_of(hand, fps)]
    assert np.nanmean(found) == pytest.approx(10.0 * math.tau**2, rel=0.1)


def test_a_hand_that_moves_straight_and_evenly_is_not_accelerated() -> None:
    hand = Hand().at((5.0, 40.0)).go((65.0, 40.0), mm_s=15.0)
    found = [side.acceleration_mm_s2 for side in sides_of(hand, 30.0)]
    assert np.nanmean(found) < 80.0, "no more than the noise of its place makes"


def test_acceleration_is_not_known_until_two_velocities_are() -> None:
    hand = Hand().at(CENTRE).spiral(CENTRE, 4.0).gone(1.0).spiral(CENTRE, 2.0)
    back = [verdict.sides[LEFT] for verdict in judged(film(hand, None), step()).verdicts if verdict.t_s > 4.99]
    assert [math.isnan(side.acceleration_mm_s2) for side in back[:4]] == [True, True, False, False]


# -- what is a movement and what is noise ------------------------------------------------------------------------------


def samples_of(hand: Hand, fps: float = 30.0) -> list[HandSample]:
    track = HandTrack(LEFT, Thresholds())
    return [sample for points in film(hand, None, fps=fps) if (sample := track.update(points, [2])) is not None]


@pytest.mark.parametrize(("leap_mm", "fresh"), [(60.0, 1), (90.0, 2)])
def test_a_point_that_leaps_by_seventy_millimetres_is_another_one(leap_mm: float, fresh: int) -> None:
    hand = Hand().at((10.0, 40.0)).rest(1.0).go((10.0, 40.0 - leap_mm), mm_s=1e5).rest(1.0)
    assert sum(sample.fresh for sample in samples_of(hand)) == fresh


@pytest.mark.parametrize(("gap_s", "fresh"), [(0.17, 1), (0.3, 2)])
def test_a_gap_of_a_quarter_of_a_second_is_bridged(gap_s: float, fresh: int) -> None:
    hand = Hand().at((10.0, 40.0)).rest(1.0).gone(gap_s).rest(1.0)
    assert sum(sample.fresh for sample in samples_of(hand)) == fresh


def test_pace_follows_a_hand_that_quickens_twenty_fifths_of_a_second_sooner_than_speed_does() -> None:
    """Their windows are 0.1 and 0.2 s long, and a slope lags by half of its window."""
    hand = Hand().at((0.0, 0.0))
    for k in range(1, 90):
        hand.now_s = k / 90
        hand.at((60.0 * (k / 90) ** 2, 0.0))
    late = samples_of(hand, fps=90.0)[50:]
    sooner_s = np.mean([sample.quick - sample.speed for sample in late]) / 120.0
    assert sooner_s == pytest.approx(0.05, abs=0.012)


def test_a_resting_hand_is_smoothed_at_two_hertz() -> None:
    """A step of its place is followed by three tenths in the first frame at 30 a second."""
    track = HandTrack(LEFT, Thresholds())
    at = [frame(k / 30.0, Hand().at((10.0, 40.0)).rest(9.0)) for k in range(2)]
    for points, x in zip(at, (10.0, 11.0), strict=True):
        points.points_mm[LEFT, 2] = x, 40.0
    first, second = (track.update(points, [2]) for points in at)
    assert first is not None
    assert second is not None
    assert first.x == 10.0
    assert second.x == pytest.approx(10.0 + 0.3 * 1.0, abs=0.08)


@pytest.mark.parametrize(("mm_s", "strokes"), [(11.0, 0), (18.0, 1)])
def test_slower_than_fourteen_millimetres_a_second_a_hand_rests(mm_s: float, strokes: int) -> None:
    hand = Hand().at((8.0, 40.0)).rest(0.5).go((38.0, 40.0), mm_s=mm_s).rest(0.5)
    assert len(judged(film(hand, None), step()).strokes) == strokes


@pytest.mark.parametrize(("mm_s", "holds"), [(11.0, True), (26.0, False)])
def test_slower_than_eighteen_a_hand_holds_still(mm_s: float, holds: bool) -> None:
    held = step(
        "press", phase("hold", path=((40.0, 0.0),), hold_s=2.0), zone=(np.array([[0, -40], [80, -40], [80, 40], [0, 40.0]]),)
    )
    hand = Hand().at((20.0, 0.0)).go((55.0, 0.0), (20.0, 0.0), (55.0, 0.0), mm_s=mm_s)
    assert (judged(film(hand, hand), held).verdicts[-1].sides[LEFT].repetitions > 0) == holds


@pytest.mark.parametrize(("rest_s", "strokes"), [(0.0, 1), (0.45, 2)])
def test_a_rest_ends_a_stroke(rest_s: float, strokes: int) -> None:
    hand = Hand().at((8.0, 40.0)).rest(0.5).go((33.0, 40.0)).rest(rest_s).go((58.0, 40.0)).rest(0.5)
    assert len(judged(film(hand, None), step()).strokes) == strokes


@pytest.mark.parametrize(("length_mm", "strokes"), [(7.0, 0), (14.0, 1)])
def test_a_stroke_is_ten_millimetres_long_at_least(length_mm: float, strokes: int) -> None:
    hand = Hand().at((20.0, 40.0)).rest(0.5).go((20.0 + length_mm, 40.0), mm_s=30.0).rest(0.5)
    assert len(judged(film(hand, None), step()).strokes) == strokes


@pytest.mark.parametrize(("mm_s", "strokes"), [(80.0, 1), (190.0, 0)])
def test_quicker_than_a_hundred_and_ten_out_of_the_zone_a_hand_goes(mm_s: float, strokes: int) -> None:
    hand = Hand().at((50.0, 40.0)).rest(0.6).go((50.0, -60.0), mm_s=mm_s).rest(0.5)
    across = [one for one in judged(film(hand, None), step()).strokes if one.start_mm[1] > 30.0]
    assert len(across) == strokes


@pytest.mark.parametrize(("mm_s", "drifts"), [(2.0, False), (8.0, True)])
def test_the_drift_of_a_spiral_is_slow(mm_s: float, drifts: bool) -> None:
    spiral = step("spiral", phase("spiral", path=((25.0, -60.0), (50.0, 0.0))))
    hand = Hand().at((25.0, -60.0)).spiral((25.0 + 0.385 * 6.0 * mm_s, -60.0 + 0.923 * 6.0 * mm_s), 6.0).rest(1.5)
    assert bool(judged(film(hand, None), spiral).strokes) == drifts


@pytest.mark.parametrize("turn_deg", [0.0, 30.0, 90.0])
@pytest.mark.parametrize(("stretch", "share"), [(1.7, 1.0), (1.8, 0.6)])
def test_of_skin_that_turns_away_only_what_is_seen_counts_for_pace(turn_deg: float, stretch: float, share: float) -> None:
    """Steep skin is stretched by 1.75 and more, one way."""
    turn = np.array([[math.cos(math.radians(turn_deg)), -math.sin(math.radians(turn_deg))], [0.0, 0.0]])
    turn[1] = -turn[0, 1], turn[0, 0]
    form = turn @ np.diag([1.0, stretch**2]) @ turn.T
    track, hand = HandTrack(LEFT, Thresholds()), Hand().at((10.0, 40.0)).go((60.0, 40.0), mm_s=50.0)
    for k in range(25):
        points = frame(k / 30, hand)
        points.metric_tensor[LEFT] = form[0, 0], form[0, 1], form[1, 1]
        sample = track.update(points, [2])
    assert sample is not None
    length = math.sqrt(form[0, 0]) * 50.0
    assert sample.speed == pytest.approx(length, rel=0.15)
    assert sample.quick == pytest.approx(share * length, rel=0.2)


def test_smoothing_gives_way_where_the_hand_is_quick() -> None:
    """At rest a place lags by about 80 ms, at 100 mm/s by about 20."""
    lags = []
    for mm_s in (15.0, 100.0):
        hand = Hand().at((0.0, 40.0)).go((100.0, 40.0), mm_s=mm_s)
        late = samples_of(hand)[-20:-1]
        lags.append(np.mean([hand.place_at(one.t_s)[0] - one.x for one in late]) / mm_s)
    assert lags == [pytest.approx(0.058, abs=0.015), pytest.approx(0.023, abs=0.01)]


@pytest.mark.parametrize(("to", "stretch"), [((50.0, 80.0), 1.2 + 0.6 + 0.9), ((50.0, 0.0), 1.2 - 0.6 + 0.9)])
def test_sheared_skin_is_longer_one_way_than_the_other(to: tuple[float, float], stretch: float) -> None:
    """At 45 degrees, where a step of (1, 1) or (1, -1) is the root of E + G, more or less 2 F."""
    track, hand = HandTrack(LEFT, Thresholds()), Hand().at((10.0, 40.0)).go(to, mm_s=50.0)
    for k in range(25):
        points = frame(k / 30, hand)
        points.metric_tensor[LEFT] = 1.2, 0.3, 0.9
        sample = track.update(points, [2])
    assert sample is not None
    assert sample.speed == pytest.approx(50.0 * math.sqrt(stretch / 2.0), rel=0.1)
