"""Contact: a quick movement along the path is a rushed stroke, unless it sets out where strokes end."""

import math

import pytest

from facetrack.coach import Thresholds
from facetrack.coach.strokes.contact import ContactJudge, compared, merged
from facetrack.coach.strokes.hand_motion import HandSample
from facetrack.coach.strokes.segments import Segment, begin_segment

LIMITS = Thresholds()
PATH_MM = 60.0
DT_S = 1 / 30


def movement(from_mm: float, to_mm: float, mm_s: float, t_s: float) -> Segment:
    """Along a straight path, seen from its start."""
    way = 1.0 if to_mm > from_mm else -1.0

    def sample(k: int) -> HandSample:
        x = from_mm + way * mm_s * k * DT_S
        return HandSample(0, 0, t_s + k * DT_S, DT_S, x, 0.0, way * mm_s, 0.0, mm_s, mm_s, mm_s, 1.0, 3.4, True, False)

    def here(one: HandSample) -> list[list[float]]:
        return [[1.0, 0.0, min(max(one.x, 0.0), PATH_MM), 0.0]]

    segment = begin_segment(sample(0), here(sample(0)), LIMITS.tuning.segments)
    for k in range(1, round(abs(to_mm - from_mm) / mm_s / DT_S) + 1):
        segment.add(sample(k), here(sample(k)), True, mm_s, 0.0)
    return segment


def judge_who_knows_slow_strokes() -> ContactJudge:
    judge = ContactJudge(LIMITS)
    judge.begin(80.0, [PATH_MM])
    for k in range(3):
        judge.remember(movement(0.0, PATH_MM, 40.0, 3.0 * k))
    return judge


@pytest.mark.parametrize("mm_s", [150.0, 250.0])
def test_a_hand_that_leaves_beyond_the_path_s_end_does_not_stroke(mm_s: float) -> None:
    """At the side of the head a lift looks as if the hand went on along the path."""
    judge = judge_who_knows_slow_strokes()
    assert judge.judge(movement(0.9 * PATH_MM, PATH_MM + 40.0, mm_s, 12.0)) == "lifted"
    assert judge.judge(movement(0.0, PATH_MM, mm_s, 12.0)) == "contact", "rushed"


def test_a_slow_piece_of_a_stroke_touches_wherever_it_begins() -> None:
    assert judge_who_knows_slow_strokes().judge(movement(0.7 * PATH_MM, PATH_MM, 40.0, 12.0)) == "contact"


# -- the signs ---------------------------------------------------------------------------------------------------------


def beside(segment: Segment, mm: float, larger: float) -> Segment:
    """The same movement so far beside its way, with a palm that looks larger by that share."""
    profile = {place: (palm + larger * n, x, y + mm * n, n) for place, (palm, x, y, n) in segment.profile.items()}
    segment.profile.clear()
    segment.profile.update(profile)
    return segment


def test_palms_and_ways_are_compared_place_by_place() -> None:
    """Each place counts by the frames that both have there."""
    reference = {(0, 0): (10 * 3.40, 10 * 4.0, 0.0, 10), (0, 1): (4 * 3.50, 4 * 12.0, 0.0, 4), (1, 0): (9.0, 0.0, 0.0, 3)}
    profile = {(0, 0): (5 * 3.45, 5 * 4.0, 5 * 3.0, 5), (0, 1): (6 * 3.53, 6 * 16.0, 6 * 3.0, 6), (0, 9): (9.0, 9.0, 9.0, 1)}
    nearer, away = compared(profile, reference, LIMITS.tuning.contact.common_frames)
    assert nearer == pytest.approx((5 * 0.05 + 4 * 0.03) / 9)
    assert away == pytest.approx((5 * 3.0 + 4 * 5.0) / 9)


@pytest.mark.parametrize(("frames", "known"), [(3, False), (4, True)])
def test_fewer_than_four_common_frames_tell_nothing(frames: int, known: bool) -> None:
    profile = {(0, 0): (frames * 3.4, frames * 4.0, 0.0, frames)}
    assert [not math.isnan(value) for value in compared(profile, profile, LIMITS.tuning.contact.common_frames)] == [
        known,
        known,
    ]


