"""A hand at one moment, in front of the posed head: its skin for the renderer, its joints for the truth."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from facetrack.mannequin.body import body
from facetrack.mannequin.camera import HeadPose
from facetrack.mannequin.hand_pose import HandPlacement
from facetrack.mannequin.hand_rig import Fingers, HandJoints, bone_frames
from facetrack.mannequin.skin import Skin
from facetrack.packets import Float

_MIRROR = np.array([-1.0, 1.0, 1.0])


@dataclass(frozen=True, slots=True)
class PosedHand:
    """points_mm, normals: (V, 3) body frame after the head's pose. joints_mm: (21, 3) likewise, in MediaPipe's order."""

    points_mm: Float
    normals: NDArray[np.float32]
    triangles: NDArray[np.int32]
    joints_mm: Float
    lift_mm: float


@dataclass(frozen=True, slots=True)
class Carried:
    """The rigid movement that the head's pose gives to a hand on it: points @ turn.T + shift."""

    turn: Float
    shift: Float

    def __call__(self, points: Float) -> Float:
        moved: Float = points @ self.turn.T + self.shift
        return moved


def carried_with(surface: Skin, pose: HeadPose, plane_mm: Float) -> Carried:
    """A hand that works at plane_mm (2,) goes with the skin there."""
    share = surface.head_share(plane_mm)
    touch = surface.point(plane_mm)
    turn = pose.matrix(float(share))
    return Carried(turn, pose.carry(touch, np.asarray(share)) - touch @ turn.T)


def posed_hand(placement: HandPlacement, moment: int, carried: Carried, lift_mm: float) -> PosedHand:
    """Skin the hand mesh at one moment of a placement."""
    rig = body()
    one = slice(moment, moment + 1)
    posed = HandJoints(placement.posed.joints[moment], placement.posed.bone_turns[moment])
    turns, shifts = bone_frames(posed, placement.forearm_turn[moment])
    blend = (rig.hand_weights @ np.concatenate([turns.reshape(-1, 9), shifts], axis=1).astype(np.float32)).astype(np.float64)
    matrices = blend[:, :9].reshape(-1, 3, 3)
    rest = rig.hand.points_mm
    points = np.einsum("vij,vj->vi", matrices, rest) + blend[:, 9:]
    normals = np.einsum("vij,vj->vi", matrices, rig.hand.normals)
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-6)
    points = points @ placement.turn[moment].T + placement.wrist_mm[moment]
    normals = normals @ placement.turn[moment].T
    joints = placement.joints_mm[one][0]
    triangles = rig.hand.triangles
    if placement.right:
        points, normals, joints, triangles = points * _MIRROR, normals * _MIRROR, joints * _MIRROR, triangles[:, ::-1]
    return PosedHand(carried(points), (normals @ carried.turn.T).astype(np.float32), triangles, carried(joints), lift_mm)


__all__ = ["Carried", "Fingers", "PosedHand", "carried_with", "posed_hand"]
