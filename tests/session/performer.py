"""Hands that do a compiled routine, as FacePoints without pixels: what a tracker would see of a careful (or careless) user."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from facetrack.coach import Coach, Verdict
from facetrack.geometry.face_points import KNUCKLE, PALM, POINTS, FacePoints
from facetrack.geometry.quantisation import quantise
from facetrack.routine.compiled import CompiledPhase, CompiledStep

FPS = 30.0
LIFT = 1.045  # a return in the air: the palm is this much nearer
RETURN_MM_S = 220.0
NOISE_MM = 0.4


@dataclass(frozen=True, slots=True)
class Manner:
    """How it is done. backwards, rushed: step ids. lazy_right: the right hand does only this share of the way."""

    backwards: frozenset[str] = frozenset()
    rushed: frozenset[str] = frozenset()
    lazy_right: float = 1.0
    lost_share: float = 0.01
    seed: int = 0


class Performer:
    """Does what the coach asks for, until it is finished: iterate for (points, verdict) of every frame."""

    def __init__(self, coach: Coach, manner: Manner, most_s: float = 600.0) -> None:
        self._coach = coach
        self._manner = manner
        self._most_s = most_s
        self._rng = np.random.default_rng(manner.seed)
        self._t_s = 0.0

    def __iter__(self) -> Iterator[tuple[FacePoints, Verdict]]:
        """Calibrates for three seconds, then does every step as long as it runs."""
        verdict = None
        while self._t_s < 3.0:
            points, verdict = self._judged(None, 1.0, "running" if self._t_s < 2.0 else "neutral")
            yield points, verdict
        while verdict is not None and verdict.state != "finished" and self._t_s < self._most_s:
            step = self._coach.routine.steps[verdict.step]
            for place, lift in _once(step, self._manner):
                points, verdict = self._judged(_hands(step, place, self._manner), lift, "neutral")
                yield points, verdict
                if verdict.state == "finished" or verdict.step != step.index:
                    break

    def _judged(self, hands: np.ndarray | None, lift: float, state: str) -> tuple[FacePoints, Verdict]:
        points = _frame(self._t_s, hands, lift, self._rng, self._manner, state)
        self._t_s += 1 / FPS
        return points, self._coach.update(points)


def _once(step: CompiledStep, manner: Manner) -> Iterator[tuple[np.ndarray, float]]:
    """One repetition, and the way back through the air."""
    place = step.phases[0].path_mm[0]
    for phase in step.phases:
        path = phase.path_mm[::-1] if step.id in manner.backwards else phase.path_mm
        if phase.motion != "hold" and np.hypot(*(path[0] - place)) > 1.0:
            yield from ((back, LIFT) for back in _line(np.stack([place, path[0]]), RETURN_MM_S))
        for place in _phase(phase, path, 3.0 if step.id in manner.rushed else 1.0):
            yield place, 1.0
    yield from ((back, LIFT) for back in _line(np.stack([place, step.phases[0].path_mm[0]]), RETURN_MM_S))


def _phase(phase: CompiledPhase, path: np.ndarray, hurry: float) -> Iterator[np.ndarray]:
    if phase.motion == "hold":
        for _ in range(round(phase.hold_s * FPS)):
            yield path[-1]
        return
    pace = hurry * float(np.mean(phase.pace_mm_s))
    if phase.motion == "spiral":
        turns_s = hurry * float(np.mean(phase.turns_s))
        for n, place in enumerate(_line(path, turns_s * phase.drift_mm)):
            angle = 2 * math.pi * turns_s * n / FPS
            yield place + phase.turn_radius_mm * np.array([math.cos(angle), math.sin(angle)])
        return
    yield from _line(path, pace)
    if phase.motion == "back-and-forth":
        yield from _line(path[::-1], pace)


def _line(path: np.ndarray, speed: float) -> Iterator[np.ndarray]:
    lengths = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(path, axis=0).T))])
    for at in np.arange(0.0, lengths[-1], speed / FPS):
        yield np.array([np.interp(at, lengths, path[:, 0]), np.interp(at, lengths, path[:, 1])])


def _hands(step: CompiledStep, place: np.ndarray, manner: Manner) -> np.ndarray:
    start = step.phases[0].path_mm[0]
    right = (start + manner.lazy_right * (place - start)) * np.array([-1.0, 1.0])
    return np.stack([_hand(step, place, 1.0), _hand(step, right, -1.0)])


def _hand(step: CompiledStep, working: np.ndarray, sign: float) -> np.ndarray:
    """(7, 2): fingers side by side, so placed that the mean of the working points is there."""
    hand = np.array([[sign * 20.0, -25.0], [-sign * 9.0, 0.0], [0.0, 0.0], [sign * 9.0, -3.0], [sign * 17.0, -8.0],
                     [0.0, -35.0], [0.0, -85.0]])  # fmt: skip
    assert len(hand) == POINTS
    assert hand[KNUCKLE, 1] > hand[PALM, 1]
    return np.asarray(hand - hand[step.working].mean(axis=0) + working)


def _frame(
    t_s: float, hands: np.ndarray | None, palm: float, rng: np.random.Generator, manner: Manner, state: str
) -> FacePoints:
    seen = np.array([hands is not None] * 2) & (rng.random(2) > manner.lost_share)
    placed = np.full((2, POINTS, 2), np.nan) if hands is None else hands + rng.normal(0, NOISE_MM, (2, POINTS, 2))
    placed[~seen] = np.nan
    return quantise(
        FacePoints(
            t_s=t_s,
            points_mm=placed,
            metric_tensor=np.where(seen[:, None], [1.0, 0.0, 1.0], np.nan),
            palm_mm=np.where(seen, 30.0 * palm * (1 + rng.normal(0, 0.005, 2)), np.nan),
            near_face=seen,
            face_seen=True,
            hand_seen=seen,
            mm_per_px=0.71 * (1 + rng.normal(0, 0.01)),
            calibration=state,  # type: ignore[arg-type]
            calibrated_share=min(1.0, t_s / 2),
        )
    )
