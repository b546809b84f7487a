"""Learns a routine from recordings or a camera, and writes its file."""

import os
import re
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from facetrack.app.shutdown import StopSignal
from facetrack.capture import FrameSource
from facetrack.errors import FacetrackError, UsageError
from facetrack.learn.parts import learn_steps, parts_of
from facetrack.learn.routine_text import CORNER_MM, routine_text, zones_around
from facetrack.learn.step import LearningError, LearntStep, learn_step
from facetrack.learn.watch import watch, watch_recording
from facetrack.routine.file.load import read_routine
from facetrack.routine.map.face_map import face_map
from facetrack.session.files import write_whole

_LOOSER: Final = (1.0, 2.0, 4.0, 100.0)
"""A path that a routine file can't have (it turns back) is written with fewer corners, in the end as a straight line."""


def learn_from_recordings(
    recordings: Sequence[Path], step_id: str | None, stop: StopSignal, notify: Callable[[str], None]
) -> list[LearntStep]:
    """Learn from recordings: with a step_id all of one step; without it the steps of each, one recording after the other.

    Raises LearningError, in one line, where nothing could be learnt.
    """
    watched = [watch_recording(path, stop, notify) for path in recordings]
    if step_id is None:
        return [step for frames in watched for step in learn_steps(frames)]
    worked = [[frame for part in parts_of(frames) for frame in part] for frames in watched]
    for path, frames in zip(recordings, worked, strict=True):
        if not frames:
            raise LearningError(f"In {path} no hand worked on the face for long enough: nothing could be learnt.")
    try:
        return [learn_step(worked)]
    except LearningError as error:
        raise LearningError(f"Nothing could be learnt, and no file was written: {error}.") from error


def learn_at_camera(source: FrameSource, step_id: str | None, stop: StopSignal) -> list[LearntStep]:
    """Learn from somebody at a camera, until nobody was at work for a while, or stop says so. Raises as for recordings."""
    seen = watch(source, stop, until_nobody=True)
    steps = learn_steps(seen)
    if step_id is not None and len(steps) > 1:
        raise LearningError(
            f"{len(steps)} steps were shown, parted by pauses, and --step-id names one: show one, without pauses."
        )
    return steps


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


def write_routine(steps: Sequence[LearntStep], out: Path, *, title: str | None, language: str, step_id: str | None) -> Path:
    """Write the routine to out, checked as any routine file is. Raises FacetrackError."""
    name = re.sub(r"[^a-z0-9]+", "-", out.stem.casefold()).strip("-") or "learnt"
    names = step_ids_of(steps, step_id)
    problem: FacetrackError | None = None
    for looser in _LOOSER:
        text = routine_text(steps, name[:40], title or name.replace("-", " ").capitalize(), language, names, looser * CORNER_MM)
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
