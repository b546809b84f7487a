"""Tells pictures that show nothing, and pictures that only repeat the one before."""

from collections import deque
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

BLANK_SPREAD: Final = 3.0
"""Standard deviation, grey levels, below which a picture shows nothing; a person in dim light has 20."""
BLANK_S: Final = 1.0
"""Pictures that show nothing for this long are not a flaw of a moment, such as a camera that fails for some frames."""
EQUAL: Final = 0.01
"""Mean difference, grey levels, of one picture that is encoded anew. Noise makes 0.04 and more, however still all is."""
CHANGE_RATIO: Final = 0.2
"""Of the greatest change in the last second: a picture that changes less is the one before, where the new ones stand alone."""
LEAST_CHANGE: Final = 0.3
"""Grey levels: less change than this is not a movement."""
MEMORY_S: Final = 1.0
_STEP: Final = 8


class Pictures:
    """Follows the pictures of one source; ``update`` once a frame.

    blank_s: since when they show nothing, s. repeated: whether the last one is the one before.
    """

    def __init__(self) -> None:
        self.blank_s, self.repeated = 0.0, False
        self._last: NDArray[np.int16] | None = None
        self._last_s = 0.0
        self._changes: deque[tuple[float, float]] = deque()
        self._every, self._since_new = 1, 0  # one picture in so many is new

    def update(self, image_bgr: NDArray[np.uint8], t_s: float) -> None:
        """Process a picture, (H, W, 3)."""
        sample = image_bgr[::_STEP, ::_STEP, 1].astype(np.int16)
        blank = sample.size == 0 or float(sample.std()) < BLANK_SPREAD
        self.blank_s = self.blank_s + t_s - self._last_s if blank else 0.0
        change = float("inf")
        if self._last is not None and self._last.shape == sample.shape and sample.size > 0:
            change = float(np.abs(sample - self._last).mean())
        self._last, self._last_s = sample, t_s
        while self._changes and self._changes[0][0] < t_s - MEMORY_S:
            self._changes.popleft()
        known_repeat = self._is_repeat(change)
        self.repeated = change < EQUAL or known_repeat
        self._changes.append((t_s, change))

    def _is_repeat(self, change: float) -> bool:
        """Whether this is one of the repetitions, each encoded a little differently, between new pictures that stand alone.

        Who moves after a rest makes many new pictures in a row. While nothing moves, the pictures come as often as they did.
        """
        changes = [one for _, one in self._changes if one != float("inf")]
        greatest = max(changes, default=0.0)
        is_new = self._since_new + 1 >= self._every
        if greatest >= LEAST_CHANGE:
            new = [one >= CHANGE_RATIO * greatest for one in changes]
            if any(one and other for one, other in pairwise(new)):
                self._every = 1
            elif sum(new) > 1:
                places = [place for place, one in enumerate(new) if one]
                self._every = round((places[-1] - places[0]) / (len(places) - 1))
            is_new = change >= CHANGE_RATIO * greatest
        self._since_new = 0 if is_new else self._since_new + 1
        return self._every > 1 and not is_new
