"""A forced loss in the middle of a stroke, and a start with the hands on the face: how soon the hands are found."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from benchmarks.tracking.following import true_hand
from benchmarks.tracking.scenes import Image, Scene
from benchmarks.tracking.trackers import TRACKERS, Found

LOST_FRAMES: Final = 5
WITHIN_S: Final = 1.0
BEFORE_S: Final = 1.2
"""A rendered clip is played from so long before the hands reach the face: longer than they take to come."""
Loss = Literal["black", "bare", "start"]
"""black: five black frames. bare: five frames of the same picture without hands, as when a loss is MediaPipe's own. start: a
tracker that begins there."""


@dataclass(frozen=True, slots=True)
class Moment:
    scene: Scene
    index: int


def moments(scenes: list[Scene], count: int, seed: int) -> list[Moment]:
    """At random, while hands are on the face; the scenes in turn."""
    rng = np.random.default_rng(seed)
    drawn = []
    for number in range(count):
        scene = scenes[number % len(scenes)]
        if scene.on_face is None:
            raise ValueError(f"in {scene.name} no hand is ever on the face")
        first, last = scene.on_face
        drawn.append(Moment(scene, int(rng.integers(first + 1, last))))
    return drawn


def found_again_s(moment: Moment, loss: Loss, tracker_name: str) -> list[float]:
    """For every hand that was seen before the loss (at a start: that is there) the time to its being seen again, s; inf if that
    is not within WITHIN_S."""
    scene = moment.scene
    tracker = TRACKERS[tracker_name]()
    images = scene.frames()
    expected: set[int] = set()
    again: dict[int, float] = {}
    try:
        plan = _plan(scene, moment.index, loss)
        for number, (kind, index) in enumerate(plan):
            found = tracker.look(_shown(images, kind, index), number / scene.fps)
            if kind == "before":
                expected = _hands(scene, index, found)
            elif kind == "after":
                if loss == "start" and not expected:
                    expected = {hand for hand in (0, 1) if scene.visible[index][hand]}
                for hand in _hands(scene, index, found):
                    again.setdefault(hand, sum(k == "after" for k, _ in plan[:number]) / scene.fps)
                if expected <= again.keys():
                    break
    finally:
        tracker.close()
    return [again.get(hand, np.inf) for hand in expected]


def _plan(scene: Scene, index: int, loss: Loss) -> list[tuple[str, int]]:
    """What is shown: to and fro over the frames with hands on the face after the loss, so that it lasts."""
    assert scene.on_face is not None
    first, last = scene.on_face
    to_and_fro = [*range(first, last + 1), *range(last - 1, first, -1)]
    start = to_and_fro.index(index)
    after = [("after", to_and_fro[(start + k) % len(to_and_fro)]) for k in range(int(WITHIN_S * scene.fps) + 1)]
    if loss == "start":
        return after
    begin = max(0, first - int(BEFORE_S * scene.fps)) if scene.joints_px is not None else 0
    return [*[("before", k) for k in range(begin, index)], *[(loss, 0)] * LOST_FRAMES, *after]


def _shown(images: list[Image], kind: str, index: int) -> Image:
    return np.zeros_like(images[0]) if kind == "black" else images[index]


def _hands(scene: Scene, index: int, found: list[Found]) -> set[int]:
    if scene.joints_px is None and scene.visible[index].sum() != 1:  # of two real hands it is not known which is which
        return set(range(min(len(found), 2)))
    whose = {true_hand(scene, index, find.points) for find in found}
    return {hand for hand in whose if hand is not None}
