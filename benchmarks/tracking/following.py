"""A clip from beginning to end: which hands are seen, under which names, how exactly."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from benchmarks.tracking.scenes import Scene
from benchmarks.tracking.trackers import Both, Found
from facetrack.packets import Float
from facetrack.tracking.hand_shape import TIPS, hand_sizes, mean_distance

THAT_HAND: Final = 0.6
"""Hand sizes between true and found landmarks, on average, up to which a find is that hand."""
ARRIVED_S: Final = 0.2
GHOST_FRAMES: Final = 3
REMEMBERED_S: Final = 0.5
"""A hand whose name changes after a longer absence was named anew, not swapped."""


@dataclass(slots=True)
class Score:
    """What one tracker made of one clip. Pairs are (hits, trials); tip_mm: errors of fingertips."""

    recall: list[int] = field(default_factory=lambda: [0, 0])
    recall_arrived: list[int] = field(default_factory=lambda: [0, 0])
    side: list[int] = field(default_factory=lambda: [0, 0])
    swaps: int = 0
    hand_s: float = 0.0
    ghost_runs: int = 0
    hand_free_frames: int = 0
    tip_mm: list[float] = field(default_factory=list)
    seconds: float = 0.0


def follow(scene: Scene) -> dict[str, Score]:
    """Both trackers over the whole clip."""
    with Both() as both:
        scorers = {name: _Scorer(scene) for name in both.trackers}
        for index, image in enumerate(scene.frames()):
            for name, tracker in both.trackers.items():
                scorers[name].take(index, tracker.look(image, index / scene.fps))
        for name, tracker in both.trackers.items():
            scorers[name].score.seconds = tracker.seconds
    return {name: scorer.score for name, scorer in scorers.items()}


def true_hand(scene: Scene, index: int, points: Float) -> int | None:
    """Which hand a find is; None: neither, or it can't be told."""
    visible = scene.visible[index]
    if scene.joints_px is not None:
        joints = scene.joints_px[index]
        away = [
            float(mean_distance(points[:, :2], true) / hand_sizes(true)) if not np.isnan(true[0, 0]) else np.inf
            for true in joints
        ]
        side = int(np.argmin(away))
        return side if away[side] < THAT_HAND else None
    if visible.sum() == 1 and scene.clear[index].all():
        return int(np.argmax(visible))
    away = [float(_tip_errors(scene.tips_px[index, side], points).mean()) for side in (0, 1)]
    return None if np.isnan(away).any() else int(np.argmin(away))


def _tip_errors(tips_px: Float, points: Float) -> Float:
    """Distances of those fingertips that are known; a NaN if none is."""
    away = np.linalg.norm(points[TIPS, :2] - tips_px, axis=1)
    known: Float = away[~np.isnan(away)]
    return known if len(known) else np.array([np.nan])


class _Scorer:
    """Takes the finds of a clip's frames in order."""

    def __init__(self, scene: Scene) -> None:
        self.score = Score()
        self._scene = scene
        self._name: dict[int, tuple[int, int]] = {}  # of each true hand: index of the frame, name
        self._ghost = 0
        self._since = [0, 0]

    def take(self, index: int, found: list[Found]) -> None:
        scene, score = self._scene, self.score
        visible, clear = scene.visible[index], scene.clear[index]
        whose = [true_hand(scene, index, find.points) for find in found]
        self._count_ghosts(bool((clear & ~visible).all()), bool(found))
        for hand in (0, 1):
            self._since[hand] = self._since[hand] + 1 if visible[hand] else 0
        wanted = [hand for hand in (0, 1) if visible[hand] and clear[hand]]
        told = scene.joints_px is not None
        hits = [hand in whose for hand in wanted] if told else [k < len(found) for k in range(len(wanted))]
        for hand, hit in zip(wanted, hits, strict=True):
            _count(score.recall, hit)
            if self._since[hand] > ARRIVED_S * scene.fps:
                _count(score.recall_arrived, hit)
        score.hand_s += bool(wanted) / scene.fps
        for hand, find in zip(whose, found, strict=True):
            if hand is not None and visible[hand]:
                self._count_name(index, hand, find)
                score.tip_mm += [e for e in (_tip_errors(scene.tips_px[index, hand], find.points) * scene.mm_per_px) if e == e]

    def _count_name(self, index: int, hand: int, find: Found) -> None:
        _count(self.score.side, find.side == hand)
        before = self._name.get(hand)
        recent = before is not None and index - before[0] <= REMEMBERED_S * self._scene.fps
        if before is not None and recent and before[1] != find.side:
            self.score.swaps += 1
        self._name[hand] = index, find.side

    def _count_ghosts(self, hand_free: bool, any_found: bool) -> None:
        self.score.hand_free_frames += hand_free
        self._ghost = self._ghost + 1 if hand_free and any_found else 0
        self.score.ghost_runs += self._ghost == GHOST_FRAMES


def _count(pair: list[int], hit: bool) -> None:
    pair[0] += bool(hit)
    pair[1] += 1
