"""MediaPipe's results read from its C structs as arrays, about 30 times cheaper than through its Python objects.

The structs are private to mediapipe. So this is used only where the version, sizes and offsets are those that were
checked, and where the first result proves equal to the public way's; else the public way is used.
"""

import ctypes
from typing import Any, Final

import mediapipe
import numpy as np
from mediapipe.tasks.python.components.containers import category_c, landmark_c
from mediapipe.tasks.python.vision import face_landmarker, hand_landmarker
from numpy.typing import NDArray

CHECKED_VERSION: Final = "0.10.31"

_LANDMARK_BYTES: Final = 40
_LIST_BYTES: Final = 16
_LANDMARK: Final = np.dtype({"names": ["xyz"], "formats": ["3f4"], "offsets": [0], "itemsize": _LANDMARK_BYTES})


def structs_are_known() -> bool:
    """Whether this mediapipe's structs are laid out as this module reads them."""
    try:
        landmark, lists = landmark_c.NormalizedLandmarkC, landmark_c.NormalizedLandmarksC
        category, categories = category_c.CategoryC, category_c.CategoriesC
        face, hand = face_landmarker.FaceLandmarkerResultC, hand_landmarker.HandLandmarkerResultC
        return (
            mediapipe.__version__ == CHECKED_VERSION
            and ctypes.sizeof(landmark) == _LANDMARK_BYTES
            and (landmark.x.offset, landmark.y.offset, landmark.z.offset) == (0, 4, 8)
            and (ctypes.sizeof(lists), lists.landmarks.offset, lists.landmarks_count.offset) == (_LIST_BYTES, 0, 8)
            and (category.score.offset, category.category_name.offset) == (4, 8)
            and (ctypes.sizeof(categories), categories.categories.offset) == (_LIST_BYTES, 0)
            and (face.face_landmarks.offset, face.face_landmarks_count.offset) == (0, 8)
            and (hand.handedness.offset, hand.hand_landmarks.offset, hand.hand_landmarks_count.offset) == (0, 16, 24)
        )
    except AttributeError:
        return False


def landmarks(lists: Any, count: int, points: int) -> NDArray[np.float32]:
    """A C array of landmark lists as a copy, (count, points, 3). Raises ValueError where a list has not ``points``."""
    out = np.empty((count, points, 3), np.float32)
    for k in range(count):
        item = lists[k]
        if item.landmarks_count != points:
            raise ValueError(f"{item.landmarks_count} landmarks instead of {points}")
        address = ctypes.addressof(item.landmarks.contents)
        raw = (ctypes.c_char * (_LANDMARK_BYTES * points)).from_address(address)
        out[k] = np.frombuffer(memoryview(raw), _LANDMARK)["xyz"]
    return out


def left_scores(handedness: Any, count: int) -> NDArray[np.float64]:
    """(count,) how surely each hand is a left one, 0..1: the best category's score, or its rest to 1 where that says right."""
    out = np.empty(count)
    for k in range(count):
        best = handedness[k].categories[0]
        out[k] = best.score if best.category_name == b"Left" else 1.0 - best.score
    return out
