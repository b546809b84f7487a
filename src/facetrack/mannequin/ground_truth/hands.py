"""Where the hands really are on the face at any time of a performance: no picture, no tracker. Pure numpy, batched over
time."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetrack.geometry.face_points import POINTS
from facetrack.mannequin.body.hand_pose import HandPlacement, HandTarget, place_hand, points_of_hand
from facetrack.mannequin.body.skin import SkinSurface, skin
from facetrack.mannequin.performance.head_motion import HeadMotion
from facetrack.mannequin.performance.script import HandTracks, Performance
from facetrack.packets import HAND_LANDMARKS, LEFT, RIGHT, Bool, Float

_FOOT_ROUNDS: Final = 3
_FOOT_REACH_MM: Final = (-6.0, 30.0)  # heights over the skin within which a point's foot is sought along the normal
_MIRROR: Final = np.array([-1.0, 1.0, 1.0])


@dataclass(frozen=True, slots=True)
class HandsGroundTruth:
    """N times.

    points_mm: (N, 2, 7, 2) chart place that each of POINT_NAMES is over: the foot of the point's perpendicular to the skin,
    after the hand's lift is taken back. Of points far off the face (a thumb in the air) it is what lies behind them.
    working_mm: (N, 2, 2) chart place of the step's working point; where it touches, if it does. contact, at_face, visible:
    (N, 2);
    lift_mm: (N, 2). joints_mm: (N, 2, 21, 3) body frame of the neutral head.
    """

    t_s: Float
    points_mm: Float
    working_mm: Float
    contact: Bool
    at_face: Bool
    visible: Bool
    lift_mm: Float
    joints_mm: Float
    placements: tuple["StepPlacement", ...]


@dataclass(frozen=True, slots=True)
class StepPlacement:
    """Solved hands of the times that have one step's grip. moments: (M,) their places among the N times."""

    moments: NDArray[np.intp]
    hands: tuple[HandPlacement, HandPlacement]


def hands_ground_truth(performance: Performance, t_s: Float, head: HeadMotion | None = None) -> HandsGroundTruth:
    """The truth about both hands at times (N,). head: how it moves; hands on a turned head are held a little differently,
    and all of the result stays in the frame of the neutral head."""
    return solve_tracks(performance, performance.at(np.atleast_1d(np.asarray(t_s, dtype=float))), head)


def solve_tracks(performance: Performance, tracks: HandTracks, head: HeadMotion | None = None) -> HandsGroundTruth:
    """As ``hands_ground_truth``, for tracks already sampled."""
    surface = skin()
    count = len(tracks.t_s)
    turns = _head_turns(surface, tracks, head)
    joints = np.empty((count, 2, HAND_LANDMARKS, 3))
    points = np.empty((count, 2, POINTS, 2))
    placements = []
    for index in np.unique(tracks.step):
        at = np.flatnonzero(tracks.step == index)
        step = performance.steps[index]
        solved = []
        for k in (LEFT, RIGHT):
            target = HandTarget(
                tracks.working_mm[at, k],
                tracks.lift_mm[at, k],
                tracks.away_mm[at, k],
                tracks.pointing_rad[at, k],
                tracks.open_share[at, k],
                None if turns is None else turns[at, k],
            )
            placed = place_hand(surface, target, step.contact, step.working, k == RIGHT)
            mirror = _MIRROR if k == RIGHT else 1.0
            joints[at, k] = placed.joints_mm * mirror
            down = placed.lift_direction * mirror * tracks.lift_mm[at, k][:, None]
            points[at, k] = surface.chart(foot_on_skin(surface, points_of_hand(joints[at, k]) - down[:, None]))
            solved.append(placed)
        placements.append(StepPlacement(at, (solved[LEFT], solved[RIGHT])))
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
    """(N, 2, 3, 3) rotation of the skin that each hand works on; None where the head is never turned."""
    if head is None or not head.turns:
        return None
    share = surface.head_share(surface.plane(tracks.working_mm))
    poses = [head.at(float(t)) for t in tracks.t_s]
    return np.array([[pose.matrix(float(s)) for s in shares] for pose, shares in zip(poses, share, strict=True)])


def foot_on_skin(surface: SkinSurface, points_mm: Float) -> Float:
    """Plane points (..., 2) of the feet of perpendiculars from points (..., 3) near the skin."""
    foot = points_mm[..., :2]
    for _ in range(_FOOT_ROUNDS):
        normal = surface.wide_normal(foot)
        height = ((points_mm - surface.point(foot)) * normal).sum(axis=-1, keepdims=True)
        foot = (points_mm - np.clip(height, *_FOOT_REACH_MM) * normal)[..., :2]
    return foot
