"""Ends facetrack on Ctrl-C, SIGTERM and a closed terminal: at once, or, while a session is recorded, gracefully."""

import _thread
import atexit
import contextlib
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Final

INTERRUPTED: Final = 130
"""Exit status of a process that was interrupted."""
FORCE_QUIT_COUNT: Final = 4
"""The Ctrl-C that ends the process at once. The first is enough; the others are impatience while the session is being saved."""
REPEAT_S: Final = 0.01
"""After that a signal is repeated where its KeyboardInterrupt was lost. The place that lost it has long ended by then."""
SIGNALS: Final = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


def _do_nothing() -> None:
    """Wake nobody."""


class StopSignal:
    """Says, when called, whether a session should end early.

    A signal raises KeyboardInterrupt, so that nothing slow (loading, downloading, drawing) is waited for; once ``defer`` was
    called it is only noted, because a session is being recorded that is to be saved.
    """

    def __init__(self) -> None:
        self.signals = 0
        self._deferred = False
        self._wake: Callable[[], None] = _do_nothing

    def __call__(self) -> bool:
        return self.signals > 0

    def defer(self, wake: Callable[[], None] = _do_nothing) -> None:
        """From now on only note signals. wake: ends any wait; it runs in a signal handler, so it may only set flags."""
        self._deferred, self._wake = True, wake

    def end_deferral(self) -> None:
        """From now on let signals raise KeyboardInterrupt again."""
        self._deferred, self._wake = False, _do_nothing

    def handle(self, _number: int, _frame: FrameType | None) -> None:
        """Handle a signal."""
        self.signals += 1
        if self.signals >= FORCE_QUIT_COUNT:
            os._exit(INTERRUPTED)
        if not self._deferred:
            raise KeyboardInterrupt
        self._wake()


_process_stop: Final = StopSignal()
"""Counts the signals of the whole process, also those within ``stop_on_signals``."""


def _handled_signals() -> list[signal.Signals]:
    """List the signals to handle. A background job's shell ignores SIGINT, which is meant for us; nohup ignores SIGHUP."""
    return [one for one in SIGNALS if one == signal.SIGINT or signal.getsignal(one) != signal.SIG_IGN]


def _on_main_thread() -> bool:
    """Check for the main thread, the only one on which Python allows signal handlers."""
    return threading.current_thread() is threading.main_thread()


@contextlib.contextmanager
def stop_on_signals() -> Iterator[StopSignal]:
    """Let signals within the block reach the StopSignal. Off the main thread none does."""
    stop = StopSignal()
    if not _on_main_thread():
        yield stop
        return
    before = {number: signal.signal(number, stop.handle) for number in _handled_signals()}
    try:
        yield stop
    finally:
        _process_stop.signals += stop.signals
        for number, handler in before.items():
            signal.signal(number, handler)


def interrupt_on_signals() -> StopSignal:
    """Turn every signal from now on into a KeyboardInterrupt, SIGTERM and SIGHUP too. Gives what counts them."""
    _process_stop.signals = 0
    if _on_main_thread():
        sys.unraisablehook = _repeat_lost_interrupt
        for number in _handled_signals():
            signal.signal(number, _process_stop.handle)
    return _process_stop


def _repeat_lost_interrupt(lost: "sys.UnraisableHookArgs") -> None:
    """Interrupt again where Python can't raise (a destructor, a callback of the importer) and only prints a traceback."""
    if issubclass(lost.exc_type, KeyboardInterrupt):
        threading.Timer(REPEAT_S, _interrupt_main_thread).start()
    else:
        sys.__unraisablehook__(lost)


def _interrupt_main_thread() -> None:
    if sys.platform == "win32":
        _thread.interrupt_main()
    else:  # there only a real signal ends a wait
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)


def exit_on_signals(status: int) -> None:
    """Let a signal end the process with that status: all is done, and the interpreter only waits for threads."""
    if _on_main_thread():
        for number in _handled_signals():
            signal.signal(number, lambda _number, _frame: os._exit(status))
        atexit.register(_ignore_signals)


def _ignore_signals() -> None:
    """Ignore signals: at its very end the interpreter would restore their default, and with it another exit status."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
