"""Contact: a quick movement along the path is a rushed stroke, unless it sets out where strokes end."""

import math

import pytest

from facetrack.coach import Thresholds
from facetrack.coach.strokes.contact import ContactJudge, Sign, compared, merged
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
    segment.ended = True
    return segment


def judge_who_knows_slow_strokes(count: int = 3) -> ContactJudge:
    judge = ContactJudge(LIMITS)
    judge.begin(80.0, [PATH_MM])
    for k in range(count):
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


def test_a_much_slower_hand_runs_beside_nothing() -> None:
    """A hand that comes down slowly seems to run beside the strokes' way: only its slowness counts."""
    judge = judge_who_knows_slow_strokes()
    near, far = (beside(movement(PATH_MM, 0.0, 16.0, 12.0), mm, 0.0) for mm in (0.0, 14.0))
    assert judge.evidence(far) == pytest.approx(judge.evidence(near))
    near, far = (beside(movement(PATH_MM, 0.0, 38.0, 12.0), mm, 0.0) for mm in (0.0, 14.0))
    assert judge.evidence(far) > judge.evidence(near) + 2.0


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


def quick(strokes_mm_s: float, mm_s: float, *, beside_mm: float = 0.0, larger: float = 0.0) -> ContactJudge:
    """A judge who knows strokes, and three movements back at that speed."""
    judge = ContactJudge(LIMITS)
    judge.begin(80.0, [PATH_MM])
    for k in range(3):
        judge.remember(movement(0.0, PATH_MM, strokes_mm_s, 6.0 * k))
        judge.remember(beside(movement(PATH_MM, 0.0, mm_s, 6.0 * k + 3.0), beside_mm, larger))
    return judge


@pytest.mark.parametrize(
    ("mm_s", "beside_mm", "larger", "contact"),
    [
        (40.0, 0.0, 0.0, "contact"),
        (40.0, 0.0, -0.05, "contact"),
        (52.0, 4.0, 0.0, "uncertain"),
        (55.0, 4.0, 0.08, "lifted"),
        (52.0, 15.0, 0.0, "lifted"),
        (110.0, 0.0, 0.05, "lifted"),
        (150.0, 15.0, 0.0, "lifted"),
    ],
    ids=["as slow", "farther", "a little quicker", "and nearer", "well beside", "quick, nearer", "quick, beside"],
)
def test_the_way_back_is_told_by_its_speed_its_way_and_the_palm(
    mm_s: float, beside_mm: float, larger: float, contact: str
) -> None:
    back = beside(movement(PATH_MM, 0.0, mm_s, 12.0), beside_mm, larger)
    assert judge_who_knows_slow_strokes().judge(back) == contact


def test_who_lifted_on_the_way_back_does_so_again_and_in_another_step_it_is_not_known() -> None:
    judge = quick(40.0, 64.0, beside_mm=10.0)
    back = beside(movement(PATH_MM, 0.0, 52.0, 20.0), 4.0, 0.0)
    assert judge.judge(back) == "lifted"
    assert judge_who_knows_slow_strokes().judge(back) == "uncertain"
    judge.begin(80.0, [PATH_MM])
    assert judge.judge(movement(PATH_MM, 0.0, 120.0, 20.0)) == "uncertain", "who is quick from the start may rush"


def test_who_lifted_and_now_slides_back_is_told_so_the_first_time() -> None:
    """And one who slid back and now lifts."""
    assert quick(40.0, 80.0, beside_mm=10.0).judge(movement(PATH_MM, 0.0, 40.0, 20.0)) == "contact"
    slides = quick(40.0, 40.0)
    assert slides.judge(movement(PATH_MM, 0.0, 40.0, 20.0)) == "contact"
    assert slides.judge(beside(movement(PATH_MM, 0.0, 90.0, 20.0), 12.0, 0.0)) == "lifted"


def test_returns_that_keep_their_speed_while_the_strokes_are_rushed_are_lifted_still() -> None:
    judge = quick(40.0, 70.0, beside_mm=10.0)
    for k in range(6):
        judge.remember(movement(0.0, PATH_MM, 90.0, 20.0 + k))
    assert judge.judge(beside(movement(PATH_MM, 0.0, 70.0, 27.0), 10.0, 0.0)) == "lifted"


def test_a_wrong_first_reference_is_outlived() -> None:
    """Quick returns along the path that were taken for strokes, until slow strokes the other way show what they were."""
    judge = ContactJudge(LIMITS)
    judge.begin(80.0, [PATH_MM])
    for k in range(4):
        judge.remember(movement(0.0, PATH_MM, 110.0, 6.0 * k))
        judge.remember(movement(PATH_MM, 0.0, 30.0, 6.0 * k + 3.0))
    assert judge.judge(movement(PATH_MM, 0.0, 30.0, 26.0)) == "contact"
    assert judge.judge(beside(movement(0.0, PATH_MM, 110.0, 26.0), 10.0, 0.05)) == "lifted"


@pytest.mark.parametrize(("pause_s", "contact"), [(2.0, "uncertain"), (30.0, "contact")])
def test_strokes_are_a_measure_for_twenty_five_seconds(pause_s: float, contact: str) -> None:
    """After that only the newest, quicker one is, so that a way back at its speed touches."""
    judge = judge_who_knows_slow_strokes()
    judge.remember(movement(0.0, PATH_MM, 50.0, 8.0 + pause_s))
    assert judge.judge(movement(PATH_MM, 0.0, 57.0, 11.0 + pause_s)) == contact


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


