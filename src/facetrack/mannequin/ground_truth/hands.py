"""Computes where the hands really are on the face at any time of a performance: no picture, no tracker. Pure numpy, batched
over time."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetrack.geometry.face_points import POINTS
from facetrack.mannequin.body.hand_pose import HandPlacement, HandTarget, place_hand, points_of_hand
from facetrack.mannequin.body.skin import SkinSurface, skin
from facetrack.mannequin.body.tool import Tool
from facetrack.mannequin.performance.head_motion import HeadMotion
from facetrack.mannequin.performance.script import HandTracks, Performance
from facetrack.packets import HAND_LANDMARKS, LEFT, RIGHT, Bool, Float

_FOOT_ROUNDS: Final = 3
_FOOT_REACH_MM: Final = (-6.0, 30.0)  # heights over the skin within which a point's foot is sought along the normal
_MIRROR: Final = np.array([-1.0, 1.0, 1.0])


@dataclass(frozen=True, slots=True)
class HandsGroundTruth:
    """The ground truth of both hands at N times."""

    t_s: Float
    # (N, 2, 7, 2) place on the face map that each of POINT_NAMES is over: the foot of the point's perpendicular to the skin,
    # after the hand's lift is taken back. For points far from the face (a thumb in the air) it is what lies behind them.
    points_mm: Float
    working_mm: Float  # (N, 2, 2) place of the step's working point; where it touches, if it does
    contact: Bool  # (N, 2) whether the working point touches the skin
    at_face: Bool  # (N, 2) whether the hand is where it works, not coming or going
    visible: Bool  # (N, 2) whether the hand is in the picture
    lift_mm: Float  # (N, 2) distance of the working point from the skin
    joints_mm: Float  # (N, 2, 21, 3) body frame of the neutral head
    placements: tuple["StepPlacement", ...]


@dataclass(frozen=True, slots=True)
class StepPlacement:
    """Solved hands at the times that have one step's grip."""

    moments: NDArray[np.intp]  # (M,) indices of these times among all N
    hands: tuple[HandPlacement, HandPlacement]
    tool: Tool | None = None  # that the hands hold


def hands_ground_truth(performance: Performance, t_s: Float, head: HeadMotion | None = None) -> HandsGroundTruth:
    """Compute the ground truth of both hands at times (N,).

    head: how the head moves. Hands on a turned head are held a little differently; the result stays in the frame of the neutral
        head.
    """
    return solve_tracks(performance, performance.at(np.atleast_1d(np.asarray(t_s, dtype=float))), head)


def solve_tracks(performance: Performance, tracks: HandTracks, head: HeadMotion | None = None) -> HandsGroundTruth:
    """Compute the ground truth as ``hands_ground_truth`` does, for tracks already sampled."""
    surface = skin()
    count = len(tracks.t_s)
    turns = _head_turns(surface, tracks, head)
    joints = np.empty((count, 2, HAND_LANDMARKS, 3))
    points = np.empty((count, 2, POINTS, 2))
    placements = []
    for index in np.unique(tracks.step):
        at = np.flatnonzero(tracks.step == index)
        step = performance.steps[index]
        tool = performance.tool_of(step)
        solved = []
        for k in (LEFT, RIGHT):
            target = HandTarget(
                tracks.working_mm[at, k],
                tracks.lift_mm[at, k],
                tracks.away_mm[at, k],
                tracks.pointing_rad[at, k],
                tracks.open_share[at, k],
                None if turns is None else turns[at, k],
                None if tracks.swing_rad is None else tracks.swing_rad[at, k],
            )
            placed = place_hand(surface, target, step.contact, step.working, k == RIGHT, tool)
            mirror = _MIRROR if k == RIGHT else 1.0
            joints[at, k] = placed.joints_mm * mirror
            down = placed.lift_direction * mirror * tracks.lift_mm[at, k][:, None]
            points[at, k] = surface.chart(foot_on_skin(surface, points_of_hand(joints[at, k]) - down[:, None]))
            solved.append(placed)
        placements.append(StepPlacement(at, (solved[LEFT], solved[RIGHT]), tool))
    return HandsGroundTruth(
        tracks.t_s,
        points,
        tracks.working_mm,
        tracks.contact,
        tracks.at_face,
        ~tracks.out_of_sight,
        tracks.lift_mm,
        joints,
        tuple(placements),
    )


def _head_turns(surface: SkinSurface, tracks: HandTracks, head: HeadMotion | None) -> Float | None:
    """Compute the rotation (N, 2, 3, 3) of the skin that each hand works on; None if the head is never turned."""
    if head is None or not head.turns:
        return None
    share = surface.head_share(surface.plane(tracks.working_mm))
    poses = [head.at(float(t)) for t in tracks.t_s]
    return np.array([[pose.matrix(float(s)) for s in shares] for pose, shares in zip(poses, share, strict=True)])


def foot_on_skin(surface: SkinSurface, points_mm: Float) -> Float:
    """Find the feet (..., 2) in the plane of perpendiculars from points (..., 3) near the skin."""
    foot = points_mm[..., :2]
    for _ in range(_FOOT_ROUNDS):
        normal = surface.wide_normal(foot)
        height = ((points_mm - surface.point(foot)) * normal).sum(axis=-1, keepdims=True)
        foot = (points_mm - np.clip(height, *_FOOT_REACH_MM) * normal)[..., :2]
    return foot
