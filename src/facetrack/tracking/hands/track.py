"""One hand followed from frame to frame: where it should be, how surely it is the left one, and its name. Pure numpy."""

import math
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from facetrack.packets import HAND_LANDMARKS, Float
from facetrack.tracking.face.face_place import FacePlace
from facetrack.tracking.hand_shape import hand_sizes, palms

PREDICT_S: Final = 0.15
"""A hand's motion is carried on for no longer than this: then it has turned."""
MOTION_MEMORY_S: Final = 0.08
MOVING: Final = 2.0
"""Hand sizes a second, about 180 mm/s, against the head, that a printed hand never goes: shirts sway slower, and landmarks
that jitter by a pixel stay below a half. Hands that come are at 10."""
REST_MEMORY_S: Final = 2.5
MOVED: Final = 0.5
"""Hand sizes that a printed hand never goes from where it rests, but for what the head goes the same way: a nod moves only the
head, and who leans takes the shirt along. A hand that works at 20 mm/s has gone so far in two seconds."""
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
PAUSES_S: Final = (0.03, 0.06, 0.12, 0.25, 0.4)
"""Between the looks for a lost hand, about the face and at its place in turn. A failed one takes three times as long as going
on with a hand, so they thin out, and end."""


@dataclass(slots=True)
class HandTrack:
    """Holds what is known of one hand."""

    points: Float  # (21, 3) px when last seen
    seen_s: float
    left_odds: float  # log-odds that it is the left one
    since_s: float  # when it was first seen
    label_score: float = np.nan  # how surely it was called a left one when last seen, 0..1
    velocity_px_s: Float = field(default_factory=lambda: np.zeros(2))
    rest_px: Float | None = None  # (2, 2) where the palm and the head have been on average
    frames: int = 1
    side: int | None = None
    named_s: float = 0.0
    is_hand: bool = False  # whether it was ever as large as a hand beside the user's face
    moved: bool = False  # whether it ever moved as nothing does that is printed on a shirt
    looks: int = 0  # looks for it since it was lost
    looked_s: float = 0.0

    @property
    def xy(self) -> Float:
        """Return the landmarks in the picture when it was last seen, (21, 2) px."""
        return self.points[:, :2]

    def predicted(self, t_s: float) -> Float:
        """Return where the landmarks should be, (21, 2) px."""
        xy: Float = self.xy + self.velocity_px_s * min(t_s - self.seen_s, PREDICT_S)
        return xy

    def follow(self, points: Float, vote: float, t_s: float, face: FacePlace | None) -> None:
        """Take the next frame's landmarks. vote: the label's log-odds."""
        elapsed = max(t_s - self.seen_s, 1e-3)
        velocity: Float = np.add.reduce(points[:, :2] - self.xy) / (HAND_LANDMARKS * elapsed)
        self.moved = self.moved or self._moves(points[:, :2], velocity, elapsed, face)
        self.velocity_px_s = self.velocity_px_s + (velocity - self.velocity_px_s) * (elapsed / (elapsed + MOTION_MEMORY_S))
        self.points, self.seen_s, self.frames, self.looks = points, t_s, self.frames + 1, 0
        odds = self.left_odds + vote * max(VOTES_PER_S * min(elapsed, PREDICT_S), FIRST_VOTE / self.frames)
        self.left_odds = max(-MAX_ODDS, min(odds, MAX_ODDS))

    def _moves(self, xy: Float, velocity: Float, elapsed: float, face: FacePlace | None) -> bool:
        """Say whether it moves as nothing printed does."""
        size = float(hand_sizes(xy))
        head, head_px_s = (np.zeros(2), np.zeros(2)) if face is None else (face.bridge_px, face.velocity_px_s)
        places = np.stack([palms(xy), head])
        rest = places if self.rest_px is None else self.rest_px
        self.rest_px = rest + (places - rest) * (elapsed / (elapsed + REST_MEMORY_S))
        palm_went, head_went = places - self.rest_px
        with_body = np.clip(palm_went, np.minimum(head_went, 0.0), np.maximum(head_went, 0.0))
        return math.dist(palm_went, with_body) > MOVED * size or math.dist(velocity, head_px_s) > MOVING * size

    def reacquire(self, points: Float, vote: float, t_s: float, likeness: float) -> None:
        """Take the landmarks after a loss. likeness: how likely it is the same hand, 0..1: the weight of what was known."""
        self.left_odds = self.left_odds * likeness + vote * FIRST_VOTE
        self.velocity_px_s = np.zeros(2)
        self.points, self.seen_s, self.frames, self.side, self.looks = points, t_s, 1, None, 0

    def next_look(self, t_s: float) -> int:
        """Count the looks for the lost hand: the number of the one that is due now, 0 if none is."""
        since = self.looked_s if self.looks else self.seen_s
        if self.looks >= len(PAUSES_S) or t_s - since < PAUSES_S[self.looks]:
            return 0
        self.looks, self.looked_s = self.looks + 1, t_s
        return self.looks

    def take(self, side: int, t_s: float) -> None:
        """Give it its name from now on."""
        if side != self.side:
            self.side, self.named_s = side, t_s

    def handedness_lock(self, t_s: float) -> float:
        """Return the log-odds that it takes to change the name; 0 while there is none."""
        return 0.0 if self.side is None else SWAP_ODDS * min((t_s - self.named_s) / SETTLE_S, 1.0)
