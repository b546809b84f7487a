"""Learns one step: what the hands did, where, how fast, and how often."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median_high
from typing import Final

import numpy as np

from facetrack.errors import FacetrackError
from facetrack.geometry.face_points import FacePoints
from facetrack.learn.circles import Circling, circling
from facetrack.learn.hand_track import MOVING_MM_S, SideTrack, contact_part, side_tracks
from facetrack.learn.movements import MotionName, Movement, Ways, movements_of, resampled, ways_of
from facetrack.packets import SIDES, Bool, Float

LEAST_S: Final = 1.5
"""A hand that worked for a shorter time has shown nothing."""
STILL_SHARE: Final = 0.15
"""A hand that moves for less than this share of its time holds."""
MOSTLY: Final = 0.5
"""So does one that moves for less than this share, and in no way twice."""
LEAST_JUMP_MM_S: Final = 25.0
JUMP_RATIO: Final = 2.5
"""The middle of circles that goes faster than both, the second a multiple of its usual speed, goes back for another pass;
where a turn takes longer than a second, further than the first in a turn: it is a mean over one."""
SHORTEST_TURN: Final = 0.3
"""What lies between two jumps and is shorter was a part of one."""
FAR_MM: Final = 40.0
"""A jump as long leads to another path."""
LEAST_TURNS: Final = 1.5
"""Of a pass; what is shorter has not been followed."""
LEAST_HOLD_S: Final = 1.8
"""A rest at the end of most strokes that lasts as long belongs to the step."""
SHORTEST_STROKE_MM: Final = 12.0
"""Movements across less than this are the unrest of a hand that holds; a routine's shortest path is 10 mm."""
SAME_PATH_MM: Final = 12.0
"""Movements whose shapes are closer than this in the mean are the same movement."""
OTHER_PATH_MM: Final = 20.0
"""Movements that are further apart than this are parts of a step of their own."""
STEADY_HOLD_MM: Final = 8.0
"""Rests of which half lie within this distance of their middle are a hold."""
PLEASANT_MM_S: Final = 100.0
"""Faster stroking is not pleasant: a pace that was shown gets a narrower margin there."""
BIN_S: Final = 1.0
BUSY_MM: Final = 4.0
"""A hand that goes further than this within BIN_S is at work."""
ALTERNATIONS: Final = 3
"""Hands that take turns more often than this alternate; else one side is done after the other."""


class LearningError(FacetrackError):
    """Says why nothing could be learnt."""


@dataclass(frozen=True, slots=True)
class LearntPhase:
    """Describes one movement of a step. path_mm: (P, 2) chart of the left side. spread_mm: 95 % of it lies within.

    pace: slowest and fastest, mm/s of skin, or turns a second for a spiral. NaN for what the motion has not.
    """

    motion: MotionName
    path_mm: Float
    spread_mm: float
    pace: tuple[float, float]
    radius_mm: float
    hold_s: float


@dataclass(frozen=True, slots=True)
class LearntStep:
    """Describes what was learnt of a step. repetitions: on each side; None where it is done for a time. seconds: of work on a
    side. measured_from: number of movements, or seconds of a hold or spiral."""

    contact: str
    hands: str
    phases: tuple[LearntPhase, ...]
    repetitions: int | None
    seconds: float
    measured_from: int
    film_mm: tuple[Float, ...] = ()  # (N, 2) chart: the ways of the working points as they were seen


def learn_step(performances: Sequence[Sequence[FacePoints]]) -> LearntStep:
    """Learn a step from one performance of it or several. Raises LearningError where no hand worked on the face."""
    if not performances:
        raise LearningError("no hand worked on the face for long enough")
    parts = [contact_part(frames) for frames in performances]
    part = max(set(parts), key=parts.count)
    tracks = [side_tracks(frames, part) for frames in performances]
    ways = [way for two in tracks for track, mirror in zip(two, (1.0, -1.0), strict=True) for way in _ways_mm(track, mirror)]
    return replace(_learnt(tracks, part), film_mm=tuple(ways))


