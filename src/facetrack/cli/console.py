"""Prints lines for the user on stderr; stdout belongs to results."""

import sys
from typing import TYPE_CHECKING

from facetrack.errors import FacetrackError

if TYPE_CHECKING:
    from facetrack.app.notify import Notifier
    from facetrack.app.session_config import SessionResult


def print_message(message: str) -> None:
    """Print one line, marked as facetrack's."""
    print_line(f"facetrack: {message}")


def print_line(line: str) -> None:
    """Print one line as it is."""
    # Python's stderr escapes what the terminal's encoding lacks by itself.
    print(line, file=sys.stderr, flush=True)


def console_notifier() -> "Notifier":
    """Make a notifier that prints what it is given."""
    from facetrack.app.notify import Notifier

    return Notifier(print_message, print_line)


def exit_status(result: "SessionResult") -> int:
    """Print the result's message and give its exit status. Raises an error that is a fault of the program, for ``main``."""
    if result.error is not None and not isinstance(result.error, FacetrackError):
        raise result.error
    if result.message:
        print_message(result.message)
    return result.exit_status
