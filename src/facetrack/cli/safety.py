"""Before a live session: who should ask somebody first, the routine's own cautions, and how often to massage."""

import sys
from typing import TYPE_CHECKING

from facetrack.cli.words import say, say_plain
from facetrack.errors import FacetrackError

if TYPE_CHECKING:
    from facetrack.routine.compiled import CompiledRoutine


def say_schedule() -> None:
    """The routine's own advice, if the history shows more than it says. A history that can't be read holds nothing up."""
    from facetrack.session import Store, schedule_hint
    from facetrack.session.history.database import store_path

    if not store_path().exists():
        return
    try:
        with Store() as store:
            hint = schedule_hint(store)
    except FacetrackError as error:
        say(str(error))
        return
    if hint:
        say_plain(hint)


def show_safety_page(routine: "CompiledRoutine") -> bool:
    """On stderr; waits for Enter where somebody sits at a terminal, and gives whether somebody did."""
    from facetrack.flow.words import SAFETY

    say_plain(SAFETY)
    if routine.session_cautions:
        say_plain("Not today with:")
        for caution in routine.session_cautions:
            say_plain(f"  - {caution}")
    if routine.area_cautions:
        say_plain("Leave out areas with:")
        for caution in routine.area_cautions:
            say_plain(f"  - {caution}")
    if sys.stdin is None or not sys.stdin.isatty():
        return False
    say_plain("Press Enter while your hands are still dry, or Ctrl-C to leave. (--yes skips this page.)")
    return bool(sys.stdin.readline())
