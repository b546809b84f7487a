"""How far places on jaw and cheeks move while hands are over them, by MediaPipe's mesh and by facetrack's pose."""

from typing import Final

import numpy as np

from benchmarks.accuracy.measures import map_errors
from benchmarks.accuracy.projection import project
from benchmarks.tracking.mannequins import HARD
from benchmarks.tracking.scenes import MANNEQUIN_FRAMES, mannequins
from facetrack.geometry import FaceMapper
from facetrack.mannequin import Camera
from facetrack.packets import Float, Frame
from facetrack.tracking import Tracker

CLIPS: Final = ("palms flat", "fingers on the jaw", "spirals on the cheeks", "smeared")


def zone_movement() -> dict[str, list[Float]]:
    """mm, an array a clip, for "mediapipe" and "ours"; the truth is the rendered face."""
    moved: dict[str, list[Float]] = {"mediapipe": [], "ours": []}
    for clip, scene in zip(HARD, mannequins(), strict=True):
        if clip.name not in CLIPS:
            continue
        performance = clip.performance()
        times_s = np.arange(min(len(scene.visible), MANNEQUIN_FRAMES)) / scene.fps
        mapper = FaceMapper()
        with Tracker() as tracker:
            seen = [
                tracker.update(Frame(image, float(t), k))
                for k, (image, t) in enumerate(zip(scene.frames(), times_s, strict=True))
            ]
        mapped = [mapper.update(observation) for observation in seen]
        exact = project(performance, times_s, clip.head(), Camera(distance_mm=clip.distance_mm))
        points_mm = np.stack([points.points_mm for points, _ in mapped])
        errors = map_errors(performance.steps[0], seen, exact, points_mm, [fit for _, fit in mapped])
        moved["mediapipe"].append(errors.raw_mm)
        moved["ours"].append(errors.zone_mm)
    return {name: [part for part in parts if len(part)] for name, parts in moved.items()}
