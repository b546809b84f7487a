"""The truth about one frame of the mannequin: everything a tracker has to find, known exactly."""

from dataclasses import dataclass

import numpy as np

from facetrack.mannequin.body.hand_rig import TIP_JOINTS
from facetrack.mannequin.body.mesh import body
from facetrack.mannequin.body.skin import skin
from facetrack.mannequin.camera import Camera, HeadPose
from facetrack.mannequin.ground_truth.hands import HandsGroundTruth
from facetrack.packets import Bool, Float


@dataclass(frozen=True, slots=True)
class GroundTruth:
    """One frame. NaN: the hand is out of sight.

    joints_px: (2, 21, 2) of the left and right hand, MediaPipe's order, whether covered or not; a tip joint is the middle
        of the fingertip's pad, about 7 mm from the finger's end, where the tracker puts its landmark on average.
    tips_px: (2, 5, 2) of them the fingertips, thumb first.
    points_mm: (2, 7, 2) chart place that each of POINT_NAMES touches or is over (hand_truth.py). working_mm: (2, 2) of the
        working point. lift_mm: (2,). contact, at_face, visible: (2,).
    mesh_px: (478, 2) where the registered face landmarks really are, covered or not.
    pose: the head's. touch_px: (2, 2) where the skin that the working point touches (or is over) is in the picture.
    """

    t_s: float
    joints_px: Float
    points_mm: Float
    working_mm: Float
    lift_mm: Float
    contact: Bool
    at_face: Bool
    visible: Bool
    mesh_px: Float
    pose: HeadPose
    touch_px: Float

    @property
    def tips_px(self) -> Float:
        tips: Float = self.joints_px[:, TIP_JOINTS]
        return tips


def frame_ground_truth(hands: HandsGroundTruth, moment: int, joints_mm: Float, pose: HeadPose, camera: Camera) -> GroundTruth:
    """hands, moment: which of its times. joints_mm: (2, 21, 3) after the head's pose."""
    visible = hands.visible[moment]
    joints_px, _ = camera.project(joints_mm)
    joints_px[~visible] = np.nan
    surface = skin()
    plane = surface.plane(hands.working_mm[moment])
    touch_px, _ = camera.project(pose.carry(surface.point(plane), surface.head_share(plane)))
    shown = visible[:, None]
    return GroundTruth(
        t_s=float(hands.t_s[moment]),
        joints_px=joints_px,
        points_mm=np.where(shown[..., None], hands.points_mm[moment], np.nan),
        working_mm=np.where(shown, hands.working_mm[moment], np.nan),
        lift_mm=np.where(visible, hands.lift_mm[moment], np.nan),
        contact=hands.contact[moment],
        at_face=hands.at_face[moment],
        visible=visible,
        mesh_px=mesh_px(pose, camera),
        pose=pose,
        touch_px=np.where(shown, touch_px, np.nan),
    )


def mesh_px(pose: HeadPose, camera: Camera) -> Float:
    """(478, 2) pixels of the registered face landmarks; NaN without a registration."""
    points = body().registration_mm
    share = skin().head_share(points[:, :2])
    return camera.project(pose.carry(points, share))[0]
