"""A whole recording from its face points on: zones, directions, speeds, movements and their checks, of every fingertip."""

import time
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, Final, cast

import numpy as np

from benchmarks.speed.live import ROUTINE, STEP
from benchmarks.speed.plain_fingers import plain_fingers
from facetrack.coach.step_plan import StepPlan
from facetrack.coach.strokes.hand_motion import HandTrack
from facetrack.coach.thresholds import Thresholds
from facetrack.geometry import POINT_NAMES, FaceMapper
from facetrack.geometry.face_points import TIPS
from facetrack.packets import Observation
from facetrack.routine import load_routine
from facetrack.session.document import StepFigures
from facetrack.session.export.finger_motion import FingersInStep, Recording, fingers_in_steps, movement_flags, plans_of

ROUNDS: Final = 5
MIDDLE: Final = POINT_NAMES.index("middle")
LONG_FRAMES: Final = 108_000
"""An hour at 30 frames a second."""


def recording_of(observations: list[Observation]) -> tuple[Recording, float]:
    """Mapped frame by frame, and the frames a second at which that went."""
    mapper = FaceMapper()
    began = time.process_time()
    frames = [mapper.update(observation)[0] for observation in observations]
    rate = len(frames) / (time.process_time() - began)
    return Recording.of(iter(frames)), rate


def repeated(recording: Recording, frames: int) -> Recording:
    """The recording again and again, until it has that many frames, with a second between."""
    times = -(-frames // len(recording.t_s))
    span = recording.t_s[-1] + 1.0
    return Recording(
        np.concatenate([recording.t_s + k * span for k in range(times)])[:frames],
        np.tile(recording.points_mm, (times, 1, 1, 1))[:frames],
        np.tile(recording.metric, (times, 1, 1))[:frames],
    )


def judged(recording: Recording, plans: Mapping[str, StepPlan]) -> list[FingersInStep]:
    """All of it in the one step, checks included."""
    row = cast(StepFigures, SimpleNamespace(id=STEP, t_start_s=0.0, t_end_s=np.inf))  # all of it that is read
    hands = list(fingers_in_steps(recording, plans, [row], Thresholds()))
    for one in hands:
        movement_flags(one)
    return hands


def batch_figures(observations: list[Observation]) -> dict[str, Any]:
    """Raises AssertionError where batch, live and textbook do not say the same."""
    recording, geometry_rate = recording_of(observations)
    plans = plans_of(load_routine(ROUTINE))
    long = repeated(recording, LONG_FRAMES)
    tips = int((~np.isnan(long.points_mm[:, :, TIPS, 0])).sum())
    best_s = np.inf
    for _ in range(ROUNDS):
        began = time.perf_counter()  # both cores are at work
        judged(long, plans)
        best_s = min(best_s, time.perf_counter() - began)
    short = judged(recording, plans)
    began = time.process_time()
    plain = plain_fingers(recording, short)
    plain_s = time.process_time() - began
    short_tips = sum(one.motion.side.size for one in short)
    return {
        "frames": LONG_FRAMES,
        "fingertip_frames": tips,
        "fingertip_frames_per_s": tips / best_s,
        "times_faster_than_textbook": (tips / best_s) / (short_tips / plain_s),
        "textbook_fingertip_frames_per_s": short_tips / plain_s,
        "labels_equal_to_textbook": plain,
        "largest_difference_to_live": largest_difference_to_live(short, observations),
        "geometry_frame_by_frame_times_real_time": geometry_rate / 30.0,
    }


def largest_difference_to_live(hands: list[FingersInStep], observations: list[Observation]) -> float:
    """Of the middle fingertips' places (mm) and speeds (mm/s) from what the coach sees frame by frame."""
    mapper, limits = FaceMapper(), Thresholds()
    tracks = [HandTrack(hand, limits) for hand in (0, 1)]
    samples: list[list[Any]] = [[], []]
    for observation in observations:
        points, _ = mapper.update(observation)
        for hand, track in enumerate(tracks):
            sample = track.update(points, [MIDDLE])
            if sample is not None:
                samples[hand].append(sample)
    worst = 0.0
    for one in hands:
        if MIDDLE not in one.fingers:
            continue
        k, live = one.fingers.index(MIDDLE), samples[one.hand]
        where = np.array([sample.chart for sample in live]).T
        worst = max(worst, float(np.abs(one.points_mm[:, k] - where).max()))
        worst = max(worst, float(np.abs(one.motion.speed_mm_s[k] - [sample.speed for sample in live]).max()))
        assert one.motion.side[k].tolist() == [sample.side for sample in live]
    return worst
