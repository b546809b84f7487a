"""Works out from a session's journal where every fingertip was in its step, and how it moved.

A whole recording is worked on at once; filters, zones, paths and lengths are the coach's own. Contact is not considered: a
hand that is lifted to go back moves too.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

import numpy as np

from facetrack.coach.step_plan import StepPlan, atlas_of
from facetrack.coach.thresholds import Thresholds
from facetrack.geometry.batch.kinematics import Kinematics, motion_on_face
from facetrack.geometry.batch.movements import Cutting, Movements, movements_of
from facetrack.geometry.face_points import POINT_NAMES, TIPS, FacePoints
from facetrack.packets import SIDES, Bool, Float
from facetrack.routine.compiled import CompiledRoutine
from facetrack.session.document import SessionDocument, StepFigures
from facetrack.session.journal.reader import read_frames, read_identity
from facetrack.session.serialization import routine_from_json, to_json
from facetrack.signal.tracks import one_euro_track, slope_track
from facetrack.system.cores import usable_cores


@dataclass(frozen=True, slots=True)
class Recording:
    """Holds the frames of a journal as arrays, as in FacePoints. t_s: (N,). points_mm: (N, 2, 7, 2). metric: (N, 2, 3)."""

    t_s: Float
    points_mm: Float
    metric: Float

    @staticmethod
    def of(frames: Iterator[FacePoints]) -> "Recording":
        times, points, metric = [], [], []
        for frame in frames:
            times.append(frame.t_s)
            points.append(frame.points_mm)
            metric.append(frame.metric_tensor)
        return Recording(
            np.array(times),
            np.array(points).reshape(-1, len(SIDES), len(POINT_NAMES), 2),
            np.array(metric).reshape(-1, len(SIDES), 3),
        )


@dataclass(frozen=True, slots=True)
class FingersInStep:
    """Holds what fingertips of one hand did in one step.

    place: the step's, in the session. plan: of the step. limits: the session's.

    fingers: (K,) which, into POINT_NAMES: those that were known in the same frames. t_s: (N,) of these frames.
    points_mm: (2, K, N) chart mm, smoothed. motion, movements: of these K.
    """

    place: int
    plan: StepPlan
    limits: Thresholds
    hand: int
    fingers: tuple[int, ...]
    t_s: Float
    points_mm: Float
    motion: Kinematics
    movements: Movements


def plans_of(routine: CompiledRoutine) -> dict[str, StepPlan]:
    """Return the routine's steps by id, their zones laid out."""
    atlas = atlas_of(routine)
    return {step.id: StepPlan.of(step, atlas) for step in routine.steps}


def fingers_in_steps(
    recording: Recording, plans: Mapping[str, StepPlan], steps: Sequence[StepFigures], limits: Thresholds
) -> Iterator[FingersInStep]:
    """Yield what the fingers did, step by step; fingers that were never known in a step are left out.

    steps: of session.json; plans: by their ids.

    The hands of a step are worked on side by side, as there are cores: numpy lets go of Python's lock over long arrays.
    """
    with ThreadPoolExecutor(min(usable_cores(), len(SIDES))) as pool:
        for place, step in enumerate(steps):
            begin, end = np.searchsorted(recording.t_s, [step.t_start_s, step.t_end_s])
            of = partial(_hand_in_step, recording, slice(begin, end), place, plans[step.id], limits)
            for done in list(pool.map(of, range(len(SIDES)))):
                yield from done


def _hand_in_step(
    recording: Recording, frames: slice, place: int, plan: StepPlan, limits: Thresholds, hand: int
) -> list[FingersInStep]:
    points = recording.points_mm[frames, hand, TIPS]
    made = []
    for fingers, known in _known_together(points):
        chosen = np.ascontiguousarray(points[known][:, fingers].transpose(2, 1, 0))
        times, metric = recording.t_s[frames][known], recording.metric[frames, hand][known]
        made.append(_fingers_in_step(place, plan, hand, fingers, times, chosen, metric, limits))
    return made


