"""Heads of known shape before a camera, as a perfect tracker would see them. Weak perspective: exact for the pose fit."""

from dataclasses import dataclass

import numpy as np

from facetrack.geometry.head.canonical import IRIS_MM, canonical_face
from facetrack.geometry.head.landmarks import IRIS_DIAMETERS, head_model
from facetrack.geometry.head.pose_fit import Pose
from facetrack.geometry.surface.face_surface import FINGER_MM
from facetrack.packets import Float, Observation

SIZE_WH = (640, 480)
SKIN = np.arange(478) < 468
_EYES = (slice(468, 473), slice(473, 478))


def turned(yaw: float = 0.0, pitch: float = 0.0, roll: float = 0.0) -> Float:
    """(3, 3) head to camera. Degrees: to the user's left, up, and towards the user's left shoulder."""
    y, p, r = np.deg2rad((yaw, pitch, roll))
    across = np.array([[np.cos(y), 0, np.sin(y)], [0, 1, 0], [-np.sin(y), 0, np.cos(y)]])
    nod = np.array([[1, 0, 0], [0, np.cos(p), np.sin(p)], [0, -np.sin(p), np.cos(p)]])
    tilt = np.array([[np.cos(r), np.sin(r), 0], [-np.sin(r), np.cos(r), 0], [0, 0, 1]])
    matrix: Float = tilt @ across @ nod
    return matrix


def person(size: float = 1.0, shape: tuple[float, float, float] = (1.0, 1.0, 1.0)) -> Float:
    """(478, 3) mm: the canonical head times ``size`` and ``shape`` (width, height, depth), its irises 11.7 mm all the same."""
    head = canonical_face().points_mm * size * shape
    ends = head[np.array(IRIS_DIAMETERS), :2]
    across = np.linalg.norm(ends[:, 0] - ends[:, 1], axis=-1).mean()
    for eye in _EYES:
        head[eye] = head[eye].mean(axis=0) + (head[eye] - head[eye].mean(axis=0)) * IRIS_MM / across
    return head


@dataclass(frozen=True)
class View:
    """How a head is seen. place_px: of the nose bridge."""

    rotation: Float
    px_per_mm: float = 1.6
    place_px: tuple[float, float] = (320.0, 220.0)

    def px(self, head_mm: Float) -> Float:
        """(..., 3) head mm -> (..., 3) pixels, as the tracker gives them: y down, z smaller is nearer."""
        seen: Float = head_mm @ self.rotation.T * self.px_per_mm * (1.0, -1.0, -1.0) + (*self.place_px, 0.0)
        return seen


FRONTAL = View(np.eye(3))


def touching(head_mm: Float) -> Float:
    """(478, 3) where a fingertip landmark is that touches each mesh point: inside the finger, above the skin."""
    return head_mm + FINGER_MM * head_model().normals


def angles_deg(pose: Pose) -> Float:
    """(3,) how far a head is turned to the user's left, up, and tilted towards the user's left shoulder."""
    forward, up = pose.rotation[:, 2], pose.rotation[:, 1]
    return np.rad2deg([np.arctan2(forward[0], forward[2]), np.arcsin(forward[1]), np.arctan2(up[0], up[1])])


def hand_at(tip_px: Float, px_per_mm: float, upward: float = 1.0) -> Float:
    """(21, 3) an open hand whose middle fingertip is at tip_px; its fingers point up (or down: upward = -1)."""
    bones = np.array(
        [(0, 175), (28, 150), (42, 120), (50, 95), (56, 75)]
        + [(20 - 2 * k, y) for k in range(1) for y in (90, 50, 28, 8)]
        + [(0, y) for y in (88, 45, 22, 0)]
        + [(-17, y) for y in (92, 52, 30, 10)]
        + [(-33, y) for y in (100, 68, 50, 34)],
        dtype=float,
    )
    hand = np.zeros((21, 3))
    hand[:, :2] = tip_px[:2] + bones * (1.0, upward) * px_per_mm
    return hand


NO_HANDS = np.full((2, 21, 3), np.nan)


def seen(t_s: float, head_mm: Float, view: View = FRONTAL, hands_px: Float = NO_HANDS, noise_px: float = 0.0) -> Observation:
    """One frame; noise from a generator seeded by the time."""
    face = view.px(head_mm)
    if noise_px:
        face = face + np.random.default_rng(round(t_s * 1000)).normal(0.0, noise_px, face.shape)
    return Observation(t_s, SIZE_WH, face, hands_px)


def mirrored(observation: Observation) -> Observation:
    """What a camera sees of the mirror image of that person: the user's left is their right."""
    width = observation.size_wh[0]
    face = observation.face_px[canonical_face().mirror_index].copy()
    hands = observation.hands_px[::-1].copy()
    face[:, 0] = width - face[:, 0]
    hands[..., 0] = width - hands[..., 0]
    return Observation(observation.t_s, observation.size_wh, face, hands)
