"""Holds the limits of what is judged, and a coach's other options. session.json keeps all of it, so that a session says how it
was judged, and a result that was made with other numbers is not taken for one of today's."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, is_dataclass, replace
from typing import Any, Final, TypeVar

from facetrack.coach.tuning import Tuning

TIME_TOLERANCE_S: Final = 1e-4
"""Times that differ by less are equal: rounding decides nothing."""


@dataclass(frozen=True, slots=True)
class Hysteresis:
    """Says when a kind of mistake is raised and withdrawn."""

    onset_s: float  # evidence of this length raises it
    release_s: float  # the contrary, seen for this time, withdraws it


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Holds the limits that are the same for all steps. Tolerances of zones and limits of pace are the routine's.

    Attributes
    ----------
    zone, direction, pace, symmetry : Hysteresis
        How long evidence of a mistake must last until it is raised (``onset_s``), and how long its contrary until it is
        withdrawn (``release_s``).
    stays_open_s, same_within_s : float
        Without new evidence, nor a mend, a correction stays open for this time, and then ends at its last evidence. Seen again
        within that time after its end, the mistake is the same correction.
    off_path_deg : float
        A stroke that is farther off its path than this goes the wrong way.
    off_path_strokes : int
        This many wrong strokes in a row are evidence, however short they are.
    off_path_share : float
        A single wrong stroke is evidence if it is as long as this share of the path...
    off_path_range_mm : tuple of float
        ...but at least and at most of these lengths.
    balance_window_s : float
        The two sides' paths are compared over this time.
    balance_share : float
        A side with a smaller share of the other's path does too little.
    tuning : Tuning
        Private: the numbers behind the rules.

    Examples
    --------
    >>> import facetrack
    >>> strict = facetrack.Thresholds(off_path_deg=45.0)
    >>> strict.off_path_deg, strict.balance_share
    (45.0, 0.6)
    """

    # Contract. kind                   onset release    evidence is
    zone: Hysteresis = Hysteresis(0.8, 0.6)  # time outside in all
    direction: Hysteresis = Hysteresis(1.0, 0.5)  # time of stroking off the path in all
    pace: Hysteresis = Hysteresis(1.0, 1.0)  # stroking, over which the median is too quick
    symmetry: Hysteresis = Hysteresis(2.0, 1.0)  # a side still while the other works
    stays_open_s: float = 5.0  # contract; without new evidence, nor a mend
    same_within_s: float = 20.0  # contract; after its end at the last evidence
    off_path_deg: float = 60.0  # a stroke farther off its path than this goes the wrong way
    off_path_strokes: int = 2  # in a row; evidence too, however short they are
    off_path_share: float = 0.5  # of the path's length; a single stroke off the path that is so long is evidence...
    off_path_range_mm: tuple[float, float] = (15.0, 40.0)  # ...but at least and at most this long
    balance_window_s: float = 4.0  # the sides' paths are compared over this time
    balance_share: float = 0.6  # a side with a smaller share of the other's path does too little
    tuning: Tuning = field(default_factory=Tuning)

    @property
    def surely_off_path_deg(self) -> float:
        """The angle from which on a movement counts as off its path: the limit, and what its measurement may be wrong by."""
        return self.tuning.direction.margin_ratio * self.off_path_deg

    def off_path_mm(self, path_mm: float) -> float:
        """Return the length of a single stroke off a path of that length, in mm, from which on it is evidence."""
        least, most = self.off_path_range_mm
        return min(max(self.off_path_share * path_mm, least), most)

    @staticmethod
    def from_json(values: Mapping[str, Any]) -> "Thresholds":
        """Read what was written of thresholds. What is missing has today's value, what is no longer known is passed over."""
        return _changed(Thresholds(), values)


@dataclass(frozen=True, slots=True)
class CoachOptions:
    """Says what a coach is asked to do.

    Attributes
    ----------
    step_id : str, optional
        Judge only this step, from start to end; it never advances.
    again : tuple of str
        Steps to do a second time after the last.
    voice : bool
        Whether cues are spoken.
    thresholds : Thresholds
        The limits to judge by.

    Examples
    --------
    >>> import facetrack
    >>> facetrack.CoachOptions(step_id="jawline").step_id
    'jawline'
    """

    step_id: str | None = None
    again: tuple[str, ...] = ()
    voice: bool = False
    thresholds: Thresholds = field(default_factory=Thresholds)

    def as_settings(self) -> dict[str, object]:
        """Return them for session.json."""
        return {"step": self.step_id, "again": list(self.again), "voice": self.voice, "thresholds": asdict(self.thresholds)}


T = TypeVar("T")


def _changed(defaults: T, values: Mapping[str, Any]) -> T:
    """Return the dataclass with those of its fields changed that values name; tuples stay tuples."""
    changes: dict[str, Any] = {}
    for one in fields(defaults):  # type: ignore[arg-type]
        if one.name in values:
            default, value = getattr(defaults, one.name), values[one.name]
            if is_dataclass(default):
                changes[one.name] = _changed(default, value)
            else:
                changes[one.name] = tuple(value) if isinstance(default, tuple) else value
    return replace(defaults, **changes)  # type: ignore[type-var]
