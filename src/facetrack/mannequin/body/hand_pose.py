"""Computes where a hand is when its working point touches (or hovers over) a given place of the skin. Pure numpy, batched over
time.

Everything is solved for the LEFT hand; a right hand is solved in the mirror. The body is the neutral one: the head's pose is
applied afterwards and carries hand and skin alike.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from facetrack.geometry.face_points import KNUCKLE, PALM, POINTS
from facetrack.mannequin.body.hand_rig import (
    FLEXION_AXES,
    MIDDLE,
    PALM_JOINTS,
    PALM_RADIUS_MM,
    PIP_JOINTS,
    PIP_RADIUS_MM,
    THUMB,
    TIP_JOINTS,
    TIP_RADIUS_MM,
    Fingers,
    HandJoints,
    pose_joints,
    rotation_about,
)
from facetrack.mannequin.body.skin import SkinSurface
from facetrack.mannequin.body.tool import Tool
from facetrack.mannequin.camera import NECK_JOINT_MM
from facetrack.packets import Bool, Float
from facetrack.routine.compiled import ContactPart

FACING_SHARE: Final[dict[ContactPart, float]] = {"fingertips": 1.2, "knuckles": 1.2, "palms": 1.8, "tool": 1.2}
"""How strongly a hand keeps facing the camera instead of the skin's normal, because wrists are stiff."""
_LIFT_SHARE = 1.0  # a lifted hand leaves the skin half-way between its normal and the camera
_TOUCH_ROUNDS = 5
_FLEXION_LIMITS = (-0.40, 0.20)  # rad, how far a finger gives way at its root to stay on the skin; it does not dig for it
_WRIST_GAP_MM = 38.0  # of the wrist's middle from the body behind it: a wrist's half thickness and some air
_FRONT_MM = (56.0, 72.0)  # from the midline: fingers beyond the side of the head do not hook around it
_STEEPEST = 0.75  # rad that a hand is tipped up to keep clear of cheeks, shoulders and chest
RADII: Final = np.concatenate([TIP_RADIUS_MM, [PIP_RADIUS_MM, PALM_RADIUS_MM]])
"""(7,) mm from each of POINT_NAMES inside the hand to the hand's own skin."""


@dataclass(frozen=True, slots=True)
class Grip:
    """How the hand is held."""

    flexion: Float  # (5, 3) rad
    splay: Float  # (5,) rad
    attack_rad: float  # angle between the working segment and the skin

    @property
    def fingers(self) -> Fingers:
        return Fingers(self.flexion, self.splay)


def _flexion(thumb: tuple[float, float, float], fingers: list[tuple[float, float, float]]) -> Float:
    angles: Float = np.deg2rad(np.array([thumb, *fingers]))
    return angles


GRIPS: Final[dict[ContactPart, Grip]] = {
    "fingertips": Grip(
        _flexion((4, 6, 10), [(8, 20, 10), (10, 22, 11), (10, 22, 11), (6, 18, 10)]),
        np.deg2rad([-6.0, 0.8, 0.0, 0.9, 0.0]),
        np.deg2rad(38.0),
    ),
    "palms": Grip(
        _flexion((0, 4, 6), [(8, 8, 5), (8, 8, 5), (8, 8, 5), (8, 8, 5)]),
        np.deg2rad([0.0, 3.0, 0.0, -2.0, -4.0]),
        np.deg2rad(0.0),
    ),
    "knuckles": Grip(
        _flexion((14, 20, 30), [(30, 88, 48), (32, 90, 50), (32, 90, 50), (32, 86, 48)]),
        np.deg2rad([0.0, 4.0, 0.0, -4.0, -9.0]),
        np.deg2rad(62.0),
    ),
    "tool": Grip(  # thumb and fingers pinch it; a brush in real hands is held so (curl of the middle finger 0.95-1.4)
        _flexion((22, 22, 26), [(38, 48, 20), (46, 56, 24), (52, 66, 30), (54, 70, 34)]),
        np.deg2rad([10.0, 3.0, 0.0, -4.0, -9.0]),
        np.deg2rad(15.0),
    ),
}
"""How a hand is held for each kind of contact."""


@dataclass(frozen=True, slots=True)
class HandTarget:
    """Where one hand should be at N moments (arrays lead with N)."""

    working_mm: Float  # (N, 2) place of the working point on the face map
    lift_mm: Float  # (N,) distance from the skin there
    away_mm: Float  # (N, 3) further offset of the whole hand (arriving, leaving), body frame
    pointing_rad: Float  # (N,) turn of the fingers in the picture from straight up towards the face's midline
    open_share: Float  # (N,) from 0, the grip, to 1, a flat open hand
    # (N, 3, 3) rotation of the skin there with the head; None for a head at rest. Hands follow the skin, but shoulders, wrists
    # and camera stay where they are.
    head_turn: Float | None = None
    swing_rad: Float | None = None  # (N, 2) further turn of the hand about what touches: in the picture, and out of it


