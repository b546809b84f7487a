"""MediaPipe's two landmarkers in VIDEO mode with default thresholds, their results as arrays.

Default thresholds and VIDEO mode are measured choices: every hand that was once found is followed, without ghosts; lower
thresholds make ghosts and gain nothing.
"""

import weakref
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import mediapipe as mp
import numpy as np
from mediapipe.tasks.python import vision
from mediapipe.tasks.python.core.base_options import BaseOptions
from mediapipe.tasks.python.vision import face_landmarker, hand_landmarker
from numpy.typing import NDArray

from facetrack.packets import FACE_LANDMARKS, HAND_LANDMARKS
from facetrack.tracking.mediapipe import result_structs
from facetrack.tracking.mediapipe.log_filter import native_logs_filtered
from facetrack.tracking.mediapipe.native_calls import native_calls

Float32 = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Hands:
    """Holds hands. landmarks: (H, 21, 3) in shares of the picture's width and height, z on x's scale; in no particular order.
    handedness_score: (H,) how surely MediaPipe calls each one left, 0..1."""

    landmarks: Float32
    handedness_score: NDArray[np.float64]


def picture(rgb: NDArray[np.uint8]) -> Any:
    """Make MediaPipe's image of a C-contiguous (H, W, 3) array (it ignores strides, silently). It copies: rgb can be reused."""
    if not rgb.flags.c_contiguous:
        raise ValueError("MediaPipe would read a non-contiguous picture wrongly")
    return mp.Image(image_format=mp.ImageFormat.SRGB, data=rgb)


T = TypeVar("T")


class _Landmarker(ABC, Generic[T]):
    """Holds a graph and the reading of its results: through the structs while they prove equal to the public objects."""

    def __init__(self, graph: Any, kind: str, result_struct: Any, result_objects: Any, video: bool) -> None:
        self._graph = graph
        self._closed = weakref.finalize(self, _close, graph)
        self._result_objects = result_objects
        self._video = video
        self._logs = True
        self._proven = False
        self._result = result_struct()
        self._native = native_calls(graph, kind, video)
        self.uses_structs = self._native is not None and result_structs.structs_are_known()

    def detect(self, image: Any, t_ms: int = 0) -> T:
        """Run the graph on an image; t_ms must rise strictly (VIDEO mode). Raises ValueError or RuntimeError; the graph may
        then be unusable."""
        if not self._logs:
            return self._detect(image, t_ms)
        self._logs = False
        with native_logs_filtered():
            return self._detect(image, t_ms)

    def close(self) -> None:
        """End the graph. May be called more than once."""
        self._closed()

    def _detect(self, image: Any, t_ms: int) -> T:
        timestamp = (t_ms,) if self._video else ()
        if self._native is None or not self.uses_structs:
            detect = self._graph.detect_for_video if self._video else self._graph.detect
            return self._from_objects(detect(image, *timestamp))
        if not self._closed.alive:
            raise RuntimeError("The landmarker is closed")
        self._native.detect(image, timestamp, self._result)
        try:
            return self._read(self._result)
        finally:
            self._native.release(self._result)

    def _read(self, result: Any) -> T:
        read = self._from_structs()
        if self._proven or self._is_empty(read):
            return read
        public = self._from_objects(self._result_objects.from_ctypes(result))
        self._proven = self._equal(read, public)
        self.uses_structs = self._proven
        return public

    @abstractmethod
    def _from_structs(self) -> T: ...
    @abstractmethod
    def _from_objects(self, result: Any) -> T: ...
    @abstractmethod
    def _is_empty(self, read: T) -> bool: ...
    @abstractmethod
    def _equal(self, one: T, other: T) -> bool: ...


class FaceLandmarker(_Landmarker[Float32]):
    """``detect`` gives the faces, (F, 478, 3), in shares of the picture's width and height, z on x's scale."""

    def __init__(self, bundle: bytes, num_faces: int, video: bool = True) -> None:
        """Raise RuntimeError or ValueError where MediaPipe can't load the bundle."""
        options = vision.FaceLandmarkerOptions(_base(bundle), _mode(video), num_faces=num_faces)
        with native_logs_filtered():
            graph = vision.FaceLandmarker.create_from_options(options)
        super().__init__(graph, "Face", face_landmarker.FaceLandmarkerResultC, face_landmarker.FaceLandmarkerResult, video)
        self._reader = result_structs.FaceReader(self._result, FACE_LANDMARKS, num_faces)

    def _from_structs(self) -> Float32:
        return self._reader.read()

    def _from_objects(self, result: Any) -> Float32:
        return _points(result.face_landmarks, FACE_LANDMARKS)

    def _is_empty(self, read: Float32) -> bool:
        return len(read) == 0

    def _equal(self, one: Float32, other: Float32) -> bool:
        return np.array_equal(one, other)


class HandLandmarker(_Landmarker[Hands]):
    """``detect`` gives the hands of a picture."""

    def __init__(self, bundle: bytes, num_hands: int, video: bool = True) -> None:
        """Raise RuntimeError or ValueError where MediaPipe can't load the bundle."""
        options = vision.HandLandmarkerOptions(_base(bundle), _mode(video), num_hands=num_hands)
        with native_logs_filtered():
            graph = vision.HandLandmarker.create_from_options(options)
        super().__init__(graph, "Hand", hand_landmarker.HandLandmarkerResultC, hand_landmarker.HandLandmarkerResult, video)
        self._reader = result_structs.HandReader(self._result, HAND_LANDMARKS, num_hands)

    def _from_structs(self) -> Hands:
        return Hands(*self._reader.read())

    def _from_objects(self, result: Any) -> Hands:
        best = [categories[0] for categories in result.handedness]
        scores = np.array([item.score if item.category_name == "Left" else 1.0 - item.score for item in best])
        return Hands(_points(result.hand_landmarks, HAND_LANDMARKS), scores)

    def _is_empty(self, read: Hands) -> bool:
        return len(read.landmarks) == 0

    def _equal(self, one: Hands, other: Hands) -> bool:
        return np.array_equal(one.landmarks, other.landmarks) and np.array_equal(one.handedness_score, other.handedness_score)


def _close(graph: Any) -> None:
    try:
        graph.close()
    except (
        RuntimeError
    ):  # the interpreter is ending and starts no threads any more; MediaPipe's __del__ would print a TypeError
        graph._handle = None


def _points(found: Any, points: int) -> Float32:
    return np.array([[(p.x, p.y, p.z) for p in item] for item in found], np.float32).reshape(-1, points, 3)


def _base(bundle: bytes) -> BaseOptions:
    return BaseOptions(model_asset_buffer=bundle)


def _mode(video: bool) -> Any:
    return vision.RunningMode.VIDEO if video else vision.RunningMode.IMAGE
