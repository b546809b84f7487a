"""How fetching tells what it does: a Protocol, and the bar on stderr that the command line and the first use show."""

from contextlib import AbstractContextManager
from types import TracebackType
from typing import Protocol, Self


class Progress(Protocol):
    def say(self, line: str) -> None:
        """One line for the user."""

    def download(self, label: str, total: int) -> "AbstractContextManager[DownloadBar]":
        """A bar that is there until its context ends; total in bytes."""


class DownloadBar(Protocol):
    def reached(self, done: int) -> None:
        """done: bytes so far."""


class StderrProgress:
    """A rich bar on stderr; stdout stays free for results."""

    def say(self, line: str) -> None:
        from rich.console import Console

        Console(stderr=True, highlight=False).print(line, markup=False, soft_wrap=True)

    def download(self, label: str, total: int) -> "_RichBar":
        return _RichBar(label, total)


class _RichBar:
    def __init__(self, label: str, total: int) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
        self._progress = Progress(*columns, console=Console(stderr=True))
        self._total = total
        self._task = self._progress.add_task(label, total=total)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._progress.stop()

    def reached(self, done: int) -> None:
        self._progress.update(self._task, completed=min(done, self._total))