@dataclass(frozen=True, slots=True)
class HandPlacement:
    """N solved moments of one hand."""

    right: bool  # whether the arrays are in the mirror (x negated) of the neutral body frame
    wrist_mm: Float  # (N, 3) origin of the palm's frame
    turn: Float  # (N, 3, 3) rotation of the palm's frame
    fingers: Fingers
    posed: HandJoints
    joints_mm: Float  # (N, 21, 3) where the tracker sees the joints
    lift_direction: Float


def points_of_hand(joints: Float) -> Float:
    """Pick POINT_NAMES (..., 7, C) from joints (..., 21, C): fingertips, middle PIP joint, palm's centre."""
    tips = joints[..., TIP_JOINTS, :]
    knuckle = joints[..., PIP_JOINTS[MIDDLE : MIDDLE + 1], :]
    palm = joints[..., PALM_JOINTS, :].mean(axis=-2, keepdims=True)
    return np.concatenate([tips, knuckle, palm], axis=-2)


def lift_direction(surface: SkinSurface, plane_mm: Float) -> Float:
    """Return the direction in which a hand leaves the skin: half-way between the skin's normal and the camera."""
    n = surface.wide_normal(plane_mm) + np.array([0.0, 0.0, _LIFT_SHARE])
    unit: Float = n / np.linalg.norm(n, axis=-1, keepdims=True)
    return unit


def place_hand(
    surface: SkinSurface, target: HandTarget, contact: ContactPart, working: Bool, right: bool, tool: Tool | None = None
) -> HandPlacement:
    """Solve the hand for N moments. working: (7,) over POINT_NAMES, as in CompiledStep. tool: whose edge touches instead."""
    mirror = np.array([-1.0, 1.0, 1.0]) if right else np.ones(3)
    grip = GRIPS[contact]
    plane = surface.plane(target.working_mm)
    touch = surface.point(plane) * mirror
    up = lift_direction(surface, plane) * mirror
    room = _room(target, mirror)
    facing = surface.wide_normal(plane) * mirror + FACING_SHARE[contact] * room[:, 2]
    facing /= np.linalg.norm(facing, axis=-1, keepdims=True)
    fingers = _opened(grip, target.open_share)
    posed = pose_joints(fingers)
    radius = 0.0 if tool is not None else float(RADII[working].mean())
    goal = touch + up * target.lift_mm[:, None] + surface.wide_normal(plane) * mirror * radius + target.away_mm * mirror
    turn = _attitude(facing, room, target.pointing_rad, grip, contact, fingers, tool)
    turn = _clear_of_body(surface, mirror, room, goal, turn, _touching(posed, working, tool))
    if target.swing_rad is not None:
        turn = _swung(turn, target.swing_rad)
    close = np.exp(-np.linalg.norm(target.away_mm, axis=-1) / 40.0) * (1.0 - target.open_share)
    for _ in range(0 if tool is not None else 2 if working[:KNUCKLE].sum() > 1 else 1):
        wrist = goal - np.einsum("nij,nj->ni", turn, points_of_hand(posed.landmarks)[:, working].mean(axis=1))
        fingers = _fingers_onto_skin(surface, mirror, fingers, posed, wrist, turn, target.lift_mm, close, contact, working)
        posed = pose_joints(fingers)
    wrist = goal - np.einsum("nij,nj->ni", turn, _touching(posed, working, tool))
    joints = wrist[:, None] + np.einsum("nij,nkj->nki", turn, posed.landmarks)
    return HandPlacement(right, wrist, turn, fingers, posed, joints, up)


def _touching(posed: HandJoints, working: Bool, tool: Tool | None) -> Float:
    """Return what touches, (N, 3) in the hand's frame: the middle of the working points, or the tool's edge."""
    if tool is not None:
        return tool.edge_mm(posed)
    touching: Float = points_of_hand(posed.landmarks)[:, working].mean(axis=1)
    return touching


def _swung(turn: Float, swing_rad: Float) -> Float:
    """Turn hands (N, 3, 3) about the picture's axis and about its upright one, as when a tool is shown."""
    axes = np.broadcast_to(np.eye(3), (len(swing_rad), 3, 3))
    return rotation_about(axes[:, 1], swing_rad[:, 1]) @ rotation_about(axes[:, 2], swing_rad[:, 0]) @ turn


def _room(target: HandTarget, mirror: Float) -> Float:
    """Return (N, 3, 3) rows: the room's right, up and towards the camera in the frame of the (turned) head; in the mirror for
    right hands."""
    if target.head_turn is None:
        return np.broadcast_to(np.eye(3), (len(target.lift_mm), 3, 3))
    return target.head_turn * mirror[:, None] * mirror


def _opened(grip: Grip, share: Float) -> Fingers:
    """Interpolate between the grip and a flat open hand with the fingers apart."""
    s = share[:, None]
    wide = np.deg2rad([-8.0, -5.0, 0.0, 4.0, 8.0])
    return Fingers(grip.flexion * (1 - s[..., None]) + 0.08 * s[..., None], grip.splay * (1 - s) + wide * s)


