"""A performance before the camera as exact landmarks, all frames at once; no picture is drawn."""

from dataclasses import dataclass

import numpy as np

from facetrack.mannequin import Camera, HandsGroundTruth, HeadMotion, Performance
from facetrack.mannequin.body.mesh import body
from facetrack.mannequin.body.skin import skin
from facetrack.mannequin.camera import NECK_JOINT_MM
from facetrack.mannequin.ground_truth.hands import hands_ground_truth
from facetrack.packets import Bool, Float

_FRAME_MARGIN = 0.05
"""Share of the picture by which a palm's centre may lie outside and the hand still be found."""
_PALM_JOINTS = [0, 1, 5, 9, 13, 17]


@dataclass(frozen=True, slots=True)
class Poses:
    """The head over N times. angles_rad: (N, 3) yaw, pitch, roll; shift_mm: (N, 3)."""

    angles_rad: Float
    shift_mm: Float

    @staticmethod
    def of(head: HeadMotion, t_s: Float) -> "Poses":
        poses = [head.at(float(t)) for t in t_s]
        angles = np.array([(p.yaw_rad, p.pitch_rad, p.roll_rad) for p in poses])
        return Poses(angles, np.array([p.translation_mm for p in poses]))

    def matrices(self, share: Float) -> Float:
        """(N, 3, 3) of parts that follow share (N,) of each angle; as ``HeadPose.matrix``."""
        yaw, pitch, roll = (self.angles_rad * share[:, None]).T
        one, none = np.ones_like(yaw), np.zeros_like(yaw)
        (cy, sy), (cp, sp), (cr, sr) = ((np.cos(a), np.sin(a)) for a in (yaw, -pitch, roll))
        turn_y = np.array([[cy, none, sy], [none, one, none], [-sy, none, cy]])
        turn_x = np.array([[one, none, none], [none, cp, -sp], [none, sp, cp]])
        turn_z = np.array([[cr, -sr, none], [sr, cr, none], [none, none, one]])
        y, x, z = (np.moveaxis(turn, -1, 0) for turn in (turn_y, turn_x, turn_z))
        matrices: Float = y @ x @ z
        return matrices

    def carry(self, points_mm: Float, share: Float) -> Float:
        """Skin points (N, P, 3) or (P, 3) with shares (N, P) or (P,) -> (N, P, 3); as ``HeadPose.carry``."""
        full = self.matrices(np.ones(len(self.angles_rad)))
        turned = (points_mm - NECK_JOINT_MM) @ np.swapaxes(full, 1, 2) + NECK_JOINT_MM
        moved: Float = points_mm + share[..., None] * (turned - points_mm) + self.shift_mm[:, None]
        return moved


@dataclass(frozen=True, slots=True)
class Projected:
    """Exact landmarks over N frames, px; z on the scale of x, smaller is nearer. hands_px: NaN where the hand is out of
    the picture.

    mm_per_px: (N,) at the nose bridge.
    """

    t_s: Float
    size_wh: tuple[int, int]
    face_px: Float
    hands_px: Float
    mm_per_px: Float
    poses: Poses
    hands: HandsGroundTruth

    @property
    def hand_seen(self) -> Bool:
        seen: Bool = ~np.isnan(self.hands_px[:, :, 0, 0])
        return seen


def project(performance: Performance, t_s: Float, head: HeadMotion, camera: Camera) -> Projected:
    """Landmarks of a performance at times (N,)."""
    hands = hands_ground_truth(performance, t_s)
    poses = Poses.of(head, t_s)
    surface = skin()
    plane = surface.plane(hands.working_mm)
    share, touch = surface.head_share(plane), surface.point(plane)
    touched = poses.carry(touch, share)
    joints = np.empty_like(hands.joints_mm)
    for k in (0, 1):  # a hand goes with the skin it works on
        turn = np.swapaxes(poses.matrices(share[:, k]), 1, 2)
        joints[:, k] = (hands.joints_mm[:, k] - touch[:, k, None]) @ turn + touched[:, k, None]
    hands_px = _with_depth(joints, camera, joints[:, :, :1])
    hands_px[~(hands.visible & _in_picture(hands_px, camera))] = np.nan
    mesh = body().registration_mm
    face = poses.carry(mesh, surface.head_share(mesh[:, :2]))
    face_px = _with_depth(face, camera, face.mean(axis=1, keepdims=True))
    bridge = poses.carry(np.zeros((1, 3)), np.ones(1))
    mm_per_px = camera.project(bridge)[1][:, 0] / camera.focal_px
    return Projected(t_s, camera.size_wh, face_px, hands_px, mm_per_px, poses, hands)


def _with_depth(points_mm: Float, camera: Camera, origin_mm: Float) -> Float:
    px, depth = camera.project(points_mm)
    middle = camera.project(origin_mm)[1]
    return np.concatenate([px, ((depth - middle) * camera.focal_px / middle)[..., None]], axis=-1)


def _in_picture(hands_px: Float, camera: Camera) -> Bool:
    centre = hands_px[:, :, _PALM_JOINTS, :2].mean(axis=2) / np.array(camera.size_wh)
    inside: Bool = ((centre > -_FRAME_MARGIN) & (centre < 1 + _FRAME_MARGIN)).all(axis=-1)
    return inside
