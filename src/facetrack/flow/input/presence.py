"""Detects that the user has left the frame. Palms that hide the face do not count as leaving."""

import math
from typing import Final

from facetrack.flow.input.frame_facts import FrameFacts

LEFT_S: Final = 2.0
"""Without a face and hands for this long, nobody is there."""
COVERED_S: Final = 8.0
"""The same if hands were at the face when it was lost: they may hide the face, and each other, from the tracker."""
BACK_S: Final = 0.5
"""How long a face must be seen before the user counts as back."""
JUST_S: Final = 0.7
"""Hands that were at the face this recently before it was lost may be what hides it."""


class Presence:
    """Follows whether the user is away; ``away`` holds the result of the last ``update``."""

    def __init__(self) -> None:
        self.away = False
        self._face_s = self._hands_s = self._hands_at_face_s = -math.inf
        self._back_since_s = math.nan
        self._began_s = math.nan

    def update(self, facts: FrameFacts) -> bool:
        """Process a frame and return whether the user is away."""
        t_s = facts.t_s
        if math.isnan(self._began_s):
            self._began_s = self._face_s = t_s
        if facts.hand_seen.any():
            self._hands_s = t_s
        if facts.hand_near_face.any():
            self._hands_at_face_s = t_s
        if facts.face_box_px is not None:
            self._face_s = t_s
            self._back_since_s = t_s if math.isnan(self._back_since_s) else self._back_since_s
            if self.away and t_s - self._back_since_s >= BACK_S:
                self.away = False
            return self.away
        self._back_since_s = math.nan
        covered = self._face_s - self._hands_at_face_s <= JUST_S
        nobody_seen_s = t_s - max(self._face_s, self._hands_s)
        self.away = self.away or nobody_seen_s >= (COVERED_S if covered else LEFT_S)
        return self.away
