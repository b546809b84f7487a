"""FacePoints at the journal's resolution. The coach is given these, so that a replayed journal gives the same verdicts."""

from dataclasses import replace
from typing import Final

import numpy as np

from facetrack.geometry.face_points import FacePoints
from facetrack.packets import Float

TIME_DECIMALS: Final = 6
"""A microsecond: cameras tell no finer time."""
POINT_DECIMALS: Final = 2
"""0.01 mm: a hundredth of the tracker's own noise of about 1 mm."""
METRIC_DECIMALS: Final = 4
"""The stretch is near 1, known to a per cent; 0.0001 loses nothing."""
SCALE_DECIMALS: Final = 5
SHARE_DECIMALS: Final = 3


def rounded(values: Float, decimals: int) -> Float:
    """values to the nearest decimal fraction, which JSON then holds exactly. Infinities become NaN, -0 becomes 0.

    ``k / 10**decimals`` is the double nearest to that fraction, as is what a JSON reader makes of its text.
    """
    scale = 10.0**decimals
    out: Float = np.rint(values * scale) / scale + 0.0
    infinite = np.isinf(out)
    return np.where(infinite, np.nan, out) if infinite.any() else out


def rounded_number(value: float, decimals: int) -> float:
    """As ``rounded``, of one number."""
    scale = 10.0**decimals
    return float(np.rint(value * scale) / scale + 0.0) if np.isfinite(value) else float("nan")


def quantise(points: FacePoints) -> FacePoints:
    """One frame's points at the journal's resolution. Idempotent; NaN stays NaN.

    Call it between the mapper and the coach: what the coach then sees is, to the last bit, what a journal gives back.
    """
    return replace(
        points,
        t_s=rounded_number(points.t_s, TIME_DECIMALS),
        points_mm=rounded(points.points_mm, POINT_DECIMALS),
        metric_tensor=rounded(points.metric_tensor, METRIC_DECIMALS),
        palm_mm=rounded(points.palm_mm, POINT_DECIMALS),
        mm_per_px=rounded_number(points.mm_per_px, SCALE_DECIMALS),
        calibrated_share=rounded_number(points.calibrated_share, SHARE_DECIMALS),
        eyes_differ=rounded_number(points.eyes_differ, SHARE_DECIMALS),
        edge_mm=None if points.edge_mm is None else rounded(points.edge_mm, POINT_DECIMALS),
    )
