"""Poses a hand at one moment in front of the posed head: its skin for the renderer, its joints for the ground truth."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from facetrack.mannequin.body.hand_pose import HandPlacement
from facetrack.mannequin.body.hand_rig import HandJoints, bone_frames, rotation_about
from facetrack.mannequin.body.mesh import body
from facetrack.mannequin.body.skin import SkinSurface
from facetrack.mannequin.body.tool import Tool, posed_tool
from facetrack.mannequin.camera import HeadPose
from facetrack.packets import Float

_MIRROR = np.array([-1.0, 1.0, 1.0])
_WRIST_LIMIT_RAD = float(np.deg2rad(52.0))
_ELBOW_MM = np.array([225.0, -390.0, 60.0])  # where a left elbow hangs, body frame of a person at rest


@dataclass(frozen=True, slots=True)
class PosedHand:
    """A hand's skin and joints, body frame after the head's pose."""

    points_mm: NDArray[np.float32]  # (V, 3)
    normals: NDArray[np.float32]  # (V, 3)
    triangles: NDArray[np.int32]  # (3, T)
    joints_mm: Float  # (21, 3) in MediaPipe's order
    lift_mm: float
    tool: "PosedTool | None" = None


@dataclass(frozen=True, slots=True)
class PosedTool:
    """A tool's surface, body frame after the head's pose. edge_mm: (3,) the middle of the edge that touches."""

    points_mm: NDArray[np.float32]
    normals: NDArray[np.float32]
    triangles: NDArray[np.int32]
    edge_mm: Float


@dataclass(frozen=True, slots=True)
class Carried:
    """The rigid movement that the head's pose gives to a hand on it: points @ turn.T + shift."""

    turn: Float
    shift: Float

    def __call__(self, points: Float) -> Float:
        moved: Float = points @ self.turn.T + self.shift
        return moved


def carried_with(surface: SkinSurface, pose: HeadPose, plane_mm: Float) -> Carried:
    """Compute the movement of a hand that works at plane_mm (2,) and moves with the skin there."""
    share = surface.head_share(plane_mm)
    touch = surface.point(plane_mm)
    turn = pose.matrix(float(share))
    return Carried(turn, pose.carry(touch, np.asarray(share)) - touch @ turn.T)


@dataclass(frozen=True, slots=True)
class _Rig:
    """The hand's mesh, prepared for skinning by one matrix product."""

    points: NDArray[np.float32]  # (V, 17 * 4), every bone's share times (x, y, z, 1)
    normals: NDArray[np.float32]  # (V, 17 * 3)
    triangles: tuple[NDArray[np.int32], NDArray[np.int32]]  # (3, T) of the left and the right hand


@cache
def _rig() -> _Rig:
    parts = body()
    rest = np.concatenate([parts.hand.points_mm, np.ones((len(parts.hand.points_mm), 1), np.float32)], axis=1)
    points = (parts.hand_weights[:, :, None] * rest[:, None]).reshape(len(rest), -1)
    normals = (parts.hand_weights[:, :, None] * parts.hand.normals[:, None]).reshape(len(rest), -1)
    left = np.ascontiguousarray(parts.hand.triangles.T)
    return _Rig(points, normals, (left, np.ascontiguousarray(left[::-1])))


def posed_hand(
    placement: HandPlacement,
    moment: int,
    carried: Carried,
    lift_mm: float,
    translation_mm: Float | None = None,
    tool: Tool | None = None,
) -> PosedHand:
    """Skin the hand mesh at one moment of a placement. translation_mm: (3,) of the whole person, elbows included."""
    rig = _rig()
    posed = HandJoints(placement.posed.joints[moment], placement.posed.bone_turns[moment])
    mirror = _MIRROR if placement.right else np.ones(3)
    whole = carried.turn @ np.diag(mirror) @ placement.turn[moment]
    shift = carried(placement.wrist_mm[moment] * mirror)
    elbow = _ELBOW_MM * mirror + (0.0 if translation_mm is None else translation_mm)
    turns, shifts = bone_frames(posed, _forearm_turn((elbow - shift) @ whole))
    bones = np.concatenate([whole @ turns, (shifts @ whole.T + shift)[..., None]], axis=-1)
    # einsum, not @: BLAS would wake its threads for a product this thin
    points = np.einsum("vk,kc->vc", rig.points, np.swapaxes(bones, 1, 2).reshape(-1, 3).astype(np.float32))
    normals = np.einsum("vk,kc->vc", rig.normals, np.swapaxes(bones[..., :3], 1, 2).reshape(-1, 3).astype(np.float32))
    normals /= np.maximum(np.sqrt(np.einsum("vi,vi->v", normals, normals)), np.float32(1e-6))[:, None]
    joints = carried(placement.joints_mm[moment] * mirror)
    held = None if tool is None else _posed_tool(tool, posed, whole, shift, placement.right)
    return PosedHand(points, normals, rig.triangles[placement.right], joints, lift_mm, held)


def _posed_tool(tool: Tool, posed: HandJoints, whole: Float, shift: Float, mirrored: bool) -> PosedTool:
    points, normals, triangles = posed_tool(tool, posed)
    moved = (points @ whole.T + shift).astype(np.float32)
    edge: Float = tool.edge_mm(posed) @ whole.T + shift
    facing = np.ascontiguousarray(triangles[::-1]) if mirrored else triangles
    return PosedTool(moved, (normals @ whole.T).astype(np.float32), facing, edge)


def _forearm_turn(to_elbow: Float) -> Float:
    """Compute the forearm's rotation (3, 3) against the palm: towards the hanging elbow, given in the palm's frame, as far as a
    wrist bends."""
    straight = np.array([0.0, -1.0, 0.0])
    axis = np.cross(straight, to_elbow)
    sine = float(np.linalg.norm(axis))
    if sine < 1e-6:
        return np.eye(3)
    angle = min(float(np.arctan2(sine, straight @ to_elbow)), _WRIST_LIMIT_RAD)
    return rotation_about(axis / sine, np.asarray(angle))
