"""facetrack routines: which routines there are, what is in them, check a file, begin a new one."""

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from facetrack.cli.options import expand_patterns
from facetrack.system.paths import NoHomeError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from facetrack.packets import Float
    from facetrack.routine.compiled import CompiledRoutine
    from facetrack.routine.library import Entry

app = typer.Typer(help="Massage routines, the shipped ones and your own.", no_args_is_help=True)


@app.command("list")
def list_routines(json_out: Annotated[bool, typer.Option("--json", help="One JSON list on stdout.")] = False) -> None:
    """List the routines: those that come with facetrack and those in your own folder."""
    from facetrack.routine.library import all_entries, own_routines_dir

    entries = all_entries()
    if json_out:
        import json

        typer.echo(json.dumps([_entry_json(entry) for entry in entries], ensure_ascii=False))
        return
    for entry in entries:
        if entry.routine is None:
            typer.echo(f"{entry.path.stem:12} cannot be used: {entry.problem}")
            continue
        routine = entry.routine
        minutes = max(1, round(sum(step.planned_s for step in routine.steps) / 60))
        typer.echo(f"{routine.id:12} {routine.title}, {_steps(len(routine.steps))}, about {minutes} min ({entry.origin})")
    with contextlib.suppress(NoHomeError):
        typer.echo(f"Your own routines belong in {own_routines_dir()}")


@app.command()
def show(
    routine: Annotated[str, typer.Argument(metavar="ID", help="A routine's id or file.")],
    json_out: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
    picture: Annotated[Path | None, typer.Option("--picture", metavar="DIR", help="Draw each step into this folder.")] = None,
) -> None:
    """Show a routine: its steps, and when not to massage. With --picture, draw every step."""
    from facetrack.routine.library import load_routine

    loaded = load_routine(routine)
    pictures = _draw(loaded, picture) if picture is not None else []
    if json_out:
        import json

        from facetrack.routine.format import routine_json

        typer.echo(json.dumps(routine_json(loaded), ensure_ascii=False))
        return
    from facetrack.routine.format import routine_text

    typer.echo(routine_text(loaded))
    for path in pictures:
        typer.echo(f"Drawn: {path}")


@app.command()
def validate(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Routine files to check.", callback=expand_patterns)],
) -> None:
    """Check routine files and report everything that is wrong in them."""
    from facetrack.errors import FacetrackError
    from facetrack.routine.file.doubts import doubts_about
    from facetrack.routine.file.load import read_routine
    from facetrack.routine.file.validation import RoutineFileError

    bad = 0
    for path in files:
        try:
            loaded = read_routine(path)
        except RoutineFileError as error:
            bad += 1
            for line in error.lines:
                typer.echo(line, err=True)
        except FacetrackError as error:
            bad += 1
            typer.echo(str(error), err=True)
        else:
            typer.echo(f"{path}: good: {loaded.title}, {_steps(len(loaded.steps))}")
            for doubt in doubts_about(loaded):
                typer.echo(f"{path}: possible, but is it meant? {doubt}", err=True)
    if bad:
        raise typer.Exit(1)


@app.command()
def new(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write, e.g. my-routine.toml.")],
    force: Annotated[bool, typer.Option("--force", help="Overwrite a routine file that is there.")] = False,
) -> None:
    """Write a commented routine file to begin with."""
    from facetrack.routine.file.template import write_new

    written = write_new(file, force=force)
    typer.echo(f"Written: {written}. Change it, then: facetrack routines validate {written}")


SHOW_HOW: Final = (
    "Sit still for two seconds without hands. Then show each step three times; both open palms beside the face end a step, and"
    " held up again at once ask to show it once more. Leaving the picture, 20 seconds without hands, or Ctrl-C end it all."
)


@app.command()
def learn(
    recordings: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[RECORDING]...", help="Recordings of the performance.", callback=expand_patterns),
    ] = None,
    *,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The routine's file, which must not be there yet.")],
    step_id: Annotated[
        str | None,
        typer.Option("--step-id", metavar="ID", help="All recordings show this one step. Else steps part at pauses."),
    ] = None,
    camera: Annotated[
        str | None, typer.Option("--camera", metavar="ID", help="Watch at a camera instead of recordings.")
    ] = None,
    picture: Annotated[
        Path | None, typer.Option("--picture", metavar="DIR", help="Draw each step over the hands' own ways into this folder.")
    ] = None,
    title: Annotated[str | None, typer.Option(help="The routine's title.")] = None,
    language: Annotated[str, typer.Option(metavar="CODE", help="Language of the texts.")] = "en",
) -> None:
    """Learn a routine from somebody who performs it, and write its file.

    Begin with two seconds without hands; do each step at least three times; take both hands away from the face between steps.
    """
    from facetrack.app.shutdown import stop_on_signals
    from facetrack.cli.console import console_notifier, print_message
    from facetrack.cli.progress import fetch_missing_models
    from facetrack.errors import DamagedInputError, UsageError
    from facetrack.learn.routine import check_target, learn_at_camera, learn_from_recordings, write_routine
    from facetrack.overlay.step_picture import check_picture_folder
    from facetrack.routine.file.load import read_routine
    from facetrack.session.files import look_before_writing

    if bool(recordings) == (camera is not None):
        raise UsageError("Name recordings, or a camera with --camera: one of the two.")
    check_target(out)
    if picture is not None:
        check_picture_folder(picture)
        look_before_writing(picture)
    fetch_missing_models()
    notify = console_notifier()
    if camera is None:
        learnt = learn_from_recordings(recordings or [], step_id, notify)
    else:
        from facetrack.capture import CameraSource, find_camera
        from facetrack.system.awake import kept_awake

        source = CameraSource(find_camera(camera), notify=notify)
        print_message(SHOW_HOW)
        with stop_on_signals() as stop, kept_awake(True):
            learnt = learn_at_camera(source, step_id, stop, notify)
    path = write_routine(learnt, out, title=title, language=language, step_id=step_id)
    typer.echo(f"Written: {path}, {_steps(len(learnt.steps))}. Read it: facetrack routines show {path}")
    if picture is not None:
        for drawn in _draw(read_routine(path), picture, [step.film_mm for step in learnt.steps]):
            typer.echo(f"Drawn: {drawn}")
    if learnt.damage:
        raise DamagedInputError(f"Damaged, so only what could be read was learnt: {'; '.join(learnt.damage)}")


def _entry_json(entry: "Entry") -> dict[str, object]:
    routine = entry.routine
    return {
        "id": routine.id if routine else None,
        "title": routine.title if routine else None,
        "version": routine.version if routine else None,
        "steps": [step.id for step in routine.steps] if routine else None,
        "planned_s": round(sum(step.planned_s for step in routine.steps), 1) if routine else None,
        "origin": entry.origin,
        "path": str(entry.path),
        "problem": entry.problem,
    }


def _draw(routine: "CompiledRoutine", folder: Path, films_mm: "Sequence[Sequence[Float]]" = ()) -> list[Path]:
    from facetrack.overlay.mannequin_face import mannequin_face
    from facetrack.overlay.step_picture import picture_paths, write_step_pictures
    from facetrack.session.files import look_before_writing

    picture_paths(routine, folder)  # refused before the face is drawn
    look_before_writing(folder)
    return write_step_pictures(routine, mannequin_face(), folder, films_mm)


def _steps(count: int) -> str:
    return f"{count} step{'' if count == 1 else 's'}"
