"""Prints what a user should know before a live session: who should ask a professional first, cautions, how often to massage."""

import sys
from typing import TYPE_CHECKING

from facetrack.cli.console import print_line, print_message
from facetrack.errors import FacetrackError

if TYPE_CHECKING:
    from facetrack.routine.compiled import CompiledRoutine


def print_schedule_hint() -> None:
    """Print the routine's own advice on how often to massage, if the history shows more.

    A history that can't be read holds nothing up.
    """
    from facetrack.session import HistoryDatabase, schedule_hint
    from facetrack.session.history.database import history_path

    if not history_path().exists():
        return
    try:
        with HistoryDatabase() as store:
            hint = schedule_hint(store)
    except FacetrackError as error:
        print_message(str(error))
        return
    if hint:
        print_line(hint)


def show_safety_page(routine: "CompiledRoutine") -> bool:
    """Print the page on stderr. Waits for Enter where somebody sits at a terminal, and gives whether somebody did."""
    from facetrack.flow.texts import SAFETY, TEXTS

    print_line(SAFETY)
    if routine.session_cautions:
        print_line(TEXTS["safety.not-today"])
        for caution in routine.session_cautions:
            print_line(f"  - {caution}")
    if routine.area_cautions:
        print_line(TEXTS["safety.areas"])
        for caution in routine.area_cautions:
            print_line(f"  - {caution}")
    if sys.stdin is None or not sys.stdin.isatty():
        return False
    print_line("Press Enter while your hands are still dry, or Ctrl-C to leave. (--yes skips this page.)")
    return bool(sys.stdin.readline())
