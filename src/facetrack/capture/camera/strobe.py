"""Leaves out every second picture of a camera whose light flashes, as infrared cameras for logging in by face have it."""

from collections import deque
from itertools import pairwise
from typing import Final

import numpy as np

from facetrack.capture.opencv import Image

DARK_SHARE: Final = 0.5
"""A picture with less than this share of its neighbours' brightness is a dark one in between. Nobody can move that much."""
ALTERNATIONS: Final = 6
"""How many pictures must have been bright and dark in turn: lamps are switched, but not so often."""


class Strobe:
    """Notices that every second picture is dark."""

    def __init__(self) -> None:
        self._levels: deque[float] = deque(maxlen=ALTERNATIONS + 1)
        self.found = False

    def leave_out(self, few: Image) -> bool:
        """Decide whether this picture is one of the dark ones in between. few: a few of its pixels."""
        self._levels.append(float(np.mean(few)))
        levels = list(self._levels)
        if len(levels) <= ALTERNATIONS:
            return False
        falls = [after < DARK_SHARE * before for before, after in pairwise(levels)]
        rises = [before < DARK_SHARE * after for before, after in pairwise(levels)]
        flashes = all(falls[::-2]) and all(rises[-2::-2])
        self.found = self.found or flashes
        return flashes
