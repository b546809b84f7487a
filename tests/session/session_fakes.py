"""A small routine, hands that move over a face, and a coach simple enough to foretell every figure by hand."""

import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np

from facetrack.coach.verdict import Correction, Cue, SideVerdict, StepEnd, Stroke, Verdict
from facetrack.geometry.face_points import POINTS, FacePoints
from facetrack.geometry.quantisation import quantise
from facetrack.routine.compiled import CompiledPhase, CompiledRoutine, CompiledStep
from facetrack.session.journal.header import SessionIdentity
from tests.coach import synthetic

NAN = math.nan
STARTED = datetime(2026, 11, 20, 8, 0, 0, tzinfo=UTC)
FPS = 30.0


def phase(**changes: Any) -> CompiledPhase:
    path = np.array([[5.0, 40.0], [60.0, 30.0]])
    return replace(CompiledPhase("stroke", path, (10.0, 80.0), (NAN, NAN), NAN, NAN), **changes)


def step(index: int = 0, **changes: Any) -> CompiledStep:
    square = np.array([[0.0, 20.0], [60.0, 20.0], [60.0, 60.0], [0.0, 60.0]])
    made = synthetic.step(f"step-{index}", phase(), index=index, title="Step", say="Stroke.", zone=(square,))
    return replace(made, zone_names=("forehead",), **changes)


def routine(*steps: CompiledStep) -> CompiledRoutine:
    return CompiledRoutine(
        id="test", version=1, sha256="ab" * 32, title="Test", language="en", prepare=("Wash.",), after=(),
        session_cautions=(), area_cautions=(), start_per_week=None, schedule_say="", steps=steps or (step(0), step(1)),
    )  # fmt: skip


def identity(**changes: Any) -> SessionIdentity:
    made = SessionIdentity(
        id="20261120-080000-7f3a", routine=routine(), models={"face": "f" * 64, "hand": "a" * 64}, settings={"zone_mm": 8.0},
        labels={"participant": "p07"}, source_kind="video", source_name="clip.mp4", started_at=STARTED,
    )  # fmt: skip
    return replace(made, **changes)


def hand_at(x_mm: float, y_mm: float) -> np.ndarray:
    """(7, 2): a hand whose fingers are 15 mm apart and whose middle tip is there."""
    return np.array([x_mm, y_mm]) + np.array([(i - 2) * 15.0 for i in range(POINTS)])[:, None] * np.array([0.0, 1.0])


def points(t_s: float, **changes: Any) -> FacePoints:
    made = FacePoints(
        t_s=t_s,
        points_mm=np.stack([hand_at(30.0, 40.0), hand_at(-30.0, 40.0)]),
        metric_tensor=np.array([[1.02, 0.01, 0.98], [1.01, -0.02, 0.97]]),
        palm_mm=np.array([31.2, 30.4]),
        near_face=np.array([True, True]),
        face_seen=True,
        hand_seen=np.array([True, True]),
        mm_per_px=0.71,
        calibration="neutral",
        calibrated_share=1.0,
    )
    return quantise(replace(made, **changes))


def side(**changes: Any) -> SideVerdict:
    made = SideVerdict(
        needed=True, withheld=None, hand="left", working_mm=np.array([30.0, 40.0]), in_zone=True, in_contact=True,
        stroking=True, speed_mm_s=30.0, acceleration_mm_s2=200.0, off_path_deg=0.0, pace=30.0, repetitions=0, path_mm=0.0,
    )  # fmt: skip
    return replace(made, **changes)


def verdict(t_s: float, **changes: Any) -> Verdict:
    made = Verdict(
        t_s=t_s, state="working", step=0, phase_index=0, sides=(side(), side(hand="right")), balance=1.0, corrections=(),
        changed=(), shown=None, cue=None, strokes=(), ended=(), step_elapsed_s=t_s, step_left_s=NAN, target=4,
        hint_id=None, hint=None,
    )  # fmt: skip
    return replace(made, **changes)


def stroke(**changes: Any) -> Stroke:
    made = Stroke(
        side="left", hand="left", t_start_s=0.0, t_end_s=1.0, length_mm=50.0, mean_mm_s=50.0, peak_mm_s=70.0, off_path_deg=0.0,
        straightness=0.98, turning_rad=0.1, zone_share=1.0, contact_share=1.0, kind="along", counted=True,
        start_mm=(5.0, 40.0), end_mm=(60.0, 30.0),
    )  # fmt: skip
    return replace(made, **changes)