def _ways_mm(track: SideTrack, mirror: float) -> list[Float]:
    """Return the polylines of a track on its own side, parted where the hand was lost."""
    return [way * (mirror, 1.0) for way in np.split(track.at_mm, np.flatnonzero(track.fresh)) if len(way) > 1]


def _learnt(tracks: Sequence[tuple[SideTrack, SideTrack]], part: str) -> LearntStep:
    sides = [[two[side] for two in tracks] for side in range(2)]
    worked = [sum(float(track.frame_s.sum()) for track in some) for some in sides]
    if max(worked) < LEAST_S:
        raise LearningError("no hand worked on the face for long enough")
    if all(np.ptp(track.at_mm, axis=0).max() == 0.0 for two in tracks for track in two if len(track.t_s)):
        raise LearningError("the picture stands still")
    every = [track for some in sides for track in some if track.frame_s.sum() >= LEAST_S]
    seconds = float(np.median([track.frame_s.sum() for track in every]))
    hold = _hold(np.vstack([track.at_mm for track in every]), seconds)
    rested = LearntStep(part, _hands(tracks, worked, still=True), (hold,), None, seconds, round(seconds))
    if all(_moving_share(track) < STILL_SHARE for track in every):
        return rested
    circles = [(track, found) for track in every if (found := circling(track)) is not None]
    if len(circles) > len(every) / 2:
        phases = _spiral(circles)
        return LearntStep(part, _hands(tracks, worked), phases, None, seconds, round(seconds))
    cut = [[movements_of(track) for track in some] for some in sides]
    every_cut = [movements for some in cut for movements in some]
    ways = ways_of(every_cut)
    if not ways.there and hold.spread_mm < SHORTEST_STROKE_MM:
        return rested
    if not ways.there:
        raise LearningError("no movement was made often enough to be learnt")
    both_ways = [*ways.there, *(replace(one, shape_mm=one.shape_mm[::-1]) for one in ways.back)]
    phases = _strokes(ways.there, "stroke") if ways.lifted else _strokes(both_ways, "back-and-forth")
    if all(float(np.hypot(*np.ptp(phase.path_mm, axis=0))) < SHORTEST_STROKE_MM for phase in phases):
        return rested
    there = {id(one) for one in ways.there}
    made = [sum(id(one) in there for one in movements) for movements in every_cut if movements]
    if max(made) < 2 and all(_moving_share(track) < MOSTLY for track in every):
        return rested
    rest_s = _longer_rest_s(ways, every_cut) if ways.lifted else 0.0
    repetitions = max(1, round(median_high(made) / len(phases)))  # what a side lacks was not seen whole
    ends_mm = np.array([one.shape_mm[-1] for one in ways.there])
    if rest_s >= LEAST_HOLD_S and np.median(_distances_mm(ends_mm)) < STEADY_HOLD_MM:
        phases = (*phases, _hold(ends_mm, rest_s))
    return LearntStep(part, _hands(tracks, worked), phases, repetitions, seconds, len(ways.there))


def _moving_share(track: SideTrack) -> float:
    return float(track.frame_s[track.speed > MOVING_MM_S].sum() / max(float(track.frame_s.sum()), 1e-9))


def _strokes(there: Sequence[Movement], motion: MotionName) -> tuple[LearntPhase, ...]:
    phases = []
    for some in _clusters([one.shape_mm for one in there], [one.t_start_s for one in there]):
        chosen = [there[k] for k in some]
        speeds = np.array([one.speed_mm_s for one in chosen])
        peaks = np.array([one.peak_mm_s for one in chosen])
        peak = float(np.quantile(peaks, 0.75))
        fastest = max(1.4 * float(np.quantile(speeds, 0.9)), min(1.5 * peak, max(PLEASANT_MM_S, 1.1 * peak)))
        path, spread = _average([one.shape_mm for one in chosen])
        pace = (0.4 * float(np.quantile(speeds, 0.1)), fastest)
        phases.append(LearntPhase(motion, path, spread, pace, np.nan, np.nan))
    return tuple(phases)


