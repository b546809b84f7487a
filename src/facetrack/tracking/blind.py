"""Stands in for the tracker where there is nothing to track."""

from collections.abc import Callable
from typing import Final

from facetrack.packets import Frame, Observation


class NullTracker:
    """A tracker that needs no models and never sees anything: for guided sessions without a camera."""

    model_hashes: Final[dict[str, str]] = {}
    spare_s: Final = 0.0

    def update(self, frame: Frame, following: Callable[[], Frame | None] = lambda: None) -> Observation:  # noqa: ARG002
        """Give an empty observation of the frame."""
        height, width = frame.image_bgr.shape[:2]
        return Observation.empty(frame.t_s, (width, height))

    def close(self) -> None:
        """Do nothing: there is nothing to release."""

    def __enter__(self) -> "NullTracker":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
