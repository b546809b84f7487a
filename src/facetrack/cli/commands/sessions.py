"""facetrack sessions: the history of what was done."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, cast

import typer

from facetrack.cli.opened_history import open_history
from facetrack.cli.options import LabelFilterOption, labels_from
from facetrack.errors import FacetrackError

if TYPE_CHECKING:
    from facetrack.session.export.writer import Format
    from facetrack.session.history.database import HistoryDatabase

app = typer.Typer(help="The history: what was done, on this computer only.", no_args_is_help=True)

NO_SESSIONS: Final = "No sessions yet. `facetrack run` or `facetrack analyze --save` makes one."
SessionArgument = Annotated[str, typer.Argument(metavar="SESSION", help="An id, a part of one, or last.")]
JsonOption = Annotated[bool, typer.Option("--json", help="JSON on stdout.")]


class ExportFormat(StrEnum):
    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"
    ELAN = "elan"


@app.command("list")
def list_sessions(
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="Only the newest N.")] = 1_000_000,
    routine: Annotated[str | None, typer.Option("--routine", metavar="ID", help="Only those of a routine.")] = None,
    label: LabelFilterOption = None,
    json_out: JsonOption = False,
) -> None:
    """List the sessions, newest first."""
    from facetrack.session.history.history import schedule_hint

    with open_history() as store:
        sessions = store.labelled(labels_from(label), routine, limit)
        if json_out:
            import json

            typer.echo(json.dumps([one | {"folder": str(one["folder"])} for one in sessions], ensure_ascii=False))
            return
        _print_list(sessions)
        hint = schedule_hint(store)
    if hint:
        typer.echo(hint)


def _print_list(sessions: list[dict[str, Any]]) -> None:
    from datetime import datetime

    from facetrack.cli.summary import percent_cell, table

    if not sessions:
        typer.echo(NO_SESSIONS)
        return
    rows = [("session", "when", "routine", "minutes", "score", "withheld", "", "labels", "from")]
    for one in sessions:
        when = datetime.fromisoformat(one["started_at"]).astimezone()
        score = "-" if one["score"] is None else str(one["score"])
        withheld = percent_cell(one["withheld"])
        minutes = f"{one['duration_s'] / 60:.1f}"
        partial = "" if one["complete"] else "partial"
        labels = ", ".join(f"{key}={value}" for key, value in one["labels"].items())
        when_text = f"{when:%Y-%m-%d %H:%M}"
        source = one["source_name"] if one["source_kind"] == "video" else one["source_kind"]
        rows.append((one["session_id"], when_text, one["routine"], minutes, score, withheld, partial, labels, source))
    typer.echo("\n".join(table(rows)))


@app.command()
def show(session: SessionArgument = "last", json_out: JsonOption = False) -> None:
    """Show one session: its steps with scores, against the sessions before it, and its corrections."""
    with open_history() as store:
        found = store.session(store.resolve(session))
        if json_out:
            _print_json(found)
        else:
            _print_session(store, found)


def _print_json(found: dict[str, Any]) -> None:
    from facetrack.session.folder import session_document

    typer.echo(session_document(found).to_json())


def _print_session(store: "HistoryDatabase", found: dict[str, Any]) -> None:
    from datetime import datetime

    from facetrack.cli.summary import number_cell, percent_cell
    from facetrack.session.tables import CORRECTIONS, STEPS

    when = datetime.fromisoformat(found["started_at"]).astimezone()
    typer.echo(f"{found['session_id']}: {found['routine']}, {when:%Y-%m-%d %H:%M}, {found['duration_s'] / 60:.1f} min")
    if found["labels"]:
        typer.echo("  " + ", ".join(f"{key}={value}" for key, value in found["labels"].items()))
    if not found["complete"]:
        typer.echo("  Incomplete: the session was interrupted.")
    typer.echo(f"  score {number_cell(found['score'])}, withheld {percent_cell(found['withheld'])}")
    ids = [found["session_id"]]
    corrections = store.rows(CORRECTIONS, ids)
    for line in _step_lines(store, found, store.rows(STEPS, ids), corrections) + _correction_lines(corrections):
        typer.echo(f"  {line}")
    typer.echo(f"Saved to {found['folder']}")


def _step_lines(
    store: "HistoryDatabase", found: dict[str, Any], steps: list[dict[str, Any]], corrections: list[dict[str, Any]]
) -> list[str]:
    from collections import Counter

    from facetrack.cli.summary import number_cell, percent_cell, table
    from facetrack.session.history.trend import usual_scores

    usual = usual_scores(store, found)
    count = Counter(one["step"] for one in corrections)
    rows = [("step", "status", "left", "right", "withheld", "corrections", "score", "usually")]
    for step in steps:
        withheld = percent_cell(step["withheld"])
        sides = [number_cell(step[f"{side}_repetitions"]) for side in ("left", "right")]
        score, before = number_cell(step["score"]), number_cell(usual.get(step["step"]))
        rows.append((step["step"], step["status"], *sides, withheld, str(count[step["step"]]), score, before))
    return table(rows)


def _correction_lines(corrections: list[dict[str, Any]]) -> list[str]:
    from facetrack.cli.summary import table

    if not corrections:
        return []
    rows = [("at", "step", "side", "correction")]
    for one in corrections:
        at = int(one["t_start_s"])
        rows.append((f"{at // 60}:{at % 60:02d}", one["step"], one["side"], one["message"]))
    return table(rows, right=False)


@app.command()
def export(
    sessions: Annotated[list[str] | None, typer.Argument(metavar="[SESSION]...", help="Which; all if none is named.")] = None,
    form: Annotated[ExportFormat, typer.Option("--format", help="The tables' format.")] = ExportFormat.CSV,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder to write into.")] = Path("facetrack-export"),
    fingers: Annotated[
        bool, typer.Option("--fingers", help="Also every fingertip in every frame, and every movement of each.")
    ] = False,
    label: LabelFilterOption = None,
    labels_under: Annotated[
        Path | None,
        typer.Option("--under", metavar="DIR", help="With --format elan: put the corrections under the labels (.eaf) there."),
    ] = None,
) -> None:
    """Export the history, a table a kind, and what the columns mean.

    Sessions, steps, strokes, corrections, and when what could not be judged. With --format elan, a file for each session's
    recording, with the corrections as tiers.
    """
    from facetrack.app.batch.job import most_severe
    from facetrack.cli.console import print_message
    from facetrack.errors import UsageError
    from facetrack.session.export.writer import check_export_folder

    if labels_under is not None and form is not ExportFormat.ELAN:
        raise UsageError("--under is for --format elan.")
    if form is not ExportFormat.ELAN:
        check_export_folder(out, cast("Format", form.value), fingers)
    with open_history() as store:
        wanted = labels_from(label)
        named = [store.resolve(one) for one in sessions or []]
        fitting = [one["session_id"] for one in store.labelled(wanted)]
        chosen = list(dict.fromkeys(one for one in named if one in fitting) if sessions else fitting)
        if wanted and not chosen:
            raise UsageError(f"No session has the label {', '.join(label or [])}. `facetrack sessions list` shows them.")
        if not chosen:
            raise FacetrackError(f"Nothing was exported: {NO_SESSIONS}")
        written, lost = _write_export(store, chosen, out, form, fingers, labels_under)
    for path in written:
        typer.echo(str(path))
    for error in lost:
        print_message(f"{error} Its fingers are not in the export.")
    raise typer.Exit(most_severe([error.exit_code for error in lost]))


def _write_export(
    store: "HistoryDatabase", chosen: list[str], out: Path, form: ExportFormat, fingers: bool, labels: Path | None
) -> "tuple[list[Path], list[FacetrackError]]":
    if form is ExportFormat.ELAN:
        from facetrack.session.folder import session_document
        from facetrack.study.labels.eaf_export import export_eaf

        return export_eaf([session_document(store.session(one)) for one in chosen], out, labels), []
    from facetrack.session.export.writer import export as write_export

    return write_export(store, chosen, out, cast("Format", form.value), fingers=fingers)


def _agreed(question: str) -> bool:
    """Ask the user. Raises UsageError where nobody can answer: input that has ended is not an interruption."""
    from facetrack.errors import UsageError

    try:
        return typer.confirm(question)
    except typer.Abort:
        if sys.stdin.isatty():
            raise
        typer.echo()
        raise UsageError("Nobody is there to answer, so nothing was deleted. Add --yes to delete unasked.") from None


@app.command()
def delete(
    sessions: Annotated[list[str], typer.Argument(metavar="SESSION...", help="Ids, parts of them, or last.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Delete sessions for good: from the history, and their files."""
    from facetrack.session.history.history import delete as delete_session, folders_with

    with open_history() as store:
        folders = {one: folders_with(one, store) for one in map(store.resolve, sessions)}
        places = ", ".join(f"{one} ({_joined(found)})" for one, found in folders.items())
        if not yes and not _agreed(f"Delete {places} for good?"):
            typer.echo("Nothing was deleted.")
            raise typer.Exit(1)
        for one, found in folders.items():
            remarks = delete_session(one, store)
            typer.echo("\n".join([f"Deleted {one}: {_joined(found)}.", *remarks]))


def _joined(folders: "list[Path]") -> str:
    return " and ".join(map(str, folders))


@app.command()
def rebuild() -> None:
    """Make the history anew from the sessions' folders; the old one is kept beside it."""
    from facetrack.session.history.history import rebuild as rebuild_history

    count, problems = rebuild_history()
    for problem in problems:
        typer.echo(problem, err=True)
    typer.echo(f"The history holds {count} session{'' if count == 1 else 's'}.")
