"""The tracker at work on the next frame while one is judged: when, and that nothing else changes."""

import pytest

from facetrack.capture.prefetcher import Prefetcher
from facetrack.errors import FacetrackError
from facetrack.packets import Frame
from facetrack.pipeline.judge import Judge
from facetrack.pipeline.pipeline import Pipeline, RunResult
from facetrack.pipeline.sinks import FrameResult
from tests.capture.fakes import FakeSource
from tests.test_pipeline import FakeCoach, FakeMapper, FakeTracker, Recorder

LONG_S, NEVER_S = 1e6, -1.0


def _run(source: FakeSource, tracker: FakeTracker, *sinks: Recorder, live: bool) -> RunResult:
    return Pipeline(source, tracker, Judge(FakeCoach(), FakeMapper()), sinks, live=live).run()


class Breaking(FakeSource):
    """Breaks after its frames."""

    def frames(self):
        yield from super().frames()
        raise FacetrackError("The file has gone.")


@pytest.mark.parametrize(("live", "spare_s"), [(False, 0.0), (True, LONG_S)], ids=["file", "live"])
def test_each_frame_is_begun_before_the_one_before_it_is_handed_out(live: bool, spare_s: float) -> None:
    tracker, sink = FakeTracker(spare_s=spare_s), Recorder()
    outcome = _run(FakeSource(frames=5), tracker, sink, live=live)
    assert tracker.begun == [(1, 0), (2, 1), (3, 2), (4, 3)]
    assert tracker.seen == [result.frame.index for result in sink.results] == [0, 1, 2, 3, 4]
    assert outcome.frames == 5


def test_live_it_is_not_where_judging_and_showing_take_longer_than_the_tracker_spares() -> None:
    tracker = FakeTracker(spare_s=NEVER_S)
    _run(FakeSource(frames=5), tracker, live=True)
    assert tracker.begun == []


def test_live_it_waits_for_no_frame() -> None:
    source, tracker, sink = FakeSource(frames=5), FakeTracker(spare_s=LONG_S), Recorder()
    source.frame_available = False
    handed_out: list[tuple[int, int]] = []
    frames = source.frames

    def watched():
        for frame in frames():
            handed_out.append((frame.index, len(sink.results)))
            yield frame

    source.frames = watched  # type: ignore[method-assign]
    _run(source, tracker, sink, live=True)
    assert tracker.begun == []
    assert handed_out == [(n, n) for n in range(5)], "a frame was asked for before the last one was shown"


@pytest.mark.parametrize("live", [False, True])
def test_what_comes_before_a_break_is_judged_first(live: bool) -> None:
    sink = Recorder()
    outcome = _run(Breaking(frames=4), FakeTracker(spare_s=LONG_S), sink, live=live)
    assert [result.frame.index for result in sink.results] == [0, 1, 2, 3]
    assert isinstance(outcome.error, FacetrackError)
    assert not sink.endings[0].complete


def test_a_frame_is_given_once_and_held_alone() -> None:
    frames = Prefetcher(FakeSource(frames=3))
    first, again = frames.peek(), frames.peek()
    assert first is again is frames.next()
    arrived_s = frames.arrived_s
    second = frames.next()
    assert isinstance(second, Frame)
    assert second.index == 1
    assert frames.arrived_s > arrived_s
    assert frames.next() is not None
    assert frames.peek() is frames.next() is None


def test_latency_counts_from_the_frames_arrival() -> None:
    sink = Recorder()
    _run(FakeSource(frames=3), FakeTracker(), sink, live=False)
    results: list[FrameResult] = sink.results
    assert all(result.latency_s > 0.0 for result in results)
