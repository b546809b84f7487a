"""Performances without pictures: where the hands are on the face, frame by frame, as a tracker and the mapper would say."""

from collections.abc import Callable, Sequence

import numpy as np

from facetrack.geometry.face_points import POINTS, FacePoints
from facetrack.packets import Float

FPS = 30.0
Hand = tuple[float, float, float]
"""Chart x and y of the left side in mm, and by how much the hand is lifted, in mm; lifted hands look larger."""
Pose = Callable[[float], Hand | None]
"""A working point of the left side over time; None: away from the face."""


def film(left: Pose | None, right: Pose | None, seconds: float, begin_s: float = 0.0, fist: bool = False) -> list[FacePoints]:
    """Frames of hands that move so; the right one on the mirror image of the left side."""
    rng = np.random.default_rng(7)
    made = []
    for k in range(int(seconds * FPS)):
        t_s = k / FPS
        hands = [None if pose is None else pose(t_s) for pose in (left, right)]
        made.append(_frame(begin_s + t_s, hands, rng, fist))
    return made


def _frame(t_s: float, hands: Sequence[Hand | None], rng: np.random.Generator, fist: bool) -> FacePoints:
    points = np.full((2, POINTS, 2), np.nan)
    palm = np.full(2, np.nan)
    for side, hand in enumerate(hands):
        if hand is not None:
            x, y, lift = hand
            points[side] = _hand(x, y, fist) * [1.0 if side == 0 else -1.0, 1.0] + rng.normal(0.0, 0.3, 2)
            palm[side] = 30.0 * (1.0 + lift / 550.0) * (1.0 + rng.normal(0.0, 0.005))
    seen = np.array([hand is not None for hand in hands])
    metric = np.where(seen[:, None], [[1.0, 0.0, 1.0]], np.nan)
    return FacePoints(t_s, points, metric, palm, seen, True, seen, 0.7, "neutral", 1.0)


def _hand(x: float, y: float, fist: bool) -> Float:
    """(7, 2): fingers that come from the side; of a fist the tips are at the palm."""
    reach = 30.0 if fist else 100.0
    palm = np.array([x + reach * 0.8, y - reach * 0.6])
    tips = np.array([[x, y - 14.0 * (finger - 2)] for finger in range(5)])
    knuckle = palm + 0.6 * (np.array([x, y]) - palm)
    return np.vstack([tips, knuckle, palm])


def strokes(
    start: Float,
    end: Float,
    *,
    stroke_s: float = 2.0,
    return_s: float = 0.8,
    lift_mm: float = 25.0,
    rests_s: tuple[float, float] = (0.0, 0.0),
) -> Pose:
    """Along the line, then back through the air, beside it. rests_s: before and after each stroke."""
    way = end - start
    beside = 8.0 * np.array([-way[1], way[0]]) / np.hypot(*way)

    def pose(t_s: float) -> Hand:
        at = t_s % (sum(rests_s) + stroke_s + return_s) - rests_s[0]
        if at < stroke_s + rests_s[1]:
            x, y = start + way * _eased(min(max(at / stroke_s, 0.0), 1.0))
            return float(x), float(y), 0.0
        share = _eased((at - stroke_s - rests_s[1]) / return_s)
        x, y = end - way * share + beside * np.sin(np.pi * share)
        return float(x), float(y), lift_mm * float(np.sin(np.pi * share))

    return pose


def bent_strokes(path_mm: Float, *, speed_mm_s: float, rest_s: float, back_mm_s: float, back_by: Float) -> Pose:
    """Along a path of straight lines without a rest at its corners, then through the air to its begin, by another point."""
    there, back = _line_mm(path_mm), _line_mm(np.array([path_mm[-1], back_by, path_mm[0]]))
    there_s, back_s = there[-1, 2] / speed_mm_s, back[-1, 2] / back_mm_s

    def pose(t_s: float) -> Hand:
        at = t_s % (there_s + back_s + 2 * rest_s) - rest_s
        line, gone_mm, lift = (there, at * speed_mm_s, 0.0) if at < there_s + rest_s else (back, 0.0, 0.0)
        if line is back:
            gone_mm = (at - there_s - rest_s) * back_mm_s
            lift = 25.0 * float(np.sin(np.pi * gone_mm / back[-1, 2]))
        x, y = (float(np.interp(gone_mm, line[:, 2], line[:, axis])) for axis in range(2))
        return x, y, lift

    return pose


def _line_mm(points_mm: Float) -> Float:
    """(P, 3): the points, and how far along the line each is."""
    lengths = np.hypot(*np.diff(points_mm, axis=0, prepend=points_mm[:1]).T)
    return np.column_stack([points_mm, np.cumsum(lengths)])


def arriving(place: Float, from_mm: Float, then: Pose, arrive_s: float = 0.5) -> Pose:
    """Comes to its place from where the picture ends, and goes on from there."""

    def pose(t_s: float) -> Hand | None:
        if t_s >= arrive_s:
            return then(t_s - arrive_s)
        x, y = place + (from_mm - place) * (1 - t_s / arrive_s) ** 2
        return float(x), float(y), 20.0 * (1 - t_s / arrive_s)

    return pose


def to_and_fro(start: Float, end: Float, one_way_s: float = 1.5) -> Pose:
    def pose(t_s: float) -> Hand:
        share = (1 - np.cos(np.pi * t_s / one_way_s)) / 2
        x, y = start + (end - start) * share
        return float(x), float(y), 0.0

    return pose


def circles(start: Float, end: Float, seconds: float, turns_s: float = 1.0, radius_mm: float = 10.0) -> Pose:
    def pose(t_s: float) -> Hand:
        x, y = start + (end - start) * min(t_s / seconds, 1.0)
        angle = 2 * np.pi * turns_s * t_s
        return float(x + radius_mm * np.cos(angle)), float(y + radius_mm * np.sin(angle)), 0.0

    return pose


def rest(at: Float) -> Pose:
    return lambda _t_s: (float(at[0]), float(at[1]), 0.0)


def _eased(share: float) -> float:
    return float((1 - np.cos(np.pi * share)) / 2)
