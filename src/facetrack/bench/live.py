"""Times the whole live pipeline on footage, beside a loop that only runs the two landmarkers one after the other."""

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from facetrack.bench.footage import ROUTINE, STEP, WARM_UP_FRAMES, Footage, FootageSource, session_identity
from facetrack.capture.source import FrameSource
from facetrack.coach import CoachOptions, LiveCoach
from facetrack.overlay import Overlay, OverlayRenderer
from facetrack.packets import Float, Frame
from facetrack.pipeline.judge import Judge
from facetrack.pipeline.pipeline import Pipeline
from facetrack.pipeline.sinks import FrameResult, RunEnd, Sink
from facetrack.routine import load_routine
from facetrack.session import SessionRecorder, SessionSink
from facetrack.system.cores import usable_cores
from facetrack.tracking import Tracker
from facetrack.tracking.mediapipe.reference_loop import PublicLandmarkers

ROUNDS: Final = 3
"""How often each loop is run, in turn, so that other load on the machine affects them alike."""
MOST_FRAMES: Final = 150
"""Most frames of a round."""


@dataclass(frozen=True, slots=True)
class LoopTimes:
    """Times of a loop."""

    captured_s: Float  # (N,) when each counted frame was captured
    drawn_s: Float  # (N,) when each counted frame was drawn, on the same clock
    cpu_s: float  # processor seconds of all the process's threads while the counted frames ran

    @staticmethod
    def of(captured_s: list[float], drawn_s: list[float], cpu_s: float) -> "LoopTimes":
        return LoopTimes(np.array(captured_s), np.array(drawn_s), cpu_s)

    @property
    def age_s(self) -> Float:
        age: Float = self.drawn_s - self.captured_s
        return age

    @property
    def period_s(self) -> Float:
        return np.diff(self.drawn_s)

    @property
    def cores(self) -> float:
        """Number of cores kept busy."""
        return self.cpu_s / float(self.drawn_s[-1] - self.drawn_s[0])


class DrawnSink:
    """Draws as the window does, and notes when that is done. counted: number of the first frame that counts."""

    name = "The picture"

    def __init__(self, picture: OverlayRenderer, counted: int = WARM_UP_FRAMES) -> None:
        self._picture, self._counted = picture, counted
        self.results = 0
        self.drawn_s: list[float] = []
        self.indices: list[int] = []
        self._cpu_s = 0.0
        self.cpu_s = 0.0

    def on_frame(self, result: FrameResult) -> None:
        self._picture.render(result)
        self.results += 1
        if result.frame.index < self._counted:
            self._cpu_s = time.process_time()
            return
        self.drawn_s.append(time.perf_counter())
        self.indices.append(result.frame.index)
        self.cpu_s = time.process_time() - self._cpu_s

    def finish(self, end: RunEnd) -> None:
        pass

    def close(self) -> None:
        pass


def run_pipeline(source: FrameSource, tracker: Any, drawn: DrawnSink, folder: Path, *more: Sink) -> None:
    """Run tracker, geometry, coach, journal and picture to the source's end. Raises what broke it.

    more: sinks after these.
    """
    routine = load_routine(ROUTINE)
    recorder = SessionRecorder(session_identity(routine), folder)
    coach = LiveCoach(routine, CoachOptions(step_id=STEP))
    with tracker:
        outcome = Pipeline(source, tracker, Judge(coach), [drawn, SessionSink(recorder), *more], live=True).run()
    if outcome.error is not None:
        raise outcome.error
    if outcome.failures:
        raise RuntimeError("; ".join(outcome.failures))


def live_pipeline(footage: Footage, frames: int, threads: int | None = None) -> LoopTimes:
    """Run that many frames after the warm-up, as fast as possible."""
    drawn, source = (
        DrawnSink(OverlayRenderer(Overlay(), load_routine(ROUTINE)), WARM_UP_FRAMES),
        FootageSource(footage, WARM_UP_FRAMES + frames),
    )
    with tempfile.TemporaryDirectory(prefix="facetrack-bench-") as folder:
        run_pipeline(source, Tracker(threads=threads), drawn, Path(folder))
    return LoopTimes.of(source.captured_s[WARM_UP_FRAMES:], drawn.drawn_s, drawn.cpu_s)


def serial_inference(footage: Footage, frames: int) -> LoopTimes:
    """Run only the two landmarkers, in MediaPipe's public way, and discard what they find."""
    landmarkers = PublicLandmarkers()
    try:
        return timed(footage, frames, landmarkers.detect)
    finally:
        landmarkers.close()


def timed(footage: Footage, frames: int, take: Callable[[Frame], object]) -> LoopTimes:
    """Time a loop that takes one frame after the other, as fast as possible; the first ones warm it up and are not counted."""
    captured_s, done_s = [], []
    cpu_s = 0.0
    for frame in FootageSource(footage, WARM_UP_FRAMES + frames).frames():
        began_s = time.perf_counter()
        take(frame)
        if frame.index < WARM_UP_FRAMES:
            cpu_s = time.process_time()
            continue
        captured_s.append(began_s)
        done_s.append(time.perf_counter())
    return LoopTimes.of(captured_s, done_s, time.process_time() - cpu_s)


def beside_serial(footage: Footage, frames: int) -> dict[str, Any]:
    """Return, as JSON values, the live pipeline and serial inference alone, each on that many frames (at most MOST_FRAMES)."""
    frames = max(min(frames, MOST_FRAMES), 2)
    loops = {"serial": lambda: serial_inference(footage, frames), "line": lambda: live_pipeline(footage, frames)}
    measured = rounds(loops, 1)
    serial, line = measured["serial"], measured["line"]
    return {
        "two_threads": usable_cores() > 1,
        "frames_per_s": 1e3 / line["period_ms"],
        "latency_ms": line["age_ms"],
        "cores": line["cores"],
        "throughput_over_serial_inference": serial["period_ms"] / line["period_ms"],
        "latency_over_serial_inference": line["age_ms"] / serial["age_ms"],
    }


def rounds(loops: dict[str, Callable[[], LoopTimes]], count: int = ROUNDS) -> dict[str, dict[str, float]]:
    """Return each loop's median period and age (ms) and the cores that it keeps busy, over all rounds."""
    made: dict[str, list[LoopTimes]] = {name: [] for name in loops}
    for _ in range(count):
        for name, loop in loops.items():
            made[name].append(loop())
    return {
        name: {
            "period_ms": 1e3 * float(np.median(np.concatenate([one.period_s for one in times]))),
            "age_ms": 1e3 * float(np.median(np.concatenate([one.age_s for one in times]))),
            "age_p95_ms": 1e3 * float(np.percentile(np.concatenate([one.age_s for one in times]), 95)),
            "cores": float(np.median([one.cores for one in times])),
        }
        for name, times in made.items()
    }
