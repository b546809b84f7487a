"""facetrack run: live coaching at the webcam, or on a recording as if it were one."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from facetrack.cli.options import (
    DEFAULT_ROUTINE,
    AgainOption,
    HeadlessOption,
    InputMirroredOption,
    LabelOption,
    NoMirrorOption,
    NoSaveOption,
    OutOption,
    StepOption,
    excluded_by_no_save,
    labels_from,
    routine_with,
    together_with_step,
)
from facetrack.cli.words import Teller, say
from facetrack.errors import UsageError

if TYPE_CHECKING:
    from facetrack.capture import FrameSource
    from facetrack.routine.compiled import CompiledRoutine


def run(
    routine: Annotated[str, typer.Argument(metavar="ROUTINE", help="A routine's id or file.")] = DEFAULT_ROUTINE,
    camera: Annotated[str | None, typer.Option(metavar="ID", help="A camera's number, id or name. Default: the first.")] = None,
    video: Annotated[Path | None, typer.Option(metavar="FILE", help="A recording instead of a camera, in real time.")] = None,
    step: StepOption = None,
    headless: HeadlessOption = False,
    out: OutOption = None,
    again: AgainOption = None,
    record: Annotated[bool, typer.Option("--record", help="Keep the annotated picture as a video.")] = False,
    no_save: NoSaveOption = False,
    no_mirror: NoMirrorOption = False,
    input_mirrored: InputMirroredOption = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Skip the safety page.")] = False,
    label: LabelOption = None,
) -> None:
    """Coach a massage live, at the webcam. Ends with the routine, with q or Esc in the window, or with Ctrl-C."""
    if camera is not None and video is not None:
        raise UsageError("--camera and --video exclude each other.")
    excluded_by_no_save(no_save, out, record)
    together_with_step(step, again)
    labels = labels_from(label)
    chosen = routine_with(routine, [*([step] if step else []), *(again or [])])
    if video is None:
        _before_live(chosen, yes)
    tell = Teller()
    source = _source(camera, video, input_mirrored, tell)

    from facetrack.cli.line import Wish, conduct
    from facetrack.cli.stopping import stopping
    from facetrack.cli.summary import print_summary

    with stopping() as stop:
        wish = Wish(
            routine=chosen,
            folder=out,
            history=not no_save,
            step=step,
            again=tuple(again or ()),
            labels=labels,
            window=window_wanted(headless),
            video=record,
            mirrored=not no_mirror,
            live=True,
        )
        done = conduct(source, wish, stop, started=_say_started, tell=tell)
        if done.document is not None:
            print_summary(done.document, done.folder)
    raise typer.Exit(done.exit_code())


def _before_live(routine: "CompiledRoutine", yes: bool) -> None:
    """How often to massage, where the history says that it was more; then the safety page."""
    from facetrack.cli.safety import say_schedule, show_safety_page

    say_schedule()
    if not yes:
        show_safety_page(routine)


def window_wanted(headless: bool) -> bool:
    """Whether to open a window; says so in one line where there can't be one."""
    if headless:
        return False
    from facetrack.overlay import display_missing

    missing = display_missing()
    if missing:
        say(f"No window: {missing}. Going on without one (--headless says that this is meant).")
    return missing is None


def _source(camera: str | None, video: Path | None, input_mirrored: bool, tell: Teller) -> "FrameSource":
    from facetrack.capture import CameraSource, UnmirroredSource, VideoSource, find_camera

    source: FrameSource
    source = VideoSource(video, paced=True) if video is not None else CameraSource(find_camera(camera), tell=tell)
    return UnmirroredSource(source) if input_mirrored else source


def _say_started(session: str, folder: Path | None) -> None:
    say(f"Session {session} started{f' in {folder}' if folder else '; nothing of it is kept'}. Ctrl-C ends it.")