def test_profiles_are_added_up_place_by_place() -> None:
    one, other = movement(0.0, 30.0, 40.0, 0.0), movement(20.0, PATH_MM, 40.0, 3.0)
    both = merged([one, other])
    for place in set(one.profile) | set(other.profile):
        parts = [part.profile.get(place, (0.0, 0.0, 0.0, 0)) for part in (one, other)]
        assert both[place] == pytest.approx(tuple(map(sum, zip(*parts, strict=True))))


@pytest.mark.parametrize(
    ("mm_s", "beside_mm", "larger", "contact"),
    [
        (40.0, 0.0, 0.0, "contact"),
        (40.0, 0.0, -0.05, "contact"),
        (80.0, 0.0, 0.0, "uncertain"),
        (80.0, 0.0, 0.05, "lifted"),
        (80.0, 15.0, 0.0, "lifted"),
        (52.0, 0.0, 0.05, "uncertain"),
        (52.0, 15.0, 0.05, "lifted"),
    ],
    ids=["slow", "slow, farther", "quick", "quick, nearer", "quick, beside", "nearer", "nearer, beside"],
)
def test_the_way_back_is_told_by_its_speed_its_way_and_the_palm(
    mm_s: float, beside_mm: float, larger: float, contact: str
) -> None:
    back = beside(movement(PATH_MM, 0.0, mm_s, 12.0), beside_mm, larger)
    assert judge_who_knows_slow_strokes().judge(back) == contact


def test_who_always_lifted_on_the_way_back_does_so_again_and_in_another_step_it_is_not_known() -> None:
    judge = judge_who_knows_slow_strokes()
    for k in range(3):
        judge.remember(beside(movement(PATH_MM, 0.0, 160.0, 10.0 + 3.0 * k), 0.0, 0.05))
    assert judge.judge(movement(PATH_MM, 0.0, 80.0, 20.0)) == "lifted"
    judge.begin(80.0, [PATH_MM])
    assert judge.judge(movement(PATH_MM, 0.0, 120.0, 20.0)) == "uncertain", "who is quick from the start may rush"


@pytest.mark.parametrize(("pause_s", "contact"), [(2.0, "uncertain"), (30.0, "contact")])
def test_strokes_are_a_measure_for_twenty_five_seconds(pause_s: float, contact: str) -> None:
    """After that only the newest, quicker one is, so that a way back at its speed touches."""
    judge = judge_who_knows_slow_strokes()
    judge.remember(movement(0.0, PATH_MM, 60.0, 8.0 + pause_s))
    assert judge.judge(movement(PATH_MM, 0.0, 66.0, 11.0 + pause_s)) == contact


def test_before_any_stroke_is_known_slow_touches_and_quick_is_uncertain() -> None:
    judge = ContactJudge(LIMITS)
    judge.begin(80.0, [PATH_MM])
    assert judge.judge(movement(PATH_MM, 0.0, 40.0, 1.0)) == "contact"
    assert judge.judge(movement(PATH_MM, 0.0, 200.0, 1.0)) == "uncertain"


def test_nobody_circles_in_the_air() -> None:
    judge = ContactJudge(LIMITS)
    judge.begin(math.inf, [PATH_MM])
    assert judge.judge(movement(0.0, PATH_MM, 300.0, 1.0)) == "contact"


CONTACT = LIMITS.tuning.contact


def speaks(mm_s: float, of_mm_s: float = 40.0) -> float:
    """The evidence of a speed against the strokes'."""
    evidence = CONTACT.quick_weight * (math.log(mm_s / of_mm_s) - CONTACT.quick_ratio)
    return min(max(evidence, -CONTACT.slow_cap), CONTACT.quick_cap)


