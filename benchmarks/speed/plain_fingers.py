"""What ``session.fingers`` works out, the textbook way: one fingertip after the other, one frame after the other."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from facetrack.geometry.batch.movements import Cutting
from facetrack.packets import LEFT, RIGHT
from facetrack.session.export.finger_motion import FingersInStep, Recording, cutting_of, track_restarts
from facetrack.signal import OneEuro, VelocityEstimator
from tests.geometry.reference.zones import path_at, zone_members

SAME: Final = 1e-6

PlainMotion = list[tuple[int, bool, float, float, float, float]]
"""A sample's side, whether in the zone, distance off the path, speed, parts of the velocity along the path and across."""
PlainMovement = tuple[int, int, float, float, float, float, float, float]
"""First and last sample, length, peak speed, way along the path and across it, time in the zone, time."""


def plain_fingers(recording: Recording, hands: Sequence[FingersInStep]) -> int:
    """Works all of it out anew; how many labels were compared. Raises AssertionError where one differs."""
    compared = 0
    for one in hands:
        of_hand = recording.points_mm[:, one.hand]
        known = [k for k in range(len(recording.t_s)) if not math.isnan(of_hand[k, one.fingers[0], 0])]
        times = [float(recording.t_s[k]) for k in known]
        points = of_hand[known][:, list(one.fingers)]
        working = [k for k, finger in enumerate(one.fingers) if finger in one.plan.working_points]
        fresh = track_restarts(one.t_s, points[:, working or slice(None)].mean(axis=1).T, one.limits).tolist()
        metric = recording.metric[known, one.hand].tolist()
        gaps = [0.0, *(b - a for a, b in pairwise(times))]
        longest_s = one.limits.tuning.hand.longest_frame_s
        steps_s = [0.0 if new else min(gap, longest_s) for new, gap in zip(fresh, gaps, strict=True)]
        for k in range(len(one.fingers)):
            motion = plain_motion(points[:, k].tolist(), times, fresh, metric, one)
            movements = plain_movements(motion, times, steps_s, fresh, cutting_of(one.limits))
            assert_same(one, k, motion, movements)
            compared += 6 * len(motion) + 8 * len(movements)
    return compared


def plain_motion(
    points: list[list[float]], times: list[float], fresh: list[bool], metric: list[list[float]], one: FingersInStep
) -> PlainMotion:
    tuning = one.limits.tuning.hand
    zone, tolerance = [[polygon.tolist() for polygon in one.plan.step.zone]], [one.plan.step.tolerance_mm]
    path = one.plan.moving[0].path_mm.tolist()
    one_euro = OneEuro(tuning.one_euro_rest_hz, tuning.one_euro_per_mm_s)
    slope = VelocityEstimator(tuning.velocity_window_s)
    out: PlainMotion = []
    for (x, y), t_s, new, (e, f, g) in zip(points, times, fresh, metric, strict=True):
        if new:
            one_euro.reset()
            slope.reset()
        x, y = one_euro.update(x, y, t_s)
        vx, vy = slope.update(x, y, t_s)
        speed = math.sqrt(max(e * vx * vx + 2.0 * f * vx * vy + g * vy * vy, 0.0))
        side = one.hand if abs(x) <= tuning.midline_mm else LEFT if x > 0 else RIGHT
        if side == RIGHT:
            x, vx = -x, -vx
        ((inside,),) = zone_members([(x, y)], zone, tolerance)
        tx, ty, _, away = path_at((x, y), path)
        out.append((side, inside, away, speed, vx * tx + vy * ty, vy * tx - vx * ty))
    return out


def plain_movements(
    motion: PlainMotion, times: list[float], steps_s: list[float], fresh: list[bool], cutting: Cutting
) -> list[PlainMovement]:
    """As ``movements_of``, for one fingertip."""
    rows: list[list[float]] = []
    state, moves, backwards, rested_since, interrupted = 0, False, False, 0.0, True
    for i, (side, inside, _, speed, onward, aside) in enumerate(motion):
        if fresh[i]:
            moves, interrupted = False, True
        elif speed >= cutting.moving_mm_s:
            moves = True
        elif speed < cutting.still_mm_s:
            moves = False
        if abs(onward) >= cutting.moving_mm_s:
            backwards = onward < 0
        now = (1 + backwards + 2 * side) * moves
        if not now:
            rested_since = times[i - 1] if state else rested_since
        else:
            paused = state == 0 and (interrupted or times[i - 1] - rested_since >= cutting.pause_s)
            if not rows or paused or now != rows[-1][8]:
                rows.append([i, i, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, now])
            row, dt = rows[-1], steps_s[i]
            row[1] = i
            row[2] += speed * dt
            row[3] = max(row[3], speed)
            row[4] += onward * dt
            row[5] += aside * dt
            row[6] += inside * dt
            row[7] += dt
            interrupted = False
        state = now
    return [
        (int(row[0]), int(row[1]), row[2], row[3], row[4], row[5], row[6], row[7])
        for row in rows
        if row[2] >= cutting.shortest_mm
    ]


def assert_same(one: FingersInStep, k: int, motion: PlainMotion, movements: list[PlainMovement]) -> None:
    ours, made = one.motion, one.movements
    side, inside, away, speed, onward, aside = map(np.array, zip(*motion, strict=True))
    np.testing.assert_array_equal(ours.side[k], side)
    np.testing.assert_array_equal(ours.in_zone[k], inside)
    for batch, plain in ((ours.off_path_mm, away), (ours.speed_mm_s, speed), (ours.onward, onward), (ours.aside, aside)):
        np.testing.assert_allclose(batch[k], plain, atol=SAME)
    own = made.point == k
    if not movements:
        assert not own.any()
        return
    first, last, length, peak, along, across, in_zone, time = map(np.array, zip(*movements, strict=True))
    np.testing.assert_array_equal(made.first[own], first)
    np.testing.assert_array_equal(made.last[own], last)
    np.testing.assert_allclose(made.length_mm[own], length, atol=SAME)
    np.testing.assert_allclose(made.mean_mm_s[own], length / time, atol=SAME)
    np.testing.assert_allclose(made.peak_mm_s[own], peak, atol=SAME)
    np.testing.assert_allclose(made.off_path_deg[own], np.degrees(np.arctan2(np.abs(across), along)), atol=SAME)
    np.testing.assert_allclose(made.zone_share[own], in_zone / time, atol=SAME)