def correction(index: int = 0, **changes: Any) -> Correction:
    made = Correction(index, "step-0", "left", "direction", 1.0, None, 143.0, 60.0, "direction.outward", "Stroke outward")
    return replace(made, **changes)


def moving_hands(seconds: float, seed: int = 0) -> Iterator[FacePoints]:
    """Both hands to and fro over the forehead with noise; now and then a hand or the face is lost."""
    rng = np.random.default_rng(seed)
    for i in range(round(seconds * FPS)):
        t_s = i / FPS
        x = 30.0 + 25.0 * math.sin(2 * math.pi * t_s / 2.0)
        placed = np.stack([hand_at(x, 40.0), hand_at(-x, 40.0)]) + rng.normal(0, 0.5, (2, POINTS, 2))
        seen = rng.random(2) > 0.03
        face = bool(rng.random() > 0.02)
        placed[~seen] = NAN
        if not face:
            placed[:] = NAN
        near = seen & face
        yield points(
            t_s,
            points_mm=placed,
            metric_tensor=np.where(near[:, None], rng.normal(1, 0.02, (2, 3)), NAN),
            palm_mm=np.where(near, rng.normal(30, 0.5, 2), NAN),
            near_face=near,
            hand_seen=seen,
            face_seen=face,
            mm_per_px=0.71 if face else NAN,
        )


class FakeCoach:
    """Every step lasts STEP_S; a side is judged where its hand is seen; a stroke a second; a correction now and then."""

    STEP_S = 5.0

    def __init__(self, made: CompiledRoutine) -> None:
        self.routine = made
        self.path = [0.0, 0.0]
        self.before: FacePoints | None = None
        self.index = 0
        self.corrections = 0
        self.skips = 0

    def command(self, name: str, t_s: float) -> None:
        assert name == "next"
        self.next(t_s)

    def next(self, _t_s: float) -> None:
        self.skips += 1
        self.index += 1

    def update(self, seen: FacePoints) -> Verdict:
        ended: tuple[StepEnd, ...] = ()
        due = int(seen.t_s / self.STEP_S) + self.skips
        if due > self.index and self.index < len(self.routine.steps) - 1:
            ended = (self._end(self.index, seen.t_s, "done"),)
            self.index, self.path = self.index + 1, [0.0, 0.0]
        sides = tuple(self._side(i, seen) for i in range(2))
        self.before = seen
        whole_second = abs(seen.t_s - round(seen.t_s)) < 0.5 / FPS and seen.t_s > 0.5
        strokes = self._strokes(seen.t_s) if whole_second else ()
        changed, cue = (), None
        if whole_second and round(seen.t_s) % 3 == 0:
            changed = (correction(self.corrections, t_start_s=seen.t_s, step_id=f"step-{self.index}"),)
            cue = Cue(seen.t_s, self.corrections, True, False, "spoken-recently")
            self.corrections += 1
        return verdict(seen.t_s, step=self.index, sides=sides, strokes=strokes, ended=ended, changed=changed, cue=cue)

    def finish(self, t_s: float) -> Verdict:
        return verdict(t_s, state="finished", step=self.index, ended=(self._end(self.index, t_s, "stopped"),))

    def _strokes(self, t_s: float) -> tuple[Stroke, ...]:
        times = {"t_start_s": t_s - 0.8, "t_end_s": t_s}
        return stroke(**times), stroke(side="right", hand="right", kind="across", off_path_deg=70.0, **times)

    def _end(self, index: int, t_s: float, status: Any) -> StepEnd:
        return StepEnd(index, f"step-{index}", status, index * self.STEP_S, t_s, 0.0)

    def _side(self, i: int, seen: FacePoints) -> SideVerdict:
        hand = ("left", "right")[i]
        if not seen.near_face[i]:
            unknown = {"hand": None, "in_zone": None, "in_contact": None, "stroking": None, "speed_mm_s": NAN}
            reason = "hand" if seen.face_seen else "face"
            return side(withheld=reason, path_mm=self.path[i], acceleration_mm_s2=NAN, pace=NAN, **unknown)
        speed = NAN
        if self.before is not None:
            moved = float(np.hypot(*(seen.points_mm[i, 2] - self.before.points_mm[i, 2])))
            if math.isfinite(moved):
                self.path[i] += moved
                speed = moved / (seen.t_s - self.before.t_s)
        return side(hand=hand, speed_mm_s=speed, acceleration_mm_s2=speed, pace=speed, path_mm=self.path[i],
                    working_mm=seen.points_mm[i, 2])  # fmt: skip


def fake_coach(made: SessionIdentity) -> FakeCoach:
    return FakeCoach(made.routine)
