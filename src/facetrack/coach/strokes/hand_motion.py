"""Follows one hand: its smoothed working point, velocity and palm size, and the half of the face that it is on."""

import math
from dataclasses import dataclass

from facetrack.coach.thresholds import Thresholds
from facetrack.geometry.face_points import FacePoints
from facetrack.geometry.surface.relief import skin_relief
from facetrack.packets import LEFT, RIGHT
from facetrack.signal import OneEuro, VelocityEstimator


@dataclass(slots=True)
class HandSample:
    """Holds a hand in one frame. x, y, vx, vy: chart mm and mm/s, mirrored to the left side. speed: user's mm/s.

    quick: user's mm/s over a shorter window, for pace: noisier, but a small movement to and fro is not levelled out. Where
    the skin is steep, only the part of it that is seen from the front. on_skin: the same with the face's relief, for figures.
    relief: by what lengths along the movement are greater with it.
    acceleration_mm_s2: length of the acceleration vector on_skin; NaN until two velocities are known.
    log_palm: logarithm of the palm's size. fresh: the hand was not seen just before: velocities begin anew.
    """

    hand: int
    side: int
    t_s: float
    dt_s: float
    x: float
    y: float
    vx: float
    vy: float
    speed: float
    quick: float
    on_skin: float
    relief: float
    log_palm: float
    near_face: bool
    fresh: bool
    acceleration_mm_s2: float = math.nan

    @property
    def chart(self) -> tuple[float, float]:
        """The working point, not mirrored."""
        return (self.x if self.side == LEFT else -self.x), self.y


class HandTrack:
    """Follows one hand's working point; ``update`` gives None while it is not known."""

    def __init__(self, hand: int, thresholds: Thresholds) -> None:
        self.hand, self._tuning = hand, thresholds.tuning.hand
        self._point = OneEuro(self._tuning.one_euro_rest_hz, self._tuning.one_euro_per_mm_s)
        self._slope = VelocityEstimator(self._tuning.velocity_window_s)
        self._quick = VelocityEstimator(self._tuning.pace_velocity_window_s)
        self._velocities = VelocityEstimator(self._tuning.pace_velocity_window_s)
        self._relief = skin_relief()
        self.reset()

    def reset(self) -> None:
        """Begin anew with the next sample (another working point, another hand)."""
        self._point.reset()
        self._slope.reset()
        self._quick.reset()
        self._velocities.reset()
        self._last_t_s = -math.inf
        self._last_x = self._last_y = 0.0
        self._working: list[int] = []

    def update(self, points: FacePoints, working: list[int], edge_x: float | None = None) -> HandSample | None:
        """Process a frame. working: indices into POINT_NAMES whose mean is the working point.

        edge_x: where across the face the hand's tool touches, which then decides the side.
        """
        hand, tuning, t_s = self.hand, self._tuning, points.t_s
        x, y = _middle(points.points_mm[hand].tolist(), working)
        if math.isnan(x):
            return None
        gap = t_s - self._last_t_s
        fresh = (
            working != self._working or gap > tuning.gap_s or math.hypot(x - self._last_x, y - self._last_y) > tuning.jump_mm
        )
        if fresh:
            self.reset()
            gap = 0.0
        self._last_t_s, self._last_x, self._last_y, self._working = t_s, x, y, working
        x, y = self._point.update(x, y, t_s)
        vx, vy = self._slope.update(x, y, t_s)
        quick = self._quick.update(x, y, t_s)
        acceleration = (math.nan, math.nan)
        if not fresh:  # a single sample has no velocity
            changing = self._velocities.update(*quick, t_s)
            acceleration = changing if len(self._velocities) > 1 else acceleration
        metric = points.metric_tensor[hand].tolist()
        relief = self._relief.metric_of(x, y, metric)
        speed = _length(vx, vy, metric)
        across = x if edge_x is None else edge_x
        side = hand if abs(across) <= tuning.midline_mm else LEFT if across > 0 else RIGHT
        sign = 1.0 if side == LEFT else -1.0
        palm = float(points.palm_mm[hand])
        return HandSample(
            hand=hand,
            side=side,
            t_s=t_s,
            dt_s=min(gap, tuning.longest_frame_s),
            x=sign * x,
            y=y,
            vx=sign * vx,
            vy=vy,
            speed=speed,
            quick=_length(*quick, metric) * (tuning.steep_seen_share if _steep(metric, tuning.steep_ratio) else 1.0),
            on_skin=_length(*quick, relief),
            relief=_length(vx, vy, relief) / speed if speed > 0 else 1.0,
            log_palm=math.log(palm) if palm > 0 else math.nan,
            near_face=bool(points.near_face[hand]),
            fresh=fresh,
            acceleration_mm_s2=_length(*acceleration, relief),
        )


def _steep(metric: list[float], ratio: float) -> bool:
    """Return whether a chart millimetre is much longer on the skin one way than the other (ratio of the form's eigenvalues)."""
    e, f, g = metric
    half, apart = 0.5 * (e + g), math.hypot(0.5 * (e - g), f)
    return half + apart > ratio**2 * (half - apart)


def _middle(places: list[list[float]], working: list[int]) -> tuple[float, float]:
    if len(working) == 1:
        x, y = places[working[0]]
        return x, y
    return sum(places[k][0] for k in working) / len(working), sum(places[k][1] for k in working) / len(working)


def _length(x: float, y: float, metric: list[float]) -> float:
    """Return the length on the skin, in mm, of one vector of the chart."""
    e, f, g = metric
    square = e * x * x + 2.0 * f * x * y + g * y * y
    return 0.0 if square < 0.0 else math.sqrt(square)  # NaN stays NaN
