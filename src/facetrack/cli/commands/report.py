"""facetrack report: what was done, as one HTML file."""

import contextlib
from pathlib import Path
from typing import Annotated

import typer

from facetrack.errors import UsageError


def report(
    session: Annotated[
        str, typer.Argument(metavar="SESSION", help="An id, a part of one, last, or a session's folder.")
    ] = "last",
    open_it: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Where to write it.")] = None,
) -> None:
    """Write a session's report.

    One HTML file: what went well and what to change, step by step.
    """
    from facetrack.report import write_report

    path = write_report(session_folder(session), out)
    typer.echo(str(path))
    if open_it:
        open_in_browser(path)


def open_in_browser(path: Path) -> None:
    """Open a page in the user's browser, or say that there is none that takes it."""
    import webbrowser

    from facetrack.cli.console import print_message

    opened = False
    with contextlib.suppress(webbrowser.Error):
        opened = webbrowser.open(path.absolute().as_uri())
    if not opened:
        print_message(f"No browser could be opened: open {path} yourself.")


def session_folder(session: str) -> Path:
    """Find the folder that is meant: itself, or that of a session in the history. Raises UsageError."""
    from facetrack.cli.console import print_message
    from facetrack.cli.opened_history import open_history
    from facetrack.session.folder import DOCUMENT_NAME, JOURNAL_NAME, is_unfinished, session_document
    from facetrack.session.journal.reader import foreign_lines_words

    folder = Path(session)
    if is_unfinished(folder):
        from facetrack.session.recovery import recover  # it loads the coach

        recover(folder)
        skipped = foreign_lines_words(folder / JOURNAL_NAME) or ""
        print_message(f"The session in {folder} was cut off; it was finished from its journal. {skipped}".strip())
    if (folder / DOCUMENT_NAME).is_file():
        return folder
    if folder.is_dir():
        raise UsageError(f"{folder} holds no session: there is no {DOCUMENT_NAME} in it.")
    with open_history() as store:
        found = store.session(store.resolve(session))
    session_document(found)
    return Path(found["folder"])
