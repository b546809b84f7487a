"""Ctrl-C, SIGTERM and a terminal that is closed end facetrack: at once, or, while a session is recorded, gracefully."""

import atexit
import contextlib
import os
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Final

INTERRUPTED: Final = 130
INSISTED: Final = 4
"""The Ctrl-C that ends the process at once. The first is enough; the others are impatience while the session is being saved."""
SIGNALS: Final = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


class Stop:
    """Calling it says whether to stop.

    graceful: a signal is only noted, because a session is being recorded that is to be saved; else it raises
    KeyboardInterrupt, so that nothing that takes long (loading, downloading, drawing) is waited for.
    """

    def __init__(self) -> None:
        self.signals = 0
        self.graceful = False
        self.on_signal: Callable[[], None] = lambda: None
        """Wakes whatever may be waiting (a source's ``close``). Runs in a signal handler: it may only set flags."""

    def __call__(self) -> bool:
        return self.signals > 0

    def handle(self, _number: int, _frame: FrameType | None) -> None:
        self.signals += 1
        if self.signals >= INSISTED:
            os._exit(INTERRUPTED)
        if not self.graceful:
            raise KeyboardInterrupt
        self.on_signal()


_of_process: Final = Stop()
"""Counts the signals of the whole process, those within ``stopping`` too."""


def _heard() -> list[signal.Signals]:
    """Shells let background jobs ignore SIGINT, and it is meant for us all the same; a SIGHUP that is ignored was nohup's."""
    return [one for one in SIGNALS if one == signal.SIGINT or signal.getsignal(one) != signal.SIG_IGN]


def _on_main_thread() -> bool:
    """Elsewhere Python allows no handlers."""
    return threading.current_thread() is threading.main_thread()


@contextlib.contextmanager
def stopping() -> Iterator[Stop]:
    """Within the block signals are the Stop's. Off the main thread nobody tells it."""
    stop = Stop()
    if not _on_main_thread():
        yield stop
        return
    before = {number: signal.signal(number, stop.handle) for number in _heard()}
    try:
        yield stop
    finally:
        _of_process.signals += stop.signals
        for number, handler in before.items():
            signal.signal(number, handler)


def interrupt_on_signals() -> Stop:
    """From now on every signal is a KeyboardInterrupt, SIGTERM and SIGHUP too. Gives what counts them."""
    _of_process.signals = 0
    if _on_main_thread():
        for number in _heard():
            signal.signal(number, _of_process.handle)
    return _of_process


def leave_on_signals(code: int) -> None:
    """Everything is done: a signal that comes while the interpreter waits for threads ends the process with that code."""
    if _on_main_thread():
        for number in _heard():
            signal.signal(number, lambda _number, _frame: os._exit(code))
        atexit.register(_ignore_signals)


def _ignore_signals() -> None:
    """At its very end the interpreter would give signals their first meaning back, and with them another exit code."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
