"""Options that several commands take, and what their values mean."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from facetrack.errors import UsageError

if TYPE_CHECKING:
    from facetrack.routine.compiled import CompiledRoutine

DEFAULT_ROUTINE: Final = "japanese"

StepOption = Annotated[
    str | None, typer.Option("--step", metavar="STEP", help="Only this step, from start to end; it never advances.")
]
OutOption = Annotated[Path | None, typer.Option("--out", metavar="DIR", help="The session's folder.")]
AgainOption = Annotated[
    list[str] | None, typer.Option("--again", metavar="STEP", help="A second pass over this step at the end. May be repeated.")
]
LabelOption = Annotated[
    list[str] | None,
    typer.Option("--label", metavar="KEY=VALUE", help="A label (participant, condition) for the export. May be repeated."),
]
HeadlessOption = Annotated[bool, typer.Option("--headless", help="No window.")]
NoSaveOption = Annotated[bool, typer.Option("--no-save", help="Keep nothing of the session.")]
NoMirrorOption = Annotated[bool, typer.Option("--no-mirror", help="Show the picture unmirrored.")]
InputMirroredOption = Annotated[
    bool, typer.Option("--input-mirrored", help="The pictures are already mirrored, as some cameras and recorders do.")
]


def labels_from(given: list[str] | None) -> dict[str, str]:
    """``["participant=p07"]`` -> ``{"participant": "p07"}``. Raises UsageError."""
    labels: dict[str, str] = {}
    for text in given or ():
        key, equals, value = text.partition("=")
        if not equals or not key.strip():
            raise UsageError(f"--label {text!r} is not KEY=VALUE, for example --label participant=p07.")
        if key.strip() in labels:
            raise UsageError(f"--label {key.strip()} is given twice.")
        labels[key.strip()] = value.strip()
    return labels


def excluded_by_no_save(no_save: bool, out: Path | None, record: bool) -> None:
    """Raises UsageError for --no-save with what asks to keep something."""
    if no_save and (out is not None or record):
        raise UsageError("--no-save keeps nothing: leave out --out and --record.")


def together_with_step(step: str | None, again: list[str] | None) -> None:
    """Raises UsageError for --again beside --step, which fills the whole recording."""
    if step is not None and again:
        raise UsageError("--step is the whole session, so that there is no second pass: leave out --step or --again.")


def routine_with(name: str, steps: list[str]) -> "CompiledRoutine":
    """The routine of that id or path, which must have all of these steps. Raises UsageError or RoutineFileError."""
    from facetrack.routine import load_routine

    routine = load_routine(name)
    known = [step.id for step in routine.steps]
    for step in steps:
        if step not in known:
            raise UsageError(f"The routine {routine.id} has no step {step!r}. Its steps: {', '.join(known)}.")
    return routine
