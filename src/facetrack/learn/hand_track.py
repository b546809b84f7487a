"""Follows what works on one half of the face, as on the user's left side, whichever half it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from facetrack.geometry.face_points import KNUCKLE, PALM, POINT_NAMES, FacePoints
from facetrack.packets import Bool, Float
from facetrack.signal.tracks import slope_track

MIDDLE: Final = POINT_NAMES.index("middle")
MIDLINE_MM: Final = 10.0
"""Within this distance of the midline the hand says the half of the face, as for the coach."""
GAP_S: Final = 0.3
"""A hand that was not seen for longer begins anew."""
SMOOTH_S: Final = 0.2
"""Positions are means over this time, velocities slopes over it."""
MOVING_MM_S: Final = 8.0
"""Slower than this a hand rests."""
FINGERS_UP_DEG: Final = 24.0
"""Where palms cup the face, the fingers point up within this angle; fingertips are reached from the side."""
FIST_EXTENT: Final = 1.9
"""A fist's fingertips are less than this many palm sizes from the palm's centre; extended fingers reach 2.7 and more."""


@dataclass(frozen=True, slots=True)
class SideTrack:
    """Holds one side's working point over time. Frames in which it is not known or not near the face are left out.

    t_s: (N,). at_mm: (N, 2) chart of the left side. velocity: (N, 2) of the chart, mm/s. speed: (N,) the user's mm/s of skin.
    size: (N,) logarithm of the palm's size, larger when the hand is nearer to the camera. fresh: (N,) first after a gap.
    """

    t_s: Float
    at_mm: Float
    velocity: Float
    speed: Float
    size: Float
    fresh: Bool

    @property
    def frame_s(self) -> Float:
        """Return the time (N,) that each frame stands for; 0 after a gap."""
        return np.where(self.fresh, 0.0, np.diff(self.t_s, prepend=self.t_s[:1]))


def contact_part(frames: Sequence[FacePoints]) -> str:
    """Tell what touches the face: fingertips, knuckles (a fist) or palms (fingers up, the palm's centre on the face)."""
    points = np.array([frame.points_mm for frame in frames])
    size = np.array([frame.palm_mm for frame in frames])
    near = np.array([frame.near_face for frame in frames])
    reach = points[:, :, MIDDLE] - points[:, :, PALM]
    extent = np.hypot(reach[..., 0], reach[..., 1]) / size
    known = near & ~np.isnan(extent)
    if not known.any():
        return "fingertips"
    if np.median(extent[known]) < FIST_EXTENT:
        return "knuckles"
    inwards = np.abs(np.degrees(np.arctan2(reach[..., 0], reach[..., 1])))[known]
    palm = points[:, :, PALM][known]
    on_face = np.mean((np.abs(palm[:, 0]) < 80.0) & (palm[:, 1] > -115.0) & (palm[:, 1] < 60.0))
    return "palms" if np.median(inwards) < FINGERS_UP_DEG and on_face > 0.5 else "fingertips"


def side_tracks(frames: Sequence[FacePoints], part: str) -> tuple[SideTrack, SideTrack]:
    """Return the tracks of the user's left and right side."""
    point = {"fingertips": MIDDLE, "knuckles": KNUCKLE, "palms": PALM}[part]
    times = np.array([frame.t_s for frame in frames])
    at_mm = np.array([frame.points_mm[:, point] for frame in frames])
    metric = np.array([frame.metric_tensor for frame in frames])
    size = np.log(np.array([frame.palm_mm for frame in frames]))
    near = np.array([frame.near_face for frame in frames])
    x = at_mm[..., 0]
    by_hand = np.broadcast_to(np.array([True, False]), x.shape)
    is_left = np.where(np.abs(x) <= MIDLINE_MM, by_hand, x > 0)
    known = near & ~np.isnan(x) & ~np.isnan(metric).any(axis=-1)
    sides = []
    for side, mirror in ((True, 1.0), (False, -1.0)):
        here = known & (is_left == side)
        # Where both hands are on one half, the half's own hand is followed.
        hand = np.where(here[:, 0 if side else 1], 0 if side else 1, 1 if side else 0)
        chosen = np.arange(len(times)), hand
        seen = here[chosen]
        sides.append(
            _track(
                times[seen], at_mm[chosen][seen] * [mirror, 1.0], metric[chosen][seen] * [1.0, mirror, 1.0], size[chosen][seen]
            )
        )
    return sides[0], sides[1]


def _track(t_s: Float, at_mm: Float, metric: Float, size: Float) -> SideTrack:
    if len(t_s) == 0:
        nothing = np.zeros(0)
        return SideTrack(t_s, at_mm.reshape(0, 2), at_mm.reshape(0, 2), nothing, nothing, nothing.astype(bool))
    fresh = np.diff(t_s, prepend=-np.inf) > GAP_S
    smooth = _means(t_s, at_mm, fresh)
    velocity = slope_track(t_s, np.ascontiguousarray(smooth.T)[:, None], fresh, SMOOTH_S)[:, 0].T
    dx, dy = velocity.T
    e, f, g = metric.T
    speed = np.sqrt(np.maximum(e * dx**2 + 2 * f * dx * dy + g * dy**2, 0.0))
    return SideTrack(t_s, smooth, velocity, speed, _means(t_s, size[:, None], fresh)[:, 0], fresh)


def _means(t_s: Float, values: Float, fresh: Bool) -> Float:
    """Return means (N, K) of values (N, K) over SMOOTH_S about each frame, not across gaps."""
    run = np.cumsum(fresh)
    first = np.maximum(np.searchsorted(t_s, t_s - SMOOTH_S / 2), np.searchsorted(run, run))
    last = np.minimum(np.searchsorted(t_s, t_s + SMOOTH_S / 2, "right"), np.searchsorted(run, run, "right"))
    sums = np.vstack([np.zeros((1, values.shape[1])), np.cumsum(values, axis=0)])
    means: Float = (sums[last] - sums[first]) / (last - first)[:, None]
    return means