def palm(larger: float, time_s: float) -> float:
    """The evidence of a palm that looks larger over a movement."""
    variance = CONTACT.palm_ways_spread**2 + CONTACT.palm_spread**2 / max(1.0, time_s / CONTACT.palm_error_s)
    evidence = CONTACT.lifted_share * (larger - 0.5 * CONTACT.lifted_share) / variance
    return min(max(evidence, -CONTACT.palm_cap), CONTACT.palm_cap)


# -- the evidence, sign by sign ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mm_s", "beside_mm", "larger", "way"),
    [
        (40.0, 0.0, 0.0, -1.0),
        (25.0, 0.0, 0.0, -1.0),
        (100.0, 0.0, 0.0, -1.0),
        (200.0, 0.0, 0.0, -1.0),
        (100.0, 0.0, 0.03, -1.0),
        (30.0, 0.0, 0.03, -1.0),
        (100.0, 0.0, 0.2, -1.0),
        (100.0, 0.0, -0.03, -1.0),
        (100.0, 5.0, 0.0, -1 / 3),
        (100.0, 9.0, 0.0, 1.0),
        (100.0, 20.0, 0.0, 2.0),
    ],
    ids=[
        *("as slow", "slower", "quicker", "much quicker", "nearer", "nearer for longer", "much nearer", "farther"),
        *("hardly beside", "beside", "well beside"),
    ],
)
def test_the_signs_add_up_each_to_its_limit(mm_s: float, beside_mm: float, larger: float, way: float) -> None:
    back = beside(movement(PATH_MM, 0.0, mm_s, 12.0), beside_mm, larger)
    expected = speaks(mm_s) + palm(larger, back.time_s) + way
    assert judge_who_knows_slow_strokes().evidence(back) == pytest.approx(expected, abs=0.02)


def test_a_palm_that_looks_larger_for_longer_says_more() -> None:
    assert palm(0.025, 2.0) > 1.4 * palm(0.025, 0.3) > 0
    assert palm(0.0, 2.0) < 1.4 * palm(0.0, 0.3) < 0


def test_across_the_path_nothing_runs_beside() -> None:
    judge = judge_who_knows_slow_strokes()
    one = beside(movement(PATH_MM, 0.0, 100.0, 12.0), 20.0, 0.0)
    one.along_mm[0], one.across_mm[0] = 0.0, 60.0
    one._off_path_deg = None
    assert judge.evidence(one) == pytest.approx(speaks(100.0) + palm(0.0, one.time_s) - 0.5, abs=0.02)


@pytest.mark.parametrize(("length_mm", "telling_mm"), [(20.0, 12.0), (60.0, 21.0), (100.0, 35.0), (200.0, 40.0)])
def test_a_movement_over_a_third_of_the_path_tells_its_contact(length_mm: float, telling_mm: float) -> None:
    judge = ContactJudge(LIMITS)
    judge.begin(80.0, [10.0, length_mm])
    assert judge.tells_little(movement(telling_mm - 1.0, 0.0, 30.0, 1.0))
    assert not judge.tells_little(movement(telling_mm + 1.0, 0.0, 30.0, 1.0))


def test_a_shorter_one_tells_by_the_square_of_its_length() -> None:
    judge = ContactJudge(LIMITS)
    judge.begin(80.0, [PATH_MM])
    assert judge.evidence(movement(50.0, 40.0, 20.0, 1.0)) == pytest.approx(-CONTACT.slow_cap * (10.0 / 21.0) ** 2, abs=0.05)
    assert judge.evidence(movement(50.0, 20.0, 20.0, 1.0)) == pytest.approx(-CONTACT.slow_cap)


def test_until_strokes_are_known_they_are_taken_to_be_a_little_quicker_than_half_of_the_limit() -> None:
    judge = ContactJudge(LIMITS)
    judge.begin(100.0, [PATH_MM])
    assert judge.evidence(movement(50.0, 10.0, 70.0, 1.0)) == pytest.approx(speaks(70.0, 56.0), abs=0.02)


