"""Holds one value between a thread that produces and a thread that consumes: a newer value replaces an older one."""

import threading
from typing import Generic, TypeVar

T = TypeVar("T")


class LatestValue(Generic[T]):
    """``put`` never waits, and ``take`` returns each value at most once."""

    def __init__(self) -> None:
        self._filled = threading.Condition()
        self._item: T | None = None
        self._dropped = 0

    @property
    def overwritten(self) -> int:
        """Number of values that were replaced before anybody took them."""
        return self._dropped

    @property
    def filled(self) -> bool:
        """Whether there is a value to take."""
        return self._item is not None

    def put(self, item: T) -> None:
        """Store a value, replacing one that nobody has taken."""
        with self._filled:
            if self._item is not None:
                self._dropped += 1
            self._item = item
            self._filled.notify()

    def take(self, timeout_s: float) -> T | None:
        """Return the newest value, or None if there was none within the timeout."""
        with self._filled:
            if self._item is None:
                self._filled.wait(timeout_s)
            item, self._item = self._item, None
            return item
