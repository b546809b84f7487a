"""Says where the user's face is in the picture, and what of a hand's place follows from it. Pure numpy; time is an argument."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from facetrack.packets import Float
from facetrack.tracking.hand_shape import FINGER_BASES, TIPS, WRIST, palms

BESIDE: Final = 0.35
"""Face widths by which a fingertip may lie outside the face's outline and the hand still be on it."""
CHEST_ACROSS: Final = 1.0
CHEST_BELOW: Final = 1.4
"""Face widths from the face's middle: a hand whose palm is nearer to the midline and whose fingertips are all lower may be
printed on a shirt. The neck ends at 1.1; hands that work there reach higher."""
HAND_SIZE: Final = 0.32
"""Face widths from wrist to finger bases, in depth too, below which nothing is the user's hand. Real hands at real faces have
0.39 to 0.69 (2nd and 98th percentile of 900 frames); what MediaPipe takes for hands in bare faces, at thresholds lowered
until it does, 0.15 to 0.31 (70 frames of two people)."""
LARGEST_HAND: Final = 2.0
"""Nor above: a stretched hand near the camera has half of it."""

_SIDES: Final = [234, 454]  # by the ears
_ENDS: Final = [10, 152]  # hairline, chin
_BRIDGE: Final = 168  # between the eyes


@dataclass(frozen=True, slots=True)
class FacePlace:
    """Holds a face's place, px. x: of the midline. y: of the face's middle. velocity_px_s: (2,) of the nose's bridge; t_s:
    when it was seen."""

    x: float
    y: float
    width: float
    height: float
    t_s: float
    bridge_px: Float
    velocity_px_s: Float

    @staticmethod
    def of(face_px: Float, t_s: float, before: "FacePlace | None") -> "FacePlace | None":
        """Locate a face (478, 3) px. Where it was before, at rest, if it is NaN; None if it never was."""
        if math.isnan(face_px[0, 0]):
            return before and before._at_rest()
        right, left = face_px[_SIDES]
        top, chin = face_px[_ENDS, 1].tolist()
        bridge = face_px[_BRIDGE, :2].copy()
        moving = before is not None and t_s > before.t_s
        velocity = (bridge - before.bridge_px) / (t_s - before.t_s) if before is not None and moving else np.zeros(2)
        width = math.dist(left, right)  # in 3-D: a turned head is narrower in the picture
        return FacePlace(float(bridge[0]), (top + chin) / 2, width, chin - top, t_s, bridge, velocity)

    def _at_rest(self) -> "FacePlace":
        return FacePlace(self.x, self.y, self.width, self.height, self.t_s, self.bridge_px, np.zeros(2))

    def has_on_it(self, xy: Float) -> bool:
        """Say whether a fingertip of the hand (21, 2) lies on the face or right beside it."""
        across = np.abs(xy[TIPS, 0] - self.x) <= (0.5 + BESIDE) * self.width
        down = np.abs(xy[TIPS, 1] - self.y) <= self.height / 2 + BESIDE * self.width
        return bool((across & down).any())

    def has_before_chest(self, xy: Float) -> bool:
        """Say whether the hand (21, 2) lies where a shirt may have one printed on it."""
        below = (xy[TIPS, 1].min() - self.y) / self.width
        return bool(abs(palms(xy)[0] - self.x) < CHEST_ACROSS * self.width and below > CHEST_BELOW)


def fits_face(hand: Float, face_width: float) -> bool:
    """Say whether a hand (21, 3) px is as large as one beside a face of that width, px."""
    size = np.linalg.norm(hand[FINGER_BASES] - hand[WRIST], axis=1).mean()
    return bool(HAND_SIZE * face_width <= size <= LARGEST_HAND * face_width)