def _spiral(circles: Sequence[tuple[SideTrack, Circling]]) -> tuple[LearntPhase, ...]:
    """Learn the way of the circles' middle: passes from where it begins to where the hand leaves or goes back."""
    passes = [(track, found, some) for track, found in circles for some in _passes(track, found)]
    if not passes:
        raise LearningError("the circles were not followed long enough to be learnt")
    shapes = [resampled(found.middle_mm[some]) for _, found, some in passes]
    turns = np.array([found.turns_s for _, found in circles])
    radius = float(np.median([found.radius_mm for _, found in circles]))
    phases = []
    for group in _clusters(shapes, [float(track.t_s[some.start]) for track, _, some in passes]):
        path, spread = _average([shapes[k] for k in group])
        pace = (0.5 * float(turns.min()), 1.8 * float(turns.max()))
        phases.append(LearntPhase("spiral", path, spread + radius, pace, radius, np.nan))
    return tuple(phases)


def _passes(track: SideTrack, found: Circling) -> list[slice]:
    """Return the frames of each pass along the path: parted where the circles' middle, fast or unseen, goes back."""
    step_mm = np.hypot(*np.diff(found.middle_mm, axis=0, prepend=found.middle_mm[:1]).T)
    drift_mm_s = step_mm / np.maximum(track.frame_s, 1e-3)
    jumps = track.fresh | (
        drift_mm_s > max(LEAST_JUMP_MM_S * min(1.0, found.turns_s), JUMP_RATIO * float(np.median(drift_mm_s)))
    )
    edges = np.flatnonzero(np.diff(np.concatenate([[True], jumps, [True]]).astype(int)))
    passes: list[slice] = []
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        if track.t_s[last - 1] - track.t_s[first] < SHORTEST_TURN / found.turns_s:
            continue
        if passes and not _went_back(found.middle_mm, passes[-1], first):
            passes[-1] = slice(passes[-1].start, last)
        else:
            passes.append(slice(first, last))
    return [one for one in passes if track.t_s[one.stop - 1] - track.t_s[one.start] > LEAST_TURNS / found.turns_s]


def _went_back(middle_mm: Float, before: slice, first: int) -> bool:
    """Say whether the middle has left the way of a pass when it is seen again: gone back along it, or far away."""
    come, gone = middle_mm[before.stop - 1] - middle_mm[before.start], middle_mm[first] - middle_mm[before.stop - 1]
    far = float(np.hypot(*gone))
    return bool(far > FAR_MM or (far > SAME_PATH_MM and come @ gone < 0))


def _hold(at_mm: Float, hold_s: float) -> LearntPhase:
    spread = float(np.quantile(_distances_mm(at_mm), 0.95))
    return LearntPhase("hold", np.median(at_mm, axis=0)[None], spread, (np.nan, np.nan), np.nan, hold_s)


def _distances_mm(at_mm: Float) -> Float:
    """Return the distances (N,) of points (N, 2) from their median."""
    distances: Float = np.hypot(*(at_mm - np.median(at_mm, axis=0)).T)
    return distances


def _clusters(shapes: Sequence[Float], begun_s: Sequence[float]) -> list[list[int]]:
    """Part shapes into kinds that lie together; kinds that are rare are left out. In the order in which they were begun."""
    groups: list[list[int]] = []
    for k, shape in enumerate(shapes):
        apart = [np.hypot(*(np.median([shapes[n] for n in some], axis=0) - shape).T).mean() for some in groups]
        if apart and min(apart) < SAME_PATH_MM:
            groups[int(np.argmin(apart))].append(k)
        else:
            groups.append([k])
    usual = max(groups, key=len)
    kept = [some for some in groups if some is usual or _of_its_own(some, usual, shapes)]
    return sorted(kept, key=lambda some: min(begun_s[k] for k in some))