# -- a sign ------------------------------------------------------------------------------------------------------------


def normal(value: float, mean: float, spread: float) -> float:
    return math.exp(-0.5 * ((value - mean) / spread) ** 2) / spread


@pytest.mark.parametrize("strokes", [0, 1, 6])
@pytest.mark.parametrize("shown", [0.1, 0.3, 0.5, 0.7])
def test_a_sign_weighs_strokes_against_the_returns_of_all_people(shown: float, strokes: int) -> None:
    """The fewer strokes it is compared with, the less it says."""
    one = CONTACT.quick
    mean_spread = one.touching_spread / math.sqrt(strokes) if strokes else 0.0
    lifted = normal(shown, one.lifted, math.hypot(one.people_spread, one.own_spread, mean_spread))
    odds = math.log(lifted / normal(shown, one.touching, math.hypot(one.touching_spread, mean_spread)))
    assert Sign(one, 6, 99.0).evidence(shown, strokes) == pytest.approx(odds)


def test_it_learns_what_this_person_s_returns_show() -> None:
    sign = Sign(CONTACT.quick, 6, 99.0)
    before = [sign.evidence(shown, 6) for shown in (0.15, 0.4)]
    for _ in range(6):
        sign.learn(4.0 + 0.4)
    after = [sign.evidence(shown + 4.0, 6, 4.0) for shown in (0.15, 0.4)]
    assert after[1] > before[1], "as usual"
    sign.forget()
    assert [sign.evidence(shown, 6) for shown in (0.15, 0.4)] == before


def test_no_sign_says_more_than_its_cap_nor_more_beyond_its_means() -> None:
    for one in (CONTACT.quick, CONTACT.beside, CONTACT.nearer):
        sign = Sign(one, 6, CONTACT.sign_cap)
        evidence = [sign.evidence(one.touching + k * one.touching_spread, 6) for k in range(-40, 41)]
        assert max(map(abs, evidence)) <= CONTACT.sign_cap
        assert evidence == sorted(evidence)
        assert sign.evidence(math.nan, 6) == 0.0


# -- how they add up ---------------------------------------------------------------------------------------------------


def test_across_the_path_nothing_runs_beside() -> None:
    judge = judge_who_knows_slow_strokes()
    ways = [beside(movement(PATH_MM, 0.0, 55.0, 12.0), mm, 0.0) for mm in (0.0, 20.0)]
    for one in ways:
        one.along_mm[0], one.across_mm[0] = 0.0, 60.0
        one._off_path_deg = None
    assert judge.evidence(ways[0]) == judge.evidence(ways[1])


@pytest.mark.parametrize(("length_mm", "telling_mm"), [(20.0, 12.0), (60.0, 21.0), (100.0, 35.0), (200.0, 40.0)])
def test_a_movement_over_a_third_of_the_path_tells_its_contact(length_mm: float, telling_mm: float) -> None:
    judge = ContactJudge(LIMITS)
    judge.begin(80.0, [10.0, length_mm])
    assert judge.tells_little(movement(telling_mm - 1.0, 0.0, 30.0, 1.0))
    assert not judge.tells_little(movement(telling_mm, 0.0, 30.0, 1.0))


def test_a_shorter_one_tells_by_the_square_of_its_length() -> None:
    judge = ContactJudge(LIMITS)
    judge.begin(80.0, [PATH_MM])
    unknown = judge.evidence(movement(50.0, 49.0, 20.0, 1.0))
    short, long = (judge.evidence(movement(50.0, to_mm, 20.0, 1.0)) - unknown for to_mm in (40.0, 20.0))
    assert short / long == pytest.approx((10.0 / 21.0) ** 2, abs=0.02)


def test_until_strokes_are_known_they_are_taken_to_be_a_little_quicker_than_half_of_the_limit() -> None:
    judge, other = ContactJudge(LIMITS), ContactJudge(LIMITS)
    judge.begin(100.0, [PATH_MM])
    other.begin(200.0, [PATH_MM])
    assert judge.evidence(movement(50.0, 10.0, 60.0, 1.0)) == pytest.approx(
        other.evidence(movement(50.0, 10.0, 120.0, 1.0)), abs=0.05
    )


@pytest.mark.parametrize(("begins", "contact"), [(0.45, "contact"), (0.55, "lifted")])
def test_a_quick_movement_that_begins_in_the_path_s_second_half_is_the_hand_leaving(begins: float, contact: str) -> None:
    one = movement(begins * PATH_MM, begins * PATH_MM + 40.0, 150.0, 12.0)
    assert judge_who_knows_slow_strokes().judge(one) == contact


def test_who_slides_back_strokes_along_the_path_though_quickly() -> None:
    """Evidence of a lift is weighed there too, but small evidence is none."""
    judge = quick(40.0, 40.0)
    assert judge.judge(movement(0.0, PATH_MM, 70.0, 20.0)) == "contact"
    assert judge.judge(beside(movement(0.0, PATH_MM, 180.0, 20.0), 20.0, 0.06)) == "lifted"


def test_that_a_short_movement_is_quick_tells_as_much_as_of_a_long_one() -> None:
    judge = judge_who_knows_slow_strokes()
    short, long = (judge.evidence(movement(60.0, to_mm, 200.0, 12.0)) for to_mm in (50.0, 20.0))
    assert short > 0
    assert long > 0
