"""Shows the progress of long work, on stderr, and only where a person watches it."""

import sys
import time
from collections.abc import Sequence
from typing import Final

ESTIMATE_AFTER_S: Final = 3.0
"""Time before the remaining time is estimated: until then the workers are still starting."""
BAR_WIDTH: Final = 24
"""Width of the bar in characters."""


def progress_wanted() -> bool:
    """Whether stderr is a terminal."""
    return sys.stderr.isatty()


def show_share(label: str, share: float) -> None:
    """Write over the last such line."""
    _write(f"\r{label}: {100 * min(1.0, share):3.0f} %")


def show_words(words: str) -> None:
    """Write over the last such line."""
    _write(f"\r\033[K{words}")


def clear() -> None:
    """Remove the line."""
    _write("\r\033[K")


def _write(text: str) -> None:
    print(text, end="", file=sys.stderr, flush=True)


class BatchProgressBar:
    """Shows one line for many recordings: how many are done, what share of all, and how long the rest will take.

    sizes: the recordings' sizes, in whatever unit: large ones take longer.
    """

    def __init__(self, sizes: Sequence[float], shown: bool) -> None:
        self._sizes = [max(float(size), 1.0) for size in sizes]
        self._shares = [0.0] * len(sizes)
        self._done = 0
        self._shown = shown
        self._began_s = time.monotonic()

    def update(self, number: int, share: float) -> None:
        """Note what share of a recording has been read."""
        self._shares[number] = share
        self._show()

    def done(self, number: int) -> None:
        """Note that a recording is done."""
        self._shares[number] = 1.0
        self._done += 1
        self.clear()

    def clear(self) -> None:
        """Make room for other lines."""
        if self._shown:
            clear()

    def line(self, now_s: float) -> str:
        """Compose the line. now_s: by ``time.monotonic``."""
        share = sum(s * size for s, size in zip(self._shares, self._sizes, strict=True)) / sum(self._sizes)
        full = round(BAR_WIDTH * share)
        count = f"{self._done} of {len(self._sizes)} done " if len(self._sizes) > 1 else ""
        spent_s = now_s - self._began_s
        left = ""
        if share > 0.0 and spent_s >= ESTIMATE_AFTER_S:
            left = f", {_duration(spent_s * (1.0 - share) / share)} left"
        return f"Analysing: {count}[{'#' * full}{'.' * (BAR_WIDTH - full)}] {100 * share:.0f} %{left}"

    def _show(self) -> None:
        if self._shown:
            _write(f"\r{self.line(time.monotonic())}\033[K")


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
