"""FacePoints at the journal's resolution. The coach is given these, so that a replayed journal gives the same verdicts."""

import math
from dataclasses import replace
from typing import Final

import numpy as np

from facetrack.geometry.face_points import POINTS, FacePoints
from facetrack.packets import Float

TIME_DECIMALS: Final = 6
"""A microsecond: cameras tell no finer time."""
POINT_DECIMALS: Final = 2
"""0.01 mm: a hundredth of the tracker's own noise of about 1 mm."""
METRIC_DECIMALS: Final = 4
"""The stretch is near 1, known to a per cent; 0.0001 loses nothing."""
SCALE_DECIMALS: Final = 5
SHARE_DECIMALS: Final = 3
_OF_A_HAND: Final = 10.0 ** np.array((2 * POINTS + 1) * [POINT_DECIMALS] + 3 * [METRIC_DECIMALS])
"""For a hand's points, its palm's size and its metric tensor, in a row."""


def rounded(values: Float, scale: float | Float) -> Float:
    """Return values as whole numbers over scale, a power of ten, which JSON then holds exactly; NaN for infinities, 0 for -0.

    ``k / 10**decimals`` is the double nearest to that fraction, as is what a JSON reader makes of its text.
    """
    return np.where(np.isfinite(values), np.rint(values * scale) / scale + 0.0, np.nan)


def rounded_number(value: float, decimals: int) -> float:
    """As ``rounded``, of one number."""
    return round(value * 10**decimals) / 10**decimals if math.isfinite(value) else math.nan


def quantise(points: FacePoints) -> FacePoints:
    """One frame's points at the journal's resolution. Idempotent; NaN stays NaN.

    Call it between the mapper and the coach: what the coach then sees is, to the last bit, what a journal gives back.
    """
    hands = np.hstack([points.points_mm.reshape(2, -1), points.palm_mm[:, None], points.metric_tensor])
    hands = rounded(hands, _OF_A_HAND)
    return replace(
        points,
        t_s=rounded_number(points.t_s, TIME_DECIMALS),
        points_mm=hands[:, : 2 * POINTS].reshape(points.points_mm.shape),
        palm_mm=hands[:, 2 * POINTS],
        metric_tensor=hands[:, 2 * POINTS + 1 :],
        mm_per_px=rounded_number(points.mm_per_px, SCALE_DECIMALS),
        calibrated_share=rounded_number(points.calibrated_share, SHARE_DECIMALS),
        eyes_differ=rounded_number(points.eyes_differ, SHARE_DECIMALS),
        edge_mm=None if points.edge_mm is None else rounded(points.edge_mm, 10.0**POINT_DECIMALS),
    )
