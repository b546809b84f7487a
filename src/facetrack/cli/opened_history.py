"""Opens the history for the commands that show it."""

from typing import TYPE_CHECKING

from facetrack.cli.console import print_message

if TYPE_CHECKING:
    from facetrack.session.history.database import HistoryDatabase


def open_history() -> "HistoryDatabase":
    """Open the history, with what was cut off since the last start. Prints what hinders it."""
    from facetrack.session.files import belonging
    from facetrack.session.history.database import HistoryDatabase
    from facetrack.session.history.history import recover_unfinished, report_twins

    recover_unfinished(print_message)
    store = HistoryDatabase()
    report_twins(store, print_message)
    if store.only_read:
        print_message(f"The history {store.path} can be read, but nothing added to it or deleted{belonging(store.path)}.")
    return store
