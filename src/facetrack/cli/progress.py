"""How far a recording has been read, on stderr, and only where a person watches it."""

import sys
import time
from typing import Final

from facetrack.capture.source import SourceInfo
from facetrack.sinks import Ending, Tick

EVERY_S: Final = 0.2


def progress_wanted() -> bool:
    """Whether stderr is a terminal."""
    return sys.stderr is not None and sys.stderr.isatty()


def show_share(label: str, share: float) -> None:
    """Writes over the last such line."""
    print(f"\r{label}: {100 * min(1.0, share):3.0f} %", end="", file=sys.stderr, flush=True)


def wipe() -> None:
    """Takes the line away."""
    print("\r\033[K", end="", file=sys.stderr, flush=True)


class ProgressSink:
    """One line that is written over itself."""

    name = "The progress display"

    def __init__(self, info: SourceInfo) -> None:
        self._info = info
        self._shown_s = 0.0

    def take(self, tick: Tick) -> None:
        now_s = time.monotonic()
        if now_s - self._shown_s < EVERY_S:
            return
        self._shown_s = now_s
        if self._info.frames_promised:
            show_share(self._info.name, (tick.frame.index + 1) / self._info.frames_promised)

    def finish(self, ending: Ending) -> None:
        pass

    def close(self) -> None:
        wipe()
