"""The textbook way, as a baseline: zones as raw pixel polygons of mesh points, the palm's motion between frames for the rest.

No calibration, no pose, no lift, no strokes, no withholding. It is given the contract's thresholds.
"""

from collections import deque
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from benchmarks.accuracy.judging import Event
from facetrack.geometry.chart.zones import zone_distance
from facetrack.geometry.hand_points import hand_points_px
from facetrack.geometry.head.canonical import canonical_face
from facetrack.geometry.head.landmarks import OUTER_EYE_CORNERS
from facetrack.packets import SIDES, Float, Observation
from facetrack.routine.compiled import CompiledStep, Kind

"""Outer eye corners, whose distance tells the scale; chart mm apart on the canonical face."""
MOVING_MM_S: Final = 15.0
ZONE_S: Final = 0.8
OFF_PATH_DEG: Final = 60.0
OFF_PATH_S: Final = 1.0
WINDOW_S: Final = 1.5
STILL_S: Final = 2.0
BALANCE_S: Final = 4.0
BALANCE: Final = 0.6
LEAST_PATH_MM: Final = 40.0
MEND_S: Final = 0.5
_LONGEST_STEP_S: Final = 0.25


def textbook_events(observations: list[Observation], step: CompiledStep) -> list[Event]:
    """Corrections that the textbook way raises over one step's clip."""
    anchors = _Anchors.of(step)
    sides = [_Side(step, anchors, k) for k in (0, 1)]
    balance = _Balance(step)
    last_s = observations[0].t_s if observations else 0.0
    for seen in observations:
        dt = min(seen.t_s - last_s, _LONGEST_STEP_S)
        last_s = seen.t_s
        if not seen.face_seen:
            continue
        moved = [side.update(seen, dt) for side in sides]
        balance.update(moved, seen.t_s)
    return [event for log in [*(side.log for side in sides), balance.log] for event in log.events()] + balance.totals()


@dataclass(slots=True)
class _Log:
    """Opens and closes events as conditions come and go."""

    open: dict[tuple[Kind, str], float] = field(default_factory=dict)
    closed: list[Event] = field(default_factory=list)

    def say(self, kind: Kind, side: str, wrong: bool, t_s: float) -> None:
        key = (kind, side)
        if wrong:
            self.open.setdefault(key, t_s)
        elif key in self.open:
            self.closed.append(Event(kind, side, self.open.pop(key), t_s, "textbook"))

    def events(self) -> list[Event]:
        return self.closed + [Event(kind, side, start, np.inf, "textbook") for (kind, side), start in self.open.items()]


@dataclass(frozen=True, slots=True)
class _Anchors:
    """Zone corners and path points by their nearest mesh landmark: (landmarks, offsets in chart mm) of each."""

    zones: tuple[tuple[Float, Float], ...]
    paths: tuple[tuple[Float, Float], ...]

    @staticmethod
    def of(step: CompiledStep) -> "_Anchors":
        return _Anchors(tuple(_nearest(z) for z in step.zone), tuple(_nearest(p.path_mm) for p in step.phases))


def _nearest(points_mm: Float) -> tuple[Float, Float]:
    face = canonical_face().points_mm[:468, :2]
    nearest = np.linalg.norm(points_mm[:, None] - face, axis=-1).argmin(axis=1)
    return nearest, points_mm - face[nearest]


