"""One hand followed from frame to frame: where it should be, how surely it is the left one, and its name. Pure numpy."""

import math
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from facetrack.packets import HAND_LANDMARKS, Float
from facetrack.tracking.hand_shape import hand_sizes

PREDICT_S: Final = 0.15
"""A hand's motion is carried on for no longer than this: then it has turned."""
MOTION_MEMORY_S: Final = 0.08
MOVING: Final = 2.0
"""Hand sizes a second, about 180 mm/s, against the head, that a printed hand never goes: shirts sway slower, and landmarks
that jitter by a pixel stay below a half. Hands that come are at 10."""
FIRST_VOTE: Final = 0.5
VOTES_PER_S: Final = 2.0
"""Weight of the label's log-odds at first sight (then a half, a third ... of it: arriving hands are often misnamed) and later
per second: neighbouring frames err together. Measured on rendered strokes whose labels were right in 55 to 83 % of frames."""
MAX_ODDS: Final = 6.0
"""Cap of the added-up log-odds, so that a real mistake can still be mended within about a second."""
SWAP_ODDS: Final = 4.0
"""Two named hands change names only when the evidence against them is this strong; a single one at half of it."""
SETTLE_S: Final = 0.5
"""A name becomes that firm over this long."""


@dataclass(slots=True)
class FollowedHand:
    """key: its own number. points: (21, 3) px when last seen. left_odds: log-odds that it is the left one. moved: whether it
    was ever quicker than what is printed on a shirt."""

    key: int
    points: Float
    seen_s: float
    left_odds: float
    velocity_px_s: Float = field(default_factory=lambda: np.zeros(2))
    frames: int = 1
    side: int | None = None
    named_s: float = 0.0
    moved: bool = False

    @property
    def xy(self) -> Float:
        """(21, 2) px when last seen."""
        return self.points[:, :2]

    def predicted(self, t_s: float) -> Float:
        """(21, 2) px."""
        xy: Float = self.xy + self.velocity_px_s * min(t_s - self.seen_s, PREDICT_S)
        return xy

    def follow(self, points: Float, vote: float, t_s: float, head_px_s: Float) -> None:
        """Seen again. vote: the label's log-odds. head_px_s: (2,) how the user's head moves."""
        elapsed = max(t_s - self.seen_s, 1e-3)
        velocity: Float = np.add.reduce(points[:, :2] - self.xy) / (HAND_LANDMARKS * elapsed)
        self.moved = self.moved or math.dist(velocity, head_px_s) > MOVING * float(hand_sizes(points[:, :2]))
        self.velocity_px_s = self.velocity_px_s + (velocity - self.velocity_px_s) * (elapsed / (elapsed + MOTION_MEMORY_S))
        self.points, self.seen_s, self.frames = points, t_s, self.frames + 1
        odds = self.left_odds + vote * max(VOTES_PER_S * min(elapsed, PREDICT_S), FIRST_VOTE / self.frames)
        self.left_odds = max(-MAX_ODDS, min(odds, MAX_ODDS))

    def come_back(self, points: Float, vote: float, t_s: float, likeness: float) -> None:
        """After a loss: a new hand, but what was known of it counts for as much as it is likely the same one (0..1)."""
        self.left_odds = self.left_odds * likeness + vote * FIRST_VOTE
        self.velocity_px_s = np.zeros(2)
        self.points, self.seen_s, self.frames, self.side = points, t_s, 1, None

    def take(self, side: int, t_s: float) -> None:
        """Its name from now on."""
        if side != self.side:
            self.side, self.named_s = side, t_s

    def firmness(self, t_s: float) -> float:
        """Log-odds that it takes to change the name; 0 while there is none."""
        return 0.0 if self.side is None else SWAP_ODDS * min((t_s - self.named_s) / SETTLE_S, 1.0)
