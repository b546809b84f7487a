"""Motion cut into segments, and what is asked of a step."""

import math
from dataclasses import replace

import numpy as np
import pytest

from facetrack.coach import Thresholds
from facetrack.coach.feedback.messages import (
    HINTS,
    direction_message,
    nearest_place,
    one_sided,
    pace_message,
    way_of,
    zone_message,
)
from facetrack.coach.step_plan import StepPlan, atlas_of
from facetrack.coach.strokes.hand_motion import HandSample, HandTrack
from facetrack.coach.strokes.segments import Segment, SegmentCutter, begin_segment
from facetrack.packets import LEFT, RIGHT
from facetrack.routine.compiled import CompiledStep
from facetrack.routine.library import load_routine
from facetrack.routine.map.polygons import sampled
from tests.coach.synthetic import PATH, Hand, film, phase, routine, segment, step

LIMITS = Thresholds()


def plan_of(one: CompiledStep) -> StepPlan:
    made = routine(one)
    return StepPlan.of(made.steps[0], atlas_of(made))


def cut(hand: Hand, fps: float = 30.0) -> list[Segment]:
    """The closed segments of a left hand's motion, in order."""
    plan, track = plan_of(step()), HandTrack(LEFT, LIMITS)
    cutter = SegmentCutter(LIMITS, LIMITS.tuning.segments.moving_mm_s, LIMITS.tuning.segments.still_mm_s)
    closed = []
    for points in film(hand, None, fps=fps):
        sample = track.update(points, plan.working_points)
        if sample is not None:
            here = plan.fields.at(np.array([[sample.x, sample.y]]))[:, 0].tolist()
            closed.append(cutter.update(sample, here, True, sample.quick))
    closed.append(cutter.reset())
    return [one for one in closed if one is not None]


@pytest.mark.parametrize("fps", [20.0, 30.0, 60.0])
def test_a_stroke_between_pauses_is_one_segment_with_its_length_and_way(fps: float) -> None:
    hand = Hand().at(PATH[0]).rest(0.4).go(PATH[1], mm_s=45.0).rest(0.6)
    (one,) = cut(hand, fps)
    assert one.length_mm == pytest.approx(50.0, rel=0.08)
    assert one.off_path_deg < 5.0
    assert one.mean_mm_s == pytest.approx(45.0, rel=0.15)
    assert one.zone_share == 1.0
    assert one.t_start_s == pytest.approx(0.4, abs=0.2)
    assert one.t_end_s == pytest.approx(0.4 + 50 / 45, abs=0.3)


@pytest.mark.parametrize("pause_s", [0.0, 0.3])
def test_turning_back_cuts_with_and_without_a_pause(pause_s: float) -> None:
    hand = Hand().at(PATH[0]).rest(0.3)
    for _ in range(3):
        hand.go(PATH[1]).rest(pause_s).go(PATH[0]).rest(pause_s)
    angles = [round(one.off_path_deg / 180.0) for one in cut(hand.rest(0.5))]
    assert angles == [0, 1] * 3


def test_what_a_quick_movement_ends_in_slowly_is_another_one() -> None:
    """A hand put back in haste that strokes on the same way: the stroke is not as quick as the haste."""
    hand = Hand().at((0.0, 40.0)).rest(0.4).go((30.0, 40.0), mm_s=200.0).go((75.0, 40.0), mm_s=35.0).rest(0.5)
    haste, stroke = cut(hand)
    assert haste.peak_mm_s > LIMITS.tuning.strokes.travel_mm_s
    assert not haste.settles
    assert stroke.settles
    assert stroke.mean_mm_s == pytest.approx(35.0, rel=0.25)
    assert stroke.travelled_mm == pytest.approx(40.0, abs=8.0)


def test_a_hand_that_lifts_off_quickly_where_its_stroke_fades_makes_two() -> None:
    """However soon, and in the same direction."""
    hand = Hand().at((8.0, 40.0)).rest(0.4).go((50.0, 40.0), mm_s=45.0).go((51.0, 40.0), mm_s=4.0)
    hand.go((110.0, 36.0), mm_s=900.0).rest(0.5)
    stroke, lift_off, *_ = cut(hand)
    assert stroke.length_mm == pytest.approx(42.0, rel=0.15)
    assert stroke.peak_mm_s < 80.0
    assert lift_off.begun_xy[0] > 45.0


