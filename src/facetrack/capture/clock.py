"""The clock of the live sources. It is passed in, so that tests control the time; no other part of the pipeline reads a
clock."""

import threading
import time
from typing import Protocol


class Clock(Protocol):
    """Counts seconds that only rise, from an arbitrary start."""

    def now(self) -> float: ...
    def sleep(self, seconds: float) -> None: ...


class SystemClock:
    """Reads the computer's monotonic clock."""

    def now(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(max(seconds, 0.0))


class RisingClock:
    """Wraps another clock so that time continues at its own pace where that clock jumps back. Thread-safe."""

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