def _of_its_own(some: Sequence[int], usual: Sequence[int], shapes: Sequence[Float]) -> bool:
    """Say whether movements are another part of the step: as many as the usual ones, elsewhere, not along a part of them."""
    own, theirs = (np.median([shapes[k] for k in group], axis=0) for group in (some, usual))
    apart = np.hypot(*(own[:, None] - theirs[None]).transpose(2, 0, 1)).min(axis=1).mean()
    far = float(np.hypot(*(own - theirs).T).mean()) > OTHER_PATH_MM
    return len(some) >= 0.7 * len(usual) and far and bool(apart > SAME_PATH_MM)


def _average(shapes: Sequence[Float]) -> tuple[Float, float]:
    """Return the median shape, and the distance from it within which 95 % of the shapes' points lie."""
    middle = np.median(np.array(shapes), axis=0)
    points = np.vstack(shapes)
    apart = np.hypot(*(points[:, None] - middle[None]).transpose(2, 0, 1)).min(axis=1)
    return middle, float(np.quantile(apart, 0.95))


def _longer_rest_s(ways: Ways, cut: Sequence[Sequence[Movement]]) -> float:
    """Return how much longer a hand usually rests where a stroke ends than where it begins; 0 if less than twice as long.

    The side that rests longer says it: the other may have been seen badly.
    """
    return max((_longer_rest_of_side_s(ways, movements) for movements in cut), default=0.0)


def _longer_rest_of_side_s(ways: Ways, movements: Sequence[Movement]) -> float:
    there, back = ({id(one) for one in some} for some in (ways.there, ways.back))
    chosen = [one for one in movements if id(one) in there | back or one.length_mm > SHORTEST_STROKE_MM]  # others are unrest
    rests_s = [
        (id(one) in there, following.t_start_s - one.t_end_s) for one, following in pairwise(chosen) if id(one) in there | back
    ]
    at_end, at_begin = ([rest for ended, rest in rests_s if ended == after] for after in (True, False))
    if len(at_end) < 2 or not at_begin:
        return 0.0
    end_s, begin_s = float(np.median(at_end)), float(np.median(at_begin))
    return end_s - begin_s if end_s >= 2 * begin_s else 0.0


def _hands(tracks: Sequence[tuple[SideTrack, SideTrack]], worked_s: Sequence[float], *, still: bool = False) -> str:
    """Tell in which order the hands worked. still: they rest, and being there is their work."""
    if min(worked_s) < 0.15 * max(worked_s):
        return SIDES[int(np.argmax(worked_s))]
    together, alone, turns = 0, 0, 0
    for left, right in tracks:
        begin, end = (f(one.t_s[k] for one in (left, right) if len(one.t_s)) for f, k in ((min, 0), (max, -1)))
        bins = np.arange(begin, end + BIN_S, BIN_S)
        busy = np.array([_there(one, bins) if still else _way_mm(one, bins) > BUSY_MM for one in (left, right)])
        together += int(np.count_nonzero(busy.all(axis=0)))
        alone += int(np.count_nonzero(busy[0] != busy[1]))
        order = np.argmax(busy, axis=0)[busy[0] != busy[1]]
        turns += int(np.count_nonzero(np.diff(order)))
    if together > alone:
        return "both"
    return "alternate" if turns > ALTERNATIONS * len(tracks) else "either"


def _there(track: SideTrack, bins: Float) -> Bool:
    """Return in which intervals a hand was at the face."""
    return np.histogram(track.t_s, bins)[0] > 0


def _way_mm(track: SideTrack, bins: Float) -> Float:
    """Return how far a hand went in each interval."""
    way: Float = np.histogram(track.t_s, bins, weights=track.speed * track.frame_s)[0]
    return way
