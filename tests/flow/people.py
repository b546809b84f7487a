"""Somebody before the camera: observations, points and verdicts as the flow gets them, made by hand."""

from dataclasses import replace
from functools import cache

import numpy as np

from facetrack.coach.verdict import StepEnd, Verdict
from facetrack.geometry.face_points import FacePoints
from facetrack.geometry.head.canonical import canonical_face
from facetrack.packets import LEFT, Observation
from tests.overlay import scenes

NAN = float("nan")
SIZE_WH = (640, 480)
GREY = np.full((SIZE_WH[1], SIZE_WH[0], 3), 130, np.uint8)
# A left palm towards the camera, fingers up, in hand lengths (wrist to middle base) from the wrist; y down, thumb to the left.
_BASES = ((-0.35, -0.35), (-0.28, -0.97), (-0.05, -1.0), (0.15, -0.94), (0.32, -0.82))
_REACH = (0.7, 1.75, 1.95, 1.85, 1.55)

WORKING = scenes.verdict()


@cache
def hand(wrist: tuple[float, float], long_px: float = 60.0, side: int = LEFT, lean: float = 0.0, curled: bool = False):
    """(21, 2) an open palm towards the camera. lean: rad about the wrist."""
    points = np.zeros((21, 2))
    for finger, (base, reach) in enumerate(zip(_BASES, _REACH, strict=True)):
        way = np.array(base) / np.hypot(*base)
        start = np.hypot(*base)
        for joint in range(4):
            length = start + (reach - start) * joint / 3
            if curled and joint >= 2:
                length = start + 0.15
            points[1 + 4 * finger + joint] = way * length
    turn = np.array([[np.cos(lean), -np.sin(lean)], [np.sin(lean), np.cos(lean)]])
    points = points @ turn.T
    if side != LEFT:
        points = points * (-1.0, 1.0)
    placed = points * long_px + np.array(wrist)
    placed.flags.writeable = False
    return placed


def face_px(centre=(320.0, 220.0), px_per_mm: float = 1.0):
    """(478, 3) a frontal face; the user's left is at the picture's right."""
    mm = canonical_face().points_mm
    return mm * (px_per_mm, -px_per_mm, -px_per_mm) + np.array([*centre, 0.0])


def observation(t_s: float, face=True, left=None, right=None, **place) -> Observation:
    """left, right: (21, 2) or None."""
    hands = np.full((2, 21, 3), NAN)
    for side, points in enumerate((left, right)):
        if points is not None:
            hands[side, :, :2] = points
            hands[side, :, 2] = 0.0
    shown = face_px(**place) if face else np.full((478, 3), NAN)
    return Observation(t_s, SIZE_WH, shown, hands)


def points(seen: Observation, at_face=(False, False), calibration="neutral", share=1.0, place_mm=(30.0, 45.0)) -> FacePoints:
    """What geometry would say of it. place_mm: where hands are that are at the face, on the left half."""
    sides = np.array([[[1.0, 1.0]], [[-1.0, 1.0]]])
    where = np.where(np.array(at_face)[:, None, None], np.array(place_mm) * sides, NAN)
    return replace(
        scenes.points(),
        points_mm=np.broadcast_to(where, (2, 7, 2)),
        t_s=seen.t_s,
        face_seen=seen.face_seen,
        hand_seen=seen.hand_seen,
        near_face=np.array(at_face),
        calibration=calibration,
        calibrated_share=share,
        mm_per_px=1.0 if seen.face_seen else NAN,
    )


def palms(wrist_y: float = 330.0):
    """(left, right) both open palms beside the face."""
    return hand((470.0, wrist_y)), hand((170.0, wrist_y), side=1)


def verdict(t_s: float, state="working", step=0, **changes) -> Verdict:
    return replace(WORKING, t_s=t_s, state=state, step=step, **changes)


def ended(t_s: float, status="done", step=0, step_id="forehead") -> StepEnd:
    return StepEnd(step, step_id, status, 0.0, t_s, 0.0)
