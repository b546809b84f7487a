"""Recognises the gesture that pauses and resumes: both open palms beside the face, facing the camera. Palms over the face never
count."""

import math
from typing import Final

import numpy as np

from facetrack.packets import LEFT, RIGHT, Float, Observation

HELD_S: Final = 1.5
"""How long the palms must be held up."""
GAP_S: Final = 0.25
"""A hand that is lost for less than this does not end the gesture."""
RELEASE_S: Final = 0.5
"""How long the palms must be away before the gesture counts again."""
FACE_KNOWN_S: Final = 1.0
"""A face that was seen this recently is assumed to be still in its place."""
OPEN: Final = 1.25
"""A stretched finger's tip is farther from the wrist than its middle joint by more than this factor (flat hands: 1.4-1.6)."""
FACING: Final = 0.22
"""Sine of the angle at the wrist between the bases of index and little finger: about 0.45 facing the camera, 0 edge-on."""
UPRIGHT: Final = 0.6
"""Cosine of how far the hand may lean from straight up: 53 degrees."""
BESIDE: Final = 0.03
"""Gap between hand and face as a share of the face's width."""
ABOVE: Final = 0.7
"""How far above the brows the palms may be, in heights of the face."""
BELOW: Final = 0.9
"""How far below the chin the palms may be, in heights of the face."""
WRIST, INDEX, MIDDLE, LITTLE = 0, 5, 9, 17
MIDDLE_JOINTS: Final = (6, 10, 14, 18)
TIPS: Final = (8, 12, 16, 20)


def open_palms(observation: Observation, face_px: Float) -> bool:
    """Check whether both hands show open palms in this frame. face_px: (478, 2) where the face is or just was."""
    if not observation.hand_seen.all():
        return False
    low, high = face_px.min(axis=0), face_px.max(axis=0)
    return all(_beside(observation.hands_px[side, :, :2], side, low, high) for side in (LEFT, RIGHT)) and all(
        _open_to_camera(observation.hands_px[side, :, :2], side) for side in (LEFT, RIGHT)
    )


def _beside(hand: Float, side: int, low: Float, high: Float) -> bool:
    wide, tall = high - low
    palm_y = hand[[WRIST, INDEX, MIDDLE, LITTLE], 1].mean()
    if not low[1] - ABOVE * tall < palm_y < high[1] + BELOW * tall:
        return False
    # The user's left is at the right of an unmirrored picture.
    gap = hand[:, 0].min() - high[0] if side == LEFT else low[0] - hand[:, 0].max()
    return bool(gap > BESIDE * wide)


def _open_to_camera(hand: Float, side: int) -> bool:
    wrist = hand[WRIST]
    reach = np.hypot(*(hand[list(TIPS)] - wrist).T)
    joints = np.hypot(*(hand[list(MIDDLE_JOINTS)] - wrist).T)
    if (reach < OPEN * joints).any():
        return False
    up = hand[MIDDLE] - wrist
    if -up[1] < UPRIGHT * math.hypot(up[0], up[1]):
        return False
    a, b = hand[INDEX] - wrist, hand[LITTLE] - wrist
    sine = (a[0] * b[1] - a[1] * b[0]) / max(math.hypot(*a) * math.hypot(*b), 1e-9)
    # Thumbs inwards: the left hand's index is to the picture's left of its little finger.
    return bool((sine if side == LEFT else -sine) > FACING)


class PalmsGesture:
    """Follows the gesture over time. ``share`` is 0..1, how much of the required time has passed."""

    def __init__(self) -> None:
        self.share = 0.0
        self._face_px: Float | None = None
        self._face_s = self._since_s = math.nan
        self._held_s = -math.inf
        self._done = False

    def update(self, observation: Observation, t_s: float) -> bool:
        """Process a frame. Returns True once, when the gesture is complete."""
        if observation.face_seen:
            self._face_px, self._face_s = observation.face_px[:, :2], t_s
        known = self._face_px is not None and t_s - self._face_s <= FACE_KNOWN_S
        if known and self._face_px is not None and open_palms(observation, self._face_px):
            self._held_s = t_s
            self._since_s = t_s if math.isnan(self._since_s) else self._since_s
        elif t_s - self._held_s > GAP_S:
            self._since_s = math.nan
            if t_s - self._held_s > RELEASE_S:
                self._done = False
        self.share = 0.0 if self._done or math.isnan(self._since_s) else min(1.0, (t_s - self._since_s) / HELD_S)
        if self.share >= 1.0 and self._held_s == t_s:
            self._done, self.share = True, 0.0
            return True
        return False
