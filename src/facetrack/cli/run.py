"""facetrack run: live coaching at the webcam, or on a recording as if it were one."""

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from facetrack.cli.options import DEFAULT_ROUTINE, SessionOptions, routine_with, with_session_options
from facetrack.cli.words import Teller, say
from facetrack.errors import FacetrackError, UsageError

if TYPE_CHECKING:
    from facetrack.capture import FrameSource
    from facetrack.cli.preferences import Preferences
    from facetrack.flow import FlowOptions
    from facetrack.routine.compiled import CompiledRoutine


@with_session_options
def run(
    routine: Annotated[str, typer.Argument(metavar="ROUTINE", help="A routine's id or file.")] = DEFAULT_ROUTINE,
    camera: Annotated[str | None, typer.Option(metavar="ID", help="A camera's number, id or name. Default: the first.")] = None,
    video: Annotated[Path | None, typer.Option(metavar="FILE", help="A recording instead of a camera, in real time.")] = None,
    *,
    options: SessionOptions,
) -> None:
    """Coach a massage live, at the webcam.

    No key is needed from start to end. Any key pauses and goes on, as do both open palms beside the face; H shows the other
    keys. Ends with the routine, with q or Esc in the window, or with Ctrl-C.
    """
    if camera is not None and video is not None:
        raise UsageError("--camera and --video exclude each other.")
    options.check()
    chosen = routine_with(routine, options.named_steps)

    from facetrack.cli.preferences import read_preferences

    preferences = read_preferences()
    missing = window_missing(options.headless)
    window = missing is None
    if video is None:
        _before_live(chosen, options.yes, window)
    tell = Teller()
    source = _source(camera or preferences.camera, video, options, tell)
    say_without_window(missing)

    from facetrack.cli.line import Wish, conduct
    from facetrack.cli.stopping import stopping
    from facetrack.cli.summary import print_summary
    from facetrack.system.awake import kept_awake

    with stopping() as stop:
        wish = Wish(
            routine=chosen,
            folder=options.out,
            history=not options.no_save and not options.guide_only,
            step=options.step,
            again=options.repeated,
            labels=options.labels,
            window=window,
            video=options.record,
            mirrored=not options.no_mirror,
            live=True,
            flow=_flow(chosen, options, preferences, window, source),
            voice=preferences.voice if options.voice is None else options.voice,
            guide=options.guide_only,
            remember=not options.no_save,
            routine_name=routine,
        )
        with kept_awake(source.info.kind == "camera"):
            done = conduct(source, wish, stop, started=_say_started, tell=tell)
        if done.document is not None and not options.guide_only:
            print_summary(done.document, done.folder)
    raise typer.Exit(done.exit_code())


def _flow(
    routine: "CompiledRoutine", options: SessionOptions, preferences: "Preferences", window: bool, source: "FrameSource"
) -> "FlowOptions":
    """A recording can't be waited for; a guided session without a camera can, and needs no framing."""
    from facetrack.capture import BlankSource
    from facetrack.cli.live import concerned_steps
    from facetrack.cli.remembered import known_steps, safety_read_today
    from facetrack.flow import FlowOptions

    blank = isinstance(source, BlankSource)
    return FlowOptions(
        waits=source.info.kind == "camera",
        safety=window and not options.yes and not safety_read_today(routine.id),
        judging=not options.guide_only,
        camera=not blank,
        measure_pulse=options.measure_pulse,
        bpm=math.nan if options.bpm is None else options.bpm,
        known=known_steps(routine.id),
        concern=concerned_steps(routine, preferences.areas_of_concern),
    )


def _before_live(routine: "CompiledRoutine", yes: bool, window: bool) -> None:
    """How often to massage, where the history says that it was more; then, where no window shows it, the safety page."""
    from facetrack.cli.remembered import remember_safety, safety_read_today
    from facetrack.cli.safety import say_schedule, show_safety_page

    say_schedule()
    if not yes and not window and not safety_read_today(routine.id) and show_safety_page(routine):
        remember_safety(routine.id)


def window_missing(headless: bool) -> str | None:
    """Why there is no window: because none is wanted (""), or, in words, because there can be none. None: there is one."""
    if headless:
        return ""
    from facetrack.overlay import display_missing

    return display_missing()


def say_without_window(missing: str | None) -> None:
    """In one line, where a window was wanted."""
    if missing:
        say(f"No window: {missing}. Going on without one (--headless says that this is meant).")


def _source(camera: str | None, video: Path | None, options: SessionOptions, tell: Teller) -> "FrameSource":
    from facetrack.capture import BlankSource, CameraSource, FlippedSource, VideoSource, find_camera

    source: FrameSource
    if video is not None:
        source = VideoSource(video, paced=True)
    else:
        try:
            source = CameraSource(find_camera(camera), notify=tell)
        except FacetrackError as error:
            if not options.guide_only:
                raise
            say(f"{error} The guide goes without one.")
            return BlankSource()
    return FlippedSource(source) if options.input_mirrored else source


def _say_started(session: str, folder: Path | None) -> None:
    say(f"Session {session} started{f' in {folder}' if folder else '; nothing of it is kept'}. Ctrl-C ends it.")
