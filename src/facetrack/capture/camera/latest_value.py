"""A slot for one thing, between a thread that makes and a thread that takes: the newest wins, the older is dropped."""

import threading
from typing import Generic, TypeVar

T = TypeVar("T")


class LatestValue(Generic[T]):
    """``put`` never waits; ``take`` gives each thing at most once."""

    def __init__(self) -> None:
        self._filled = threading.Condition()
        self._item: T | None = None
        self._dropped = 0

    @property
    def overwritten(self) -> int:
        """Things that were overwritten before anybody took them."""
        return self._dropped

    @property
    def filled(self) -> bool:
        """Whether there is a thing to take."""
        return self._item is not None

    def put(self, item: T) -> None:
        with self._filled:
            if self._item is not None:
                self._dropped += 1
            self._item = item
            self._filled.notify()

    def take(self, timeout_s: float) -> T | None:
        """The newest thing, or None if there was none in time."""
        with self._filled:
            if self._item is None:
                self._filled.wait(timeout_s)
            item, self._item = self._item, None
            return item
