"""MediaPipe's results read from its C structs as arrays, without a Python object for every landmark.

The structs are private to mediapipe. So this is used only where the version, sizes and offsets are those that were
checked, and where the first result proves equal to the public way's; else the public way is used.

Right after an inference the processor's caches are cold, and then the first call of a library function costs about 10 us:
so a result is read with few calls of few kinds. Pointers are unpacked, and memory is copied whole.
"""

import ctypes
import struct
from typing import Any, Final

import mediapipe
import numpy as np
from mediapipe.tasks.python.components.containers import category_c, landmark_c
from mediapipe.tasks.python.vision import face_landmarker, hand_landmarker
from numpy.typing import NDArray

CHECKED_VERSION: Final = "0.10.31"

_LANDMARK_BYTES: Final = 40
_LIST_BYTES: Final = 16
_CATEGORY_BYTES: Final = 24
_FACES: Final = struct.Struct("=QI")  # of a face result: where its landmark lists are, how many
_HANDS: Final = struct.Struct("=Q8xQI")  # of a hand result: where its category lists are, its landmark lists, how many
_LIST: Final = struct.Struct("=QI4x")  # where the items are, how many
_CATEGORY: Final = struct.Struct("=4xfQ")  # score, where the name is


def structs_are_known() -> bool:
    """Whether this mediapipe's structs are laid out as this module reads them."""
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


def faces(result: Any, points: int) -> NDArray[np.float32]:
    """A face result's landmarks as a copy, (F, points, 3). Raises ValueError where a face has not so many."""
    at, count = _FACES.unpack_from(result)
    return _landmarks(at, count, points)


def hands(result: Any, points: int) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """A hand result's landmarks as a copy, (H, points, 3), and how surely each hand is a left one, (H,) 0..1.

    That is the best category's score, or its rest to 1 where that says right. Raises ValueError where a hand has not so many
    points, or no category.
    """
    categories_at, at, count = _HANDS.unpack_from(result)
    return _landmarks(at, count, points), np.array([_left_score(*one) for one in _lists(categories_at, count)])


def _landmarks(at: int, count: int, points: int) -> NDArray[np.float32]:
    lists = _lists(at, count)
    for _, found in lists:
        if found != points:
            raise ValueError(f"{found} landmarks instead of {points}")
    size = _LANDMARK_BYTES * points
    raw = b"".join([ctypes.string_at(address, size) for address, _ in lists])
    return np.ndarray((count, points, 3), np.float32, raw, 0, (size, _LANDMARK_BYTES, 4))


def _lists(at: int, count: int) -> list[tuple[int, int]]:
    """Of each list in a C array of them: where its items are, and how many."""
    return list(_LIST.iter_unpack(ctypes.string_at(at, _LIST_BYTES * count))) if count else []


def _left_score(at: int, count: int) -> float:
    if not count:
        raise ValueError("a hand without a side")
    score, name_at = _CATEGORY.unpack_from(ctypes.string_at(at, _CATEGORY_BYTES))
    is_left = name_at != 0 and ctypes.string_at(name_at) == b"Left"
    return float(score) if is_left else 1.0 - float(score)
