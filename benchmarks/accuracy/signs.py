"""python -m benchmarks.accuracy.signs: what the signs of a lift show in strokes and in lifted returns.

``coach.tuning.ContactTuning`` has these figures. Performers share no seed with the benchmark's. Which movement was which is the
truth's; each is compared with the strokes before it, as the coach does.
"""

import argparse
import math
from collections import defaultdict, deque
from typing import Final

import numpy as np

from benchmarks.accuracy.cases import Case, make_round, performance_of
from benchmarks.accuracy.judging import unstacked
from benchmarks.accuracy.truth_level import track_truth
from facetrack.coach import Coach, CoachOptions
from facetrack.coach.strokes.contact import compared, merged
from facetrack.coach.strokes.segments import Segment
from facetrack.coach.verdict import Stroke
from facetrack.mannequin import Performance
from facetrack.packets import SIDES

SIGNS: Final = ("quick", "beside", "nearer")
_STROKES: Final = 6
_TOLD_S: Final = 0.05
_LEAST_SHARE: Final = 0.7
"""Of a movement that must be of one kind in truth."""


class _Recorder(Coach):
    """Keeps the segments behind its strokes."""

    segments: list[Segment]

    def _take_strokes(self, decided: list) -> list[Stroke]:  # type: ignore[type-arg]
        self.segments = [*getattr(self, "segments", []), *(one.segment for one in decided)]
        return super()._take_strokes(decided)


def movements_of(case: Case) -> list[tuple[str, dict[str, float]]]:
    """What each movement along or against the path was, and what it shows: ``along``, ``against`` or ``return``."""
    performance, (routine, step) = performance_of(case), case.compiled()
    coach = _Recorder(routine, CoachOptions(step_id=step.id))
    last_s = 0.0
    for points in unstacked(track_truth(case, performance).points):
        coach.update(points)
        last_s = points.t_s
    coach.finish(last_s)
    strokes: dict[int, deque[Segment]] = defaultdict(lambda: deque(maxlen=_STROKES))
    found = []
    for segment in sorted(getattr(coach, "segments", []), key=lambda one: one.t_start_s):
        kind = _truth(performance, segment)
        way = segment.way(60.0)
        if kind is None or way == "across":
            continue
        if strokes[segment.hand]:
            found.append((kind, _shown(segment, strokes[segment.hand])))
        if kind in ("along", "against"):
            strokes[segment.hand].append(segment)
    return found


def _truth(performance: Performance, segment: Segment) -> str | None:
    """What it mostly was; None where that is not clear."""
    shares: dict[str, float] = defaultdict(float)
    for stroke in performance.strokes:
        if stroke.side == SIDES[segment.side]:
            common = min(stroke.t_end_s, segment.t_end_s) - max(stroke.t_start_s, segment.t_start_s)
            shares[stroke.kind] += max(common, 0.0)
    kind = max(shares, key=lambda one: shares[one], default="rest")
    clear = shares[kind] > _LEAST_SHARE * max(segment.time_s, _TOLD_S)
    return kind if clear and kind in ("along", "against", "return") else None


def _shown(segment: Segment, strokes: deque[Segment]) -> dict[str, float]:
    nearer, beside = compared(segment.profile, merged(strokes), 4)
    usual = float(np.median([math.log(one.quickness_mm_s) for one in strokes]))
    return dict(zip(SIGNS, (math.log(segment.quickness_mm_s) - usual, math.log(max(beside, 0.5)), nearer), strict=True))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy.signs", description=__doc__)
    parser.add_argument("--seed", type=int, default=101)
    parser.add_argument("--cases", type=int, default=60)
    arguments = parser.parse_args()
    cases = [case for case in make_round(0, arguments.seed) if _strokes_once(case)][: arguments.cases]
    touching, people = [], []
    for case in cases:
        found = movements_of(case)
        touching += [shown for kind, shown in found if kind != "return"]
        people.append([shown for kind, shown in found if kind == "return"])
    print(f"{len(cases)} performers, {len(touching)} strokes, {sum(map(len, people))} returns; mean, spread")
    for sign in SIGNS:
        strokes = np.array([shown[sign] for shown in touching])
        returns = [np.array([shown[sign] for shown in some]) for some in people]
        returns = [some[~np.isnan(some)] for some in returns]
        means = [float(some.mean()) for some in returns if len(some) > 2]
        own = math.sqrt(np.mean([some.var() for some in returns if len(some) > 2]))
        strokes = strokes[~np.isnan(strokes)]
        low, middle, high = np.quantile(strokes, [0.16, 0.5, 0.84])
        print(
            f"{sign:7s} touching {middle:6.3f} {(high - low) / 2:.3f}   "
            f"lifted {np.mean(means):6.3f}, of people {np.std(means):.3f}, of one {own:.3f}"
        )
    return 0


def _strokes_once(case: Case) -> bool:
    """Whether its hands go back lifted, at their own pace."""
    phases = case.compiled()[1].phases
    return any(phase.motion == "stroke" for phase in phases) and all(wanted.kind != "pace" for wanted in case.mistakes)


if __name__ == "__main__":
    raise SystemExit(main())