def test_habit_counts_half_of_the_mean_evidence_of_the_last_three() -> None:
    plain, used = judge_who_knows_slow_strokes(), judge_who_knows_slow_strokes()
    own = [plain.evidence(movement(PATH_MM, 0.0, mm_s, 12.0)) for mm_s in (200.0, 85.0, 90.0, 95.0, 100.0)]
    for k, mm_s in enumerate((200.0, 85.0, 90.0, 95.0)):
        used.remember(movement(PATH_MM, 0.0, mm_s, 10.0 + k))
    assert used.evidence(movement(PATH_MM, 0.0, 100.0, 16.0)) == pytest.approx(own[4] + 0.5 * sum(own[1:4]) / 3, abs=0.03)


def test_a_habit_counts_no_more_than_one() -> None:
    judge, lifted = judge_who_knows_slow_strokes(), beside(movement(PATH_MM, 0.0, 250.0, 10.0), 20.0, 0.06)
    own = judge.evidence(movement(PATH_MM, 0.0, 100.0, 12.0))
    for _ in range(3):
        judge.remember(lifted)
    assert judge.evidence(movement(PATH_MM, 0.0, 100.0, 12.0)) == pytest.approx(own + 0.5 * 2.0, abs=0.02)


def test_the_usual_speed_is_that_of_the_last_six_strokes() -> None:
    judge = ContactJudge(LIMITS)
    judge.begin(80.0, [PATH_MM])
    for k in range(12):
        judge.remember(movement(0.0, PATH_MM, 40.0 if k < 6 else 60.0, 2.0 * k))
    back = movement(PATH_MM, 0.0, 70.0, 24.0)
    assert judge.evidence(back) == pytest.approx(speaks(70.0, 60.0) + palm(0.0, back.time_s) - 1.0, abs=0.03)


@pytest.mark.parametrize(("begins", "contact"), [(0.45, "contact"), (0.55, "lifted")])
def test_a_quick_movement_that_begins_in_the_path_s_second_half_is_the_hand_leaving(begins: float, contact: str) -> None:
    quick = movement(begins * PATH_MM, begins * PATH_MM + 40.0, 150.0, 12.0)
    assert judge_who_knows_slow_strokes().judge(quick) == contact


@pytest.mark.parametrize(("mm_s", "contact"), [(48.0, "contact"), (70.0, "uncertain"), (110.0, "lifted")])
def test_a_movement_back_must_show_clearly_what_it_is(mm_s: float, contact: str) -> None:
    """Evidence of 0.6 for a lift, of 1.9 for contact."""
    assert judge_who_knows_slow_strokes().judge(movement(PATH_MM, 0.0, mm_s, 12.0)) == contact


def test_what_a_nearer_one_shows_was_no_stroke_after_all() -> None:
    """Strokes by which everything was compared, until one is seen that lies clearly nearer to the skin."""
    judge = ContactJudge(LIMITS)
    judge.begin(80.0, [PATH_MM])
    judge.remember(beside(movement(0.0, PATH_MM, 40.0, 1.0), 0.0, 0.1))
    judge.remember(movement(0.0, PATH_MM, 40.0, 4.0))
    back = movement(PATH_MM, 0.0, 100.0, 7.0)
    assert judge.evidence(back) == pytest.approx(speaks(100.0) + palm(0.0, back.time_s) - 1.0, abs=0.02)


def test_who_slides_back_strokes_along_the_path_though_quickly() -> None:
    """Evidence of a lift is weighed there too, but small evidence is none."""
    judge = judge_who_knows_slow_strokes()
    for k in range(3):
        judge.remember(movement(PATH_MM, 0.0, 40.0, 9.0 + k))
    assert judge.judge(movement(0.0, PATH_MM, 100.0, 14.0)) == "contact"
    assert judge.judge(beside(movement(0.0, PATH_MM, 180.0, 14.0), 20.0, 0.06)) == "lifted"


def test_that_a_short_movement_is_quick_tells_as_much_as_of_a_long_one() -> None:
    judge = judge_who_knows_slow_strokes()
    assert judge.evidence(movement(50.0, 40.0, 200.0, 12.0)) == pytest.approx(3.0)
