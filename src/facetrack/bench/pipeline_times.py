"""Times every part of the live pipeline on the mannequin's frames, beside the inference on the same frames."""

import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from facetrack.bench.footage import REPEATED_FRAMES, ROUTINE, STEP, WARM_UP_FRAMES, Footage, Image, mannequin, session_identity
from facetrack.bench.inference import COMPARING, DETECTING, PUBLIC_READING, READING, SerialInference
from facetrack.bench.stopwatch import Stopwatch
from facetrack.overlay import Overlay
from facetrack.packets import Float, Frame, Observation
from facetrack.pipeline.judge import Judge
from facetrack.routine import load_routine
from facetrack.session import SessionRecorder
from facetrack.tracking import ensure_models

GEOMETRY: Final = "geometry"
"""Name of the part that maps the face."""
COACH: Final = "coach"
"""Name of the part that judges."""
OVERLAY: Final = "overlay"
"""Name of the part that draws."""
SESSION: Final = "session"
"""Name of the part that writes the journal and updates the figures."""


@dataclass(frozen=True, slots=True)
class PipelineTimes:
    """Times of the counted frames."""

    watch: Stopwatch  # laps of the counted frames
    uses_structs: bool  # as ``SerialInference.uses_structs``
    warm_reading_gain: float | None  # as ``SerialInference.warm_reading_gain``
    observations: list[Observation]  # what the landmarkers saw, in all frames
    frames_with_hands: int  # number of counted frames in which a hand was seen
    footage: Footage  # the first frames, for further measurements

    def inference_s(self, cpu: bool = False) -> Float:
        """Return the seconds (frames,) inside the two landmarkers' native code."""
        of = self.watch.cpu_s if cpu else self.watch.wall_s
        inside: Float = of(DETECTING) - of(READING, PUBLIC_READING, COMPARING)
        return inside

    def frame_s(self) -> Float:
        """Return the wall seconds (frames,) that a live frame takes, one part after the other."""
        whole: Float = self.inference_s() + self.watch.wall_s(READING, GEOMETRY, COACH, OVERLAY, SESSION)
        return whole


def time_pipeline(frames: int, progress: Callable[[int, int], None] = lambda _done, _all: None) -> PipelineTimes:
    """Time that many frames after the warm-up. Raises FacetrackError if the models can't be loaded.

    All parts run in turn on each frame, so that other load on the machine affects them alike. Drawing the mannequin is not
    timed.
    """
    needed = frames + WARM_UP_FRAMES
    source, images = mannequin(frames), list[Image]()
    with tempfile.TemporaryDirectory(prefix="facetrack-bench-") as folder, closing(_TimedPipeline(Path(folder))) as line:
        for number, frame in zip(range(needed), source.frames(), strict=False):
            line.take(frame)
            if number < WARM_UP_FRAMES + REPEATED_FRAMES:
                images.append(frame.image_bgr)
            if number < WARM_UP_FRAMES:
                line.watch.forget()
            else:
                line.watch.lap()
            progress(number + 1, needed)
    counted = line.observations[WARM_UP_FRAMES:]
    with_hands = sum(bool(observation.hand_seen.any()) for observation in counted)
    inference = line.inference
    return PipelineTimes(
        line.watch, inference.uses_structs, inference.warm_reading_gain, line.observations, with_hands, Footage(images)
    )


class _TimedPipeline:
    """Runs the pipeline's parts one after the other on each frame and times each of them."""

    def __init__(self, folder: Path) -> None:
        """Prepare the parts. folder: for the session."""
        self._routine = load_routine(ROUTINE)
        self.watch = Stopwatch()
        self.inference = SerialInference(ensure_models(), self.watch)
        self.observations: list[Observation] = []
        self._judge, self._overlay = Judge.for_routine(self._routine, step=STEP), Overlay()
        self._recorder = SessionRecorder(session_identity(self._routine), folder)

    def take(self, frame: Frame) -> None:
        time = self.watch.time
        observation = self.inference.update(frame)
        self.observations.append(observation)
        points, projection = time(GEOMETRY, self._judge.locate, observation)
        verdict = time(COACH, self._judge.coach.update, points)
        time(OVERLAY, self._overlay.draw, frame, observation, points, projection, verdict, self._routine)
        time(SESSION, self._recorder.take, points, verdict)

    def close(self) -> None:
        self._recorder.close()
        self.inference.close()
