"""MediaPipe's results read from its C structs as arrays, without a Python object for every landmark.

The structs are private to mediapipe. So this is used only where the version, sizes and offsets are those that were
checked, and where the first result proves equal to the public way's; else the public way is used.

Right after an inference the processor's caches are cold, and then the first call of any library function costs about 10 us.
So results are read with few kinds of calls: MediaPipe's memory is looked at through views, which are kept by address, since
the same few addresses come again and again.
"""

import ctypes
from collections.abc import Callable
from typing import Any, Final, TypeVar

import mediapipe
import numpy as np
from mediapipe.tasks.python.components.containers import category_c, landmark_c
from mediapipe.tasks.python.vision import face_landmarker, hand_landmarker
from numpy.typing import NDArray

CHECKED_VERSION: Final = "0.10.31"

_LANDMARK_BYTES: Final = 40
_LIST_BYTES: Final = 16
_CATEGORY_BYTES: Final = 24
_LEFT: Final = b"Left"
_COUNT: Final = 0xFFFF_FFFF
"""The half of a word that a count is in; the other is padding."""
_MOST_VIEWS: Final = 64

T = TypeVar("T")


def structs_are_known() -> bool:
    """Say whether this mediapipe's structs are laid out as this module reads them."""
    try:
        landmark, lists = landmark_c.NormalizedLandmarkC, landmark_c.NormalizedLandmarksC
        category, categories = category_c.CategoryC, category_c.CategoriesC
        face, hand = face_landmarker.FaceLandmarkerResultC, hand_landmarker.HandLandmarkerResultC
        return (
            mediapipe.__version__ == CHECKED_VERSION
            and ctypes.sizeof(ctypes.c_void_p) == 8
            and ctypes.sizeof(landmark) == _LANDMARK_BYTES
            and (landmark.x.offset, landmark.y.offset, landmark.z.offset) == (0, 4, 8)
            and (ctypes.sizeof(lists), lists.landmarks.offset, lists.landmarks_count.offset) == (_LIST_BYTES, 0, 8)
            and (ctypes.sizeof(category), category.score.offset, category.category_name.offset) == (_CATEGORY_BYTES, 4, 8)
            and (ctypes.sizeof(categories), categories.categories.offset) == (_LIST_BYTES, 0)
            and (face.face_landmarks.offset, face.face_landmarks_count.offset) == (0, 8)
            and (hand.handedness.offset, hand.hand_landmarks.offset, hand.hand_landmarks_count.offset) == (0, 16, 24)
        )
    except AttributeError:
        return False


class _Views(dict[int, T]):
    """Views of C memory by address. Only ever read at addresses that the present result gives."""

    def __init__(self, size: int, view: Callable[[Any], T]) -> None:
        super().__init__()
        self._raw, self._view = ctypes.c_char * size, view

    def __missing__(self, address: int) -> T:
        if len(self) >= _MOST_VIEWS:
            self.clear()
        made = self[address] = self._view(self._raw.from_address(address))
        return made


def _words(raw: Any) -> memoryview:
    return memoryview(raw).cast("B").cast("Q")


class _Landmarks:
    """Reads C arrays of landmark lists."""

    def __init__(self, points: int, most: int) -> None:
        """Prepare views. points: of each list. most: lists."""
        self._points = points
        size = _LANDMARK_BYTES * points
        self._lists = [_Views(_LIST_BYTES * count, _words) for count in range(1, most + 1)]
        self._of = _Views(
            size, lambda raw: np.ndarray((points, 3), np.float32, raw, 0, (_LANDMARK_BYTES, np.dtype(np.float32).itemsize))
        )

    def read(self, at: int, count: int) -> NDArray[np.float32]:
        """Return (count, points, 3), a copy. Raises ValueError where a list has another number of points."""
        out = np.empty((count, self._points, 3), np.float32)
        if count:
            lists = self._lists[count - 1][at]
            for k in range(count):
                if lists[2 * k + 1] & _COUNT != self._points:
                    raise ValueError(f"{lists[2 * k + 1] & _COUNT} landmarks instead of {self._points}")
                out[k] = self._of[lists[2 * k]]
        return out


class FaceReader:
    """Reads one face result, whatever is written into it. most: faces that there may be."""

    def __init__(self, result: Any, points: int, most: int) -> None:
        self._header = _words(result)
        self._landmarks = _Landmarks(points, most)

    def read(self) -> NDArray[np.float32]:
        """Return (F, points, 3), a copy. Raises ValueError where a face has another number of points."""
        return self._landmarks.read(self._header[0], self._header[1] & _COUNT)


class HandReader:
    """Reads one hand result, whatever is written into it. most: hands that there may be."""

    def __init__(self, result: Any, points: int, most: int) -> None:
        self._header = _words(result)
        self._landmarks = _Landmarks(points, most)
        self._sides = [_Views(_LIST_BYTES * count, _words) for count in range(1, most + 1)]
        self._category = _Views(_CATEGORY_BYTES, lambda raw: (memoryview(raw).cast("B").cast("f"), _words(raw)))
        self._name = _Views(len(_LEFT), lambda raw: memoryview(raw).cast("B"))

    def read(self) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
        """Return (H, points, 3) landmarks and (H,) how surely each hand is a left one, 0..1; copies.

        That is the best category's score, or its rest to 1 where that says right. Raises ValueError where a hand has
        another number of points, or no category.
        """
        sides_at, at, count = self._header[0], self._header[2], self._header[3] & _COUNT
        left = np.empty(count)
        if count:
            sides = self._sides[count - 1][sides_at]
            for k in range(count):
                if not sides[2 * k + 1] & _COUNT:
                    raise ValueError("a hand without a side")
                left[k] = self._left_score(sides[2 * k])
        return self._landmarks.read(at, count), left

    def _left_score(self, at: int) -> float:
        numbers, words = self._category[at]
        score: float = numbers[1]
        is_left = words[1] != 0 and bytes(self._name[words[1]]) == _LEFT
        return score if is_left else 1.0 - score
