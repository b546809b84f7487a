"""MediaPipe's C functions called in the calling thread.

Its Python package hands every call to a thread of the landmarker's own, which costs two changes of threads, and waits for
Python's lock in both. One landmarker is used by one thread at a time here, so the detour buys nothing. The functions are
private to mediapipe: where they are not as expected, there are none, and the public way is used.
"""

import ctypes
from dataclasses import dataclass
from typing import Any

from mediapipe.tasks.python.core import mediapipe_c_utils


@dataclass(frozen=True, slots=True)
class NativeCalls:
    """Holds the functions of one landmarker, which must not be closed."""

    _handle: Any
    _detect: Any
    _release: Any
    _free_error: Any

    def detect(self, image: Any, timestamp: tuple[int, ...], result: Any) -> None:
        """Fill the result, which has to be released. timestamp: ms in VIDEO mode, else (). Raises ValueError or
        RuntimeError."""
        error = ctypes.c_char_p()
        status = self._detect(self._handle, image._image_ptr, None, *timestamp, result, ctypes.byref(error))
        if status:
            try:
                mediapipe_c_utils.handle_status(status, error)
            finally:
                self._free_error(error)

    def release(self, result: Any) -> None:
        """Free what the result points at."""
        self._release(result)


def native_calls(graph: Any, kind: str, video: bool) -> NativeCalls | None:
    """Find the functions of a kind, "Face" or "Hand". None where this mediapipe has not these functions, with these
    arguments."""
    library = getattr(getattr(graph, "_lib", None), "_lib", None)
    handle = getattr(graph, "_handle", None)
    try:
        detect = getattr(library, f"Mp{kind}LandmarkerDetect{'ForVideo' if video else 'Image'}")
        release = getattr(library, f"Mp{kind}LandmarkerCloseResult")
        free_error = library.MpErrorFree  # type: ignore[union-attr]
        known = len(detect.argtypes) == (6 if video else 5) and len(release.argtypes) == 1
    except (AttributeError, TypeError):
        return None
    if handle is None or not known or not hasattr(mediapipe_c_utils, "handle_status"):
        return None
    return NativeCalls(handle, detect, release, free_error)
