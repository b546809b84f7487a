"""Asks to lift a lost hand: the tracker seldom finds a hand that lies flat on the face, but finds one that comes to it."""

import math

from facetrack.coach.thresholds import Thresholds
from facetrack.packets import SIDES

_HANDS_OF = {"unseen.left": (0,), "unseen.right": (1,), "unseen.hands": (0, 1)}


class LiftRequest:
    """Asks when a hand was lost at the face; then it waits before it asks again."""

    def __init__(self, thresholds: Thresholds) -> None:
        self._tuning = thresholds.tuning.feedback
        self._asked_s = -math.inf
        self._asked: str | None = None

    def instead_of(self, hint: str | None, lost: list[bool], t_s: float) -> str | None:
        """Return the hint to show: ``hint`` (what is unseen in this frame), or the request in its place. lost: of each hand."""
        hands = [hand for hand in _HANDS_OF.get(hint or "", ()) if lost[hand]]
        if not hands:
            self._asked = None
            return hint
        wanted = "unseen.lift-hands" if len(hands) > 1 else f"unseen.lift-{SIDES[hands[0]]}"
        if t_s - self._asked_s >= self._tuning.lift_again_s:
            self._asked, self._asked_s = wanted, t_s
        still = self._asked == wanted and t_s - self._asked_s < self._tuning.shown_s
        return wanted if still else hint
