"""The truth about the mannequin's frames: everything a tracker has to find, known exactly."""

from dataclasses import dataclass, fields

import numpy as np

from facetrack.mannequin.body.mesh import body
from facetrack.mannequin.body.posed_hand import carried_with
from facetrack.mannequin.body.skin import skin
from facetrack.mannequin.camera import Camera, HeadPose
from facetrack.mannequin.ground_truth.hands import HandsGroundTruth, hands_ground_truth
from facetrack.mannequin.performance.head_motion import HeadMotion
from facetrack.mannequin.performance.script import Performance
from facetrack.mannequin.render.scene import Scene
from facetrack.packets import LEFT, RIGHT, Bool, Float


@dataclass(frozen=True, slots=True)
class GroundTruth:
    """One frame, or many with a leading axis. NaN: the hand is out of sight.

    joints_px: (2, 21, 2) of the left and right hand, MediaPipe's order, whether covered or not; a tip joint is the middle
        of the fingertip's pad, about 7 mm from the finger's end, where the tracker puts its landmark on average.
    points_mm: (2, 7, 2) chart place that each of POINT_NAMES touches or is over (``HandsGroundTruth``).
        working_mm: (2, 2) of the working point. lift_mm: (2,). contact, at_face, visible: (2,).
    mesh_px: (478, 2) where the registered face landmarks really are, covered or not.
    touch_px: (2, 2) where the skin that the working point touches (or is over) is in the picture.
    """

    t_s: Float
    joints_px: Float
    points_mm: Float
    working_mm: Float
    lift_mm: Float
    contact: Bool
    at_face: Bool
    visible: Bool
    mesh_px: Float
    touch_px: Float


def ground_truth_of(
    performance: Performance, times_s: Float, scene: Scene | None = None, head: HeadMotion | None = None
) -> GroundTruth:
    """Of the frames at times (N,), with a leading axis of N."""
    scene, head = scene or Scene(), head or HeadMotion()
    hands = hands_ground_truth(performance, times_s, head)
    frames = [_frame(hands, number, head.at(float(t_s)), scene.camera) for number, t_s in enumerate(times_s)]
    return GroundTruth(
        **{field.name: np.stack([getattr(frame, field.name) for frame in frames]) for field in fields(GroundTruth)}
    )


def ground_truth_at(
    performance: Performance, t_s: float, scene: Scene | None = None, head: HeadMotion | None = None
) -> GroundTruth:
    """Of one moment, without a leading axis."""
    many = ground_truth_of(performance, np.array([t_s]), scene, head)
    return GroundTruth(**{field.name: getattr(many, field.name)[0] for field in fields(GroundTruth)})


def _frame(hands: HandsGroundTruth, moment: int, pose: HeadPose, camera: Camera) -> GroundTruth:
    surface = skin()
    plane = surface.plane(hands.working_mm[moment])
    carried = [carried_with(surface, pose, plane[side])(hands.joints_mm[moment, side]) for side in (LEFT, RIGHT)]
    visible = hands.visible[moment]
    joints_px, _ = camera.project(np.stack(carried))
    joints_px[~visible] = np.nan
    touch_px, _ = camera.project(pose.carry(surface.point(plane), surface.head_share(plane)))
    shown = visible[:, None]
    return GroundTruth(
        t_s=hands.t_s[moment],
        joints_px=joints_px,
        points_mm=np.where(shown[..., None], hands.points_mm[moment], np.nan),
        working_mm=np.where(shown, hands.working_mm[moment], np.nan),
        lift_mm=np.where(visible, hands.lift_mm[moment], np.nan),
        contact=hands.contact[moment],
        at_face=hands.at_face[moment],
        visible=visible,
        mesh_px=mesh_px(pose, camera),
        touch_px=np.where(shown, touch_px, np.nan),
    )


def mesh_px(pose: HeadPose, camera: Camera) -> Float:
    """(478, 2) pixels of the registered face landmarks; NaN without a registration."""
    points = body().registration_mm
    share = skin().head_share(points[:, :2])
    return camera.project(pose.carry(points, share))[0]