def test_a_stroke_that_quickens_on_its_way_is_one() -> None:
    hand = Hand().at((0.0, 40.0)).rest(0.4).go((20.0, 40.0), mm_s=60.0).go((70.0, 40.0), mm_s=180.0).rest(0.5)
    (one,) = cut(hand)
    assert one.length_mm > 60.0


def test_trembling_on_the_way_does_not_make_a_stroke_longer() -> None:
    start, end = PATH[0], PATH[-1]
    way = [(start[0] + k / 40 * (end[0] - start[0]), start[1] + k / 40 * (end[1] - start[1])) for k in range(1, 41)]
    straight = math.dist(start, end)
    trembling = [(x, y + (2.0 if k % 2 else -2.0)) for k, (x, y) in enumerate(way)]
    (one,) = cut(Hand().at(start).rest(0.4).go(*trembling, mm_s=120.0).rest(0.6))
    assert 0.8 * straight < one.travelled_mm < 1.02 * straight


def test_a_resting_hand_makes_no_segment() -> None:
    assert sum(one.length_mm for one in cut(Hand().at(PATH[0]).rest(10.0))) < LIMITS.tuning.strokes.shortest_mm


def test_a_gap_in_sight_cuts() -> None:
    hand = Hand().at((0.0, 40.0)).go((30.0, 40.0), mm_s=30.0)
    hand.unseen.append((hand.now_s, hand.now_s + 0.5))
    hand.go((75.0, 40.0), mm_s=30.0)
    assert len(cut(hand)) == 2


@pytest.mark.parametrize(("off_deg", "expected"), [(0, 0), (59, 59), (90, 90), (-90, 90), (180, 180)])
def test_angles_are_unsigned_and_whole(off_deg: float, expected: float) -> None:
    assert segment(off_deg=off_deg).off_path_deg == pytest.approx(expected)


def test_a_segment_of_no_time_has_no_shares_and_raises_nothing() -> None:
    one = segment()
    one.time_s = one.length_mm = 0.0
    assert one.zone_share == one.mean_mm_s == 0.0


# -- the plan ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hands", "left", "right"),
    [
        ("both", True, True),
        ("alternate", True, True),
        ("either", False, False),
        ("left", True, False),
        ("right", False, True),
    ],
)
def test_which_sides_a_step_needs(hands: str, left: bool, right: bool) -> None:
    plan = plan_of(step(hands=hands))
    assert (plan.requires(LEFT), plan.requires(RIGHT)) == (left, right)


def test_pace_is_judged_by_turns_for_spirals_and_by_speed_otherwise() -> None:
    assert plan_of(step()).pace_limits == (20.0, 80.0)
    assert plan_of(step("s", phase("spiral"))).pace_limits == (0.5, 1.6)
    assert all(math.isnan(limit) for limit in plan_of(step("h", phase("hold", path=((40.0, 0.0),)))).pace_limits)
    assert plan_of(step("two", phase(), phase(pace_mm_s=(10.0, 120.0)))).pace_limits == (10.0, 120.0)


def test_motions_are_known_by_their_names() -> None:
    assert plan_of(step("s", phase("spiral"))).spiral
    assert plan_of(step("b", phase("back-and-forth"))).bidirectional
    assert not plan_of(step("m", phase(), phase("back-and-forth"))).bidirectional
    held = plan_of(step("c", phase(), phase("hold", path=(PATH[1],), hold_s=2.0)))
    assert held.hold_s == 2.0
    assert len(held.moving) == 1


# -- words -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dx", "dy", "way"), [(5, 1, "outward"), (-5, 1, "inward"), (1, 5, "up"), (1, -5, "down"), (3, 3, "outward")]
)
def test_ways_are_named_as_on_the_left_side(dx: float, dy: float, way: str) -> None:
    assert way_of(dx, dy) == way
    zone = (np.array([[100.0, 100.0], [140.0, 100.0], [140.0, 140.0], [100.0, 140.0]]),)
    corner = np.array([100.0 if dx > 0 else 140.0, 100.0 if dy > 0 else 140.0])
    assert zone_message(step(zone=zone), corner - (dx, dy))[0] == f"zone.{way}"


def test_messages_name_the_step_s_way_and_zone() -> None:
    up = plan_of(step("neck", phase(path=((20.0, -180.0), (25.0, -120.0))), zone_names=("neck-side",)))
    assert direction_message(up, 0, False) == ("direction.up", "Stroke upward")
    named = plan_of(step("neck", phase(path=((20.0, -180.0), (25.0, -120.0)), way="Upwards, to the jawline")))
    assert direction_message(named, 0, False) == ("direction.up", "Upwards, to the jawline")
    assert direction_message(up, 0, True)[0] == "direction.lift"
    assert zone_message(up.step, np.array([20.0, -220.0]))[1] == "Higher, to the side of the neck"


