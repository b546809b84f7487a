"""Direction: strokes in contact that go more than 60 degrees off the path, two in a row or for a second in all."""

from facetrack.coach.strokes.classifier import Judged
from facetrack.coach.thresholds import Thresholds
from facetrack.coach.verdict import StrokeKind

_STALE_S = 5.0
"""Without new evidence for this long a correction of direction is withdrawn."""
_MEND_S = 0.5
_JUMP = 2.0
"""A movement along the path so many times quicker than the wrong one after it was the hand being put elsewhere, no stroke."""
_MEND_MM = 10.0
"""So much stroking the right way mends."""


class DirectionCheck:
    """One side's evidence. ``sliding``: strokes are right but the way back is made in contact."""

    def __init__(self, thresholds: Thresholds) -> None:
        self._limits = thresholds
        self.begin(thresholds.off_path_s, thresholds.shortest_stroke_mm)

    def begin(self, off_path_s: float, least_mm: float) -> None:
        """Another step. off_path_s: so much stroking off the path is evidence. least_mm: a shorter movement is none."""
        self.reset()
        self._enough_s, self._least_mm = off_path_s, least_mm

    def reset(self) -> None:
        """Forget all evidence."""
        self.wrong = False
        self.sliding = False
        self.off_path_deg = float("nan")
        self._off_s = self._held_s = 0.0
        self._off_strokes = 0
        self._last_off_t_s = 0.0
        self._previous: StrokeKind | None = None
        self._previous_mm_s = 0.0

    def stroke(self, judged: Judged) -> None:
        """Take a judged stroke of this side."""
        segment = judged.segment
        if segment.zone_share < self._limits.direction_zone_share or judged.kind == "uncertain":
            return
        if judged.kind in ("against", "across"):
            if segment.length_mm < self._least_mm:
                return
            self._off_s += segment.time_s
            self._off_strokes += 1
            self._last_off_t_s = segment.t_end_s
            if self._off_strokes >= self._limits.off_path_strokes or self._off_s >= self._enough_s:
                self._raise(segment.off_path_deg, segment.mean_mm_s)
        elif judged.kind == "along":
            self._off_strokes = 0
            if self._previous == "along" or (self.wrong and not self.sliding):
                self._mend()
        elif self._previous == "along":  # a lifted return after a right stroke: a clean cycle
            self._mend()
        self._previous, self._previous_mm_s = judged.kind, segment.mean_mm_s

    def _raise(self, off_path_deg: float, mean_mm_s: float) -> None:
        if not self.wrong:
            # A right stroke, and then back without a lift.
            self.sliding = self._previous == "along" and self._previous_mm_s < _JUMP * mean_mm_s
        self.wrong = True
        self.off_path_deg = off_path_deg

    def update(
        self, open_kind: str | None, length_mm: float, time_s: float, zone_share: float, angle: float, t_s: float
    ) -> bool:
        """Take a frame: the stroke under way."""
        in_zone = zone_share >= self._limits.direction_zone_share
        if open_kind in ("against", "across") and in_zone and length_mm >= self._least_mm:
            self._last_off_t_s = t_s
            if self._off_s + time_s >= self._enough_s:
                self._raise(angle, length_mm / time_s)
        elif self.wrong and not self.sliding and open_kind == "along" and in_zone:
            if length_mm >= _MEND_MM and time_s >= _MEND_S:
                self._mend()
        elif self.wrong and self.sliding and open_kind == "return" and self._previous == "along":
            self._mend()
        if self.wrong and t_s - self._last_off_t_s > _STALE_S:
            self._mend()
        return self.wrong

    def _mend(self) -> None:
        self.wrong = False
        self._off_s = 0.0
        self._off_strokes = 0
