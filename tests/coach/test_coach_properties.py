"""What holds for every performance: mirrored in, mirrored out; unseen is withheld; replays are equal; nothing stays open."""

import math
from dataclasses import fields, replace

import numpy as np
import pytest

from facetrack.coach import Coach, CoachOptions, Correction, SideVerdict, Thresholds, Verdict
from facetrack.errors import UsageError
from facetrack.geometry.face_points import FacePoints
from tests.coach.synthetic import FPS, NAN, PATH, Hand, blind, film, judged, mirrored, routine, step

LIMITS = Thresholds()
OTHER_SIDE = {"left": "right", "right": "left", "both": "both", None: None}


def careless() -> tuple[Hand, Hand]:
    """A left hand with every kind of mistake, a right one that rests for a while."""
    left = Hand().at(PATH[0]).rest(0.3).strokes(3).strokes(4, PATH[::-1]).strokes(3)
    left.strokes(3, tuple((x, y - 45.0) for x, y in PATH)).strokes(7, mm_s=130.0).gone(1.5)
    right = Hand().at(PATH[0]).rest(0.4).strokes(9).rest(4.0).strokes(6).gone(0.8).strokes(4, mm_s=120.0)
    return left, right


@pytest.fixture(scope="module")
def frames() -> list[FacePoints]:
    return film(*careless())


def outline(events: list[Correction]) -> list[tuple[str, str, float]]:
    return [(event.kind, event.side, event.t_start_s) for event in events]


def test_the_careless_performance_has_every_kind_of_mistake(frames: list[FacePoints]) -> None:
    assert {event.kind for event in judged(frames, step()).corrections} == {"zone", "direction", "pace", "symmetry"}


# -- sides -------------------------------------------------------------------------------------------------------------


def test_the_mirror_image_gives_the_mirrored_verdict(frames: list[FacePoints]) -> None:
    plain, other = judged(frames, step()), judged([mirrored(points) for points in frames], step())
    for verdict, image in zip(plain.verdicts, other.verdicts, strict=True):
        for side, reflected in zip(verdict.sides, image.sides[::-1], strict=True):
            assert_mirrored(side, reflected)
        assert sorted((event.kind, event.side, event.t_start_s) for event in verdict.corrections) == sorted(
            (event.kind, OTHER_SIDE[event.side], event.t_start_s) for event in image.corrections
        )
        assert sorted((s.side, s.kind, s.counted) for s in verdict.strokes) == sorted(
            (OTHER_SIDE[s.side], s.kind, s.counted) for s in image.strokes
        )


def assert_mirrored(side: SideVerdict, image: SideVerdict) -> None:
    assert image.hand == OTHER_SIDE[side.hand]
    for name in ("needed", "withheld", "in_zone", "in_contact", "stroking", "repetitions"):
        assert getattr(image, name) == getattr(side, name), name
    for name in ("speed_mm_s", "off_path_deg", "pace", "path_mm"):
        np.testing.assert_allclose(getattr(image, name), getattr(side, name), atol=1e-6, err_msg=name)
    np.testing.assert_allclose(image.working_mm * (-1, 1), side.working_mm, atol=1e-9)


# -- time --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["zone", "direction", "pace", "symmetry"])
def test_the_frame_rate_changes_nothing(kind: str) -> None:
    """The same movements seen 15, 30 and 60 times a second, and at uneven times."""
    plans = {
        "zone": Hand().strokes(5).strokes(4, tuple((x, y - 45.0) for x, y in PATH)).strokes(4),
        "direction": Hand().strokes(5).strokes(4, PATH[::-1]).strokes(4),
        "pace": Hand().strokes(5).strokes(8, mm_s=140.0).strokes(4),
        "symmetry": Hand().strokes(5).rest(5.0).strokes(4),
    }
    left, right = plans[kind], Hand().strokes(14)
    seconds = min(left.now_s, right.now_s)
    often = list(film(left, right, seconds, 60.0))
    uneven = [points for points, seen in zip(often, np.random.default_rng(7).random(len(often)) < 0.4, strict=True) if seen]
    said = [judged(frames, step()).of(kind) for frames in (often[::2], often[::4], often, uneven)]
    assert said[0]
    for other in said[1:]:
        assert [event.side for event in other] == [event.side for event in said[0]]
        for one, two in zip(said[0], other, strict=True):
            assert two.t_start_s == pytest.approx(one.t_start_s, abs=0.5)
            assert two.t_end_s == pytest.approx(one.t_end_s, abs=0.5)


def test_repetitions_do_not_depend_on_the_frame_rate() -> None:
    hand = Hand().strokes(8)
    often = film(hand, hand, fps=60.0)
    counts = [judged(often[::every], step()).verdicts[-2].sides[0].repetitions for every in (1, 2, 3)]
    assert counts == [8, 8, 8]