def test_the_place_that_is_named_is_the_nearest_of_the_zone() -> None:
    """Whatever the zone's middle is: a hand above the chin that belongs on the jaw is sent to the chin."""
    jaw = load_routine("fascia").step("jawline")
    for here in ((10.0, -60.0), (40.0, -50.0), (60.0, -10.0), (20.0, -160.0), (100.0, -80.0)):
        place = np.array(here)
        aim, name = nearest_place(jaw, place)
        borders = np.concatenate([sampled(np.concatenate([polygon, polygon[:1]])) for polygon in jaw.zone])
        assert np.hypot(*(aim - place)) <= np.hypot(*(borders - place).T).min() + 0.1
        words = zone_message(jaw, place)[1]
        assert words.endswith(f"to {name}")
        dx, dy = (aim - place).tolist()
        expected = {"Further out": dx > 0, "Further in": dx < 0, "Higher": dy > 0, "Lower": dy < 0}
        assert expected[words.split(",")[0]]


def test_words_for_one_side_begin_with_it() -> None:
    assert one_sided("left", "Slower") == "Left: slower"
    assert one_sided("right", "Outwards, to the temple") == "Right: outwards, to the temple"


def test_words_s_ids() -> None:
    up = plan_of(step())
    assert pace_message(up)[0] == "pace.slower"
    assert pace_message(plan_of(step("s", phase("spiral"))))[0] == "pace.slower-turns"
    assert all(HINTS.values())


# -- a movement's figures ----------------------------------------------------------------------------------------------


DT_S = 1.0 / 30.0
SAMPLE = HandSample(LEFT, LEFT, 0.0, DT_S, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.1, 3.4, True, False)
"""With a relief of 1.1."""


def moved(*legs: tuple[int, float], stretch: float = 1.2, in_zone: int = 1000) -> Segment:
    """Straight along a path, then (or at first) back: frames and chart mm/s of each leg. in_zone: so many frames are."""
    x, here = 0.0, [[1.0, 0.0, 0.0, 0.0]]
    made, count = begin_segment(SAMPLE, here, LIMITS.tuning.segments), 0
    for frames, mm_s in legs:
        for _ in range(frames):
            x += mm_s * DT_S
            count += 1
            speed = stretch * abs(mm_s)
            sample = replace(SAMPLE, t_s=count * DT_S, x=x, vx=mm_s, speed=speed, quick=speed, on_skin=speed)
            made.add(sample, [[1.0, 0.0, max(x, 0.0), 2.0]], count <= in_zone, speed, 0.05)
    return made


def test_a_movement_s_speeds_are_over_time_over_length_and_between() -> None:
    one = moved((15, 60.0), (15, 30.0))
    assert one.time_s == pytest.approx(1.0)
    assert one.chart_mm == pytest.approx(45.0)
    assert one.length_mm == pytest.approx(54.0)
    assert one.mean_mm_s == pytest.approx(54.0)
    assert one.travelling_mm_s == pytest.approx((72.0**2 + 36.0**2) / (72.0 + 36.0))
    assert one.quickness_mm_s == pytest.approx(math.sqrt(one.mean_mm_s * one.travelling_mm_s))
    assert one.peak_mm_s == one.top_pace == pytest.approx(72.0)
    assert one.turning_rad == pytest.approx(1.5)


def test_a_movement_has_travelled_to_its_farthest_place_and_its_figures_follow_the_skin_s_relief() -> None:
    one = moved((30, 45.0), (10, -30.0))
    assert one.displacement_mm == pytest.approx(35.0)
    assert one.travelled_mm == pytest.approx(1.2 * 45.0)
    assert one.relief == pytest.approx(1.1)
    assert one.told_mm == pytest.approx(1.1 * 1.2 * 45.0)
    assert one.reach_xy == pytest.approx((45.0, 0.0))
    assert one.end_chart == pytest.approx((35.0, 0.0))


def test_a_movement_knows_how_long_it_was_in_the_zone_and_where_it_began_and_ended() -> None:
    one = moved((30, 45.0), in_zone=20)
    assert one.zone_share == pytest.approx(20 / 30)
    assert one.begins_in_zone
    assert not one.ends_in_zone
    assert moved((30, 45.0)).ends_in_zone


