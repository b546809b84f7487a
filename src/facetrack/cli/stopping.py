"""Ctrl-C and SIGTERM end a session gracefully: a flag that the line looks at before every frame."""

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
    """Calling it says whether to stop."""

    def __init__(self) -> None:
        self.signals = 0
        self.on_signal: Callable[[], None] = lambda: None
        """Wakes whatever may be waiting (a source's ``close``). Runs in a signal handler: it may only set flags."""

    def __call__(self) -> bool:
        return self.signals > 0

    def handle(self, _number: int, _frame: FrameType | None) -> None:
        self.signals += 1
        if self.signals >= INSISTED:
            os._exit(INTERRUPTED)
        self.on_signal()


@contextlib.contextmanager
def stopping() -> Iterator[Stop]:
    """Within the block signals only set the flag. Off the main thread, where Python allows no handlers, nobody sets it."""
    stop = Stop()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    # Shells let background jobs ignore SIGINT, and it is meant for us all the same; a SIGHUP that is ignored was nohup's.
    heard = [one for one in SIGNALS if one == signal.SIGINT or signal.getsignal(one) != signal.SIG_IGN]
    before = {number: signal.signal(number, stop.handle) for number in heard}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
