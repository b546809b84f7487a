"""Counts how two accounts of recordings agree, so that counts of several recordings can be added."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetrack.study.agreement.matching import match_onsets
from facetrack.study.event import Event, Interval

GRID_S: Final = 0.1
"""Cohen's kappa compares the two accounts in the middle of each interval of this length."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Holds counts of one kind and side, or sums of them.

    first, second: events of either account. delays_s: of each match, how much later the second began. cells: intervals of
    GRID_S in which both, only the first, only the second, neither said that there is a mistake. left_out: intervals that were
    withheld. left_out_first: events of the first account that began in them.
    """

    first: int = 0
    second: int = 0
    delays_s: tuple[float, ...] = ()
    cells: tuple[int, int, int, int] = (0, 0, 0, 0)
    left_out: int = 0
    left_out_first: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        both, one, two, neither = (a + b for a, b in zip(self.cells, other.cells, strict=True))
        return Tally(
            self.first + other.first,
            self.second + other.second,
            self.delays_s + other.delays_s,
            (both, one, two, neither),
            self.left_out + other.left_out,
            self.left_out_first + other.left_out_first,
        )

    @property
    def recall(self) -> float | None:
        """Return the share of the first account's events that the second has too."""
        return len(self.delays_s) / self.first if self.first else None

    @property
    def precision(self) -> float | None:
        """Return the share of the second account's events that the first has too."""
        return len(self.delays_s) / self.second if self.second else None

    @property
    def delay_s(self) -> float | None:
        """Return the median delay of the matches."""
        return float(np.median(self.delays_s)) if self.delays_s else None

    @property
    def kappa(self) -> float | None:
        """Return Cohen's kappa; None where both accounts are the same word throughout, so that chance explains all.

        J. Cohen, A coefficient of agreement for nominal scales, Educational and Psychological Measurement 20 (1960), 37-46.
        """
        both, one, two, neither = self.cells
        total = sum(self.cells)
        if not total:
            return None
        chance = ((both + one) * (both + two) + (neither + two) * (neither + one)) / total**2
        return ((both + neither) / total - chance) / (1.0 - chance) if chance < 1.0 else None

    @property
    def prevalence(self) -> tuple[float | None, float | None]:
        """Return the share of the time in which the first, and the second account says that there is a mistake."""
        both, one, two, _ = self.cells
        total = sum(self.cells)
        return ((both + one) / total, (both + two) / total) if total else (None, None)

    @property
    def withheld(self) -> float | None:
        """Return the share of the time that is left out because it was withheld."""
        total = sum(self.cells) + self.left_out
        return self.left_out / total if total else None


def tally(
    first: Iterable[Event], second: Iterable[Event], duration_s: float, withheld: Sequence[Interval], kind: str, side: str
) -> Tally:
    """Count one kind and side of one recording. What lies or begins in withheld time is left out."""
    mine, yours = ([one for one in events if (one.kind, one.side) == (kind, side)] for events in (first, second))
    kept_first = [one for one in mine if not _within(one.t_start_s, withheld)]
    kept_second = [one for one in yours if not _within(one.t_start_s, withheld)]
    onsets = [one.t_start_s for one in kept_first], [one.t_start_s for one in kept_second]
    delays_s = tuple(onsets[1][k] - onsets[0][i] for i, k in match_onsets(*onsets))
    # In whole milliseconds, as all times are written: an event that ends in the middle of an interval is no matter of rounding.
    grid_ms = round(1000 * GRID_S)
    times_s: NDArray[np.float64] = (np.arange(round(1000 * duration_s) // grid_ms) * grid_ms + grid_ms // 2) / 1000
    judged = ~_covered(times_s, withheld)
    a, b = (_covered(times_s, [(one.t_start_s, one.t_end_s) for one in events])[judged] for events in (mine, yours))
    both, one, two, neither = (int(np.count_nonzero(x)) for x in (a & b, a & ~b, ~a & b, ~a & ~b))
    return Tally(
        len(kept_first),
        len(kept_second),
        delays_s,
        (both, one, two, neither),
        int(np.count_nonzero(~judged)),
        len(mine) - len(kept_first),
    )


def _within(time_s: float, intervals: Sequence[Interval]) -> bool:
    return any(start <= time_s < end for start, end in intervals)


def _covered(times_s: NDArray[np.float64], intervals: Sequence[Interval]) -> NDArray[np.bool_]:
    covered = np.zeros(times_s.shape, dtype=np.bool_)
    for start, end in intervals:
        covered |= (times_s >= start) & (times_s < end)
    return covered
