"""Points of the hand, and which landmarks of the face a hand covers."""

import math
from collections.abc import Sequence

import numpy as np

from facetrack.geometry.head import occlusion
from facetrack.packets import Float

Point = tuple[float, float]

_FINGERS = (1, 5, 9, 13, 17)
_TIPS = (4, 8, 12, 16, 20)
_PALM = (0, 1, 5, 9, 13, 17)
_PALM_CENTRE = (0, 5, 9, 13, 17)


def clearance_mm(points_px: Float, hands_px: Float, mm_per_px: float) -> Float:
    bones: list[tuple[Point, Point, float]] = []
    for hand in hands_px[:, :, :2].tolist():
        if math.isnan(hand[0][0]):
            continue
        for finger in _FINGERS:
            for joint in range(finger, finger + 3):
                bones.append((hand[joint], hand[joint + 1], 9.0))
        for finger in _FINGERS:
            bones.append((hand[0], hand[finger], 15.0))
        elbow = tuple(w + 1.5 * (w - m) for w, m in zip(hand[0], hand[9], strict=True))
        bones.append((hand[0], (elbow[0], elbow[1]), 32.0))
    nearest = []
    for point in points_px.tolist():
        least = math.inf
        for start, end, radius in bones:
            least = min(least, to_segment(point, start, end) * mm_per_px - radius)
        nearest.append(least)
    return np.array(nearest)


def to_segment(point: Sequence[float], start: Sequence[float], end: Sequence[float]) -> float:
    ex, ey = end[0] - start[0], end[1] - start[1]
    dx, dy = point[0] - start[0], point[1] - start[1]
    along = min(max((dx * ex + dy * ey) / (ex * ex + ey * ey + 1e-9), 0.0), 1.0)
    return math.hypot(dx - along * ex, dy - along * ey)


def visibility_weight(clearance: Float) -> Float:
    low, high = occlusion._TOUCHED_MM, occlusion._UNTOUCHED_MM
    return np.array([min(max((away - low) / (high - low), 0.0), 1.0) ** 2 for away in clearance.tolist()])


def hand_points_px(hands_px: Float) -> Float:
    out = []
    for hand in hands_px.tolist():
        points = [hand[tip][:2] for tip in _TIPS]
        points.append(hand[10][:2])
        points.append([sum(hand[k][axis] for k in _PALM_CENTRE) / len(_PALM_CENTRE) for axis in range(2)])
        out.append(points)
    return np.array(out)


def palm_size_px(hands_px: Float) -> Float:
    sizes = []
    for hand in hands_px.tolist():
        x, y = (sum(hand[k][axis] for k in _PALM) / len(_PALM) for axis in range(2))
        sizes.append(sum(math.hypot(hand[k][0] - x, hand[k][1] - y) for k in _PALM) / len(_PALM))
    return np.array(sizes)
