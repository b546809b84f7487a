"""Compares accounts of the same recordings: two people with each other, and facetrack with each of them."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Final

import numpy as np

from facetrack.packets import SIDES
from facetrack.routine.kinds import KINDS
from facetrack.study.agreement.intervals import jackknife
from facetrack.study.agreement.tally import Tally, tally
from facetrack.study.event import Event, Recording, recording_key
from facetrack.study.labels.load import Labels

FACETRACK: Final = "facetrack"
ALL: Final = "all"
SHIFT_WINDOW_S: Final = 10.0
"""Labels that lie further away than this are not recognised as shifted."""
SHIFT_BIN_S: Final = 0.5
"""Delays this close to each other speak for the same shift."""
USUAL_DELAY_S: Final = (-0.7, 2.3)
"""facetrack points out a mistake 0 to 2 s after it began; a person labels its beginning within some tenths of a second."""
FEWEST_ONSETS: Final = 4
"""A shift is spoken of only if this many onsets show it."""


@dataclass(frozen=True, slots=True)
class Row:
    """Holds the figures of one kind and side; ``all`` stands for the sum of them. intervals: by figure, where there is one."""

    kind: str
    side: str
    counts: Tally
    intervals: dict[str, tuple[float, float] | None]

    def as_dict(self) -> dict[str, Any]:
        """Return the figures under their names, as in agreement.json and agreement.csv."""
        counts = self.counts
        prevalence = dict(zip(("prevalence_first", "prevalence_second"), counts.prevalence, strict=True))
        row: dict[str, Any] = {
            "kind": self.kind,
            "side": self.side,
            "first": counts.first,
            "second": counts.second,
            "matched": len(counts.delays_s),
            "recall": counts.recall,
            "precision": counts.precision,
            "delay_s": counts.delay_s,
            "kappa": counts.kappa,
            **prevalence,
            "withheld": counts.withheld,
            "withheld_first": counts.left_out_first,
        }
        for name, interval in self.intervals.items():
            row[f"{name}_low"], row[f"{name}_high"] = interval or (None, None)
        return row


@dataclass(frozen=True, slots=True)
class Comparison:
    """Holds how two accounts agree. recall and precision take the first account for the truth."""

    first: str
    second: str
    recordings: int
    participants: int
    rows: tuple[Row, ...]
    remarks: tuple[str, ...]


_FIGURES: Final[dict[str, Callable[[Tally], float | None]]] = {
    "recall": lambda counts: counts.recall,
    "precision": lambda counts: counts.precision,
    "delay_s": lambda counts: counts.delay_s,
    "kappa": lambda counts: counts.kappa,
}


def compare_with_facetrack(name: str, labels: Labels, recordings: Sequence[Recording]) -> Comparison:
    """Compare facetrack with a person's labels, in the recordings that the person labelled."""
    labelled = [one for one in recordings if recording_key(one.name) in labels]
    pairs = [(one, labels[recording_key(one.name)], list(one.events)) for one in labelled]
    return _compare(name, FACETRACK, pairs, withhold=True, usual_s=USUAL_DELAY_S)


def compare_people(names: tuple[str, str], labels: tuple[Labels, Labels], recordings: Sequence[Recording]) -> Comparison:
    """Compare two people's labels, in the recordings that both labelled."""
    both = [one for one in recordings if all(recording_key(one.name) in some for some in labels)]
    pairs = [(one, labels[0][recording_key(one.name)], labels[1][recording_key(one.name)]) for one in both]
    return _compare(*names, pairs, withhold=False, usual_s=(-1.0, 1.0))


def _compare(
    first: str,
    second: str,
    pairs: Sequence[tuple[Recording, list[Event], list[Event]]],
    *,
    withhold: bool,
    usual_s: tuple[float, float],
) -> Comparison:
    counts: dict[tuple[str, str], dict[str, Tally]] = defaultdict(dict)
    for recording, mine, yours in pairs:
        for kind, side in product(KINDS, SIDES):
            gaps = recording.withheld.get(side, ()) if withhold else ()
            made = tally(mine, yours, recording.duration_s, gaps, kind, side)
            for key in ((kind, side), (kind, ALL), (ALL, ALL)):
                counts[key][recording.participant] = counts[key].get(recording.participant, Tally()) + made
    keys = [*product(KINDS, (*SIDES, ALL)), (ALL, ALL)]
    rows = tuple(_row(kind, side, counts[kind, side]) for kind, side in keys)
    people = {recording.participant for recording, _, _ in pairs}
    return Comparison(first, second, len(pairs), len(people), rows, _shift_remarks(first, second, pairs, usual_s))


def _row(kind: str, side: str, parts: Mapping[str, Tally]) -> Row:
    intervals = {name: jackknife(parts, lambda some, get=get: get(_sum(some))) for name, get in _FIGURES.items()}  # type: ignore[misc]
    return Row(kind, side, _sum(list(parts.values())), intervals)


def _sum(parts: Sequence[Tally]) -> Tally:
    return sum(parts, Tally())


def _shift_remarks(
    first: str, second: str, pairs: Sequence[tuple[Recording, list[Event], list[Event]]], usual_s: tuple[float, float]
) -> tuple[str, ...]:
    """Say which recordings' labels look shifted in time: their delays gather where they usually do not."""
    remarks = []
    for recording, mine, yours in pairs:
        shift_s = _shift_s(mine, yours)
        if shift_s is not None and not usual_s[0] <= shift_s <= usual_s[1]:
            way = "later" if shift_s > 0 else "earlier"
            remarks.append(
                f"{recording.name}: {second} begins {abs(shift_s):.1f} s {way} than {first} most of the time. Do its labels"
                " start at the same instant as the recording?"
            )
    return tuple(remarks)


def _shift_s(mine: Sequence[Event], yours: Sequence[Event]) -> float | None:
    """Return the delay around which most onsets of equal kind and side gather; None where too few do."""
    apart_s = np.array(
        [
            b.t_start_s - a.t_start_s
            for a in mine
            for b in yours
            if (a.kind, a.side) == (b.kind, b.side) and abs(b.t_start_s - a.t_start_s) <= SHIFT_WINDOW_S
        ]
    )
    if apart_s.size < FEWEST_ONSETS:
        return None
    near = np.abs(apart_s[:, None] - apart_s[None, :]) <= SHIFT_BIN_S
    # Of places where equally many gather the one nearest to no shift at all.
    best = max(range(apart_s.size), key=lambda n: (int(near[n].sum()), -abs(float(apart_s[n]))))
    if near[best].sum() < FEWEST_ONSETS:
        return None
    return float(np.median(apart_s[near[best]]))