def test_palms_are_kept_by_places_of_eight_millimetres_along_the_path() -> None:
    one = moved((30, 60.0))
    counts = {place: n for place, (_, _, _, n) in one.profile.items()}
    assert counts == {(0, 0): 3, (0, 1): 4, (0, 2): 4, (0, 3): 4, (0, 4): 4, (0, 5): 4, (0, 6): 4, (0, 7): 3}
    assert sum(palm for palm, _, _, _ in one.profile.values()) == pytest.approx(30 * 3.4)
    assert sum(x for _, x, _, _ in one.profile.values()) == pytest.approx(sum(2.0 * k for k in range(1, 31)))


def test_a_frame_of_unknown_palm_leaves_no_trace_in_the_profile() -> None:
    one = begin_segment(SAMPLE, [[1.0, 0.0, 0.0, 0.0]], LIMITS.tuning.segments)
    one.add(replace(SAMPLE, x=2.0, log_palm=math.nan), [[1.0, 0.0, 2.0, 0.0]], True, 60.0, 0.0)
    assert one.profile == {}
    assert one.chart_mm == pytest.approx(2.0)


@pytest.mark.parametrize(("off_deg", "way"), [(59.0, "along"), (61.0, "across"), (119.0, "across"), (121.0, "against")])
def test_ways_are_told_by_sixty_degrees(off_deg: float, way: str) -> None:
    assert segment(off_deg=off_deg).way(60.0) == way


def test_a_movement_is_on_the_nearest_path_if_it_is_the_nearest_by_more_than_eight_millimetres() -> None:
    for apart_mm, path in ((6.0, 1), (12.0, 0)):
        one = begin_segment(SAMPLE, [[0.0, 1.0, 0.0, 1.0], [1.0, 0.0, 0.0, 1.0 + apart_mm]], LIMITS.tuning.segments)
        for k in range(1, 31):
            one.add(
                replace(SAMPLE, t_s=k * DT_S, x=2.0 * k),
                [[0.0, 1.0, 0.0, 1.0], [1.0, 0.0, 2.0 * k, 1.0 + apart_mm]],
                True,
                60.0,
                0.0,
            )
        assert one.path == path
        assert one.off_path_deg == pytest.approx((90.0, 0.0)[path])


def test_a_step_s_strokes_take_the_time_of_an_ordinary_pace() -> None:
    held = plan_of(step("c", phase(), phase("hold", path=(PATH[1],), hold_s=2.0)))
    assert plan_of(step()).strokes_s == pytest.approx(1.0)
    assert (held.strokes_s, held.hold_s) == (pytest.approx(1.0), 2.0)
    assert (held.moving_at, held.hold_at) == ([0], 1)
    assert plan_of(step("s", phase("spiral"))).strokes_s == plan_of(step("b", phase("back-and-forth"))).strokes_s == 0.0
    assert plan_of(step("s", phase("spiral"))).turn_s == pytest.approx(1.0 / 1.05)
    assert math.isnan(plan_of(step()).turn_s)


# -- where it is cut, to the frame -------------------------------------------------------------------------------------


def pieces(*legs: tuple[float, float], outside_s: float = 0.0) -> list[Segment]:
    """The movements of a hand that goes along a line, each leg so long (s) at one speed (mm/s; negative: back), without noise
    and smoothing. outside_s: from its first frame on it is outside the zone for so long."""
    cutter = SegmentCutter(LIMITS, 14.0, 8.0)
    x = t_s = 0.0
    closed = [cutter.update(replace(SAMPLE, fresh=True), [[1.0, 0.0, 0.0, 0.0]], outside_s <= 0.0, 0.0)]
    for seconds, mm_s in legs:
        for _ in range(round(seconds / DT_S)):
            t_s += DT_S
            x += mm_s * DT_S
            sample = replace(SAMPLE, t_s=t_s, x=x, vx=mm_s, speed=abs(mm_s))
            closed.append(cutter.update(sample, [[1.0, 0.0, max(x, 0.0), 0.0]], t_s > outside_s + 1e-6, abs(mm_s)))
    closed.append(cutter.reset())
    return [one for one in closed if one is not None]


@pytest.mark.parametrize(("mm_s", "count"), [(13.0, 0), (15.0, 1)])
def test_a_movement_begins_at_fourteen_millimetres_a_second(mm_s: float, count: int) -> None:
    assert len(pieces((1.0, mm_s))) == count


