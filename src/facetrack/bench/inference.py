"""Runs the two landmarkers one after the other, timed apart from the reading of what they found."""

from collections.abc import Callable
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from facetrack.bench.stopwatch import Stopwatch, best_s
from facetrack.packets import FACE_LANDMARKS, HAND_LANDMARKS, LEFT, RIGHT, Float, Frame, Observation
from facetrack.tracking import Models
from facetrack.tracking.hands.detector import NUM_HANDS
from facetrack.tracking.mediapipe.landmarkers import FaceLandmarker, HandLandmarker, picture

DETECTING: Final = "detecting"
"""All the work of the two landmarkers, reading in both ways included."""
READING: Final = "reading"
"""Reading results as the tracker does, on every other frame."""
PUBLIC_READING: Final = "public reading"
"""Making the same arrays from MediaPipe's public Python objects, on the frames between: whichever came second on one frame
would find the processor's caches warmed by the first."""
COMPARING: Final = "comparing"
"""Reading once more for the comparison of warm readings."""
WARM_READS: Final = 40
"""How often a warm reading is repeated."""


class _ReadsInTurn:
    """Mixed into a landmarker: every other result is read through the structs, the others in the public way.

    warm_s: how long a reading takes when it is repeated, in the one way and in the other; None before that was tried.
    """

    watch: Stopwatch
    warm_s: tuple[float, float] | None = None
    _odd = False

    def _read(self, result: Any) -> Any:
        landmarker: Any = self

        def public() -> Any:
            return landmarker._from_objects(landmarker._result_objects.from_ctypes(result))

        self._odd = not self._odd
        part, way = (READING, landmarker._from_structs) if self._odd else (PUBLIC_READING, public)
        found = self.watch.time(part, way)
        if self.warm_s is None and not landmarker._is_empty(found):
            self.watch.time(COMPARING, self._time_warm, landmarker._from_structs, public)
        return found

    def _time_warm(self, ours: Callable[[], Any], public: Callable[[], Any]) -> None:
        self.warm_s = best_s(ours, WARM_READS), best_s(public, WARM_READS)


class _Face(_ReadsInTurn, FaceLandmarker):
    pass


class _Hands(_ReadsInTurn, HandLandmarker):
    pass


class SerialInference:
    """Runs face and then hands on every frame: the yardstick. Returns what a tracker would, for the parts after it."""

    def __init__(self, models: Models, watch: Stopwatch) -> None:
        self._watch = watch
        self._face, self._hands = _Face(models.face, num_faces=1), _Hands(models.hand, NUM_HANDS)
        self._face.watch = self._hands.watch = watch
        self._rgb: NDArray[np.uint8] = np.empty((0, 0, 3), np.uint8)

    @property
    def uses_structs(self) -> bool:
        """Whether this MediaPipe's results can be read through their structs; if not, nothing is timed as reading."""
        return self._face.uses_structs and self._hands.uses_structs

    @property
    def warm_reading_gain(self) -> float | None:
        """How many times longer the public way takes, both repeated; None if no face or no hand was found."""
        if self._face.warm_s is None or self._hands.warm_s is None:
            return None
        return (self._face.warm_s[1] + self._hands.warm_s[1]) / (self._face.warm_s[0] + self._hands.warm_s[0])

    def update(self, frame: Frame) -> Observation:
        """Detect face and hands in a frame. t_s must rise."""
        height, width = frame.image_bgr.shape[:2]
        if self._rgb.shape != frame.image_bgr.shape:
            self._rgb = np.empty(frame.image_bgr.shape, np.uint8)
        cv2.cvtColor(frame.image_bgr, cv2.COLOR_BGR2RGB, dst=self._rgb)
        image, t_ms = picture(self._rgb), round(frame.t_s * 1000)
        faces = self._watch.time(DETECTING, self._face.detect, image, t_ms)
        hands = self._watch.time(DETECTING, self._hands.detect, image, t_ms)
        to_px = np.array([width, height, width], float)
        face_px = faces[0] * to_px if len(faces) else np.full((FACE_LANDMARKS, 3), np.nan)
        return Observation(frame.t_s, (width, height), face_px, _by_side(hands.landmarks * to_px))

    def close(self) -> None:
        """End MediaPipe's graphs."""
        self._face.close()
        self._hands.close()


def _by_side(hands_px: Float) -> Float:
    """Sort hands, (H, 21, 3) px -> (2, 21, 3): of two the left one is that on the right; a single one counts as it."""
    out = np.full((2, HAND_LANDMARKS, 3), np.nan)
    for side, hand in zip((LEFT, RIGHT), sorted(hands_px, key=lambda hand: -hand[0, 0]), strict=False):
        out[side] = hand
    return out
