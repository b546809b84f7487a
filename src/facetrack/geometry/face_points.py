"""FacePoints: where the hands are on the face, in the face frame. All that the coach needs, and all that a journal keeps."""

from dataclasses import dataclass
from typing import Final, Literal

from facetrack.packets import Bool, Doubt, Float

POINT_NAMES: Final = ("thumb", "index", "middle", "ring", "pinky", "knuckle", "palm")
"""Points of a hand that can work: five fingertips, the middle PIP joint, the palm's centre."""
POINTS: Final = len(POINT_NAMES)
TIPS: Final = slice(0, 5)
INDEX_TIP: Final = 1
MIDDLE_TIP: Final = 2
KNUCKLE: Final = 5
PALM: Final = 6

CalibrationState = Literal["running", "neutral", "partial", "canonical"]


@dataclass(frozen=True, slots=True)
class FacePoints:
    """One frame (or, in batch, many: every array then has a leading frame axis and ``t_s`` is an array).

    points_mm: (2, 7, 2) chart mm of each hand's POINT_NAMES; NaN where the hand or the face is not known.
    metric_tensor: (2, 3) the user's local stretch at each hand's middle fingertip, as the first fundamental form
        (E, F, G): a chart step (dx, dy) is sqrt(E dx^2 + 2 F dx dy + G dy^2) of the user's millimetres of skin.
    palm_mm: (2,) the palm's image size in mm as if at the face's depth: larger when the hand is nearer to the camera.
    near_face: (2,) whether the hand's points lie over or close to the face and neck in the image.
    face_seen: whether the face was seen in this frame (a held pose has False).
    hand_seen: (2,) whether each hand was seen in this frame.
    mm_per_px: at the face; NaN where unknown.
    calibration: how the user's neutral face is known; "running" until the coach may judge.
    calibrated_share: 0..1, progress of the calibration.
    doubt: why nothing of this frame may be judged, or None.
    repeated: whether its picture was the same as the one before.
    edge_mm: (2, 3) the edge of the tool in each hand: x, y and how closely it is known, chart mm; NaN for a hand whose tool
        is not known, None where none was ever shown.
    eyes_differ: how far the two eyes disagree about the scale, as a share of it; 0 where that is not known.
    """

    t_s: float
    points_mm: Float
    metric_tensor: Float
    palm_mm: Float
    near_face: Bool
    face_seen: bool
    hand_seen: Bool
    mm_per_px: float
    calibration: CalibrationState
    calibrated_share: float
    doubt: Doubt | None = None
    repeated: bool = False
    eyes_differ: float = 0.0
    edge_mm: Float | None = None
