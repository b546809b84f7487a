"""Filters a point of the plane with the One Euro filter (Casiez, Roussel & Vogel 2012), its speed in mm/s."""

import math
from typing import Final

DERIVATIVE_HZ: Final = 3.0
"""Cutoff for the speed that controls the filter. The paper's 1 Hz would flatten strokes of half a second to and fro."""


def smoothing(cutoff_hz: float, dt_s: float) -> float:
    """Return the weight of the newest sample in a first-order low-pass with that cutoff: 1 / (1 + tau / dt)."""
    r = 2.0 * math.pi * cutoff_hz * dt_s
    return r / (1.0 + r)


class OneEuro:
    """A low-pass whose cutoff rises with speed: ``cutoff = rest_hz + per_mm_s * speed``.

    Its lag at constant speed v is 1 / (2 pi cutoff(v)): with 2 Hz and 0.05 Hz per mm/s, 80 ms at rest and 40 ms at 40 mm/s.
    """

    def __init__(self, rest_hz: float, per_mm_s: float) -> None:
        self._rest_hz, self._per_mm_s = rest_hz, per_mm_s
        self.reset()

    def reset(self) -> None:
        """Forget the past; the next sample is taken as it is."""
        self._t_s = math.nan
        self._x = self._y = self._raw_x = self._raw_y = self._vx = self._vy = 0.0

    def update(self, x: float, y: float, t_s: float) -> tuple[float, float]:
        """Return the filtered point. t_s must rise; an equal time changes nothing."""
        dt = t_s - self._t_s
        if math.isnan(dt):
            self._x, self._y = x, y
            self._vx = self._vy = 0.0
        elif dt > 0:
            a = smoothing(DERIVATIVE_HZ, dt)
            self._vx += a * ((x - self._raw_x) / dt - self._vx)
            self._vy += a * ((y - self._raw_y) / dt - self._vy)
            a = smoothing(self._rest_hz + self._per_mm_s * math.hypot(self._vx, self._vy), dt)
            self._x += a * (x - self._x)
            self._y += a * (y - self._y)
        else:
            return self._x, self._y
        self._raw_x, self._raw_y, self._t_s = x, y, t_s
        return self._x, self._y
