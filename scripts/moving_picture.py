"""Makes docs/pictures/correction.webp, the README's moving picture, from the repository's top:

    python -m scripts.moving_picture [FILE]

The mannequin strokes its cheeks, for a while the wrong way. Everything drawn over it is what a live session shows: the real
tracker, coach and overlay work on the rendered frames.
"""

import argparse
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from facetrack.coach import CoachOptions, LiveCoach
from facetrack.flow import FlowOptions, SessionFlow
from facetrack.mannequin import Camera, MannequinSource, Mistake, Performance, Scene, Style, perform
from facetrack.overlay import Overlay, OverlayRenderer
from facetrack.pipeline.judge import Judge
from facetrack.pipeline.pipeline import Pipeline
from facetrack.pipeline.sinks import FrameResult, RunEnd
from facetrack.routine import load_routine
from facetrack.tracking import Tracker

ROUTINE, STEP = "fascia", "cheeks"
TARGET = Path("docs/pictures/correction.webp")
MOST_BYTES = 1_000_000
"""A README that takes longer to load than to read helps nobody."""
FPS, KEPT_EVERY = 20.0, 2
"""Frames that the tracker sees in a second, and which of them the picture keeps."""
MISTAKE_S = (8.0, 12.5)
"""When the mannequin strokes the wrong way: from the first repetition that begins in this time to the last."""
BEFORE_S, AFTER_S = 3.5, 2.5
"""How much right work is shown before the mistake's correction appears and after it has gone."""
SIZE = (560, 420)
QUALITY = 70


@dataclass
class Film:
    """A sink that keeps the annotated picture of every frame, and whether a correction stood in it."""

    picture: OverlayRenderer
    name: str = "The film"
    times_s: list[float] = field(default_factory=list)
    corrected: list[bool] = field(default_factory=list)
    frames: list[NDArray[np.uint8]] = field(default_factory=list)

    def on_frame(self, result: FrameResult) -> None:
        self.times_s.append(result.frame.t_s)
        self.corrected.append(result.verdict.shown is not None)
        self.frames.append(cv2.resize(self.picture.render(result), SIZE, interpolation=cv2.INTER_AREA).astype(np.uint8))

    def finish(self, end: RunEnd) -> None:
        """Nothing is left to do at the end."""

    def close(self) -> None:
        """Nothing is open."""

    def around_correction(self) -> list[NDArray[np.uint8]]:
        """The kept frames from before the correction to after it; raises SystemExit where there was none."""
        shown = np.flatnonzero(self.corrected)
        if not len(shown):
            raise SystemExit("No correction was shown: there is nothing to make a picture of.")
        times = np.array(self.times_s)
        wanted = (times >= times[shown[0]] - BEFORE_S) & (times <= times[shown[-1]] + AFTER_S)
        return [self.frames[index] for index in np.flatnonzero(wanted)[::KEPT_EVERY]]


def performance() -> Performance:
    """Both cheeks at once, with one mistake."""
    mistake = Mistake("direction", "both", *MISTAKE_S)
    style = Style(order="together", variation=0.3)
    return perform(load_routine(ROUTINE).step(STEP), (mistake,), style, neutral_s=2.5, repetitions=6)


def film() -> Film:
    """The performance as a live session would show it."""
    routine = load_routine(ROUTINE)
    source = MannequinSource(performance(), Scene(camera=Camera(fov_deg=44.0)), fps=FPS)
    judge = Judge(LiveCoach(routine, CoachOptions(step_id=STEP)))
    flow = SessionFlow(routine, (routine.step(STEP),), FlowOptions(waits=False, known=frozenset({STEP})))
    made = Film(OverlayRenderer(Overlay(), routine))
    with Tracker() as tracker:
        outcome = Pipeline(source, tracker, judge, [made], flow=flow).run()
    if outcome.error is not None:
        raise outcome.error
    return made


def write_animation(frames: list[NDArray[np.uint8]], path: Path) -> None:
    """As an endless animation; raises SystemExit where it is larger than MOST_BYTES."""
    animation = cv2.Animation()
    animation.frames = frames
    animation.durations = [round(1000 * KEPT_EVERY / FPS)] * len(frames)
    animation.loop_count = 0
    cv2.imwriteanimation(str(path), animation, [cv2.IMWRITE_WEBP_QUALITY, QUALITY])
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise SystemExit(f"{path} has {size} bytes, more than {MOST_BYTES}: lower QUALITY or SIZE.")
    print(f"{path}: {len(frames)} frames, {size} bytes")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, nargs="?", default=TARGET, help=f"where to write it; {TARGET}")
    write_animation(film().around_correction(), parser.parse_args().file)


if __name__ == "__main__":
    main()
