"""Counting repetitions, and when a step is over."""

import math

import pytest

from facetrack.coach import Thresholds
from facetrack.coach.step_plan import StepPlan, atlas_of
from facetrack.coach.step_progress import StepProgress
from facetrack.coach.strokes.repetitions import Repetitions
from facetrack.routine.compiled import CompiledStep
from tests.coach.synthetic import phase, routine, segment, step

LIMITS = Thresholds()
LENGTH = 50.0
FPS = 30.0


def plan_of(one: CompiledStep) -> StepPlan:
    made = routine(one)
    return StepPlan.of(made.steps[0], atlas_of(made))


def counter(one: CompiledStep | None = None) -> Repetitions:
    return Repetitions(plan_of(one or step()), LIMITS.tuning.repetitions)


def test_every_whole_stroke_counts() -> None:
    repetitions = counter()
    assert [repetitions.stroke(segment(LENGTH)) for _ in range(5)] == [True] * 5
    assert repetitions.count == 5


def test_a_stroke_over_less_than_the_least_share_does_not() -> None:
    repetitions = counter()
    assert not repetitions.stroke(segment(LENGTH * (LIMITS.tuning.repetitions.least_share - 0.05)))
    assert repetitions.count == 0


def test_a_stroke_that_pauses_on_the_way_is_one() -> None:
    repetitions = counter()
    for begin in (0.0, 17.0, 34.0):
        repetitions.stroke(segment(16.0, begin_mm=begin))
    assert repetitions.count == 1
    for begin in (0.0, 25.0):
        repetitions.stroke(segment(25.0, begin_mm=begin))
    assert repetitions.count == 2


def test_there_and_back_is_one_of_back_and_forth() -> None:
    repetitions = counter(step("saw", phase("back-and-forth")))
    for k in range(6):
        repetitions.stroke(segment(LENGTH, off_deg=180.0 * (k % 2)))
    assert repetitions.count == 3


def test_a_way_back_that_was_not_seen_is_counted_with_the_next_way_there() -> None:
    repetitions = counter(step("saw", phase("back-and-forth")))
    there, back = segment(LENGTH), segment(LENGTH, begin_mm=LENGTH, off_deg=180.0)
    for one in (there, back, there, there, back, there, back):
        repetitions.stroke(one)
    assert repetitions.count == 4


def test_a_way_there_that_pauses_is_one() -> None:
    repetitions = counter(step("saw", phase("back-and-forth")))
    back = segment(LENGTH, begin_mm=LENGTH, off_deg=180.0)
    for one in (segment(23.0), segment(23.0, begin_mm=25.0), back) * 3:
        repetitions.stroke(one)
    assert repetitions.count == 3


@pytest.mark.parametrize(("again_mm", "counted"), [(36.0, 3), (11.0, 0)], ids=["lost on its way", "short, at one place"])
def test_two_pieces_are_one_repetition_if_they_span_the_path(again_mm: float, counted: int) -> None:
    repetitions = counter()
    for _ in range(3):
        repetitions.stroke(segment(8.0, begin_mm=2.0))
        repetitions.stroke(segment(6.0, begin_mm=again_mm))
    assert repetitions.count == counted


def test_of_a_step_with_two_paths_the_last_one_counts() -> None:
    other = phase(path=((8.0, 0.0), (58.0, 0.0)))
    repetitions = counter(step("two", phase(), other))
    first = segment(LENGTH)
    first.off_path_mm_seconds, first.across_mm = [0.0, 30.0], [0.0, 0.0]
    first.along_mm, first.first_progress_mm, first.last_progress_mm = [LENGTH, 0.0], [0.0, 0.0], [LENGTH, 0.0]
    last = segment(LENGTH)
    last.off_path_mm_seconds, last.across_mm = [30.0, 0.0], [0.0, 0.0]
    last.along_mm, last.first_progress_mm, last.last_progress_mm = [0.0, LENGTH], [0.0, 0.0], [0.0, LENGTH]
    assert [repetitions.stroke(one) for one in (first, last, first, last)] == [False, True, False, True]


def test_a_hold_counts_when_it_has_lasted() -> None:
    repetitions = counter(step("press", phase("hold", path=((40.0, 0.0),), hold_s=2.0)))
    for _ in range(round(5.1 * FPS)):
        repetitions.hold(True, 1 / FPS)
    assert repetitions.count == 2
    for _ in range(round(5.0 * FPS)):
        repetitions.hold(False, 1 / FPS)
    assert repetitions.count == 2


