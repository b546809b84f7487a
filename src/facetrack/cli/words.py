"""Lines for the user on stderr; stdout belongs to results."""

import sys
from collections.abc import Callable

from facetrack.errors import FacetrackError


def say(words: str) -> None:
    """One line, marked as ours."""
    say_plain(f"facetrack: {words}")


def say_plain(words: str) -> None:
    """One line as it is."""
    # Python's stderr escapes what the terminal's encoding lacks by itself.
    print(words, file=sys.stderr, flush=True)


class Teller:
    """What happens while a session runs: on stderr, and wherever else there is a place for it (the window)."""

    def __init__(self) -> None:
        self.listeners: list[Callable[[str], None]] = [say]

    def __call__(self, words: str) -> None:
        for listener in list(self.listeners):
            try:
                listener(words)
            except FacetrackError:  # the window is gone, and told so when it next was to be drawn
                self.listeners.remove(listener)
