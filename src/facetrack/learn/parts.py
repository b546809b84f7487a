"""Parts a performance into steps: where no hand was at the face for a while, the next one begins."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from facetrack.geometry.face_points import FacePoints
from facetrack.learn.step import LEAST_S, SAME_PATH_MM, LearningError, LearntStep, learn_step
from facetrack.packets import SIDES, Float

PAUSE_S: Final = 1.0
"""Hands that are away from the face for longer have finished a step. Both open palms beside the face are away from it too."""


def parts_of(frames: Sequence[FacePoints]) -> list[list[FacePoints]]:
    """Cut a performance at its pauses; parts in which too little was done are left out."""
    parts: list[list[FacePoints]] = []
    last_s = -np.inf
    for frame in frames:
        if not frame.near_face.any():
            continue
        if frame.t_s - last_s > PAUSE_S:
            parts.append([])
        parts[-1].append(frame)
        last_s = frame.t_s
    return [part for part in parts if part[-1].t_s - part[0].t_s >= LEAST_S]


def learn_shown(steps: Sequence[Sequence[Sequence[FacePoints]]]) -> list[LearntStep]:
    """Learn steps that gestures have parted, each from its performances. What was shown once is parted at its pauses too.

    Raises LearningError where nothing was done.
    """
    learnt: list[LearntStep] = []
    for performances in steps:
        worked = [joined for frames in performances if (joined := joined_parts(frames))]
        if len(worked) > 1:
            learnt.append(learn_step(worked))
        elif worked:
            learnt += learn_steps(worked[0])
    if not learnt:
        raise LearningError("No hand worked on the face for long enough: nothing could be learnt, and no file was written.")
    return learnt


def joined_parts(frames: Sequence[FacePoints]) -> list[FacePoints]:
    """Return the frames in which something was done."""
    return [frame for part in parts_of(frames) for frame in part]


def learn_steps(frames: Sequence[FacePoints]) -> list[LearntStep]:
    """Learn the steps of a performance that pauses part, in order; none where nothing was done."""
    groups: list[list[Sequence[FacePoints]]] = []
    learnt: list[LearntStep] = []
    for part in parts_of(frames):
        try:
            found = learn_step([part])
        except LearningError:
            continue
        if learnt and _same(learnt[-1], found):
            groups[-1].append(part)
            learnt[-1] = learn_step([[frame for some in groups[-1] for frame in some]])
        else:
            groups.append([part])
            learnt.append(found)
    return learnt


def _same(first: LearntStep, second: LearntStep) -> bool:
    """Say whether two parts are the same movements, on whichever side, in the same direction along the same paths.

    Of one side after the other the direction is not asked: that of one may have been taken for its way back.
    """
    if [one.motion for one in first.phases] != [one.motion for one in second.phases]:
        return False
    paths = [(a.path_mm, b.path_mm) for a, b in zip(first.phases, second.phases, strict=True)]
    in_turn = {first.hands, second.hands} == set(SIDES)
    return all(_apart_mm(a, b) < SAME_PATH_MM and (in_turn or (a[-1] - a[0]) @ (b[-1] - b[0]) >= 0) for a, b in paths)


def _apart_mm(first: Float, second: Float) -> float:
    """Return the mean distance of each path's points from the other path, of the path for which it is greater."""
    apart = np.hypot(*(first[:, None] - second[None]).transpose(2, 0, 1))
    return float(max(apart.min(axis=0).mean(), apart.min(axis=1).mean()))
