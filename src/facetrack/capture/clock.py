"""The one clock of the live sources, handed in so that tests can run time themselves. Nothing behind capture reads a clock."""

import threading
import time
from typing import Protocol


class Clock(Protocol):
    """Seconds that only rise, from an arbitrary beginning."""

    def now(self) -> float: ...
    def sleep(self, seconds: float) -> None: ...


class SystemClock:
    """The computer's monotonic clock."""

    def now(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(max(seconds, 0.0))


class RisingClock:
    """Another clock, made to go on at its own pace where it jumps back. Safe to use from several threads."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._read_s = clock.now()
        self._lost_s = 0.0

    def now(self) -> float:
        with self._lock:
            read_s = self._clock.now()
            self._lost_s += max(self._read_s - read_s, 0.0)
            self._read_s = read_s
            return read_s + self._lost_s

    def sleep(self, seconds: float) -> None:
        self._clock.sleep(seconds)