def _known_together(points_mm: Float) -> Iterator[tuple[list[int], Bool]]:
    """Yield the fingers of (N, 5, 2) that are known in the same frames, and these (N,)."""
    known = np.ascontiguousarray(~np.isnan(points_mm[:, :, 0]).T)
    groups: dict[bytes, list[int]] = {}
    for finger, frames in enumerate(known):
        groups.setdefault(frames.tobytes(), []).append(finger)
    for fingers in groups.values():
        if known[fingers[0]].any():
            yield fingers, known[fingers[0]]


def _fingers_in_step(
    place: int, plan: StepPlan, hand: int, fingers: list[int], t_s: Float, points_mm: Float, metric: Float, limits: Thresholds
) -> FingersInStep:
    """Work out the movements of some fingers. points_mm: (2, K, N), metric: (N, 3), no NaN."""
    working = [k for k, finger in enumerate(fingers) if finger in plan.working_points]
    tuning = limits.tuning.hand
    fresh = track_restarts(t_s, points_mm[:, working or slice(None)].mean(axis=1), limits)
    smooth = one_euro_track(t_s, points_mm, fresh, tuning.one_euro_rest_hz, tuning.one_euro_per_mm_s)
    velocity = slope_track(t_s, smooth, fresh, tuning.velocity_window_s)
    motion = motion_on_face(smooth, velocity, metric, hand, tuning.midline_mm, plan.atlas, plan.step.index, plan.fields)
    dt_s = np.where(fresh, 0.0, np.minimum(np.diff(t_s, prepend=t_s[:1]), tuning.longest_frame_s))
    movements = movements_of(motion, t_s, dt_s, fresh, cutting_of(limits))
    return FingersInStep(place, plan, limits, hand, tuple(fingers), t_s, smooth, motion, movements)


def cutting_of(limits: Thresholds) -> Cutting:
    """Return the speeds that movements are cut by: those that the coach cuts strokes by."""
    tuning = limits.tuning.segments
    return Cutting(tuning.moving_mm_s, tuning.still_mm_s, tuning.pause_s, limits.tuning.strokes.shortest_mm)


@lru_cache(maxsize=4)
def _plans_of(routine_json: str) -> dict[str, StepPlan]:
    """Return the plans of a routine as a journal holds it: those of many sessions of one routine are laid out once."""
    return plans_of(routine_from_json(json.loads(routine_json)))


@dataclass(frozen=True, slots=True)
class MovementFlags:
    """Says what is right of each of M movements.

    in_place: mostly in the step's zone. directed: whether the path has a direction there; along:
    within the coach's limit of it. rushed: mean speed above the step's limit."""

    in_place: Bool
    directed: Bool
    along: Bool
    rushed: Bool


def movement_flags(one: FingersInStep) -> MovementFlags:
    """Say what is right and wrong with each movement by itself."""
    made = one.movements
    return MovementFlags(
        in_place=made.zone_share >= one.limits.tuning.mostly,
        directed=~np.isnan(made.off_path_deg),
        along=made.off_path_deg <= one.limits.off_path_deg,
        rushed=made.mean_mm_s > one.plan.step.speed_limits[1],
    )


def track_restarts(t_s: Float, working_mm: Float, limits: Thresholds) -> Bool:
    """Return (N,) where a finger was not seen just before, or is another one: the working point (2, N) leapt."""
    leap = np.hypot(*np.diff(working_mm, prepend=working_mm[:, :1]))
    fresh = (np.diff(t_s, prepend=-np.inf) > limits.tuning.hand.gap_s) | (leap > limits.tuning.hand.jump_mm)
    return np.asarray(fresh)


def session_fingers(
    journal: Path,
    document: SessionDocument,
    thresholds: Thresholds | None = None,
    read: Callable[[Path], Recording] = lambda journal: Recording.of(read_frames(journal)),
) -> Iterator[FingersInStep]:
    """Work out the fingers of a session from its journal and its session.json. Raises as reading a journal does.

    thresholds: those that the document was judged by; None: the journal's own. read: reads the journal's frames.
    """
    identity = read_identity(journal)
    recording = read(journal)
    plans = _plans_of(json.dumps(to_json(identity.routine)))
    return fingers_in_steps(recording, plans, document.steps, thresholds or identity.options.thresholds)
