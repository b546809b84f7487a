"""Judges the cases and counts: mistakes that were corrected, corrections of nothing, how far edges and knuckles were off."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from benchmarks.accuracy.cases import performance_of
from benchmarks.accuracy.clips import observed
from benchmarks.accuracy.expected import expected_units
from benchmarks.accuracy.judging import Judgement, judge
from benchmarks.accuracy.noise import observe
from benchmarks.accuracy.projection import Projected, project
from benchmarks.accuracy.scoring import Matches, match
from benchmarks.accuracy.truth_level import observations_of
from benchmarks.accuracy.truth_signals import Signals
from benchmarks.tools.cases import Clip, ToolCase, compiled, far_conditions, far_performance
from facetrack.geometry.face_points import KNUCKLE, FacePoints
from facetrack.mannequin.performance.mistakes import outside_mm
from facetrack.packets import SIDES, Float, Observation
from facetrack.pipeline.judge import Judge

NOTICED_S = 2.0
NAN_EDGE = np.full((2, 3), np.nan)


@dataclass(slots=True)
class Tally:
    """Counts over cases. false: corrections of nothing, in ``minutes`` of work."""

    due: dict[str, int] = field(default_factory=dict)
    found: dict[str, int] = field(default_factory=dict)
    true: dict[str, int] = field(default_factory=dict)
    false: dict[str, int] = field(default_factory=dict)
    minutes: float = 0.0
    right_false: int = 0
    right_minutes: float = 0.0

    def add(self, matches: Matches, minutes: float, right: bool) -> None:
        """Count one case."""
        for hit in matches.hits:
            self.due[hit.unit.kind] = self.due.get(hit.unit.kind, 0) + 1
            self.found[hit.unit.kind] = self.found.get(hit.unit.kind, 0) + hit.found
        for events, counts in ((matches.true, self.true), (matches.false, self.false)):
            for event in events:
                counts[event.kind] = counts.get(event.kind, 0) + 1
        self.minutes += minutes
        if right:
            self.right_false += len(matches.false)
            self.right_minutes += minutes

    def as_json(self) -> dict[str, Any]:
        """Return recall and precision of each kind."""
        kinds = sorted({*self.due, *self.false})
        return {
            "kinds": {kind: self._of(kind) for kind in kinds},
            "minutes": round(self.minutes, 1),
            "right": {"false_corrections": self.right_false, "minutes": round(self.right_minutes, 1)},
        }

    def _of(self, kind: str) -> dict[str, Any]:
        due, found, true, false = (counts.get(kind, 0) for counts in (self.due, self.found, self.true, self.false))
        recall = round(found / due, 3) if due else None
        return {
            "due": due,
            "recall": recall,
            "false": false,
            "precision": round(true / (true + false), 3) if true + false else None,
        }


@dataclass(slots=True)
class Edges:
    """Gathers how far shown edges were off, mm, and how much of the work their place was known."""

    off_mm: list[Float] = field(default_factory=list)
    known: list[Float] = field(default_factory=list)

    def add(self, points: list[FacePoints], exact: Projected, until_s: float, begun_s: float) -> None:
        """Add a clip; only time in contact at work counts."""
        edges = np.array([NAN_EDGE if one.edge_mm is None else one.edge_mm for one in points])
        t_s = exact.t_s
        work = exact.hands.contact & ((t_s >= begun_s) & ~(t_s >= until_s))[:, None]
        off = np.linalg.norm(edges[..., :2] - exact.hands.working_mm, axis=-1)
        self.known.append(~np.isnan(off[work]))
        self.off_mm.append(off[work & ~np.isnan(off)])

    def as_json(self) -> dict[str, Any]:
        """Return quantiles and shares."""
        off, known = np.concatenate(self.off_mm), np.concatenate(self.known)
        return {**_p50_and_p95(off), "judged_share": round(float(known.mean()), 3)}


def _quantile(values: Float, at: float) -> float:
    return round(float(np.percentile(values, at)), 1)


def located(observations: Iterable[Observation], tools: bool) -> list[FacePoints]:
    """Return where the hands are, as a session works it out. tools: whether a tool that is shown is seen."""
    judge = (
        Judge.for_routine(compiled("forehead", "tool")[0])
        if tools
        else Judge.for_routine(compiled("forehead", "fingertips")[0])
    )
    return [judge.locate(one)[0] for one in observations]


def score_truth(cases: list[ToolCase]) -> dict[str, Any]:
    """Judge every case with the tool shown, and with one that is not."""
    shown, unshown, edges, seen = Tally(), Tally(), Edges(), 0
    for case in cases:
        for tally, one in ((shown, case), (unshown, replace(case, style=replace(case.style, shows_deg=None)))):
            performance = performance_of(one)
            observations, exact = observations_of(one, performance)
            signals, points = Signals.of(performance), located(observations, True)
            if tally is shown:
                edges.add(points, exact, np.inf, signals.work_s[0])
            else:
                seen += any(frame.edge_mm is not None for frame in points)
            routine, step = one.compiled()
            _count(tally, judge(points, routine, step.id), signals, points[-1].t_s)
    return {
        "cases": len(cases),
        "not_shown": {**unshown.as_json(), "seen_all_the_same": seen},
        "shown": {**shown.as_json(), "edge": edges.as_json()},
    }


def score_knuckles(cases: list[ToolCase]) -> dict[str, Any]:
    """Judge steps that are done rightly with the knuckles."""
    tally, off = Tally(), []
    for case in cases:
        performance = performance_of(case)
        observations, exact = observations_of(case, performance)
        points = located(observations, False)
        off.append(_knuckles_off(points, exact))
        routine, step = case.compiled()
        _count(tally, judge(points, routine, step.id), Signals.of(performance), points[-1].t_s)
    return {**tally.as_json(), **_p50_and_p95(np.concatenate(off))}


def _p50_and_p95(off: Float) -> dict[str, float]:
    return {"p50_mm": _quantile(off, 50), "p95_mm": _quantile(off, 95)}


def _count(tally: Tally, judgement: Judgement, signals: Signals, end_s: float) -> None:
    matches = match(judgement.events, expected_units(signals), end_s, judgement.unjudged)
    begun, ended = signals.work_s
    tally.add(matches, (ended - begun) / 60.0, not signals.performance.mistakes and not matches.hits)


def score_far(pairs: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    """Judge steps done 40 mm and more from where they are asked for, with a tool that was not shown."""
    sides = found = 0
    least = []
    for number, (done, asked) in enumerate(pairs):
        performance, conditions = far_performance(done, number), far_conditions(number)
        exact = project(performance, conditions.times_s(performance.duration_s), conditions.head, conditions.camera)
        routine, step = compiled(asked, "tool")
        judgement = judge(located(observe(exact, number), False), routine, step.id)
        for k, side in enumerate(SIDES):
            away = outside_mm(exact.hands.working_mm[exact.hands.contact[:, k], k], step.zone)
            least.append(float(away.min()))
            sides += 1
            found += any(event.kind == "zone" and event.side == side for event in judgement.events)
    return {"sides": sides, "share_told": round(found / sides, 3), "least_mm": round(min(least), 1)}


def score_clips(clips: list[Clip]) -> dict[str, Any]:
    """Judge the rendered clips, through the real tracker."""
    shown, edges, knuckles, off = Tally(), Edges(), Tally(), []
    changes: list[float] = []
    for clip in clips:
        times_s = clip.conditions.times_s(clip.performance.duration_s)
        observations = observed(clip, clip.performance, times_s)  # type: ignore[arg-type]
        exact = project(clip.performance, times_s, clip.conditions.head, clip.conditions.camera)
        signals = Signals.of(clip.performance)
        routine, step = compiled(clip.step, clip.contact)
        points = located(observations, clip.contact == "tool")
        end_s = points[-1].t_s
        if clip.contact == "knuckles":
            off.append(_knuckles_off(points, exact))
            _count(knuckles, judge(points, routine, step.id), signals, end_s)
            continue
        edges.add(points, exact, clip.lets_go_s, signals.work_s[0])
        if np.isfinite(clip.lets_go_s):
            changes += _noticed_after_s(points, clip.lets_go_s)
            continue
        _count(shown, judge(points, routine, step.id), signals, end_s)
    noticed = np.array(changes) <= NOTICED_S
    return {
        "clips": len(clips),
        "shown": {**shown.as_json(), "edge": edges.as_json()},
        "grip": {"changes": len(changes), "noticed_in_2_s": round(float(noticed.mean()), 3)},
        "knuckles": {**knuckles.as_json(), **_p50_and_p95(np.concatenate(off))},
    }


def _knuckles_off(points: list[FacePoints], exact: Projected) -> Float:
    seen = np.array([one.points_mm[:, KNUCKLE] for one in points])
    off: Float = np.linalg.norm(seen - exact.hands.working_mm, axis=-1)[exact.hands.contact]
    return off[~np.isnan(off)]


def _noticed_after_s(points: list[FacePoints], at_s: float) -> list[float]:
    """Return for each hand whose tool was known when its grip changed how long that took to be noticed; infinite: never."""
    out = []
    for hand in (0, 1):
        known = {one.t_s: one.edge_mm is not None and not np.isnan(one.edge_mm[hand, 0]) for one in points}
        if not any(there for t_s, there in known.items() if at_s - 1.0 <= t_s <= at_s):
            continue
        last = max((t_s for t_s, there in known.items() if there), default=at_s)
        out.append(last - at_s if last < points[-1].t_s else np.inf)
    return out