def _attitude(
    facing: Float, room: Float, pointing: Float, grip: Grip, contact: ContactPart, fingers: Fingers, tool: Tool | None
) -> Float:
    """Compute the palm's rotation (N, 3, 3): the working segment lies along the skin, tipped into it by the grip's angle."""
    ahead = np.cos(pointing)[:, None] * room[:, 1] - np.sin(pointing)[:, None] * room[:, 0]
    ahead = ahead - (ahead * facing).sum(-1, keepdims=True) * facing
    ahead /= np.linalg.norm(ahead, axis=-1, keepdims=True)
    basis = np.stack([np.cross(ahead, facing), ahead, facing], axis=-1)
    joints = {"palms": 0, "knuckles": 1}.get(contact, 3)
    bent = fingers.flexion[:, MIDDLE, :joints].sum(axis=-1)
    pitch = bent - grip.attack_rad
    if tool is not None:
        pitch = np.full(len(facing), tool.slope_rad - np.deg2rad(tool.angle_deg))
    return basis @ rotation_about(np.broadcast_to([1.0, 0.0, 0.0], facing.shape), pitch)


def _clear_of_body(surface: SkinSurface, mirror: Float, room: Float, goal: Float, turn: Float, arm: Float) -> Float:
    """Tip the hand about what touches, arm (N, 3) in its frame, until its wrist is in front of the body."""
    wrist = goal - np.einsum("nij,nj->ni", turn, arm)
    wrist = (np.einsum("nij,nj->ni", room, wrist - NECK_JOINT_MM) + NECK_JOINT_MM) * mirror
    missing = surface.point(wrist[:, :2])[:, 2] + _WRIST_GAP_MM - wrist[:, 2]
    soft = 0.5 * (missing + np.sqrt(missing**2 + 15.0**2))  # smooth where it begins
    steeper = np.clip(np.arcsin(np.clip(soft / np.linalg.norm(arm, axis=1), 0, 0.95)), 0, _STEEPEST)
    return turn @ rotation_about(np.broadcast_to([1.0, 0.0, 0.0], goal.shape), -steeper)


def _fingers_onto_skin(
    surface: SkinSurface,
    mirror: Float,
    fingers: Fingers,
    posed: HandJoints,
    wrist: Float,
    turn: Float,
    lift: Float,
    close: Float,
    contact: ContactPart,
    working: Bool,
) -> Fingers:
    """Bend every finger at its root until its tip's ball lies on the skin (or as far from it as the hand is lifted)."""
    if contact == "knuckles":
        return fingers
    moving = np.array([f != THUMB and not (working[f] and working[:KNUCKLE].sum() == 1) for f in range(5)])
    if working[PALM]:
        moving[MIDDLE] = True
    root = posed.joints[:, 1:].reshape(-1, 5, 4, 3)[:, moving, 0]
    arm = posed.joints[:, TIP_JOINTS][:, moving] - root
    first_turn = rotation_about(np.broadcast_to([0.0, 0.0, 1.0], (len(lift), 5, 3)), fingers.splay)
    axes = np.einsum("nfij,fj->nfi", first_turn, FLEXION_AXES)[:, moving]
    gap = TIP_RADIUS_MM[moving] + lift[:, None]

    def excess(angle: Float) -> Float:
        tip = root + np.einsum("nfij,nfj->nfi", rotation_about(axes, angle), arm)
        tip = (wrist[:, None] + np.einsum("nij,nfj->nfi", turn, tip)) * mirror
        below = surface.point(tip[..., :2])
        out: Float = ((tip - below) * surface.normal(tip[..., :2])).sum(-1) - gap
        return out

    low, high = np.zeros(gap.shape), np.full(gap.shape, 0.06)
    at_low, at_high = excess(low), excess(high)
    for _ in range(_TOUCH_ROUNDS):  # secant
        slope = (at_high - at_low) / np.where(high == low, 1.0, high - low)
        step = np.where(np.abs(slope) > 8.0, -at_high / np.where(slope == 0, 1.0, slope), 0.0)
        low, at_low = high, at_high
        high = np.clip(high + np.clip(step, -0.3, 0.3), *_FLEXION_LIMITS)
        at_high = excess(high)
    side = np.abs(wrist[:, None, 0] + np.einsum("nj,nfj->nf", turn[:, 0], root + arm))
    on_front = 1.0 - np.clip((side - _FRONT_MM[0]) / (_FRONT_MM[1] - _FRONT_MM[0]), 0.0, 1.0)
    flexion = fingers.flexion.copy()
    flexion[:, moving, 0] += (np.minimum(high, 0) + np.maximum(high, 0) * on_front) * close[:, None]
    return Fingers(flexion, fingers.splay)


assert len(RADII) == POINTS
