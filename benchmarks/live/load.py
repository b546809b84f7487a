"""From capture to drawn at a camera's pace, and under a load that no machine keeps up with."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.live.camera import filmed_camera
from benchmarks.live.textbook import TextbookLoop, queued
from facetrack.bench.footage import FPS, ROUTINE, WARM_UP_FRAMES, Footage
from facetrack.bench.live import DrawnSink, run_pipeline
from facetrack.capture import CameraSource
from facetrack.overlay import Overlay, OverlayRenderer
from facetrack.packets import Frame, Observation
from facetrack.pipeline.sinks import FrameResult, RunEnd
from facetrack.routine import load_routine
from facetrack.tracking import Tracker

LOAD_S: Final = 2.0 / FPS
"""What a frame takes under load: twice the time between frames."""


class EndSink:
    """Ends the session with the footage."""

    name = "The end"

    def __init__(self, source: CameraSource, last: int) -> None:
        self._source, self._last = source, last

    def on_frame(self, result: FrameResult) -> None:
        if result.frame.index >= self._last:
            self._source.close()

    def finish(self, end: RunEnd) -> None:
        pass

    def close(self) -> None:
        pass


class LoadedTracker:
    """A tracker on a machine so slow that a frame takes LOAD_S in it."""

    def __init__(self, tracker: Tracker) -> None:
        self._tracker = tracker

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tracker, name)

    def update(self, frame: Frame, following: Callable[[], Frame | None]) -> Observation:
        began_s = time.perf_counter()
        observation = self._tracker.update(frame, following)
        time.sleep(max(began_s + LOAD_S - time.perf_counter(), 0.0))
        return observation

    def __enter__(self) -> "LoadedTracker":
        return self

    def __exit__(self, *_: object) -> None:
        self._tracker.close()


class LoadedSink(DrawnSink):
    """Drawing that takes LOAD_S."""

    def on_frame(self, result: FrameResult) -> None:
        time.sleep(LOAD_S)
        super().on_frame(result)


def at_pace(footage: Footage, frames: int, load: str | None = None) -> dict[str, float]:
    """frames: that the camera gives after the warm-up. load: "tracking" or "drawing", which then takes LOAD_S.

    Ages are from the camera's read to the end of drawing. Under load the pipeline is never idle: its period is a frame's time.
    """
    every = WARM_UP_FRAMES + frames
    source, capture = filmed_camera(footage, every)
    picture = OverlayRenderer(Overlay(), load_routine(ROUTINE))
    drawn = (LoadedSink if load == "drawing" else DrawnSink)(picture)
    tracker: Any = LoadedTracker(Tracker()) if load == "tracking" else Tracker()
    with tempfile.TemporaryDirectory(prefix="facetrack-bench-") as folder:
        run_pipeline(source, tracker, drawn, Path(folder), EndSink(source, every - 3))
    captured_s = np.array([capture.captured_s[index] for index in drawn.indices])
    age_s = np.array(drawn.drawn_s) - captured_s
    return {
        "age_ms": 1e3 * float(np.median(age_s)),
        "age_p95_ms": 1e3 * float(np.percentile(age_s, 95)),
        "period_ms": 1e3 * float(np.median(np.diff(drawn.drawn_s))),
        "cores": drawn.cpu_s / (drawn.drawn_s[-1] - drawn.drawn_s[0]),
        "frames_dropped": float(source.frames_dropped),
        "frames_drawn": float(len(drawn.drawn_s)),
    }


def queued_at_pace(footage: Footage, frames: int, load_s: float = 0.0) -> dict[str, float]:
    """The textbook's loop with its queue, on the same frames."""
    every = WARM_UP_FRAMES + frames

    def filmed() -> Any:
        began_s = time.perf_counter()
        for number in range(every):
            image = footage.image(number)
            time.sleep(max(began_s + number / FPS - time.perf_counter(), 0.0))
            yield Frame(image, number / FPS, number), time.perf_counter()

    with tempfile.TemporaryDirectory(prefix="facetrack-bench-") as folder:
        loop = TextbookLoop(Path(folder))

        def take(frame: Frame) -> None:
            began_s = time.perf_counter()
            loop.take(frame)
            time.sleep(max(began_s + load_s - time.perf_counter(), 0.0))

        times = queued(filmed(), take, lambda frame: frame.index >= WARM_UP_FRAMES)
        loop.close()
    return {
        "age_ms": 1e3 * float(np.median(times.age_s)),
        "age_p95_ms": 1e3 * float(np.percentile(times.age_s, 95)),
        "cores": times.cores,
    }
