"""python -m benchmarks.accuracy.loops: strokes on film, played to and fro, as long performances with a known truth.

The landmarks lie beside the checkout, in shared/real; they are measurements of people and never enter it. A stroke that is
played to and fro is right for back-and-forth, slides back for a stroke, and is rushed at three times the speed; with a mirror
image of its hand both sides work alike.
"""

import argparse
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.accuracy.judging import Judgement, judge
from facetrack.geometry import FaceMapper
from facetrack.geometry.face_points import FacePoints
from facetrack.geometry.quantisation import quantise
from facetrack.packets import SIDES, Float, Observation
from facetrack.routine import load_routine
from facetrack.routine.compiled import CompiledRoutine, CompiledStep, MotionType

CLIPS: Final = {"cheek-stroke": 0, "temple-stroke": 1}
"""The hand that strokes in each, by its labels."""
LASTS_S: Final = 30.0
_ZONE_MARGIN_MM: Final = 20.0
_LIMIT_OVER_MEDIAN: Final = 1.6
"""The step's limit of pace, as a multiple of the loop's own median speed."""


@dataclass(frozen=True)
class Loop:
    """A performance made of a clip. due: the kinds that are wrong in it. every: plays each so-many-th frame."""

    name: str
    clip: str
    motion: MotionType
    due: frozenset[str] = frozenset()
    every: int = 1
    hands: str = "one"  # or "pair", or "frozen": a pair whose one hand stops after a third of the time


def loops() -> list[Loop]:
    """All of them."""
    made = []
    for clip in CLIPS:
        for hands in ("one", "pair"):
            made += [
                Loop("right", clip, "back-and-forth", hands=hands),
                Loop("slides back", clip, "stroke", frozenset({"direction"}), hands=hands),
                Loop("rushed", clip, "back-and-forth", frozenset({"pace"}), every=3, hands=hands),
            ]
        made.append(Loop("one side stops", clip, "back-and-forth", frozenset({"symmetry"}), hands="frozen"))
    return made


def judged(loop: Loop, folder: Path) -> tuple[Judgement, float]:
    """What the coach makes of it, and the hand's median speed, chart mm/s."""
    points = list(_located(loop, folder))
    side, path, median = _path_of(loop.clip, list(_located(replace(loop, every=1), folder)))
    routine, step = _step(loop, side, path, median)
    if loop.hands != "one":
        points = [_paired(one, side, frozen) for one, frozen in zip(points, _frozen(loop, points), strict=True)]
    return judge(points, routine, step.id), median


def _located(loop: Loop, folder: Path) -> Iterator[FacePoints]:
    mapper = FaceMapper()
    with np.load(folder / f"{loop.clip}.npz") as data:
        face, hands = (data[name].astype(float) for name in ("face", "hands"))
        (width, height), fps = data["size_wh"].tolist(), float(data["fps"])
    scale, turn = np.array([width, height, width], float), 2 * (len(face) - 1)
    for index in range(int(LASTS_S * fps)):
        at = index * loop.every % turn
        frame = min(at, turn - at)
        found = hands[frame, ~np.isnan(hands[frame, :, 0, 0])] * scale
        hands_px = np.full((2, 21, 3), np.nan)
        hands_px[CLIPS[loop.clip]] = found[0] if len(found) else np.nan
        yield quantise(mapper.update(Observation(index / fps, (width, height), face[frame] * scale, hands_px))[0])


def _path_of(clip: str, points: list[FacePoints]) -> tuple[int, Float, float]:
    """The side that works, its way's two ends on the left side of the chart, and its median speed."""
    side = CLIPS[clip]
    middle = np.stack([one.points_mm[side, 2] for one in points])
    known = ~np.isnan(middle[:, 0])
    track = middle[known] * (1.0 if side == 0 else -1.0, 1.0)
    t_s = np.array([one.t_s for one in points])[known]
    axis = np.linalg.svd(track - track.mean(axis=0), full_matrices=False)[2][0]
    along = (track - track.mean(axis=0)) @ axis
    ends = track.mean(axis=0) + np.quantile(along, [0.03, 0.97])[:, None] * axis
    speed = np.abs(np.gradient(along, t_s))
    return side, ends, float(np.median(speed[speed > 10.0]))


def _step(loop: Loop, side: int, path: Float, median: float) -> tuple[CompiledRoutine, CompiledStep]:
    routine = load_routine("fascia")
    base = routine.step("cheeks")
    phase = replace(base.phases[0], motion=loop.motion, path_mm=path, pace_mm_s=(1.0, _LIMIT_OVER_MEDIAN * median))
    low, high = path.min(axis=0) - _ZONE_MARGIN_MM, path.max(axis=0) + _ZONE_MARGIN_MM
    zone = np.array([[low[0], low[1]], [high[0], low[1]], [high[0], high[1]], [low[0], high[1]]])
    step = replace(base, phases=(phase,), zone=(zone,), hands=SIDES[side] if loop.hands == "one" else "both")
    # Of its own, as the benchmark keeps a coach for each step of a routine.
    name = f"{loop.clip}/{loop.name}/{loop.hands}"
    return replace(routine, sha256=name, steps=tuple(step if one.id == step.id else one for one in routine.steps)), step


def _frozen(loop: Loop, points: list[FacePoints]) -> list[FacePoints | None]:
    stop = len(points) // 3
    return [points[stop] if loop.hands == "frozen" and k > stop else None for k in range(len(points))]


def _paired(one: FacePoints, side: int, frozen: FacePoints | None) -> FacePoints:
    """The same with a mirror image of its hand on the other side."""
    other, image = 1 - side, frozen or one
    points, metric, palm = one.points_mm.copy(), one.metric_tensor.copy(), one.palm_mm.copy()
    near, seen = one.near_face.copy(), one.hand_seen.copy()
    points[other] = image.points_mm[side] * (-1.0, 1.0)
    metric[other] = image.metric_tensor[side] * (1.0, -1.0, 1.0)
    palm[other], near[other], seen[other] = image.palm_mm[side], image.near_face[side], image.hand_seen[side]
    return replace(one, points_mm=points, metric_tensor=metric, palm_mm=palm, near_face=near, hand_seen=seen)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy.loops", description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=Path("../shared/real"))
    folder = parser.parse_args().folder
    print(f"{'clip':14s} {'hands':7s} {'loop':15s} due -> corrections (kind side from-to)")
    for loop in loops():
        told, median = judged(loop, folder)
        events = "; ".join(f"{e.kind} {e.side} {e.t_start_s:.1f}-{e.t_end_s:.1f}" for e in told.events) or "none"
        kinds = Counter(stroke.kind for stroke in told.strokes)
        strokes = ", ".join(f"{kind} {count}" for kind, count in kinds.items())
        path = "/".join(f"{sum(s.length_mm for s in told.strokes if s.side == side):.0f}" for side in SIDES)
        withheld = 100.0 * told.withheld_s / max(told.since_hand_s, 1e-9)
        print(
            f"{loop.clip:14s} {loop.hands:7s} {loop.name:15s} {', '.join(loop.due) or 'nothing'} -> {events} "
            f"({strokes}; path {path} mm at {median:.0f} chart mm/s; withheld {withheld:.0f} %)"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
