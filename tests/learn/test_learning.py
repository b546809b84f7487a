"""What is performed is what is learnt; the file validates, and judges its own performance without a correction."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from facetrack.coach import CoachOptions, LiveCoach
from facetrack.errors import UsageError
from facetrack.geometry.face_points import FacePoints
from facetrack.learn.parts import learn_shown
from facetrack.learn.routine import LearntRoutine, check_target, write_routine
from facetrack.learn.step import LearningError, LearntStep, learn_step
from facetrack.routine.file.load import read_routine
from tests.learn.performances import Hand, arriving, bent_strokes, circles, film, rest, strokes, to_and_fro

CHEEK, EAR = np.array([25.0, -35.0]), np.array([70.0, -20.0])
TEMPLE, BROW = np.array([66.0, 14.0]), np.array([14.0, 22.0])


def _learnt(frames: Sequence[FacePoints]) -> LearntStep:
    return learn_step([frames])


def test_strokes_with_lifted_returns_go_one_way() -> None:
    pose = strokes(CHEEK, EAR)
    step = _learnt(film(pose, pose, 11.5))
    (phase,) = step.phases
    assert (phase.motion, step.hands, step.contact) == ("stroke", "both", "fingertips")
    assert np.hypot(*(phase.path_mm[0] - CHEEK)) < 6.0
    assert np.hypot(*(phase.path_mm[-1] - EAR)) < 6.0
    assert phase.pace[0] < 24.0 < phase.pace[1]  # 47 mm in 2 s
    assert step.repetitions in (3, 4)


@pytest.mark.parametrize(("stroke_s", "least", "most"), [(2.0, 52.0, 60.0), (1.0, 98.0, 105.0)])
def test_a_pace_has_a_margin_that_is_narrower_above_100_mm_a_second(stroke_s: float, least: float, most: float) -> None:
    """47 mm, eased: the greatest speed is 1.57 times the mean one."""
    pose = strokes(CHEEK, EAR, stroke_s=stroke_s)
    (phase,) = _learnt(film(pose, pose, 4 * (stroke_s + 0.8))).phases
    assert least < phase.pace[1] < most


def test_on_the_neck_the_map_is_uncertain_and_zone_and_tolerance_are_wide(tmp_path: Path) -> None:
    pose = strokes(np.array([58.0, -86.0]), np.array([47.0, -200.0]))
    step = _learnt(film(pose, pose, 11.5))
    out = write_routine(LearntRoutine((step,)), tmp_path / "a.toml", title=None, language="en", step_id="neck")
    (written,) = read_routine(out).steps
    assert written.zone_names == ()
    assert written.tolerance_mm == 20.0
    assert "width_mm = 42" in out.read_text(encoding="utf-8")


def test_how_the_hands_arrive_is_no_stroke() -> None:
    """They come up past the neck, and work downwards; the way back is as slow as the stroke and lifted by a little."""
    top, bottom = np.array([60.0, -80.0]), np.array([48.0, -195.0])
    pose = strokes(top, bottom, stroke_s=3.0, return_s=3.0, lift_mm=6.0)
    step = _learnt(film(*2 * [arriving(top, np.array([95.0, -260.0]), pose)], 27.5))
    assert step.phases[0].motion == "stroke"
    assert step.phases[0].path_mm[-1][1] < step.phases[0].path_mm[0][1] - 80.0


@pytest.mark.parametrize(
    ("rests_s", "motions"), [((0.3, 2.3), ["stroke", "hold"]), ((1.2, 1.2), ["stroke"]), ((0.2, 0.6), ["stroke"])]
)
def test_a_rest_at_the_end_that_is_longer_than_the_others_is_a_hold(rests_s: tuple[float, float], motions: list[str]) -> None:
    pose = strokes(CHEEK, EAR, rests_s=rests_s)
    step = _learnt(film(pose, pose, 4 * (2.8 + sum(rests_s))))
    assert [phase.motion for phase in step.phases] == motions
    if "hold" in motions:
        assert step.phases[1].hold_s == pytest.approx(rests_s[1] - rests_s[0], abs=0.5)


ZIGZAG = np.array([[12.0, 58.0], [24.0, 30.0], [36.0, 52.0], [48.0, 28.0]])


@pytest.mark.parametrize("rest_s", [0.0, 0.6])
def test_a_zigzag_is_one_stroke_with_corners(rest_s: float) -> None:
    pose = bent_strokes(ZIGZAG, speed_mm_s=30.0, rest_s=rest_s, back_mm_s=70.0, back_by=np.array([32.0, 48.0]))
    step = _learnt(film(pose, pose, 3 * (3.6 + 2 * rest_s)))
    (phase,) = step.phases
    assert (phase.motion, step.repetitions) == ("stroke", 3)
    apart = np.hypot(*(ZIGZAG[:, None] - phase.path_mm[None]).transpose(2, 0, 1)).min(axis=1)
    assert apart.max() < 6.0  # corners are rounded by what smooths the hand's unrest


def test_a_quick_return_far_aside_without_a_rest_is_none_of_the_path() -> None:
    """Beside the nose down and out; then up in a wide arc, through the air."""
    path = np.array([[12.0, -4.0], [22.0, -27.0], [34.0, -35.0]])
    pose = bent_strokes(path, speed_mm_s=25.0, rest_s=0.0, back_mm_s=110.0, back_by=np.array([52.0, -6.0]))
    (phase,) = _learnt(film(pose, pose, 9.0)).phases
    assert phase.motion == "stroke"
    assert np.hypot(*(phase.path_mm[-1] - path[-1])) < 6.0


def test_a_short_stroke_with_a_long_return_is_the_stroke() -> None:
    start, end = np.array([40.0, -48.0]), np.array([62.0, -51.0])
    pose = bent_strokes(
        np.array([start, end]), speed_mm_s=17.0, rest_s=0.8, back_mm_s=60.0, back_by=np.array([75.0, -20.0])
    )  # fmt: skip
    (phase,) = _learnt(film(pose, pose, 13.0)).phases
    assert phase.motion == "stroke"
    assert np.hypot(*(phase.path_mm[[0, -1]] - [start, end]).T).max() < 5.0


def test_to_and_fro_on_the_skin_is_both_ways() -> None:
    pose = to_and_fro(BROW, TEMPLE)
    assert [phase.motion for phase in _learnt(film(pose, pose, 12.0)).phases] == ["back-and-forth"]


def test_circles_drift_along_their_path() -> None:
    pose = circles(CHEEK, TEMPLE, 10.0)
    step = _learnt(film(pose, pose, 10.0))
    (phase,) = step.phases
    assert phase.motion == "spiral"
    assert phase.pace[0] < 1.0 < phase.pace[1]
    assert phase.radius_mm == pytest.approx(10.0, abs=1.5)
    assert phase.path_mm[-1][1] > phase.path_mm[0][1] + 20.0


def test_circles_on_the_spot_have_no_direction(tmp_path: Path) -> None:
    step = _learnt(film(*2 * [circles(TEMPLE, TEMPLE, 10.0)], 10.0))
    out = write_routine(LearntRoutine((step,)), tmp_path / "a.toml", title=None, language="en", step_id="spot")
    (written,) = read_routine(out).steps
    assert [phase.motion for phase in written.phases] == ["spiral"]
    assert written.judge == {"zone", "pace", "symmetry"}
    assert np.hypot(*(written.phases[0].path_mm.mean(axis=0) - TEMPLE)) < 4.0


def test_slow_circles_are_parted_into_passes() -> None:
    """At 0.4 turns a second the middle of the circles is a mean over 2.5 s, in which a return is soon over."""
    there, back = circles(CHEEK, TEMPLE, 20.0, turns_s=0.4, radius_mm=8.0), bent_strokes(
        np.array([TEMPLE, CHEEK]), speed_mm_s=55.0, rest_s=0.0, back_mm_s=55.0, back_by=TEMPLE
    )  # fmt: skip

    def pose(t_s: float) -> Hand | None:
        at = t_s % 21.2
        return there(at) if at < 20.0 else back(at - 20.0)

    (phase,) = _learnt(film(pose, pose, 3 * 21.2)).phases
    assert phase.motion == "spiral"
    assert np.hypot(*(phase.path_mm[[0, -1]] - [CHEEK, TEMPLE]).T).max() < 12.0


def test_two_circles_a_rest_and_a_quick_way_back_are_circles_on_the_spot(tmp_path: Path) -> None:
    there = circles(TEMPLE, TEMPLE + np.array([0.0, 10.0]), 3.0, turns_s=0.65, radius_mm=5.0)
    top = np.array(there(3.0))[:2]
    back = bent_strokes(
        np.array([top, np.array(there(0.0))[:2]]), speed_mm_s=90.0, rest_s=0.4, back_mm_s=90.0, back_by=top
    )  # fmt: skip

    def pose(t_s: float) -> Hand | None:
        at = t_s % 4.1
        return there(at) if at < 3.0 else back(at - 3.0)

    step = _learnt(film(pose, pose, 4 * 4.1))
    out = write_routine(LearntRoutine((step,)), tmp_path / "a.toml", title=None, language="en", step_id="spot")
    (written,) = read_routine(out).steps
    assert [phase.motion for phase in written.phases] == ["spiral"]
    assert written.judge == {"zone", "pace", "symmetry"}


def test_a_hold_that_slips_once_is_no_stroke() -> None:
    aside = CHEEK + np.array([16.0, 3.0])
    pose = lambda t_s: (*(CHEEK + (aside - CHEEK) * min(max((t_s - 3.0) / 1.5, 0.0), 1.0)), 0.0)  # noqa: E731
    step = _learnt(film(pose, pose, 6.5))
    assert [phase.motion for phase in step.phases] == ["hold"]


def test_sides_agree_which_way_is_there_on_a_steep_path() -> None:
    """Two lines that lean by a little less and a little more than the limit between outwards and upwards."""
    left, right = (to_and_fro(np.array([19.0, -26.0]), np.array([x, -44.0])) for x in (24.0, 26.0))
    (phase,) = _learnt(film(left, right, 12.0)).phases
    assert abs(phase.path_mm[-1][1] - phase.path_mm[0][1]) > 14.0


def test_a_hand_that_stirs_while_it_rests_holds() -> None:
    stirring = to_and_fro(CHEEK, CHEEK + np.array([7.0, 0.0]), one_way_s=0.7)
    assert [phase.motion for phase in _learnt(film(stirring, stirring, 10.0)).phases] == ["hold"]


def test_resting_hands_hold() -> None:
    step = _learnt(film(rest(CHEEK), rest(CHEEK), 10.0))
    (phase,) = step.phases
    assert (phase.motion, step.repetitions, step.hands) == ("hold", None, "both")
    assert phase.hold_s == pytest.approx(10.0, abs=0.5)


def test_a_fist_works_with_its_knuckles() -> None:
    pose = strokes(CHEEK, EAR)
    assert _learnt(film(pose, pose, 11.5, fist=True)).contact == "knuckles"


@pytest.mark.parametrize(("left", "right", "hands"), [(True, False, "left"), (False, True, "right")])
def test_one_hand_works_its_own_side(left: bool, right: bool, hands: str) -> None:
    pose = strokes(CHEEK, EAR)
    assert _learnt(film(pose if left else None, pose if right else None, 11.5)).hands == hands


def test_sides_one_after_the_other_and_in_turn() -> None:
    pose = strokes(CHEEK, EAR)
    left, right = film(pose, None, 9.0), film(None, pose, 9.0, begin_s=9.2)
    assert _learnt([*left, *right]).hands == "either"
    turns = [film(*((pose, None) if n % 2 == 0 else (None, pose)), 2.8, begin_s=3.0 * n) for n in range(8)]
    assert _learnt([frame for some in turns for frame in some]).hands == "alternate"


def _performance() -> list[FacePoints]:
    """Three steps with the hands away between them; the second is interrupted."""
    first, second, third = strokes(CHEEK, EAR), to_and_fro(BROW, TEMPLE), circles(CHEEK, TEMPLE, 8.0)
    made: list[FacePoints] = []
    for pose, seconds in ((first, 11.5), (second, 9.0), (second, 9.0), (third, 8.0)):
        begin_s = made[-1].t_s + 0.1 if made else 0.0
        made += film(pose, pose, seconds, begin_s)
        made += film(None, None, 2.5, made[-1].t_s + 0.1)
    return made


def test_a_whole_performance_parts_at_its_pauses_and_judges_itself_right(tmp_path: Path) -> None:
    frames = _performance()
    steps = learn_shown([[frames]])
    assert [phase.motion for step in steps for phase in step.phases] == ["stroke", "back-and-forth", "spiral"]
    out = write_routine(LearntRoutine(tuple(steps)), tmp_path / "my-routine.toml", title="Mine", language="en", step_id=None)
    routine = read_routine(out)
    assert len(routine.steps) == 3
    lines = out.read_text(encoding="utf-8").split("[[step]]")
    assert all(len(part.splitlines()) <= 25 for part in lines[1:])
    coach = LiveCoach(routine, CoachOptions(step_id=routine.steps[0].id))
    pose = strokes(CHEEK, EAR)
    verdicts = [coach.update(points) for points in film(pose, pose, 20.0)]
    assert {one.kind for verdict in verdicts for one in verdict.corrections} == set()
    assert verdicts[-1].sides[0].repetitions >= 4


def test_one_side_after_the_other_is_one_step_though_a_pause_parts_them() -> None:
    pose = strokes(CHEEK, EAR)
    left = film(pose, None, 11.5)
    pause = film(None, None, 2.0, left[-1].t_s + 0.1)
    (step,) = learn_shown([[[*left, *pause, *film(None, pose, 11.5, pause[-1].t_s + 0.1)]]])
    assert (step.hands, step.repetitions) == ("either", 4)


def test_a_side_of_which_the_returns_look_like_strokes_belongs_to_the_other_side_s_step() -> None:
    """Left, returns were seen first and made slowly; right, the strokes are plain. What both sides show together decides."""
    left = film(strokes(EAR, CHEEK, stroke_s=1.5, return_s=1.5, lift_mm=6.0), None, 4.4)
    pause = film(None, None, 2.0, left[-1].t_s + 0.1)
    right = film(None, strokes(CHEEK, EAR, stroke_s=2.0, return_s=0.6), 15.0, pause[-1].t_s + 0.1)
    (step,) = learn_shown([[[*left, *pause, *right]]])
    assert step.hands == "either"
    assert step.phases[0].path_mm[-1][0] > step.phases[0].path_mm[0][0] + 30.0


def test_nothing_is_learnt_from_nobody(tmp_path: Path) -> None:
    with pytest.raises(LearningError, match="No hand worked on the face"):
        learn_shown([[film(None, None, 10.0)]])
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_there_is_never_overwritten(tmp_path: Path) -> None:
    out = tmp_path / "there.toml"
    out.write_text("mine")
    with pytest.raises(UsageError, match="not overwritten"):
        check_target(out)
    with pytest.raises(UsageError, match=r"\.toml"):
        check_target(tmp_path / "routine.txt")
