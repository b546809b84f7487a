"""Zone: the working point is on or near the face, outside the step's zone, for a while in all."""

from facetrack.coach.thresholds import SLACK_S, Thresholds

_GONE_S = 1.0
"""A hand that has left the face for this long is not in the wrong place any more."""
_HOVERING_COUNTS = 0.5
"""A hand that waits may hang in the air beside its zone: its time there weighs half of a stroking hand's."""
_WORK_FORGIVES = 4.0
"""Strokes in the zone show that it only waited: each second of them takes back so many of waiting."""


class ZoneCheck:
    """One side's clock outside the zone. ``wrong`` has hysteresis."""

    def __init__(self, thresholds: Thresholds) -> None:
        self._limits = thresholds
        self.reset()

    def reset(self) -> None:
        """Another step."""
        self.wrong = False
        self._outside_s = self._hovering_s = self._due_s = self._inside_s = self._gone_s = 0.0

    def update(self, in_zone: bool | None, lifted: bool, travelling: bool, stroking: bool, dt_s: float) -> bool:
        """in_zone: None where no hand is near the face on this side. Lifting and travelling pause the clock."""
        if in_zone is None:
            self._gone_s += dt_s
            if self._gone_s > _GONE_S:
                self.reset()
            return self.wrong
        self._gone_s = 0.0
        if in_zone:
            self._back(stroking, dt_s)
        elif not lifted and not travelling:
            self._inside_s = 0.0
            due = self._outside_s + _HOVERING_COUNTS * self._hovering_s >= self._limits.zone_raise_s
            self._due_s = self._due_s + dt_s if due else 0.0
            if stroking:
                self._outside_s += dt_s
            else:
                self._hovering_s += dt_s
            # A hand that comes down beside its zone is back in it by then.
            self.wrong = self.wrong or self._due_s >= self._limits.stands_s - SLACK_S
        return self.wrong

    def _back(self, stroking: bool, dt_s: float) -> None:
        self._inside_s += dt_s
        if stroking:
            self._hovering_s = max(0.0, self._hovering_s - _WORK_FORGIVES * dt_s)
        if self._inside_s >= self._limits.zone_mend_s:
            self.wrong = False
        if self._inside_s >= self._limits.zone_forget_s:
            self._outside_s = self._hovering_s = self._due_s = 0.0