@pytest.mark.parametrize(("mm_s", "rest_s", "count"), [(9.0, 1.0, 1), (7.0, 1.0, 2), (0.0, 0.1, 1), (0.0, 0.1334, 2)])
def test_a_movement_ends_where_it_is_slower_than_eight_for_an_eighth_of_a_second(
    mm_s: float, rest_s: float, count: int
) -> None:
    assert len(pieces((0.5, 50.0), (rest_s, mm_s), (0.5, 50.0))) == count


@pytest.mark.parametrize(
    ("fades_to", "sets_off_at", "count"),
    [(20.0, 130.0, 2), (22.0, 130.0, 1), (20.0, 117.0, 1)],
    ids=["faded and dashes", "not faded", "not twice as fast"],
)
def test_what_has_faded_to_a_third_and_sets_off_at_twice_its_speed_is_another_movement(
    fades_to: float, sets_off_at: float, count: int
) -> None:
    assert len(pieces((0.5, 60.0), (0.1, fades_to), (0.3, sets_off_at))) == count


def test_a_slow_movement_that_sets_off_again_is_one_below_the_speed_of_travelling() -> None:
    assert len(pieces((0.5, 30.0), (0.1, 9.0), (0.3, 105.0))) == 1
    assert len(pieces((0.5, 30.0), (0.1, 9.0), (0.3, 115.0))) == 2


@pytest.mark.parametrize(
    ("quick", "slow", "lasts_s", "count"),
    [(200.0, 65.0, 0.5, 2), (200.0, 75.0, 0.5, 1), (105.0, 30.0, 0.5, 1), (115.0, 30.0, 0.5, 2), (200.0, 65.0, 0.1, 1)],
    ids=["slowed", "hardly", "no travelling", "travelling", "for a moment"],
)
def test_a_hand_that_travelled_and_goes_on_at_a_third_of_its_speed_has_arrived(
    quick: float, slow: float, lasts_s: float, count: int
) -> None:
    found = pieces((0.5, quick), (lasts_s, slow))
    assert len(found) == count
    assert [one.settles for one in found] == [False, True][:count]


@pytest.mark.parametrize(("outside_s", "count"), [(0.0, 1), (0.1, 1), (0.2, 2)])
def test_a_movement_that_came_from_outside_begins_anew_in_the_zone(outside_s: float, count: int) -> None:
    found = pieces((1.0, 50.0), outside_s=outside_s)
    assert len(found) == count
    assert found[-1].zone_share > 0.8


@pytest.mark.parametrize(("slow_s", "from_its_rest"), [(0.6, True), (1.0, False)])
def test_a_movement_begins_where_the_hand_rested_unless_that_is_ten_millimetres_away(
    slow_s: float, from_its_rest: bool
) -> None:
    """It set out at 12 mm/s, too slowly to be noticed."""
    (one,) = pieces((0.3, 0.0), (slow_s, 12.0), (1.0, 50.0))
    assert (one.begun_xy[0] == 0.0) == from_its_rest
    assert one.displacement_mm == pytest.approx(50.0 + (12.0 * slow_s if from_its_rest else -50.0 * DT_S), abs=0.1)


def test_turning_back_begins_where_it_turned() -> None:
    there, back = pieces((1.0, 50.0), (0.6, -50.0))
    assert there.displacement_mm == pytest.approx(50.0, abs=0.1)
    assert back.begun_xy[0] == pytest.approx(50.0, abs=0.1)
    assert back.off_path_deg == pytest.approx(180.0)


def test_a_step_with_a_spiral_and_a_stroke_is_a_spiral_with_its_loops() -> None:
    mixed = plan_of(step("mixed", phase(), phase("spiral", turn_radius_mm=6.0)))
    assert mixed.spiral
    assert mixed.loop_diameter_mm == 12.0
    assert mixed.turn_s == pytest.approx(1.0 / 1.05)


@pytest.mark.parametrize(
    "legs",
    [
        [(1.0, 50.0)],
        [(0.5, 200.0), (0.5, 65.0)],
        [(0.6, 60.0), (0.1, 20.0), (0.3, 130.0)],
        [(0.5, 50.0), (0.5, -50.0)],
    ],
    ids=["one", "slowed", "dashed off", "turned back"],
)
def test_each_frame_counts_once_wherever_it_is_cut(legs: list[tuple[float, float]]) -> None:
    found = pieces(*legs)
    assert sum(one.time_s for one in found) == pytest.approx(1.0)
    assert sum(one.length_mm for one in found) == pytest.approx(sum(seconds * abs(mm_s) for seconds, mm_s in legs))
    assert sum(len(one.speeds) for one in found) == 30
