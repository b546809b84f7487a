"""Tracking remembered: a film that was tracked once in this process gives the same observations again, without MediaPipe.

For tests of what comes after the tracker, several of which look at one film.
"""

import copy
import hashlib
from collections.abc import Callable
from typing import Any, Self

from facetrack.packets import Frame, Observation
from facetrack.tracking.models import ensure_models
from facetrack.tracking.tracker import Tracker

_SEEN: dict[bytes, Observation] = {}
"""What the tracker made of a frame, by a hash of all frames up to it: what it sees depends on them all."""


class RecordedTracker:
    """A Tracker that asks the real one only for films, or beginnings of films, that it has not seen before."""

    def __init__(self, models: Any = None, **options: Any) -> None:
        self._models = models or ensure_models()
        self._options = options
        self._real: Tracker | None = None
        self._unshown: list[Frame] = []
        self._so_far = b""

    @property
    def model_hashes(self) -> dict[str, str]:
        return self._models.hashes

    @property
    def spare_s(self) -> float:
        return 0.0

    def update(self, frame: Frame, _following: Callable[[], Frame | None] = lambda: None) -> Observation:
        """Frames are shown to the real tracker when the first one comes that is not known, and then in their order."""
        image = frame.image_bgr
        about = f"{self._so_far!r} {frame.t_s!r} {frame.index} {image.shape}".encode()
        self._so_far = hashlib.sha256(about + image.tobytes()).digest()
        self._unshown.append(frame)
        if self._so_far not in _SEEN:
            self._real = self._real or Tracker(self._models, **self._options)
            for one in self._unshown:
                _SEEN[self._so_far] = self._real.update(one)
            self._unshown.clear()
        return copy.deepcopy(_SEEN[self._so_far])

    def close(self) -> None:
        if self._real is not None:
            self._real.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()
