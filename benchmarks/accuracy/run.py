"""Scores one case or many, in one or two processes."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from typing import Literal

from benchmarks.accuracy.cases import Case, performance_of
from benchmarks.accuracy.expected import Unit, expected_units
from benchmarks.accuracy.judging import judge, unstacked
from benchmarks.accuracy.scoring import Scored, figures_of, match
from benchmarks.accuracy.tracked import Tracked
from benchmarks.accuracy.truth_level import track_truth
from benchmarks.accuracy.truth_signals import Signals
from facetrack.mannequin import Performance

Level = Literal["truth", "pixels"]


def track(case: Case, performance: Performance, level: Level) -> Tracked:
    """The case as the coach gets it."""
    if level == "truth":
        return track_truth(case, performance)
    from benchmarks.accuracy.pixel_level import track_pixels

    return track_pixels(case, performance)


def _by_rush(case: Case, unit: Unit) -> Unit:
    return replace(unit, variant=f"{unit.variant} x{case.rushed:g}") if unit.kind == "pace" else unit


def score_case(case: Case, level: Level) -> Scored:
    """Perform, track, judge, compare."""
    performance = performance_of(case)
    signals = Signals.of(performance)
    units = [_by_rush(case, unit) for unit in expected_units(signals)]
    made = track(case, performance, level)
    routine, step = case.compiled()
    judgement = judge(unstacked(made.points), routine, step.id)
    end_s = float(made.points["t_s"][-1])
    start, end = signals.work_s
    return Scored(
        case_id=case.id,
        step=f"{case.routine}/{case.step}",
        theme=case.conditions.theme,
        right=case.right,
        slow_and_low=case.slow_and_low,
        long=case.long,
        work_s=end - start,
        matches=match(judgement.events, units, end_s, judgement.unjudged),
        textbook=match(made.textbook, units, end_s),
        figures=figures_of(judgement, signals),
        withheld_s=judgement.withheld_s,
        since_hand_s=judgement.since_hand_s,
        withheld=judgement.withheld,
        tip_mm=made.errors.tip_mm,
        yaw_deg=made.errors.yaw_deg,
        zone_mm=made.errors.zone_mm,
        raw_mm=made.errors.raw_mm,
    )


def score_all(cases: Sequence[Case], level: Level, jobs: int) -> Iterator[Scored]:
    """In the order of the cases."""
    if jobs <= 1:
        for case in cases:
            yield score_case(case, level)
        return
    # Spawned: forking a process in which MediaPipe or OpenCV have threads hangs.
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        yield from pool.map(score_case, cases, [level] * len(cases), chunksize=1)
