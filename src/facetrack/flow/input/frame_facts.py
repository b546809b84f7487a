"""Extracts what the flow needs to know of a frame."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from facetrack.geometry.face_points import CalibrationState, FacePoints
from facetrack.geometry.head.canonical import canonical_face
from facetrack.packets import Bool, Float, Observation

BoxPx = tuple[float, float, float, float]
"""A box (x0, y0, x1, y1) in pixels of the unmirrored picture."""
_CHIN = 152


@cache
def chin_mm() -> float:
    """Return how low the chin lies on the face map: its y in mm."""
    return float(canonical_face().points_mm[_CHIN, 1])


@dataclass(frozen=True, slots=True)
class FrameFacts:
    """What the flow needs to know of one frame."""

    t_s: float
    size_wh: tuple[int, int]
    face_box_px: BoxPx | None  # bounding box of the face mesh; None if no face was seen
    hand_seen: Bool
    hand_near_face: Bool  # (2,) whether the left and the right hand were seen on or near the face or neck
    points_mm: Float  # (2, 7, 2) chart mm of each hand's points; NaN where a point is not known
    calibration: CalibrationState
    calibrated_share: float
    tool_known: tuple[bool, bool] = (False, False)  # whether the edge of the tool in the left and the right hand is known

    @staticmethod
    def of(observation: Observation, points: FacePoints) -> "FrameFacts":
        """Extract the facts of one frame."""
        box = None
        if observation.face_seen:
            low, high = observation.face_px[:, :2].min(axis=0), observation.face_px[:, :2].max(axis=0)
            box = (float(low[0]), float(low[1]), float(high[0]), float(high[1]))
        return FrameFacts(
            t_s=points.t_s,
            size_wh=observation.size_wh,
            face_box_px=box,
            hand_seen=points.hand_seen,
            hand_near_face=np.asarray(points.hand_seen & points.near_face),
            points_mm=points.points_mm,
            calibration=points.calibration,
            calibrated_share=points.calibrated_share,
            tool_known=_tool_known(points),
        )


def _tool_known(points: FacePoints) -> tuple[bool, bool]:
    if points.edge_mm is None:
        return False, False
    left, right = (~np.isnan(points.edge_mm[:, 0])).tolist()
    return left, right