def test_a_twitch_in_a_hold_costs_no_repetition() -> None:
    repetitions = counter(step("press", phase("hold", path=((40.0, 0.0),), hold_s=2.0)))
    for k in range(round(6.0 * FPS)):
        repetitions.hold(k % 30 != 0, 1 / FPS)
    assert repetitions.count == 3


# -- the clock ---------------------------------------------------------------------------------------------------------


class Run:
    """A step's clock through stretches of time."""

    def __init__(self, endless: bool = False, **changes: object) -> None:
        self.progress = StepProgress(plan_of(step(**changes)), LIMITS, endless, 0.0)  # type: ignore[arg-type]
        self.t_s, self.status = 0.0, None

    def go(
        self,
        seconds: float,
        repetitions: float = 0,
        seen: bool = True,
        withheld: bool = False,
        on_next: bool = False,
        idle: bool = False,
    ) -> str | None:
        """idle: the face lies open, and no hand is at it."""
        for _ in range(round(seconds * FPS)):
            if self.status is None:
                self.t_s += 1 / FPS
                self.progress.attend(seen and not idle and not withheld, idle, 1 / FPS)
                self.progress.update(seen, withheld, on_next, self.t_s, 1 / FPS)
                self.status = self.progress.status(repetitions, self.t_s)  # type: ignore[assignment]
        return self.status


def test_it_is_done_with_its_repetitions() -> None:
    run = Run()
    assert run.go(1.0, 3) is None
    assert run.go(1.0, 4) == "done"
    assert run.t_s == pytest.approx(1.0, abs=0.1)


def test_seconds_are_seconds_whatever_was_counted() -> None:
    run = Run(repetitions=None, seconds=10.0, planned_s=10.0)
    assert run.go(20.0, 50) == "done"
    assert run.t_s == pytest.approx(10.0, abs=0.1)


def test_working_on_the_next_zone_for_three_seconds_goes_on() -> None:
    for worked_s, done, status in ((2.5, 3, "partial"), (2.5, 0, "partial"), (1.5, 1, "skipped")):
        run = Run()
        run.go(worked_s, done)
        assert run.go(10.0, done, on_next=True) == status
        assert run.t_s == pytest.approx(worked_s + LIMITS.tuning.steps.next_zone_s, abs=0.1)
    assert LIMITS.tuning.steps.next_zone_s == 3.0


def test_passing_the_next_zone_does_not_go_on() -> None:
    run = Run(planned_s=500.0)
    for _ in range(20):
        run.go(0.5, 1, on_next=True)
        run.go(1.5, 1)
    assert run.status is None


def test_ways_back_over_the_step_s_own_zone_only_delay_going_on() -> None:
    """A lifted return, or the other hand's last stroke, looks like work on the step for a moment."""
    run = Run(planned_s=500.0)
    run.go(3.0, 1)
    for _ in range(6):
        run.go(1.0, 1, on_next=True)
        run.go(0.4, 1, on_next=False)
    assert run.status == "partial"
    assert run.t_s == pytest.approx(3.0 + 4 * 1.4 + 0.6, abs=0.1)


def test_a_step_that_waits_from_its_first_frame_on_has_not_begun_before_it() -> None:
    run = Run()
    run.progress.attend(at_face=False, open_face=True, dt_s=1 / FPS)
    assert run.progress.elapsed_s(0.0) == 0.0


def test_without_a_hand_it_ends_at_its_planned_time_unseen() -> None:
    run = Run()
    assert run.go(60.0, 0, seen=False) == "unseen"
    assert run.t_s == pytest.approx(20.0, abs=0.1)
    assert math.isnan(run.progress.withheld_share)


def test_mostly_withheld_it_ends_at_its_planned_time_unseen() -> None:
    run = Run()
    run.go(1.0)
    assert run.go(60.0, 1, withheld=True) == "unseen"
    assert run.t_s == pytest.approx(20.0, abs=0.1)
    assert run.progress.withheld_share > 0.9


def test_nothing_waits_for_ever() -> None:
    run = Run()
    assert run.go(600.0, 1) == "partial"
    assert run.t_s == pytest.approx(2 * 20.0, abs=0.1)


def test_the_withheld_share_counts_from_the_first_hand() -> None:
    run = Run()
    run.go(5.0, seen=False, withheld=True)
    run.go(3.0)
    run.go(1.0, withheld=True)
    assert run.progress.withheld_share == pytest.approx(0.25, abs=0.02)
    assert run.progress.first_hand_s == pytest.approx(5.0, abs=0.1)


def test_a_lone_step_that_fills_the_clip_never_ends_and_is_done_by_it() -> None:
    run = Run(endless=True)
    assert run.go(120.0, 50, on_next=True) is None
    assert run.progress.stopped() == "done"


