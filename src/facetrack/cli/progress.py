"""How far a long work has come, on stderr, and only where a person watches it."""

import sys
import time
from collections.abc import Callable, Sequence
from typing import Final

from facetrack.capture.source import SourceInfo
from facetrack.pipeline.sinks import Ending, Tick

EVERY_S: Final = 0.2
GUESS_AFTER_S: Final = 3.0
"""Before that, what is left of the time can't be told: the workers are still starting."""
BAR: Final = 24
"""Characters."""


def progress_wanted() -> bool:
    """Whether stderr is a terminal."""
    return sys.stderr.isatty()


def show_share(label: str, share: float) -> None:
    """Writes over the last such line."""
    _write(f"\r{label}: {100 * min(1.0, share):3.0f} %")


def show_words(words: str) -> None:
    """Writes over the last such line."""
    _write(f"\r\033[K{words}")


def wipe() -> None:
    """Takes the line away."""
    _write("\r\033[K")


def _write(text: str) -> None:
    print(text, end="", file=sys.stderr, flush=True)


class ProgressSink:
    """Tells what share of a recording has been read."""

    name = "The progress display"

    def __init__(self, info: SourceInfo, report: Callable[[float], None]) -> None:
        self._frames = info.frames_promised
        self._report = report
        self._told_s = 0.0

    def take(self, tick: Tick) -> None:
        now_s = time.monotonic()
        if self._frames and now_s - self._told_s >= EVERY_S:
            self._told_s = now_s
            self._report(min((tick.frame.index + 1) / self._frames, 1.0))

    def finish(self, ending: Ending) -> None:
        pass

    def close(self) -> None:
        pass


class RecordingsBar:
    """One line for many recordings, written over itself: how many are done, what share of all, how long it will take.

    sizes: of the recordings, in whatever unit: large ones take longer.
    """

    def __init__(self, sizes: Sequence[float], shown: bool) -> None:
        self._sizes = [max(float(size), 1.0) for size in sizes]
        self._shares = [0.0] * len(sizes)
        self._done = 0
        self._shown = shown
        self._began_s = time.monotonic()

    def reached(self, number: int, share: float) -> None:
        """Of the recording with that number."""
        self._shares[number] = share
        self._show()

    def done(self, number: int) -> None:
        self._shares[number] = 1.0
        self._done += 1
        self.wipe()

    def wipe(self) -> None:
        """Makes room for other lines."""
        if self._shown:
            wipe()

    def line(self, now_s: float) -> str:
        """What is shown. now_s: on ``time.monotonic``."""
        share = sum(s * size for s, size in zip(self._shares, self._sizes, strict=True)) / sum(self._sizes)
        full = round(BAR * share)
        count = f"{self._done} of {len(self._sizes)} done " if len(self._sizes) > 1 else ""
        spent_s = now_s - self._began_s
        left = ""
        if share > 0.0 and spent_s >= GUESS_AFTER_S:
            left = f", {_duration(spent_s * (1.0 - share) / share)} left"
        return f"Analysing: {count}[{'#' * full}{'.' * (BAR - full)}] {100 * share:.0f} %{left}"

    def _show(self) -> None:
        if self._shown:
            _write(f"\r{self.line(time.monotonic())}\033[K")


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
