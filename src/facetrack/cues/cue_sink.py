"""The speaker as a sink of the line: says what the flow decided, when it decided it."""

from typing import Protocol

from facetrack.flow.screen import Say
from facetrack.sinks import Ending, Tick


class Speaking(Protocol):
    """``Speaker`` and ``SpeakingProcess``."""

    def put(self, say: Say, /) -> None: ...
    def hush(self) -> None: ...
    def close(self) -> None: ...


class CueSink:
    """Muted screens say nothing; muting also stops what is being said."""

    name = "The voice"

    def __init__(self, speaker: Speaking) -> None:
        self._speaker = speaker
        self._muted = False

    def take(self, tick: Tick) -> None:
        screen = tick.screen
        if screen is None:
            return
        if screen.muted and not self._muted:
            self._speaker.hush()
        self._muted = screen.muted
        if not self._muted:
            for say in screen.say:
                self._speaker.put(say)

    def finish(self, ending: Ending) -> None:
        pass

    def close(self) -> None:
        self._speaker.close()
