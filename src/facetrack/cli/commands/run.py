"""facetrack run: live coaching at the webcam, or on a recording as if it were one."""

import contextlib
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from facetrack.cli.console import console_notifier, exit_status, print_message
from facetrack.cli.options import DEFAULT_ROUTINE, SessionOptions, with_session_options
from facetrack.errors import FacetrackError, UsageError

if TYPE_CHECKING:
    from facetrack.app.notify import Notifier
    from facetrack.app.session_config import SessionConfig
    from facetrack.app.settings import Settings
    from facetrack.capture import FrameSource
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

    No key is needed from start to end. The space bar pauses and resumes, as do both open palms beside the face; H shows the
    other keys. Ends with the routine, with q or Esc in the window, or with Ctrl-C.
    """
    if camera is not None and video is not None:
        raise UsageError("--camera and --video exclude each other.")
    options.check()

    from facetrack.app.settings import read_settings
    from facetrack.routine.library import routine_with
    from facetrack.session.own_files import check_session_folder

    chosen = options.fitted(routine_with(routine, options.named_steps))
    inputs = tuple(Path(one) for one in (video, routine) if one)
    if options.out is not None:
        check_session_folder(options.out, inputs)
    settings = read_settings()
    missing = reason_for_no_window(options.headless)
    window = missing is None
    _look_before_writing(options)
    notify = console_notifier()
    source = _source(camera or settings.camera, video, options, notify)
    if video is None:  # only now: without a camera nobody need be told how to massage
        _before_live(chosen, options.yes, window)
    report_missing_window(missing)

    from facetrack.app.session_runner import run_session
    from facetrack.app.shutdown import stop_on_signals
    from facetrack.cli.progress import fetch_missing_models
    from facetrack.cli.summary import print_summary
    from facetrack.system.awake import kept_awake

    config = _config(chosen, routine, options, settings, window, source, inputs)
    with stop_on_signals() as stop:
        with contextlib.suppress(FacetrackError) if options.guide_only else contextlib.nullcontext():  # a guide needs none
            fetch_missing_models()
        with kept_awake(source.info.kind == "camera"):
            result = run_session(config, source, notify=notify, stop=stop, on_start=_report_start)
        if result.document is not None and not options.guide_only:
            print_summary(result.document, result.folder, result.message)
        if result.report_wanted and result.folder is not None:
            _open_report(result.folder)
        elif result.document is not None and result.folder is not None:
            which = "" if options.out is None else f" {shlex.quote(str(options.out))}"
            typer.echo(f"Its report: facetrack report --open{which}")
    raise typer.Exit(exit_status(result))


def _open_report(folder: Path) -> None:
    from facetrack.cli.commands.report import open_in_browser
    from facetrack.report import write_report

    path = write_report(folder)
    typer.echo(f"Report: {path}")
    open_in_browser(path)


def _config(
    routine: "CompiledRoutine",
    routine_name: str,
    options: SessionOptions,
    settings: "Settings",
    window: bool,
    source: "FrameSource",
    inputs: tuple[Path, ...],
) -> "SessionConfig":
    from facetrack.app.session_config import JudgingConfig, PresentationConfig, SessionConfig, StorageConfig

    return SessionConfig(
        JudgingConfig(routine, options.step, options.repeated, options.guide_only),
        StorageConfig(
            folder=options.out,
            history=not options.no_save and not options.guide_only,
            video=options.record,
            landmarks=options.keep_landmarks,
            labels=options.labels,
            remember_user=not options.no_save,
            inputs=inputs,
        ),
        PresentationConfig(
            window=window,
            mirrored=not options.no_mirror,
            voice=settings.voice if options.voice is None else options.voice,
            flow=_flow(routine, options, settings, window, source),
            routine_name=routine_name,
        ),
        live=True,
    )


def _flow(
    routine: "CompiledRoutine", options: SessionOptions, settings: "Settings", window: bool, source: "FrameSource"
) -> "FlowOptions":
    """Choose pages and pauses: a recording can't be waited for; a guided session without a camera needs no framing."""
    from facetrack.app.interaction import steps_of_concern
    from facetrack.app.user_state import concern, known_steps, safety_read_today
    from facetrack.capture import BlankSource
    from facetrack.flow import FlowOptions

    blank = isinstance(source, BlankSource)
    asked = steps_of_concern(routine, settings.areas_of_concern) or concern(routine.id)
    return FlowOptions(
        interactive=source.info.kind == "camera",
        safety=window and not options.yes and not safety_read_today(routine.id),
        judging=not options.guide_only,
        camera=not blank,
        measure_pulse=options.measure_pulse,
        bpm=options.pulse,
        known=known_steps(routine.id),
        concern=asked or (),
        ask_concern=asked is None and not options.guide_only and options.step is None,
    )


def _before_live(routine: "CompiledRoutine", yes: bool, window: bool) -> None:
    """Print how often to massage, where the history shows more; then, where no window shows it, the safety page."""
    from facetrack.app.user_state import mark_safety_read, safety_read_today
    from facetrack.cli.safety import print_schedule_hint, show_safety_page

    print_schedule_hint()
    if not yes and not window and not safety_read_today(routine.id) and show_safety_page(routine):
        mark_safety_read(routine.id)


def _look_before_writing(options: SessionOptions) -> None:
    """Raise FacetrackError if it is plain already that the session can't be kept where it should be."""
    from facetrack.session.files import look_before_writing
    from facetrack.session.folder import sessions_dir

    if options.out is not None:
        look_before_writing(options.out)
    elif not options.no_save and not options.guide_only:
        look_before_writing(sessions_dir())


def reason_for_no_window(headless: bool) -> str | None:
    """Find out why there is no window: "" because none is wanted, words because there can be none; None: there is one."""
    if headless:
        return ""
    from facetrack.overlay import display_missing

    return display_missing()


def report_missing_window(missing: str | None) -> None:
    """Print one line where a window was wanted and there is none."""
    if missing:
        print_message(f"No window: {missing}. Continuing without one (--headless: none is wanted).")


def _source(camera: str | None, video: Path | None, options: SessionOptions, notify: "Notifier") -> "FrameSource":
    from facetrack.capture import BlankSource, CameraSource, FlippedSource, find_camera, open_video

    if video is not None:
        return open_video(video, mirrored=options.input_mirrored, paced=True)
    try:
        source = CameraSource(find_camera(camera), notify=notify)
    except FacetrackError as error:
        if not options.guide_only:
            raise
        print_message(f"{error} Continuing in guide-only mode without a camera.")
        return BlankSource()
    return FlippedSource(source) if options.input_mirrored else source


def _report_start(session: str, folder: Path | None) -> None:
    where = f" in {folder}" if folder else " (not saved)"
    print_message(f"Session {session} started{where}. Ctrl-C ends it.")