def test_the_same_frames_give_the_same_verdicts(frames: list[FacePoints]) -> None:
    once, again = judged(frames, step()), judged(frames, step())
    assert [repr(verdict) for verdict in once.verdicts] == [repr(verdict) for verdict in again.verdicts]


def test_when_it_began_does_not_matter(frames: list[FacePoints]) -> None:
    plain = judged(frames, step())
    late = judged([replace(points, t_s=points.t_s + 4096.0) for points in frames], step())
    assert [(kind, side) for kind, side, _ in outline(late.corrections)] == [
        (kind, side) for kind, side, _ in outline(plain.corrections)
    ]
    for (_, _, at), (_, _, later) in zip(outline(plain.corrections), outline(late.corrections), strict=True):
        assert later - 4096.0 == pytest.approx(at, abs=1e-6)


@pytest.mark.parametrize("gap_s", [0.1, 2.0, 3600.0])
def test_time_that_jumps_is_no_mistake_and_no_work(gap_s: float) -> None:
    """A laptop that slept: what lies between was not seen."""
    hand = Hand().strokes(9)
    whole = film(hand, hand)
    half = len(whole) // 2
    torn = whole[:half] + [replace(points, t_s=points.t_s + gap_s) for points in whole[half:]]
    said = judged(torn, step())
    assert said.corrections == []
    for side in said.verdicts[-1].sides:
        assert side.repetitions in (8, 9)
        assert side.path_mm == pytest.approx(9 * 50.0, rel=0.15)


def test_frames_at_one_time_are_survived() -> None:
    hand = Hand().strokes(5)
    twice = [points for points in film(hand, hand) for _ in range(2)]
    said = judged(twice, step())
    assert said.corrections == []
    assert said.verdicts[-1].sides[0].repetitions == 5


# -- unseen ------------------------------------------------------------------------------------------------------------


def test_nothing_seen_is_withheld_and_never_a_correction() -> None:
    dark = [replace(blind(points), calibration="neutral") for points in film(Hand().strokes(9), None)]
    said = judged(dark, step())
    assert said.corrections == []
    for verdict in said.verdicts[30:-1]:
        assert [side.withheld for side in verdict.sides] == ["face", "face"]
        assert verdict.hint_id == "unseen.face"
        for side in verdict.sides:
            assert side.in_zone is side.in_contact is side.stroking is None
            assert math.isnan(side.speed_mm_s)
            assert np.isnan(side.working_mm).all()
    assert said.ended[-1].status == "unseen"
    assert math.isnan(said.ended[-1].withheld_share)


@pytest.mark.parametrize("reason", ["face", "covered", "hand"])
def test_losing_sight_in_the_middle_raises_nothing(reason: str) -> None:
    hand = Hand().strokes(9)
    out = []
    for points in film(hand, hand):
        if 4.0 <= points.t_s < 7.0:
            face = reason != "face"
            points = replace(blind(points), face_seen=face, mm_per_px=0.7 if reason == "hand" else NAN)
        out.append(points)
    said = judged(out, step())
    assert said.corrections == []
    reasons = {verdict.sides[0].withheld for verdict in said.verdicts if 4.5 <= verdict.t_s < 6.9}
    assert reasons == {reason}
    assert said.ended[-1].withheld_share == pytest.approx(3.0 / out[-1].t_s, abs=0.05)


@pytest.mark.parametrize("seed", range(3))
def test_frames_missing_at_random_change_little(seed: int) -> None:
    """Every tenth frame blind: short gaps are bridged."""
    rng = np.random.default_rng(seed)
    hand = Hand().strokes(9)
    holed = [blind(points) if rng.random() < 0.1 else points for points in film(hand, hand)]
    said = judged(holed, step())
    assert said.corrections == []
    assert said.verdicts[-1].sides[0].repetitions in (8, 9)
    assert said.ended[-1].withheld_share < 0.1


@pytest.mark.parametrize("seed", range(3))
def test_single_missing_fields_never_raise_a_warning_or_a_correction(seed: int) -> None:
    rng = np.random.default_rng(seed)
    hand = Hand().strokes(6)
    names = ["points_mm", "metric_tensor", "palm_mm", "mm_per_px"]
    holed = []
    for points in film(hand, hand):
        name = names[rng.integers(len(names))]
        value = getattr(points, name)
        gap = NAN if isinstance(value, float) else np.full_like(value, NAN)
        holed.append(replace(points, **{name: gap}) if rng.random() < 0.2 else points)
    assert judged(holed, step()).corrections == []


def test_unknown_palm_sizes_withhold_contact_and_not_more() -> None:
    hand = Hand().strokes(9)
    bare = [replace(points, palm_mm=np.full(2, NAN)) for points in film(hand, hand)]
    said = judged(bare, step())
    assert said.of("direction") == []
    assert said.verdicts[-1].sides[0].repetitions >= 8


# -- calibration, the end ----------------------------------------------------------------------------------------------


