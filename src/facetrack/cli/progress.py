"""Shows the progress of long work: one line on stderr, only where a person watches it."""

import contextlib
import math
import sys
import time
from collections.abc import Sequence
from typing import Final, Self

REDRAW_INTERVAL_S: Final = 0.2
"""Time between two drawings of the line: an eye needs no more, and the work should not wait."""


class ProgressBar:
    """Shows a bar from its first update until its context ends, and leaves nothing behind.

    Where stderr is no terminal, or one that cannot move its cursor (TERM=dumb), nothing is written at all. A terminal that has
    gone is no error. No thread draws the bar: it moves only when it is updated.
    """

    def __init__(self, label: str, *, in_bytes: bool = False) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, DownloadColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

        console = Console(stderr=True)
        self._watched = sys.stderr is not None and sys.stderr.isatty() and not console.is_dumb_terminal
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            DownloadColumn() if in_bytes else TaskProgressColumn(),
            TimeRemainingColumn(),
            console=console,
            auto_refresh=False,
            transient=True,
            redirect_stdout=False,  # stdout belongs to results
            redirect_stderr=False,
        )
        self._task = self._progress.add_task(label, total=None)
        self._drawn_s = -math.inf

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.clear()

    def reached(self, done: float, total: float | None = None, label: str | None = None) -> None:
        """Show how much is done. total: how much there is, once that is known. label: a new one from now on."""
        now_s = time.monotonic()
        if self._watched and now_s - self._drawn_s >= REDRAW_INTERVAL_S:
            self._drawn_s = now_s
            with contextlib.suppress(OSError, ValueError):
                self._progress.update(self._task, completed=done, total=total, description=label)
                self._progress.start()
                self._progress.refresh()

    def clear(self) -> None:
        """Remove the line, to make room for others; the next update draws it again."""
        if not self._watched:
            return  # some versions of rich end with an empty line even where they drew nothing
        self._drawn_s = -math.inf
        with contextlib.suppress(OSError, ValueError):
            self._progress.stop()


class BatchProgressBar(ProgressBar):
    """Shows one bar for many recordings.

    sizes: the recordings' sizes, in whatever unit: large ones take longer.
    """

    def __init__(self, sizes: Sequence[float]) -> None:
        super().__init__("Analysing")
        self._sizes = [max(float(size), 1.0) for size in sizes]
        self._shares = [0.0] * len(sizes)
        self._done = 0

    def update(self, number: int, share: float) -> None:
        """Note what share of a recording has been read."""
        self._shares[number] = share
        read = sum(s * size for s, size in zip(self._shares, self._sizes, strict=True))
        label = f"Analysing, {self._done} of {len(self._sizes)} done" if len(self._sizes) > 1 else None
        self.reached(read, sum(self._sizes), label)

    def done(self, number: int) -> None:
        """Note that a recording is done, and make room for its result."""
        self._shares[number] = 1.0
        self._done += 1
        self.clear()


def fetch_missing_models() -> None:
    """Fetch the models, and show that, if they are not there. Raises FacetrackError where they can't be had."""
    from facetrack.cli.console import print_line
    from facetrack.tracking.models import fetch_models, model_status

    if not all(status.ready for status in model_status()):
        with ProgressBar("Fetching the models", in_bytes=True) as bar:
            fetch_models(notify=print_line, progress=bar.reached)
