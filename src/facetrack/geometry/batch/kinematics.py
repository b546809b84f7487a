"""What the points of a hand do on the face, over a whole recording at once: where in the step, how fast, which way.

The lookups are those that the coach uses frame by frame (``ZoneAtlas.member``, ``PathFields.at``, ``metric.length_mm``), so
both say the same.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetrack.geometry.chart.direction_field import PathFields
from facetrack.geometry.chart.zones import ZoneAtlas
from facetrack.geometry.surface.metric import length_mm
from facetrack.packets import LEFT, Bool, Float

_CHUNK: Final = 16_384
"""Frames worked on at a time: what they need then stays in the processor's cache."""


@dataclass(frozen=True, slots=True)
class Kinematics:
    """K points at N times; arrays (K, N).

    side: the half of the face, LEFT or RIGHT. in_zone: of the step, grown by its tolerance. off_path_mm, progress_mm: distance
    from the step's nearest path and how far along it, chart mm. speed_mm_s: the user's. onward, aside: the velocity's parts
    along the path and across it (positive: to its left), chart mm/s; NaN where the path has no direction.
    """

    side: NDArray[np.int8]
    in_zone: Bool
    off_path_mm: Float
    progress_mm: Float
    speed_mm_s: Float
    onward: Float
    aside: Float

    @property
    def off_path_deg(self) -> Float:
        """(K, N) 0..180 between the movement and the path."""
        angle: Float = np.degrees(np.arctan2(np.abs(self.aside), self.onward))
        return angle


def motion_on_face(
    points_mm: Float,
    velocity_mm_s: Float,
    metric: Float,
    hand: int,
    midline_mm: float,
    atlas: ZoneAtlas,
    zone: int,
    fields: PathFields,
) -> Kinematics:
    """points_mm, velocity_mm_s: (2, K, N) chart mm (x, then y) and mm/s, no NaN. metric: (N, 3) as in ``FacePoints``.

    hand: LEFT or RIGHT; it tells the side of points nearer than midline_mm to the midline. zone: the step's, in atlas.
    fields: of the step's paths. Right-side points are looked up mirrored.
    """
    _, count, n = points_mm.shape
    out = Kinematics(np.empty((count, n), np.int8), np.empty((count, n), np.bool_), *(np.empty((count, n)) for _ in range(5)))
    for start in range(0, n, _CHUNK):
        now = slice(start, start + _CHUNK)
        x, y = points_mm[..., now]
        vx, vy = velocity_mm_s[..., now]
        right = x < -midline_mm if hand == LEFT else x <= midline_mm
        sign = np.where(right, -1.0, 1.0)
        place = np.moveaxis(np.stack([x * sign, y]), 0, -1)  # coordinates one after the other in memory: quicker
        out.side[:, now] = right  # RIGHT is 1, LEFT 0
        out.in_zone[:, now] = atlas.member(place, zone)
        here = _nearest(fields.at(place))
        tx, ty = here[..., 0].copy(), here[..., 1].copy()
        out.progress_mm[:, now], out.off_path_mm[:, now] = here[..., 2], here[..., 3]
        out.speed_mm_s[:, now] = length_mm(np.moveaxis(velocity_mm_s[..., now], 0, -1), metric[now])
        vx = vx * sign
        np.add(vx * tx, vy * ty, out=out.onward[:, now])
        np.subtract(vy * tx, vx * ty, out=out.aside[:, now])
    return out


def _nearest(here: Float) -> Float:
    """(paths, ..., 4) -> (..., 4) of the path that is nearest at each point."""
    if len(here) == 1:
        first: Float = here[0]
        return first
    nearest = here[..., 3].argmin(axis=0)
    chosen: Float = np.take_along_axis(here, nearest[None, ..., None], axis=0)[0]
    return chosen
