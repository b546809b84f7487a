"""A pinhole camera, and the head's pose before it.

Body frame: the head frame of the head at rest (mm, +x the user's left, +y up, +z to the camera). The camera looks along -z at a
person whose nose bridge is ``distance_mm`` away; the user's left is on the image's right, as in any unmirrored picture.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetrack.packets import Float

NECK_JOINT_MM: Final = np.array([0.0, -95.0, -95.0])
"""About where the skull turns on the spine (between the atlas and the middle of the neck), head frame."""


@dataclass(frozen=True, slots=True)
class Camera:
    """size_wh: pixels. fov_deg: horizontal. distance_mm: to the nose bridge of a head at rest. shift_mm: (x, y) of that nose
    bridge from the optical axis, to the user's left and up."""

    size_wh: tuple[int, int] = (640, 480)
    fov_deg: float = 60.0
    distance_mm: float = 580.0
    shift_mm: tuple[float, float] = (0.0, 70.0)

    @property
    def focal_px(self) -> float:
        return self.size_wh[0] / 2 / float(np.tan(np.deg2rad(self.fov_deg) / 2))

    def project(self, points_mm: NDArray[np.floating]) -> tuple[Float, Float]:
        """Body frame (..., 3) -> pixels (..., 2) and depth (...) mm along the optical axis. NaN in, NaN out."""
        depth: Float = np.asarray(self.distance_mm - points_mm[..., 2], dtype=np.float64)
        scale = self.focal_px / depth
        u = self.size_wh[0] / 2 + (points_mm[..., 0] + self.shift_mm[0]) * scale
        v = self.size_wh[1] / 2 - (points_mm[..., 1] + self.shift_mm[1]) * scale
        return np.stack([u, v], axis=-1), depth


@dataclass(frozen=True, slots=True)
class HeadPose:
    """Angles in rad about the neck joint, then a translation (3,) mm of the whole person.

    yaw: positive turns the face to the user's left. pitch: positive looks up. roll: positive tilts the head towards the user's
    right shoulder (counter-clockwise as the user feels it; in the picture the top of the head goes left).
    """

    yaw_rad: float = 0.0
    pitch_rad: float = 0.0
    roll_rad: float = 0.0
    translation_mm: tuple[float, float, float] = (0.0, 0.0, 0.0)

    def matrix(self, share: float = 1.0) -> Float:
        """(3, 3) rotation of a part that follows ``share`` of each angle."""
        (cy, sy), (cp, sp), (cr, sr) = (
            (np.cos(a * share), np.sin(a * share)) for a in (self.yaw_rad, -self.pitch_rad, self.roll_rad)
        )
        turn_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
        turn_x = np.array([[1, 0, 0], [0, cp, -sp], [0, sp, cp]])
        turn_z = np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]])
        matrix: Float = turn_y @ turn_x @ turn_z
        return matrix

    def carry(self, points_mm: NDArray[np.floating], share: NDArray[np.floating]) -> Float:
        """Skin points (..., 3) that follow ``share`` (...) of the head's rotation -> where they are now. Blends linearly."""
        turned = (points_mm - NECK_JOINT_MM) @ self.matrix().T + NECK_JOINT_MM
        moved: Float = points_mm + share[..., None] * (turned - points_mm) + np.array(self.translation_mm)
        return moved
