"""The line drives its parts, loses no output for another's failure, and always ends in order."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from facetrack.coach.verdict import SideVerdict, Verdict
from facetrack.errors import FacetrackError
from facetrack.geometry.face_points import FacePoints
from facetrack.packets import Frame, Observation
from facetrack.pipeline.judge import Judge
from facetrack.pipeline.pipeline import Pipeline, RunResult
from facetrack.pipeline.sinks import FrameResult, RunEnd
from tests.capture.fakes import FakeSource

NAN = float("nan")


class FakeTracker:
    """spare_s: as the tracker's. begun: numbers of the frames that it could have begun early, with the last one seen then."""

    def __init__(self, break_at: int | None = None, spare_s: float = 0.0) -> None:
        self.break_at = break_at
        self.seen: list[int] = []
        self.spare_s = spare_s
        self.begun: list[tuple[int, int]] = []

    def update(self, frame: Frame, following: Callable[[], Frame | None]) -> Observation:
        if frame.index == self.break_at:
            raise FacetrackError("MediaPipe gave up.")
        self.seen.append(frame.index)
        if (ahead := following()) is not None:
            self.begun.append((ahead.index, self.seen[-1]))
        return Observation.empty(frame.t_s, (64, 48))

    def close(self) -> None:
        pass


class FakeMapper:
    def reset(self) -> None:
        pass

    def update(self, observation: Observation) -> tuple[FacePoints, None]:
        points = FacePoints(
            t_s=observation.t_s,
            points_mm=np.full((2, 7, 2), 1.23456),
            metric_tensor=np.ones((2, 3)),
            palm_mm=np.ones(2),
            near_face=np.zeros(2, bool),
            face_seen=False,
            hand_seen=np.zeros(2, bool),
            mm_per_px=NAN,
            calibration="running",
            calibrated_share=0.0,
        )
        return points, None


class FakeCoach:
    """Finishes at ``finish_at_s``; keeps what it was given."""

    def __init__(self, finish_at_s: float = np.inf, break_at_end: bool = False) -> None:
        self.finish_at_s = finish_at_s
        self.break_at_end = break_at_end
        self.given: list[FacePoints] = []
        self.commands: list[tuple[str, float]] = []
        self.finished_at: list[float] = []

    def command(self, name: str, t_s: float) -> None:
        self.commands.append((name, t_s))

    def update(self, points: FacePoints) -> Verdict:
        self.given.append(points)
        return _verdict(points.t_s, "finished" if points.t_s >= self.finish_at_s else "working")

    def finish(self, t_s: float) -> Verdict:
        if self.break_at_end:
            raise KeyError("step")
        self.finished_at.append(t_s)
        return _verdict(t_s, "finished")


def _verdict(t_s: float, phase) -> Verdict:
    nothing = np.full(2, NAN)
    side = SideVerdict(False, None, None, nothing, None, None, None, NAN, NAN, NAN, NAN, 0, 0.0)
    return Verdict(t_s, phase, -1, 0, (side, side), NAN, (), (), None, None, (), (), 0.0, NAN, None, None, None)


class Recorder:
    """A sink that keeps what it was told, and fails where it is asked to."""

    def __init__(self, name: str = "The recorder", fail: Callable[[str, int], bool] = lambda _what, _n: False) -> None:
        self.name = name
        self._fail = fail
        self.results: list[FrameResult] = []
        self.endings: list[RunEnd] = []
        self.closed = 0
        self.tries = 0

    def on_frame(self, result: FrameResult) -> None:
        self.tries += 1
        if self._fail("on_frame", result.frame.index):
            raise OSError(28, "No space left on device")
        self.results.append(result)

    def finish(self, end: RunEnd) -> None:
        if self._fail("finish", 0):
            raise FacetrackError("The disk is full.")
        self.endings.append(end)

    def close(self) -> None:
        self.closed += 1
        if self._fail("close", 0):
            raise OSError(5, "Input/output error")


