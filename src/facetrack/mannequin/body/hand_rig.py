"""The skeleton of the mannequin's LEFT hand: joints, bones, and where a pose puts them. The right hand is its mirror image.

Hand frame, mm: wrist at the origin, +y along the middle finger, the back of the hand faces +z, the thumb lies at +x. That is a
left hand as a facing camera sees it on its owner's own face. Lengths: an adult hand of 185 mm (NASA-STD-3000, 50th percentile).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetrack.packets import HAND_LANDMARKS, Float

THUMB: Final = 0
"""Index of the thumb among the fingers."""
MIDDLE: Final = 2
"""Index of the middle finger."""
TIP_JOINTS: Final = np.array([4, 8, 12, 16, 20])
"""MediaPipe's numbers of the fingertips, thumb first."""
PIP_JOINTS: Final = np.array([3, 6, 10, 14, 18])
"""MediaPipe's numbers of the middle joints, thumb first."""
PALM_JOINTS: Final = np.array([0, 5, 9, 13, 17])
"""Wrist and finger bases, whose mean is the palm's centre."""
TIP_RADIUS_MM: Final = np.array([7.0, 5.7, 5.9, 5.6, 5.0])
"""(5,) from the tip joint to the skin of the fingertip."""
PIP_RADIUS_MM: Final = 8.2
"""Distance from the middle finger's PIP joint to its skin."""
PALM_RADIUS_MM: Final = 14.0
"""Half the palm's thickness at its centre."""

_BASES = np.array([[20.0, 14.0, -5.0], [23.5, 82.0, 1.0], [5.0, 86.0, 3.0], [-12.5, 81.5, 1.5], [-28.0, 72.5, -2.0]])
_LENGTHS = np.array([[34.0, 30.0, 23.0], [40.0, 24.0, 18.5], [44.5, 27.5, 19.5], [41.0, 25.5, 19.0], [31.5, 19.0, 17.0]])
_REST_SPLAY_DEG = np.array([-40.0, -8.0, -1.0, 6.0, 15.0])  # positive: towards the little finger
_THUMB_DIP = -0.22  # the thumb points this much towards the palm's side, z a mm of length
BONE_RADII: Final = np.array(
    [[14.0, 11.5, 9.8, 7.0], [10.0, 8.6, 7.3, 5.7], [10.2, 8.8, 7.5, 5.9], [9.7, 8.4, 7.1, 5.6], [8.6, 7.3, 6.3, 5.0]]
)
"""(5, 4) mm at the four joints of each finger, root to tip."""


def _finger_directions() -> Float:
    splay = np.deg2rad(_REST_SPLAY_DEG)
    directions = np.stack([-np.sin(splay), np.cos(splay), np.zeros(5)], axis=-1)
    directions[THUMB, 2] = _THUMB_DIP
    unit: Float = directions / np.linalg.norm(directions, axis=-1, keepdims=True)
    return unit


def _flexion_axes(directions: Float) -> Float:
    """Compute the axes about which a positive angle bends a finger towards the palm."""
    palmar = np.tile([0.0, 0.0, -1.0], (5, 1))
    palmar[THUMB] = (-0.80, 0.10, -0.60)  # a relaxed thumb's pad faces the side of the index finger
    axes = np.cross(directions, palmar)
    unit: Float = axes / np.linalg.norm(axes, axis=-1, keepdims=True)
    return unit


DIRECTIONS: Final = _finger_directions()
"""(5, 3) directions of the fingers at rest."""
FLEXION_AXES: Final = _flexion_axes(DIRECTIONS)
"""(5, 3) axes about which the fingers bend."""
REST_CHAIN: Final = (
    _BASES[:, None] + DIRECTIONS[:, None] * np.concatenate([np.zeros((5, 1)), np.cumsum(_LENGTHS, axis=1)], axis=1)[..., None]
)
"""(5, 4, 3) joints of the fingers at rest, root to tip. The tip is the middle of the fingertip's pad, where the tracker's tip
landmark lies on average (measured: 1 to 2 mm nearer to the root than the centre of the finger's round end)."""
LANDMARK_SHIFT_MM: Final = np.zeros((HAND_LANDMARKS, 3))
"""(21, 3) shift from the skeleton's joints to the tracker's landmarks in the hand frame, measured on five steps of the routines
(means)."""
LANDMARK_SHIFT_MM[[0, 1, 2, 3], :2] = [[0.0, 6.5], [9.5, 7.5], [5.0, 2.0], [2.0, 0.5]]
LANDMARK_SHIFT_MM[[5, 9, 13, 17], :2] = [[3.5, -2.5], [2.5, -3.2], [1.8, -2.2], [1.0, -0.8]]
LANDMARK_SHIFT_MM[[6, 10], :2] = [[2.0, -0.6], [1.0, -1.5]]
WRIST: Final = np.zeros(3)
"""Origin of the hand frame."""


