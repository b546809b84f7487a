"""What the flow looks at in a frame."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from facetrack.geometry.face_points import CalibrationState, FacePoints
from facetrack.geometry.head.canonical import canonical_face
from facetrack.packets import Bool, Float, Observation

Box = tuple[float, float, float, float]
_CHIN = 152


@cache
def chin_mm() -> float:
    """How low the chin is on the chart, y in mm."""
    return float(canonical_face().points_mm[_CHIN, 1])


@dataclass(frozen=True, slots=True)
class Facts:
    """box: x0, y0, x1, y1 of the face mesh in pixels of the unmirrored picture, None without a face.

    at_face: (2,) which hands are seen on the face, the neck or near them. points_mm: (2, 7, 2) chart mm of each hand's
    points, NaN where unknown.
    """

    t_s: float
    size_wh: tuple[int, int]
    box: Box | None
    hand_seen: Bool
    at_face: Bool
    points_mm: Float
    calibration: CalibrationState
    calibrated_share: float

    @staticmethod
    def of(observation: Observation, points: FacePoints) -> "Facts":
        """Of one frame."""
        box = None
        if observation.face_seen:
            low, high = observation.face_px[:, :2].min(axis=0), observation.face_px[:, :2].max(axis=0)
            box = (float(low[0]), float(low[1]), float(high[0]), float(high[1]))
        return Facts(
            t_s=points.t_s,
            size_wh=observation.size_wh,
            box=box,
            hand_seen=points.hand_seen,
            at_face=np.asarray(points.hand_seen & points.near_face),
            points_mm=points.points_mm,
            calibration=points.calibration,
            calibrated_share=points.calibrated_share,
        )