def test_before_calibration_nothing_is_judged() -> None:
    wrong = Hand().strokes(9, tuple((x, y - 60.0) for x, y in PATH))
    coach = Coach(routine(step()))
    for points in film(wrong, wrong):
        verdict = coach.update(replace(points, calibration="running", calibrated_share=0.5))
        assert verdict.state == "calibrating"
        assert verdict.step == -1
        assert verdict.corrections == ()
        assert verdict.sides[0].withheld == "calibration"
        assert verdict.hint_id == "calibrating"


@pytest.mark.parametrize("at_s", [0.2, 5.0, 11.0, 16.0, 25.0])
def test_finish_closes_everything(frames: list[FacePoints], at_s: float) -> None:
    said = judged(frames[: round(at_s * FPS)], step())
    last = said.verdicts[-1]
    assert last.state == "finished"
    assert last.corrections == ()
    assert all(event.t_end_s is not None for event in said.corrections)
    assert len(said.ended) == 1
    assert said.ended[0].t_end_s == last.t_s
    assert said.coach.update(frames[-1]).state == "finished"
    again = said.coach.finish(frames[-1].t_s)
    assert again.ended == again.changed == again.strokes == ()


def test_finish_before_anything_was_seen_is_no_error() -> None:
    verdict = Coach(routine(step())).finish(0.0)
    assert verdict.state == "finished"
    assert verdict.ended == ()


def test_a_step_that_the_routine_has_not_is_one_line() -> None:
    with pytest.raises(UsageError, match=r"no step .nowhere.\. Its steps: brow"):
        Coach(routine(step()), CoachOptions(step_id="nowhere"))
    with pytest.raises(UsageError, match=r"no step .nowhere.\. Its steps: brow"):
        Coach(routine(step()), CoachOptions(again=("nowhere",)))


# -- the book, told frame by frame -------------------------------------------------------------------------------------


def test_every_verdict_is_consistent_with_the_one_before(frames: list[FacePoints]) -> None:
    said = judged(frames, step(), options=CoachOptions(step_id="brow", voice=True))
    before: Verdict | None = None
    for verdict in said.verdicts:
        known = {} if before is None else {event.index: event for event in before.corrections}
        for event in verdict.changed:
            known[event.index] = event
        still = {index: event for index, event in known.items() if event.t_end_s is None}
        assert {event.index: event for event in verdict.corrections} == still
        assert verdict.shown is None or verdict.shown in verdict.corrections
        if before is not None:
            for side, was in zip(verdict.sides, before.sides, strict=True):
                assert side.repetitions >= was.repetitions
        before = verdict


def test_cues_tell_of_real_corrections_and_keep_their_distance(frames: list[FacePoints]) -> None:
    said = judged(frames, step(), options=CoachOptions(step_id="brow", voice=True))
    kinds = {event.index: event.kind for event in said.corrections}
    cues = [verdict.cue for verdict in said.verdicts if verdict.cue is not None]
    assert cues
    last: dict[str, float] = {}
    for cue in cues:
        kind = kinds[cue.correction]
        if cue.shown:
            assert cue.t_s - last.get(kind, -math.inf) >= LIMITS.tuning.feedback.again_s - 1e-6
            last[kind] = cue.t_s
            assert cue.spoken
        else:
            assert cue.why_not in ("another-first", "shown-recently", "silenced")


def test_strokes_are_told_once_with_sane_figures(frames: list[FacePoints]) -> None:
    said = judged(frames, step())
    seen = set()
    for verdict in said.verdicts:
        for stroke in verdict.strokes:
            key = (stroke.hand, stroke.t_start_s)
            assert key not in seen
            seen.add(key)
            assert stroke.t_start_s < stroke.t_end_s <= verdict.t_s
            assert stroke.length_mm >= LIMITS.tuning.strokes.shortest_mm
            assert 0 <= stroke.zone_share <= 1
            assert 0 <= stroke.straightness <= 1
            assert stroke.mean_mm_s <= stroke.peak_mm_s
            assert (stroke.start_mm[0] > 0) == (stroke.side == "left")
            assert not stroke.counted or stroke.kind == "along"
    assert len(seen) > 20


def test_the_path_travelled_is_that_of_the_strokes_in_contact(frames: list[FacePoints]) -> None:
    said = judged(frames, step())
    for at, side in enumerate(("left", "right")):
        lengths = [s.length_mm for s in said.strokes if s.side == side and s.kind in ("along", "across", "against")]
        assert said.verdicts[-2].sides[at].path_mm == pytest.approx(sum(lengths), abs=60.0)


def test_verdicts_are_frozen(frames: list[FacePoints]) -> None:
    verdict = judged(frames[:30], step()).verdicts[0]
    for name in (field.name for field in fields(verdict)):
        with pytest.raises(AttributeError):
            setattr(verdict, name, None)
