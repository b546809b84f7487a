"""Asks to lift a lost hand: the tracker seldom finds a hand that lies flat on the face, but finds one that comes to it."""

import math

from facetrack.coach.strokes.hand_motion import HandSample
from facetrack.coach.thresholds import Thresholds
from facetrack.packets import SIDES

_HANDS_OF = {"unseen.left": (0,), "unseen.right": (1,), "unseen.hands": (0, 1)}


class LiftRequest:
    """Asks when a hand was at work on the face and has been out of sight for a while; then it waits before it asks again."""

    def __init__(self, thresholds: Thresholds) -> None:
        self._tuning = thresholds.tuning.feedback
        self._travels_mm_s = thresholds.tuning.strokes.travel_mm_s
        self._seen_s = [-math.inf, -math.inf]
        self._worked = [False, False]
        self._asked_s = -math.inf
        self._asked: str | None = None

    def update(self, samples: list[HandSample | None]) -> None:
        """Process a frame. A hand that goes away is quick when it is last seen; one that is lost was stroking or still."""
        for hand, sample in enumerate(samples):
            if sample is not None:
                self._seen_s[hand] = sample.t_s
                self._worked[hand] = sample.near_face and sample.speed < self._travels_mm_s

    def instead_of(self, hint: str | None, t_s: float) -> str | None:
        """Return the hint to show: ``hint`` (what is unseen in this frame), or the request in its place."""
        lost = [hand for hand in _HANDS_OF.get(hint or "", ()) if self.lost(hand, t_s)]
        if not lost:
            self._asked = None
            return hint
        wanted = "unseen.lift-hands" if len(lost) > 1 else f"unseen.lift-{SIDES[lost[0]]}"
        if t_s - self._asked_s >= self._tuning.lift_again_s:
            self._asked, self._asked_s = wanted, t_s
        still = self._asked == wanted and t_s - self._asked_s < self._tuning.shown_s
        return wanted if still else hint

    def lost(self, hand: int, t_s: float) -> bool:
        """Return whether a hand that was at work on the face has been out of sight for a while."""
        return self._worked[hand] and t_s - self._seen_s[hand] >= self._tuning.lift_after_s
