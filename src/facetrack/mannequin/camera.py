"""A pinhole camera, and the head's pose in front of it.

Body frame: the head frame of the head at rest (mm, +x the user's left, +y up, +z to the camera). The camera looks along -z at a
person whose nose bridge is ``distance_mm`` away; the user's left is on the image's right, as in any unmirrored picture.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetrack.packets import Float

NECK_JOINT_MM: Final = np.array([0.0, -95.0, -95.0])
"""Where the skull turns on the spine (between the atlas and the middle of the neck), head frame, approximately."""


@dataclass(frozen=True, slots=True)
class Camera:
    """A pinhole camera."""

    size_wh: tuple[int, int] = (640, 480)  # width and height in pixels
    fov_deg: float = 60.0  # horizontal angle of view
    distance_mm: float = 580.0  # distance to the nose bridge of a head at rest
    shift_mm: tuple[float, float] = (0.0, 70.0)  # (x, y) of that nose bridge from the optical axis, to the user's left and up

    @property
    def focal_px(self) -> float:
        return self.size_wh[0] / 2 / float(np.tan(np.deg2rad(self.fov_deg) / 2))

    def project(self, points_mm: NDArray[np.floating]) -> tuple[Float, Float]:
        """Project points of the body frame (..., 3) to pixels (..., 2) and depth (...) in mm along the optical axis. NaN in,
        NaN out."""
        depth: Float = np.asarray(self.distance_mm - points_mm[..., 2], dtype=np.float64)
        scale = self.focal_px / depth
        u = self.size_wh[0] / 2 + (points_mm[..., 0] + self.shift_mm[0]) * scale
        v = self.size_wh[1] / 2 - (points_mm[..., 1] + self.shift_mm[1]) * scale
        return np.stack([u, v], axis=-1), depth


@dataclass(frozen=True, slots=True)
class HeadPose:
    """Angles in rad about the neck joint, then a translation of the whole person."""

    yaw_rad: float = 0.0  # positive turns the face to the user's left
    pitch_rad: float = 0.0  # positive looks up
    # Positive tilts the head towards the user's right shoulder (in the picture the top of the head moves left).
    roll_rad: float = 0.0
    translation_mm: tuple[float, float, float] = (0.0, 0.0, 0.0)  # (3,) translation of the whole person

    def matrix(self, share: float = 1.0) -> Float:
        """Return the rotation (3, 3) of a part that follows ``share`` of each angle."""
        (cy, sy), (cp, sp), (cr, sr) = (
            (np.cos(a * share), np.sin(a * share)) for a in (self.yaw_rad, -self.pitch_rad, self.roll_rad)
        )
        turn_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
        turn_x = np.array([[1, 0, 0], [0, cp, -sp], [0, sp, cp]])
        turn_z = np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]])
        matrix: Float = turn_y @ turn_x @ turn_z
        return matrix

    def carry(self, points_mm: NDArray[np.floating], share: NDArray[np.floating]) -> Float:
        """Move skin points (..., 3) that follow ``share`` (...) of the head's rotation to where they are now. Blends
        linearly."""
        turned = (points_mm - NECK_JOINT_MM) @ self.matrix().T + NECK_JOINT_MM
        moved: Float = points_mm + share[..., None] * (turned - points_mm) + np.array(self.translation_mm)
        return moved
