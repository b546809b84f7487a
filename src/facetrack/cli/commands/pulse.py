"""facetrack pulse: the pulse at rest, as a tempo for the massage."""

import contextlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from facetrack.errors import UsageError

if TYPE_CHECKING:
    from facetrack.app.shutdown import StopSignal
    from facetrack.capture import FrameSource
    from facetrack.signal.pulse.estimate import PulseReading

LONGEST_S: Final = 45.0
"""Longest measurement at a camera, interruptions included."""


def pulse(
    video: Annotated[Path | None, typer.Option("--video", metavar="FILE", help="A recording instead of the camera.")] = None,
    json_out: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
    camera: Annotated[str | None, typer.Option(metavar="ID", help="A camera's number, id or name. Default: the first.")] = None,
) -> None:
    """Measure your pulse at rest from your face, in 15 to 20 seconds.

    Look at the camera, hands off your face, hold still, with even light. A cue for the tempo of your massage, not a medical
    reading; where the picture does not show it clearly there is no reading, and the reason is said. Keeps nothing.
    """
    if camera is not None and video is not None:
        raise UsageError("--camera and --video exclude each other.")

    from facetrack.app.shutdown import INTERRUPTED, stop_on_signals
    from facetrack.cli.console import print_message
    from facetrack.cli.pulse_text import pulse_document, pulse_words

    source = _source(camera, video)
    with stop_on_signals() as stop:
        reading = _watched(source, stop, live=video is None)
    if stop() and reading.reason is not None:
        print_message("Interrupted before there was a reading.")
        raise typer.Exit(INTERRUPTED)
    typer.echo(json.dumps(pulse_document(reading, _named(source))) if json_out else pulse_words(reading))
    if source.corruption is not None and reading.reason is not None:
        from facetrack.errors import DamagedInputError

        raise DamagedInputError(f"{source.info.name} is {source.corruption}. What was read was looked at.")


def _source(camera: str | None, video: Path | None) -> "FrameSource":
    from facetrack.app.settings import read_settings
    from facetrack.capture import CameraSource, VideoSource, find_camera
    from facetrack.cli.console import print_message

    if video is not None:
        return VideoSource(video)
    source = CameraSource(find_camera(camera or read_settings().camera), notify=print_message)
    print_message("Look at the camera, hands off your face, and hold still for 20 seconds. Ctrl-C ends.")
    return source


def _watched(source: "FrameSource", stop: "StopSignal", live: bool) -> "PulseReading":
    from facetrack.cli.progress import ProgressBar, fetch_missing_models
    from facetrack.pulse import PulseWatch
    from facetrack.signal.pulse.estimate import MOST_S
    from facetrack.tracking import Tracker

    fetch_missing_models()
    watch = PulseWatch()
    with contextlib.closing(source), Tracker() as tracker, ProgressBar("Measuring") as bar:
        stop.defer(source.close)
        for frame in source.frames():
            watch.update(frame.image_bgr, tracker.update(frame))
            if stop() or watch.reading is not None or (live and frame.t_s > LONGEST_S):
                break
            bar.reached(watch.seconds, MOST_S)
    return watch.finish()


def _named(source: "FrameSource") -> dict[str, str]:
    return {"kind": source.info.kind, "name": source.info.name}
