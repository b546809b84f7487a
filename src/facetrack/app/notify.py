"""Passes messages on while a session runs."""

from collections.abc import Callable

from facetrack.errors import FacetrackError

Listener = Callable[[str], None]
"""Receives one line for the user."""


def ignore(_message: str) -> None:
    """Do nothing with a message."""


class Notifier:
    """Passes each message on to all listeners; without any, nothing is shown.

    listener: the first listener; others (the window) are added while they are there.
    cue: shows what the voice would say, for a session that has neither window nor voice.
    """

    def __init__(self, listener: Listener = ignore, cue: Listener = ignore) -> None:
        self.listeners: list[Listener] = [listener]
        self.cue = cue

    def __call__(self, message: str) -> None:
        for listener in list(self.listeners):
            try:
                listener(message)
            except FacetrackError:  # the window is gone; its own sink reports that with the next frame
                self.listeners.remove(listener)
