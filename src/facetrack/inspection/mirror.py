"""Tells a mirrored picture: its hands look like those of the other side."""

from typing import Final

import numpy as np

from facetrack.packets import LEFT, RIGHT, Observation

LEAST_S: Final = 5.0
"""Both hands must have been at work for this long in all."""
AGAINST: Final = 0.9
"""Share of that time in which the labels say the contrary of the sides. In ordinary pictures it is a tenth."""
LONGEST_FRAME_S: Final = 0.25
_PALM: Final = [0, 5, 9, 13, 17]
_SIDES: Final = [234, 454]
_ENDS: Final = [10, 152]


class MirrorEvidence:
    """Adds up for how long both hands' labels have contradicted their sides; ``mirrored`` says whether that is enough."""

    def __init__(self) -> None:
        self.mirrored = False
        self._both_s = self._against_s = 0.0
        self._last_s = float("nan")

    def update(self, observation: Observation) -> None:
        """Process a frame: it counts if both hands are at the face, each on its half."""
        dt_s = min(observation.t_s - self._last_s, LONGEST_FRAME_S) if self._last_s == self._last_s else 0.0
        self._last_s = observation.t_s
        labels = observation.left_score
        if not observation.face_seen or not observation.hand_seen.all() or np.isnan(labels).any():
            return
        face = observation.face_px[:, :2]
        width = float(np.hypot(*(face[_SIDES[0]] - face[_SIDES[1]])))
        middle = face[_ENDS].mean(axis=0)
        palms = observation.hands_px[:, _PALM, :2].mean(axis=1) - middle
        near = bool((np.abs(palms) < width).all())
        # In an unmirrored picture the user's left is on the right.
        apart = palms[LEFT, 0] > 0.0 > palms[RIGHT, 0]
        if not near or not apart:
            return
        self._both_s += dt_s
        if labels[LEFT] < 0.5 < labels[RIGHT]:
            self._against_s += dt_s
        self.mirrored = self._both_s >= LEAST_S and self._against_s >= AGAINST * self._both_s