class _Side:
    """One hand on its own side of the face."""

    def __init__(self, step: CompiledStep, anchors: _Anchors, k: int) -> None:
        self._step, self._anchors, self._k = step, anchors, k
        self._mirror = canonical_face().mirror_index
        self._working = np.flatnonzero(step.working)
        self._palm: Float | None = None
        self._outside_s = self._inside_s = self._off_s = self._right_s = 0.0
        self._speeds: deque[tuple[float, float]] = deque()
        self._either_way = all(p.motion in ("back-and-forth", "hold") for p in step.phases)
        self._limit = max(p.pace_mm_s[1] for p in step.phases)
        self.log = _Log()
        self._wrong: dict[Kind, bool] = {"zone": False, "direction": False, "pace": False, "symmetry": False}

    def update(self, seen: Observation, dt: float) -> float:
        """Take a frame; gives how far the palm moved, mm, NaN where it was not seen."""
        if np.isnan(seen.hands_px[self._k, 0, 0]):
            self._palm = None
            return float("nan")
        corners = list(OUTER_EYE_CORNERS)
        eyes = canonical_face().points_mm[corners, :2]
        px_per_mm = float(np.linalg.norm(np.diff(seen.face_px[corners, :2], axis=0)) / np.linalg.norm(np.diff(eyes, axis=0)))
        points = hand_points_px(seen.hands_px[self._k])
        self._zone(points[self._working].mean(axis=0), seen, px_per_mm, dt)
        palm = points[-1]
        step_px = np.zeros(2) if self._palm is None else palm - self._palm
        self._palm = palm
        moved = float(np.linalg.norm(step_px)) / px_per_mm
        speed = moved / dt if dt > 0 else 0.0
        if speed > MOVING_MM_S:
            self._direction(step_px, points[self._working].mean(axis=0), seen, px_per_mm, dt)
            self._speeds.append((dt, speed))
        self._pace()
        for kind, wrong in self._wrong.items():
            if kind in self._step.judge and kind != "symmetry":
                self.log.say(kind, SIDES[self._k], wrong, seen.t_s)
        return moved

    def _px(self, anchored: tuple[Float, Float], seen: Observation, px_per_mm: float) -> Float:
        landmarks, offset = anchored
        right = self._k == 1
        at = seen.face_px[self._mirror[landmarks] if right else landmarks, :2]
        return at + offset * np.array([-1.0 if right else 1.0, -1.0]) * px_per_mm

    def _zone(self, point: Float, seen: Observation, px_per_mm: float, dt: float) -> None:
        polygons = [self._px(z, seen, px_per_mm) for z in self._anchors.zones]
        if float(zone_distance(point, polygons)) > self._step.tolerance_mm * px_per_mm:
            self._outside_s, self._inside_s = self._outside_s + dt, 0.0
        else:
            self._inside_s += dt
            if self._inside_s > MEND_S:
                self._outside_s = 0.0
        self._wrong["zone"] = self._outside_s >= ZONE_S

    def _direction(self, step_px: Float, point: Float, seen: Observation, px_per_mm: float, dt: float) -> None:
        if self._either_way:
            return
        paths = [self._px(p, seen, px_per_mm) for p in self._anchors.paths if len(p[0]) > 1]
        tangent, _ = min((_tangent(path, point) for path in paths), key=lambda found: found[1])
        cosine = float(step_px @ tangent) / max(float(np.linalg.norm(step_px)), 1e-9)
        if np.degrees(np.arccos(np.clip(cosine, -1, 1))) > OFF_PATH_DEG:
            self._off_s, self._right_s = self._off_s + dt, 0.0
        else:
            self._right_s += dt
            if self._right_s > MEND_S:
                self._off_s = 0.0
        self._wrong["direction"] = self._off_s >= OFF_PATH_S

    def _pace(self) -> None:
        total = sum(dt for dt, _ in self._speeds)
        while self._speeds and total - self._speeds[0][0] > WINDOW_S:
            total -= self._speeds.popleft()[0]
        median = float(np.median([speed for _, speed in self._speeds])) if total >= 0.9 * WINDOW_S else 0.0
        self._wrong["pace"] = median > self._limit


def _tangent(path: Float, point: Float) -> tuple[Float, float]:
    """Unit direction of the nearest stretch of a polyline, and its distance."""
    start, edge = path[:-1], np.diff(path, axis=0)
    t = np.clip(((point - start) * edge).sum(axis=1) / np.maximum((edge**2).sum(axis=1), 1e-9), 0, 1)
    away = np.linalg.norm(point - start - t[:, None] * edge, axis=1)
    k = int(away.argmin())
    return edge[k] / max(float(np.linalg.norm(edge[k])), 1e-9), float(away[k])


class _Balance:
    """Both palms' ways over the last seconds."""

    def __init__(self, step: CompiledStep) -> None:
        self._judged = "symmetry" in step.judge
        self._either = step.hands == "either"
        self._moved: deque[tuple[float, float, float]] = deque()
        self._total = [0.0, 0.0]
        self._last_s = 0.0
        self.log = _Log()

    def update(self, moved: list[float], t_s: float) -> None:
        """Take how far each palm moved; not compared while one is not seen."""
        if not self._judged:
            return
        self._last_s = t_s
        self._total = [total + (0.0 if np.isnan(m) else m) for total, m in zip(self._total, moved, strict=True)]
        if self._either:
            return
        if np.isnan(moved).any():
            self._moved.clear()
        else:
            self._moved.append((t_s, moved[0], moved[1]))
        while self._moved and t_s - self._moved[0][0] > BALANCE_S:
            self._moved.popleft()
        path = [sum(m[k] for m in self._moved) for k in (1, 2)]
        late = [sum(m[k] for m in self._moved if t_s - m[0] < STILL_S) for k in (1, 2)]
        covered = t_s - self._moved[0][0] if self._moved else 0.0
        for k, side in enumerate(SIDES):
            short = covered > 0.95 * BALANCE_S and path[1 - k] > LEAST_PATH_MM and path[k] < BALANCE * path[1 - k]
            still = covered > STILL_S and late[k] < MOVING_MM_S * 0.2 * STILL_S and late[1 - k] > MOVING_MM_S * STILL_S
            self.log.say("symmetry", side, short or still, t_s)

    def totals(self) -> list[Event]:
        """Steps of either hand are compared at their end."""
        if not (self._judged and self._either) or max(self._total) < LEAST_PATH_MM:
            return []
        k = int(np.argmin(self._total))
        if self._total[k] >= BALANCE * self._total[1 - k]:
            return []
        return [Event("symmetry", SIDES[k], self._last_s, self._last_s, "textbook")]
