"""Adds up how well the face and the hands were seen over a whole session."""

import math
from array import array
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from facetrack.coach.verdict import SideVerdict, Verdict, WithheldReason
from facetrack.geometry.face_points import CalibrationState, FacePoints
from facetrack.geometry.head.canonical import IRIS_MM
from facetrack.inspection.remarks import REMARKS
from facetrack.packets import SIDES
from facetrack.session.document import Remark, SourceGap, Tracking, WithheldInterval

IRIS_SPREAD_MM: Final = 0.5
"""The visible iris varies by this standard deviation over adults: the scale can't be known better than this."""
ORDINARY_DIFFERENCE: Final = 0.08
"""Share by which the widths of a face's two irises differ in the mesh though both are well seen: 0.02 to 0.07 in recordings of
real people. Behind sunglasses it is 0.12, and the scale off by as much."""
SCALED_SPREAD: Final = 1.4826
"""This turns a median absolute deviation into a standard deviation, for a normal distribution."""


@dataclass(slots=True)
class _Open:
    t_start_s: float
    reason: WithheldReason


class TrackingMetrics:
    """Adds up what was seen.

    Shares are of frames; intervals are when a side that the step needs could not be judged, and why; gaps are when the source
    gave no picture of the user.
    """

    def __init__(self) -> None:
        self.frames = 0
        self._face_frames = 0
        self._hand_frames = [0, 0]
        self._mm_per_px = array("d")
        self._calibration: CalibrationState = "running"
        self._eyes_differ = 0.0
        self._first_s = math.nan
        self._last_s = math.nan
        self._intervals: list[WithheldInterval] = []
        self._open: list[_Open | None] = [None, None]
        self._before_steps_s = 0.0
        self._gaps: list[dict[str, Any]] = []
        self._remarks: list[Remark] = []

    def add(self, dt: float, points: FacePoints, verdict: Verdict, in_step: bool) -> None:
        """Add a frame. in_step: whether a step runs; before the first, everything that can't be judged counts."""
        if self.frames == 0:
            self._first_s = points.t_s
        self.frames += 1
        self._last_s = points.t_s
        self._face_frames += points.face_seen
        for i in range(2):
            self._hand_frames[i] += bool(points.hand_seen[i])
        if points.face_seen and math.isfinite(points.mm_per_px):
            self._mm_per_px.append(points.mm_per_px)
        self._calibration, self._eyes_differ = points.calibration, points.eyes_differ
        reasons = [_reason(side, points, in_step) for side in verdict.sides]
        if not in_step and any(reason not in (None, "calibration") for reason in reasons):
            self._before_steps_s += dt
        for i, reason in enumerate(reasons):
            self._follow(i, reason, points.t_s - dt)

    def source_error(self, t_s: float, words: str | None) -> None:
        """Note that the frame that comes next, at t_s, has no picture, and why, in words; None: it has one again."""
        last_s = t_s if math.isnan(self._last_s) else self._last_s
        if self._gaps and self._gaps[-1]["t_end_s"] is None:
            self._gaps[-1]["t_end_s"] = t_s if words is None else last_s
        if words is not None:
            self._gaps.append({"t_start_s": last_s, "t_end_s": None, "reason": words})

    def remark(self, t_s: float, name: str) -> None:
        """Note that this was said of the source at t_s. name: its id in ``inspection.remarks.REMARKS``."""
        self._remarks.append(Remark(t_s=t_s, id=name, message=REMARKS.get(name, name)))

    def _follow(self, side: int, reason: WithheldReason | None, before_s: float) -> None:
        """Follow a side; the time from the frame before belongs to this frame's state."""
        running = self._open[side]
        if running is not None and running.reason != reason:
            self._close(side, before_s)
            running = None
        if running is None and reason is not None:
            self._open[side] = _Open(before_s, reason)

    def _close(self, side: int, t_s: float) -> None:
        running = self._open[side]
        if running is not None and t_s > running.t_start_s:
            self._intervals.append(
                WithheldInterval(t_start_s=running.t_start_s, t_end_s=t_s, side=SIDES[side], reason=running.reason)
            )
        self._open[side] = None

    @property
    def before_steps_s(self) -> float:
        """Return the seconds before the first step in which nothing could be judged for a reason other than the calibration."""
        return self._before_steps_s

    def figures(self, withheld: float, frames_dropped: int | None) -> Tracking:
        """Return the tracking block of session.json. Closes what is still open. frames_dropped: None where unknown."""
        for side in range(2):
            self._close(side, self._last_s)
        if self._gaps and self._gaps[-1]["t_end_s"] is None:
            self._gaps[-1]["t_end_s"] = self._last_s
        n = self.frames
        span = self._last_s - self._first_s
        scale, error = self._scale()
        return Tracking(
            frames=n,
            frames_dropped=frames_dropped,
            face_seen=self._face_frames / n if n else math.nan,
            left_seen=self._hand_frames[0] / n if n else math.nan,
            right_seen=self._hand_frames[1] / n if n else math.nan,
            withheld=withheld,
            withheld_intervals=tuple(sorted(self._intervals, key=lambda one: (one.t_start_s, one.side))),
            remarks=tuple(self._remarks),
            gaps=tuple(SourceGap.model_validate(gap) for gap in self._gaps),
            calibration=None if self._calibration == "running" else self._calibration,
            mm_per_px=scale,
            mm_per_px_error=error,
            fps=(n - 1) / span if n > 1 and span > 0 else math.nan,
        )

    def _scale(self) -> tuple[float, float]:
        """Return the median mm per pixel and its standard error: of the iris over people, of what the two eyes say,
        and of the face's movement."""
        if not self._mm_per_px:
            return math.nan, math.nan
        values = np.frombuffer(self._mm_per_px)
        median = float(np.median(values))
        spread = SCALED_SPREAD * float(np.median(np.abs(values - median)))
        doubt = self._eyes_differ if self._eyes_differ > ORDINARY_DIFFERENCE else 0.0
        return median, math.hypot(median * IRIS_SPREAD_MM / IRIS_MM, median * doubt, spread)


def _reason(side: SideVerdict, points: FacePoints, in_step: bool) -> WithheldReason | None:
    """Return why the side is withheld, if that is a loss: without a face there is nothing to calibrate on.

    Where only the place of a tool is not known, that is said too.
    """
    if side.withheld == "calibration" and not points.face_seen:
        return "face"
    if side.needed and side.withheld is None and side.zone_withheld:
        return "tool"
    return side.withheld if side.needed or not in_step else None
