"""Prints a session in a few lines for a person. The figures are those of session.json; '-' stands for a missing one."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

if TYPE_CHECKING:
    from facetrack.session.document import PulseFigures, SessionDocument

MISSING: Final = "-"
"""Text of a figure that could not be had."""


def number_cell(value: float | None) -> str:
    """Write a number without decimals."""
    return MISSING if value is None else f"{value:.0f}"


def percent_cell(value: float | None) -> str:
    """Write a share as a percentage."""
    return MISSING if value is None else f"{100 * value:.0f} %"


def step_lines(document: "SessionDocument") -> list[str]:
    """Make a table with one line for each step."""
    rows: list[tuple[str, ...]] = [("step", "status", "left", "right", "withheld", "corrections", "score")]
    corrections = Counter(event.step for event in document.corrections)
    for step in document.steps:
        strokes = [number_cell(side.repetitions) for side in step.sides]
        counted = str(corrections[step.id])
        rows.append((step.id, step.status, *strokes, percent_cell(step.withheld), counted, number_cell(step.score)))
    return table(rows)


def table(rows: Sequence[tuple[str, ...]], right: bool = True) -> list[str]:
    """Lay out columns as wide as their widest cell; the first is set left, the others right unless right is false."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]

    def line(row: tuple[str, ...]) -> str:
        cells = [cell.rjust(w) if right and n else cell.ljust(w) for n, (cell, w) in enumerate(zip(row, widths, strict=True))]
        return "  ".join(cells).rstrip()

    return [line(row) for row in rows]


def pulse_line(pulse: "PulseFigures") -> str:
    """Say which pulse a session had, and how well its beat was kept."""
    source = "typed" if pulse.source == "typed" else f"from the camera, confidence {pulse.confidence:.2f}"
    kept = f"; in time with its beat {percent_cell(pulse.synchrony)}" if pulse.synchrony is not None else ""
    return f"Pulse as a tempo: {pulse.bpm:.0f} a minute ({source}){kept}"


def print_summary(document: "SessionDocument", folder: Path | None, message: str | None = None) -> None:
    """Print how long the session was, how well it was seen, its steps, and where it is saved.

    message: what is said of it besides; why nothing was judged may be in it.
    """
    from facetrack.inspection.reasons import why_nothing

    tracking = document.tracking
    seen = ", ".join(
        f"{name.removesuffix('_seen')} {percent_cell(getattr(tracking, name))}"
        for name in ("face_seen", "left_seen", "right_seen")
    )
    typer.echo(f"{document.routine.id}: {document.duration_s:.1f} s, {tracking.frames} frames; seen: {seen}")
    if not document.complete:
        typer.echo("Incomplete: the session was interrupted.")
    if document.steps:
        for line in step_lines(document):
            typer.echo(f"  {line}")
    nothing = why_nothing(document)
    if nothing is not None and nothing[1:] not in (message or ""):
        typer.echo(f"  {nothing}")
    if document.pulse is not None:
        typer.echo(pulse_line(document.pulse))
    if folder is not None:
        typer.echo(f"Saved to {folder}")
