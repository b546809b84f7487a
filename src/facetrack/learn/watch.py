"""Watches a recording or a camera: where the hands are on the face, frame by frame, once the face is known."""

import contextlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from facetrack.app.shutdown import StopSignal
from facetrack.capture import FrameSource, open_video
from facetrack.learn.showing import Showing
from facetrack.learn.step import LearningError
from facetrack.pipeline.judge import Judge
from facetrack.pipeline.sinks import Sink
from facetrack.routine import load_routine

if TYPE_CHECKING:
    from facetrack.app.notify import Notifier

LEAST_RECORDING_S: Final = 4.0
"""A shorter recording has no step in it."""
MOST_DOUBTED: Final = 0.5
"""A recording of which a larger share is doubted shows nothing that could be learnt."""


def watch_recording(path: Path, notify: Callable[[str], None]) -> tuple[Showing, str | None]:
    """Watch a recording; also return what is damaged in it. Raises LearningError where nothing can be learnt from it."""
    showing = Showing()
    corruption = _run(open_video(path), showing, StopSignal(), notify, live=False)
    problem = _problem(showing)
    if problem is not None:
        raise LearningError(f"{path}: {problem}, so nothing can be learnt, and no file was written.")
    return showing, corruption


def _problem(showing: Showing) -> str | None:
    """Say why a recording can't be learnt from; None where it may be."""
    doubted = {doubt: count / max(showing.frames, 1) for doubt, count in showing.doubts.items()}
    if doubted.get("repeated", 0.0) > MOST_DOUBTED:
        return "the picture stands still"
    if not showing.face_seen:
        return "no face is to be seen in it"
    if doubted.get("person", 0.0) > MOST_DOUBTED:
        return "two people are in the picture, and whose hands work can't be told"
    if showing.last_s < LEAST_RECORDING_S:
        return "it is too short (begin with two seconds without hands, then show the step three times)"
    if not any(frames for step in showing.steps for frames in step):
        return "the face could not be learnt (begin with two seconds without hands)"
    return None


def watch_camera(source: FrameSource, stop: StopSignal, notify: "Notifier") -> Showing:
    """Watch somebody at a camera, with a window and a voice as far as there are any, until all has been shown."""
    showing = Showing()
    with contextlib.ExitStack() as resources:
        resources.callback(stop.end_deferral)
        sinks = _outputs(source, showing, notify, resources)
        stop.defer(source.close)
        _run(source, showing, stop, notify, sinks, live=True)
    return showing


def _run(
    source: FrameSource,
    showing: Showing,
    stop: StopSignal,
    notify: Callable[[str], None],
    sinks: Sequence[Sink] = (),
    *,
    live: bool,
) -> str | None:
    """Drive the source's frames through tracker and mapper into ``showing``. Returns what is damaged in the source."""
    from facetrack.inspection.inspection import Inspection
    from facetrack.inspection.upright import UprightSource
    from facetrack.pipeline.pipeline import Pipeline
    from facetrack.tracking import Tracker

    with contextlib.closing(source), Tracker() as tracker:
        inspection = Inspection(source.info.kind)
        upright = UprightSource(source, tracker.find_face, inspection.say)
        judge = Judge.for_routine(load_routine("fascia"))  # its coach rests: nothing is judged
        outcome = Pipeline(
            upright, tracker, judge, sinks, stop=stop, notify=notify, live=live, flow=showing, inspection=inspection
        ).run()
    if outcome.error is not None:
        raise outcome.error
    return outcome.corruption


def _outputs(source: FrameSource, showing: Showing, notify: "Notifier", resources: contextlib.ExitStack) -> list[Sink]:
    from facetrack.app.outputs import TerminalCueSink
    from facetrack.cues import CueSink, SpeakingProcess
    from facetrack.overlay import Overlay, OverlayRenderer, Window, WindowSink, display_missing

    sinks: list[Sink] = []
    missing = display_missing()
    if missing is None:
        window = Window()
        resources.callback(window.close)
        shown = WindowSink(OverlayRenderer(Overlay(), load_routine("fascia")), window, source.close, showing.key)
        notify.listeners.append(shown.notice)
        sinks.append(shown)
    else:
        notify(f"No window: {missing}. Continuing without one.")
    speaker = SpeakingProcess("en")
    if speaker.found.anything:
        resources.callback(speaker.close)
        sinks.append(CueSink(speaker))
    if missing is not None and speaker.found.voice is None:
        sinks.append(TerminalCueSink(notify.cue))
    return sinks
