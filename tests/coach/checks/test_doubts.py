"""Nothing is judged of pictures that can't be trusted, or of too few of them; the reason stands beside it."""

from dataclasses import replace

import pytest

from facetrack.coach import Coach, CoachOptions, LiveCoach
from facetrack.geometry.face_points import FacePoints
from tests.coach.synthetic import PATH, Hand, film, routine, step

WRONG = tuple((x, y - 45.0) for x, y in PATH)
"""Below the brow, outside the step's zone: told within seconds wherever anything is judged."""


def judged(frames: list[FacePoints]) -> tuple[list[str], set[str | None], str, str | None]:
    """Kinds corrected, reasons withheld, how the step ended, last hint."""
    coach = Coach(routine(step()), CoachOptions(step_id="brow"))
    verdicts = [coach.update(points) for points in frames]
    (end,) = coach.finish(frames[-1].t_s).ended
    kinds = [event.kind for verdict in verdicts for event in verdict.changed]
    return kinds, {side.withheld for verdict in verdicts for side in verdict.sides}, end.status, verdicts[-1].hint_id


def wrong_strokes(fps: float = 30.0) -> list[FacePoints]:
    hand = Hand().strokes(8, WRONG)
    return list(film(hand, hand, fps=fps))


def test_such_strokes_are_told_where_they_are_seen() -> None:
    kinds, reasons, status, _ = judged(wrong_strokes())
    assert "zone" in kinds
    assert reasons == {None}
    assert status == "done"


@pytest.mark.parametrize("doubt", ["picture", "person"])
def test_of_a_doubtful_picture_nothing_is_judged(doubt: str) -> None:
    frames = [replace(points, doubt=doubt) for points in wrong_strokes()]
    assert judged(frames) == ([], {doubt}, "unseen", f"unseen.{doubt}")


@pytest.mark.parametrize("fps", [1.0, 4.0, 7.0])
def test_with_too_few_pictures_a_second_nothing_is_judged(fps: float) -> None:
    kinds, reasons, status, hint = judged(wrong_strokes(fps))
    assert (kinds, status, hint) == ([], "unseen", "unseen.frame-rate")
    assert "frame-rate" in reasons


@pytest.mark.parametrize("fps", [10.0, 15.0])
def test_ten_pictures_a_second_are_enough(fps: float) -> None:
    assert "frame-rate" not in judged(wrong_strokes(fps))[1]


def test_pictures_that_only_repeat_the_one_before_do_not_count() -> None:
    frames = [replace(points, repeated=k % 6 > 0) for k, points in enumerate(wrong_strokes())]
    assert judged(frames)[2] == "unseen"
    halved = [replace(points, repeated=k % 2 > 0) for k, points in enumerate(wrong_strokes())]
    assert "frame-rate" not in judged(halved)[1]


def test_a_pause_is_no_time_without_pictures() -> None:
    hand = Hand().strokes(8)
    coach = LiveCoach(routine(step(planned_s=60.0, repetitions=9)))
    reasons = set()
    for points in film(hand, hand):
        if points.t_s == pytest.approx(4.0):
            coach.pause(points.t_s)
        if points.t_s == pytest.approx(9.0):
            coach.resume(points.t_s)
        reasons |= {side.withheld for side in coach.update(points).sides}
    assert "frame-rate" not in reasons
