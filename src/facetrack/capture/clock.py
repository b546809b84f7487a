"""The one clock of the live sources, handed in so that tests can run time themselves. Nothing behind capture reads a clock."""

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
