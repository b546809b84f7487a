"""A performance's exact course, sampled evenly: what the contract's rules are held against, without tracker or coach."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from facetrack.mannequin import Performance
from facetrack.mannequin.body.skin_path import SkinPath, skin_length_mm
from facetrack.mannequin.performance.mistakes import outside_mm
from facetrack.mannequin.performance.script import StrokeTruth
from facetrack.packets import SIDES, Bool, Float
from facetrack.routine.compiled import CompiledStep

RATE_HZ: Final = 60.0
_BASE_HZ: Final = 240.0
MOVING_MM_S: Final = 10.0
"""Slower than this a working point is between movements."""


@dataclass(frozen=True, slots=True)
class Signals:
    """One step's performance at RATE_HZ; arrays (N, 2) over the user's left and right side.

    speed_mm_s: along the skin. outside_mm: of the working point beyond the zone's tolerance, <= 0 in the zone. pace: what
    pace is judged by (mm/s, for spirals turns/s) in a stroke, NaN outside of strokes.
    """

    step: CompiledStep
    performance: Performance
    t_s: Float
    contact: Bool
    speed_mm_s: Float
    outside_mm: Float
    pace: Float

    @staticmethod
    def of(performance: Performance) -> "Signals":
        step = performance.steps[0]
        every = round(_BASE_HZ / RATE_HZ)
        tracks = performance.tracks
        t_s, working, contact = tracks.t_s[::every], tracks.working_mm[::every], tracks.contact[::every]
        length = np.stack([skin_length_mm(working[:, k]) for k in (0, 1)], axis=1)
        speed = np.gradient(length, 1 / RATE_HZ, axis=0)
        outside = outside_mm(working, step.zone) - step.tolerance_mm
        signals = Signals(step, performance, t_s, contact, speed, outside, np.full(speed.shape, np.nan))
        for stroke in performance.strokes:
            if stroke.kind in ("along", "against", "across"):
                k = SIDES.index(stroke.side)
                at = (t_s >= stroke.t_start_s) & (t_s <= stroke.t_end_s) & (speed[:, k] > MOVING_MM_S)
                rate = stroke.turns / (stroke.t_end_s - stroke.t_start_s)
                signals.pace[at, k] = rate if stroke.turns else speed[at, k]
        return signals

    @property
    def path_mm(self) -> Float:
        """(N, 2) travelled in contact so far."""
        path: Float = np.cumsum(np.where(self.contact, self.speed_mm_s, 0.0), axis=0) / RATE_HZ
        return path

    @property
    def work_s(self) -> tuple[float, float]:
        """From the first touch to the last."""
        spans = self.performance.spans
        return min(s.t_start_s for s in spans), max(s.t_end_s for s in spans)

    def strokes(self, side: str) -> list[StrokeTruth]:
        return [s for s in self.performance.strokes if s.side == side]

    def path_length_mm(self, phase: int, side: str) -> float:
        """Of a phase, along the skin of that side."""
        return SkinPath.through(self.step.phases[phase].path_mm, side == "right").length_mm

    def reached_s(self, stroke: StrokeTruth, length_mm: float) -> float | None:
        """When a stroke is so long along the skin; None where it never is."""
        within = (self.t_s >= stroke.t_start_s) & (self.t_s <= stroke.t_end_s)
        path = np.cumsum(self.speed_mm_s[within, SIDES.index(stroke.side)]) / RATE_HZ
        return float(self.t_s[within][(path >= length_mm).argmax()]) if len(path) and path[-1] >= length_mm else None

    def period_s(self) -> float:
        """Median length of a repetition; NaN without one."""
        made = [r.t_end_s - r.t_start_s for r in self.performance.repetitions]
        return float(np.median(made)) if made else float("nan")
