"""Learns a routine from recordings or a camera, and writes its file."""

import os
import re
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from facetrack.app.notify import Notifier
from facetrack.app.shutdown import StopSignal
from facetrack.capture import FrameSource
from facetrack.errors import FacetrackError, UsageError
from facetrack.geometry.face_points import FacePoints
from facetrack.learn.parts import joined_parts, learn_shown
from facetrack.learn.routine_text import CORNER_MM, routine_text, zones_around
from facetrack.learn.step import LearningError, LearntStep, learn_step
from facetrack.learn.watch import watch_camera, watch_recording
from facetrack.routine.file.load import read_routine
from facetrack.routine.map.face_map import face_map
from facetrack.session.files import write_whole

_LOOSER: Final = (1.0, 2.0, 4.0, 100.0)
"""A path that a routine file can't have (it turns back) is written with fewer corners, in the end as a straight line."""


@dataclass(frozen=True, slots=True)
class LearntRoutine:
    """Holds the steps that were learnt. damage: what is damaged in their recordings, a line each."""

    steps: tuple[LearntStep, ...]
    damage: tuple[str, ...] = ()


def learn_from_recordings(recordings: Sequence[Path], step_id: str | None, notify: Callable[[str], None]) -> LearntRoutine:
    """Learn from recordings: with a step_id all of one step; without it the steps of each, one recording after the other.

    Raises LearningError, in one line, where nothing could be learnt.
    """
    watched = [watch_recording(path, notify) for path in recordings]
    damage = tuple(f"{path.name}: {what}" for path, (_, what) in zip(recordings, watched, strict=True) if what is not None)
    return LearntRoutine(tuple(_learn([step for showing, _ in watched for step in showing.steps], step_id)), damage)


def learn_at_camera(source: FrameSource, step_id: str | None, stop: StopSignal, notify: Notifier) -> LearntRoutine:
    """Learn from somebody at a camera, until all was shown or stop says so. Raises as for recordings."""
    return LearntRoutine(tuple(_learn(watch_camera(source, stop, notify).steps, step_id)))


def _learn(steps: Sequence[Sequence[Sequence[FacePoints]]], step_id: str | None) -> list[LearntStep]:
    if step_id is None:
        return learn_shown(steps)
    worked = [joined for step in steps for frames in step if (joined := joined_parts(frames))]
    try:
        return [learn_step(worked)]
    except LearningError as error:
        raise LearningError(f"Nothing could be learnt, and no file was written: {error}.") from error


def step_ids_of(steps: Sequence[LearntStep], step_id: str | None) -> list[str]:
    """Name the steps: as the user wishes, or by where they are and what is done."""
    if step_id is not None:
        return [step_id]
    names = [f"{_zone_of(step)}-{step.phases[0].motion.replace('back-and-forth', 'to-and-fro')}" for step in steps]
    count: Counter[str] = Counter()
    for place, name in enumerate(names):
        count[name] += 1
        names[place] = name if count[name] == 1 else f"{name}-{count[name]}"
    return names


def _zone_of(step: LearntStep) -> str:
    named = zones_around(step)
    if named:
        return named[0]
    middle = step.phases[0].path_mm[len(step.phases[0].path_mm) // 2]
    return min(face_map().zones.values(), key=lambda zone: float(((zone.outline_mm.mean(axis=0) - middle) ** 2).sum())).name


def check_target(out: Path) -> None:
    """Raise UsageError where the routine may not be written to out: a file that is there is never overwritten."""
    if os.path.lexists(out):
        raise UsageError(f"{out} is there already: it is not overwritten. Choose another --out.")
    if out.suffix != ".toml":
        raise UsageError(f"{out} is not the name of a routine file: let it end in .toml.")


def write_routine(learnt: LearntRoutine, out: Path, *, title: str | None, language: str, step_id: str | None) -> Path:
    """Write the routine to out, checked as any routine file is. Raises FacetrackError."""
    steps = learnt.steps
    name = re.sub(r"[^a-z0-9]+", "-", out.stem.casefold()).strip("-") or "learnt"
    names = step_ids_of(steps, step_id)
    problem: FacetrackError | None = None
    for looser in _LOOSER:
        text = routine_text(steps, name[:40], title or name.replace("-", " ").capitalize(), language, names, looser * CORNER_MM)
        text = "".join(f"# Learnt from a damaged recording: {line}\n" for line in learnt.damage) + text
        with tempfile.TemporaryDirectory(prefix="facetrack-") as folder:
            draft = Path(folder) / "draft.toml"
            draft.write_text(text, encoding="utf-8")
            try:
                read_routine(draft)
            except FacetrackError as error:
                problem = error
                continue
        write_whole(out, text.encode())
        return out
    raise LearningError(f"What was performed can't be written as a routine ({problem}). Show it once more, one way at a time.")
