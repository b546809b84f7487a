"""python -m benchmarks.live.memory: whether memory stays flat over an hour's frames. Takes ten minutes: on demand only.

Everything but MediaPipe is given 108,000 observations of a moving face and two hands; a shorter run has MediaPipe in it.
"""

import argparse
import gc
import json
import resource
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np

from facetrack.bench.footage import FPS, ROUTINE, WARM_UP_FRAMES, Footage, FootageSource, Image
from facetrack.bench.live import DrawnSink, run_pipeline
from facetrack.capture.source import SourceInfo
from facetrack.overlay import Overlay, OverlayRenderer
from facetrack.packets import Frame, Observation
from facetrack.pipeline.sinks import FrameResult
from facetrack.routine import load_routine
from facetrack.tracking import Tracker

FRAMES: Final = 108_000
TRACKED_FRAMES: Final = 2_500
LOOKS: Final = 90


def resident_mb() -> float:
    """Memory that the process holds now."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text().split()[1]) * resource.getpagesize() / 2**20
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10  # elsewhere only the most that it ever held


class Seen:
    """Stands for the tracker: observations made before, with fresh noise, so that no two are the same."""

    model_hashes: Final[dict[str, str]] = {}
    spare_s: Final = 0.0

    def __init__(self, observations: list[Observation]) -> None:
        self._observations = observations
        self._rng = np.random.default_rng(1)

    def update(self, frame: Frame, _following: Any) -> Observation:
        count = len(self._observations)
        turn, place = divmod(frame.index, count)
        seen = self._observations[count - 1 - place if turn % 2 else place]
        move = self._rng.normal(0.0, 0.3, (1, 3))
        return Observation(frame.t_s, seen.size_wh, seen.face_px + move, seen.hands_px + move)

    def close(self) -> None:
        pass

    def __enter__(self) -> "Seen":
        return self

    def __exit__(self, *_: object) -> None:
        pass


class Still:
    """The same picture again and again, as a ``FrameSource``."""

    frames_dropped = 0
    corruption = None
    frame_available = True

    def __init__(self, image: Image, frames: int) -> None:
        self._image, self._frames = image, frames
        self.info = SourceInfo("mannequin", "memory", (image.shape[1], image.shape[0]), FPS, None)

    def frames(self) -> Iterator[Frame]:
        for number in range(self._frames):
            yield Frame(self._image, number / FPS, number)

    def close(self) -> None:
        pass


class WeighingSink(DrawnSink):
    """Draws, keeps no times, and weighs the process now and then."""

    def __init__(self, every: int) -> None:
        super().__init__(OverlayRenderer(Overlay(), load_routine(ROUTINE)), counted=2**62)
        self._every = every
        self.weights_mb: list[float] = []

    def on_frame(self, result: FrameResult) -> None:
        super().on_frame(result)
        if self.results % self._every == 0:
            gc.collect()
            self.weights_mb.append(resident_mb())


def growth(weights_mb: list[float]) -> dict[str, float]:
    """From the settled beginning (a tenth) to the end (the last tenth), medians."""
    tenth = max(len(weights_mb) // 10, 1)
    begin = float(np.median(weights_mb[tenth : 2 * tenth]))
    end = float(np.median(weights_mb[-tenth:]))
    return {"begin_mb": begin, "end_mb": end, "most_mb": max(weights_mb), "growth": end / begin - 1.0}


def observations(footage: Footage) -> list[Observation]:
    """What the tracker sees in the footage's work."""
    source = FootageSource(footage, WARM_UP_FRAMES + 90)
    with Tracker() as tracker:
        seen = [tracker.update(frame) for frame in source.frames()]
    return seen[WARM_UP_FRAMES:]


def weighed(source: Any, tracker: Any, frames: int) -> dict[str, float]:
    sink = WeighingSink(max(frames // LOOKS, 1))
    with tempfile.TemporaryDirectory(prefix="facetrack-bench-") as folder:
        run_pipeline(source, tracker, sink, Path(folder))
    return {"frames": frames, **growth(sink.weights_mb)}


def without_mediapipe(frames: int) -> dict[str, float]:
    footage = Footage.rendered()
    seen, image = Seen(observations(footage)), footage.image(WARM_UP_FRAMES).copy()
    del footage  # what it holds would make all growth look small
    return weighed(Still(image, frames), seen, frames)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.live.memory", description=__doc__)
    parser.add_argument("--frames", type=int, default=FRAMES, help="without MediaPipe")
    parser.add_argument("--tracked", type=int, default=TRACKED_FRAMES, help="with it")
    parser.add_argument("--json", type=Path, metavar="FILE", default=Path("benchmarks/results/memory.json"))
    given = parser.parse_args()
    told = {"without_mediapipe": without_mediapipe(given.frames)}
    print(json.dumps(told), flush=True)
    told["with_mediapipe"] = weighed(FootageSource(Footage.rendered(), given.tracked), Tracker(), given.tracked)
    print(json.dumps(told))
    given.json.parent.mkdir(parents=True, exist_ok=True)
    given.json.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
