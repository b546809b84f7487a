"""Before a live session: who should ask somebody first, the routine's own cautions, and how often to massage."""

import sys
from typing import TYPE_CHECKING, Final

from facetrack.cli.words import say, say_plain
from facetrack.errors import FacetrackError

if TYPE_CHECKING:
    from facetrack.routine.compiled import CompiledRoutine

SAFETY: Final = (
    "facetrack can't tell whether massage is safe for you. Pregnant, a health condition, recent treatment (fillers, Botox: "
    "wait at least two weeks and ask whoever treated you) or new to this: ask a professional first. Stop if it hurts."
)


def say_schedule() -> None:
    """The routine's own advice, if the history shows more than it says. A history that can't be read holds nothing up."""
    from facetrack.session import Store, schedule_hint
    from facetrack.session.store import store_path

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


def show_safety_page(routine: "CompiledRoutine") -> None:
    """On stderr; waits for Enter where somebody sits at a terminal."""
    say_plain(SAFETY)
    if routine.session_cautions:
        say_plain("Not today with:")
        for caution in routine.session_cautions:
            say_plain(f"  - {caution}")
    if routine.area_cautions:
        say_plain("Leave out areas with:")
        for caution in routine.area_cautions:
            say_plain(f"  - {caution}")
    if sys.stdin is not None and sys.stdin.isatty():
        say_plain("Press Enter while your hands are still dry, or Ctrl-C to leave. (--yes skips this page.)")
        sys.stdin.readline()