def test_broken_off_it_is_stopped_or_unseen() -> None:
    run = Run()
    run.go(2.0, 1)
    assert run.progress.stopped() == "stopped"
    unseen = Run()
    unseen.go(2.0, seen=False)
    assert unseen.progress.stopped() == "unseen"


@pytest.mark.parametrize(("seconds", "status"), [(39.8, None), (40.3, "partial")])
def test_a_step_of_repetitions_ends_after_twice_its_planned_time(seconds: float, status: str | None) -> None:
    assert Run().go(seconds, 1) == status


@pytest.mark.parametrize(("withheld_s", "status"), [(15.0, None), (17.0, "unseen")])
def test_a_step_is_unseen_where_more_than_four_fifths_of_it_were_withheld(withheld_s: float, status: str | None) -> None:
    run = Run()
    run.go(20.1 - withheld_s, 1)
    assert run.go(withheld_s, 1, withheld=True) == status


@pytest.mark.parametrize(("share", "counted"), [(0.37, False), (0.43, True)])
def test_a_repetition_covers_two_fifths_of_the_path(share: float, counted: bool) -> None:
    assert counter().stroke(segment(share * LENGTH)) == counted


@pytest.mark.parametrize(("back_mm", "counted"), [(9.0, 1), (16.0, 2)])
def test_a_stroke_that_begins_a_quarter_of_the_path_before_the_last_one_s_end_is_another(back_mm: float, counted: int) -> None:
    repetitions = counter()
    repetitions.stroke(segment(25.0))
    repetitions.stroke(segment(25.0, begin_mm=25.0 - back_mm))
    assert repetitions.count == counted


@pytest.mark.parametrize(("held_s", "count"), [(1.7, 0), (1.9, 1), (3.7, 1), (3.9, 2)])
def test_a_hold_counts_when_nine_tenths_of_it_have_lasted(held_s: float, count: int) -> None:
    repetitions = counter(step("press", phase("hold", path=((40.0, 0.0),), hold_s=2.0)))
    for _ in range(round(held_s * FPS)):
        repetitions.hold(True, 1 / FPS)
    assert repetitions.count == count


def test_ways_there_alone_count_one_each_from_the_second_on() -> None:
    """The ways back between them were not seen."""
    repetitions = counter(step("saw", phase("back-and-forth")))
    counts = []
    for _ in range(4):
        repetitions.stroke(segment(LENGTH))
        counts.append(repetitions.count)
    assert counts == [0, 1, 2, 3]


@pytest.mark.parametrize(("back_mm", "counted"), [(10.0, 0), (15.0, 1)])
def test_to_and_fro_a_way_that_begins_a_quarter_before_the_last_one_s_end_is_another(back_mm: float, counted: int) -> None:
    repetitions = counter(step("saw", phase("back-and-forth")))
    repetitions.stroke(segment(25.0))
    repetitions.stroke(segment(25.0, begin_mm=25.0 - back_mm))
    assert repetitions.count == counted


@pytest.mark.parametrize(
    ("idle_s", "worked_s", "withheld_s", "status"),
    [
        (4.1, 0.9, 0.0, "skipped"),  # the face lay open for four fifths
        (3.8, 1.2, 0.0, "stopped"),
        (8.5, 2.1, 0.0, "stopped"),  # hands at the face for 2 s have worked
        (0.0, 0.9, 4.1, "unseen"),
        (0.0, 1.2, 3.8, "stopped"),
        (4.5, 0.0, 0.5, "skipped"),
    ],
)
def test_not_done_is_not_unseen(idle_s: float, worked_s: float, withheld_s: float, status: str) -> None:
    run = Run()
    run.go(idle_s, idle=True)
    run.go(worked_s, 1)
    run.go(withheld_s, 1, withheld=True)
    assert run.progress.stopped() == status


def test_while_no_hand_is_at_the_face_the_clock_stands_still_for_twenty_seconds_in_all() -> None:
    run = Run()
    run.go(8.0, idle=True)
    assert run.progress.elapsed_s(run.t_s) == pytest.approx(0.0, abs=0.1)
    run.go(5.0)
    run.go(15.0, idle=True)
    assert run.progress.elapsed_s(run.t_s) == pytest.approx(8.0, abs=0.1)
    run.go(1.0, withheld=True)
    assert run.progress.elapsed_s(run.t_s) == pytest.approx(9.0, abs=0.1)


def test_a_step_that_nobody_does_ends_at_its_planned_time_and_twenty_seconds() -> None:
    run = Run()
    assert run.go(100.0, seen=False, idle=True) == "skipped"
    assert run.t_s == pytest.approx(40.0, abs=0.1)