def _run(source=None, *sinks: Recorder, tracker=None, coach=None, **options) -> RunResult:
    return Pipeline(
        source or FakeSource(), tracker or FakeTracker(), Judge(coach or FakeCoach(), FakeMapper()), sinks, **options
    ).run()


def test_every_frame_reaches_every_sink_and_the_last_word_too() -> None:
    one, two, coach = Recorder(), Recorder(), FakeCoach()
    outcome = _run(FakeSource(frames=5), one, two, coach=coach)
    assert outcome == RunResult(
        frames=5, last_s=pytest.approx(4 / 30, abs=1e-5), corruption=None, interrupted=False, failures=(), error=None
    )
    for sink in (one, two):
        assert [result.frame.index for result in sink.results] == [0, 1, 2, 3, 4]
        assert [result.verdict.t_s for result in sink.results] == [result.points.t_s for result in sink.results]
        assert sink.endings == [sink.endings[0]]
        assert sink.endings[0].complete
        assert sink.closed == 1
    assert coach.finished_at == [coach.given[-1].t_s]


def test_the_coach_is_given_points_at_the_journals_resolution() -> None:
    coach = FakeCoach()
    _run(coach=coach)
    assert coach.given[0].points_mm[0, 0, 0] == 1.23


@pytest.mark.parametrize("where", ["on_frame", "finish", "close"])
def test_a_failing_sink_is_told_once_and_the_others_go_on(where: str) -> None:
    told: list[str] = []
    bad, good = Recorder("The bad one", lambda what, _: what == where), Recorder()
    outcome = _run(FakeSource(frames=5), bad, good, notify=told.append)
    assert len(good.results) == 5
    assert good.endings[0].complete
    assert len(told) == 1
    assert outcome.failures == tuple(told)
    assert bad.closed == 1
    assert good.closed == 1
    assert bad.tries == (3 if where == "on_frame" else 5)


def test_a_source_that_breaks_keeps_what_was_recorded() -> None:
    sink = Recorder()
    outcome = _run(FakeSource(frames=5), sink, tracker=FakeTracker(break_at=3))
    assert outcome.frames == 3
    assert isinstance(outcome.error, FacetrackError)
    assert not sink.endings[0].complete
    assert sink.endings[0].verdict is not None
    assert sink.closed == 1


def test_damage_makes_it_incomplete() -> None:
    sink = Recorder()
    outcome = _run(FakeSource(frames=5, corruption="cut off"), sink)
    assert outcome.corruption == "cut off"
    assert sink.endings[0] == replace(sink.endings[0], complete=False, corruption="cut off")


def test_stopping_ends_before_the_next_frame_and_is_incomplete() -> None:
    sink, tracker = Recorder(), FakeTracker()
    outcome = _run(FakeSource(frames=50), sink, tracker=tracker, stop=lambda: len(tracker.seen) >= 7)
    assert outcome.interrupted
    assert len(sink.results) == 7
    assert not sink.endings[0].complete


def test_a_live_session_ends_soon_after_the_coach_and_a_file_is_read_to_its_end() -> None:
    live = _run(FakeSource(frames=120), coach=FakeCoach(finish_at_s=1.0), live=True)
    assert live.frames == 30 + 30 + 1
    assert not live.interrupted
    assert _run(FakeSource(frames=120), coach=FakeCoach(finish_at_s=1.0)).frames == 120


def test_a_coach_that_fails_at_the_end_costs_only_its_last_word() -> None:
    sink = Recorder()
    outcome = _run(FakeSource(), sink, coach=FakeCoach(break_at_end=True))
    assert sink.endings[0].verdict is None
    assert len(outcome.failures) == 1


def test_no_frame_at_all() -> None:
    sink = Recorder()
    outcome = _run(FakeSource(frames=0), sink)
    assert outcome.frames == 0
    assert sink.endings[0].verdict is None
    assert sink.closed == 1