def rotation_about(axis: Float, angle: Float) -> Float:
    """Return rotations (..., 3, 3) about an axis (..., 3) of unit length by an angle (...) in rad (Rodrigues)."""
    x, y, z = axis[..., 0], axis[..., 1], axis[..., 2]
    c, s = np.cos(angle), np.sin(angle)
    t = 1.0 - c
    rows = [t * x * x + c, t * x * y - s * z, t * x * z + s * y]
    rows += [t * x * y + s * z, t * y * y + c, t * y * z - s * x]
    rows += [t * x * z - s * y, t * y * z + s * x, t * z * z + c]
    matrix: Float = np.stack(np.broadcast_arrays(*rows), axis=-1)
    return matrix.reshape(*matrix.shape[:-1], 3, 3)


@dataclass(frozen=True, slots=True)
class Fingers:
    """Joint angles in rad, added to the pose at rest, which is a flat hand with fingers a little apart."""

    flexion: Float  # (..., 5, 3) at the three joints of each finger; positive bends towards the palm
    splay: Float  # (..., 5); positive turns a finger towards the little finger's side


@dataclass(frozen=True, slots=True)
class HandJoints:
    """Joints of posed hands."""

    joints: Float  # (..., 21, 3) mm in the hand frame
    bone_turns: Float  # (..., 5, 3, 3, 3) rotation of each finger bone from rest

    @property
    def landmarks(self) -> Float:
        """(..., 21, 3) where the tracker sees the joints: its wrist is no hinge, and its finger bases lie in the palm."""
        landmarks: Float = self.joints + LANDMARK_SHIFT_MM
        return landmarks


def pose_joints(fingers: Fingers) -> HandJoints:
    """Compute the joints in the hand frame (forward kinematics), batched over leading axes."""
    lead = fingers.splay.shape[:-1]
    dorsal = np.broadcast_to(np.array([0.0, 0.0, 1.0]), (*lead, 5, 3))
    turn = rotation_about(dorsal, fingers.splay)
    joints = np.empty((*lead, 5, 4, 3))
    turns = np.empty((*lead, 5, 3, 3, 3))
    joints[..., 0, :] = REST_CHAIN[:, 0]
    for k in range(3):
        turn = turn @ rotation_about(FLEXION_AXES, fingers.flexion[..., k])
        turns[..., k, :, :] = turn
        step = REST_CHAIN[:, k + 1] - REST_CHAIN[:, k]
        joints[..., k + 1, :] = joints[..., k, :] + np.einsum("...ij,...j->...i", turn, step)
    wrist = np.broadcast_to(WRIST, (*lead, 1, 3))
    return HandJoints(np.concatenate([wrist, joints.reshape(*lead, 20, 3)], axis=-2), turns)


def bone_frames(posed: HandJoints, forearm_turn: Float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return rotation (17, 3, 3) and shift (17, 3) that carry a vertex at rest with each bone, in the hand frame, for one pose.

    forearm_turn: (3, 3) rotation of the forearm against the palm.
    """
    turns = np.concatenate([forearm_turn[None], np.eye(3)[None], posed.bone_turns.reshape(15, 3, 3)])
    start_rest = np.concatenate([np.zeros((2, 3)), REST_CHAIN[:, :3].reshape(15, 3)])
    start = np.concatenate([np.zeros((2, 3)), posed.joints[1:].reshape(5, 4, 3)[:, :3].reshape(15, 3)])
    return turns, start - np.einsum("bij,bj->bi", turns, start_rest)


assert REST_CHAIN.size == 3 * (HAND_LANDMARKS - 1)
