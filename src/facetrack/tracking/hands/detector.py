"""The hands' side of the tracker: the picture as MediaPipe wants it, and a graph for each of the user's hands."""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from facetrack.tracking.hands.graph import HandGraph
from facetrack.tracking.hands.request import Shown
from facetrack.tracking.mediapipe.landmarkers import picture

NUM_HANDS: Final = 2
"""The user has two hands."""


class HandsDetector:
    """Holds a graph for each hand, so that both can look at the same time. One frame after the other."""

    def __init__(self, bundle: bytes) -> None:
        """Raise RuntimeError or ValueError where MediaPipe can't load the bundle."""
        self._bundle = bundle
        self._rgb: NDArray[np.uint8] = np.empty((0, 0, 3), np.uint8)
        self._open()

    def _open(self) -> None:
        self.graphs = [HandGraph(self._bundle) for _ in range(NUM_HANDS)]

    def show(self, image_bgr: NDArray[np.uint8]) -> Shown:
        """Convert a frame's picture. Raises RuntimeError, ValueError or cv2.error for what is no picture."""
        if self._rgb.shape != image_bgr.shape:
            self._rgb = np.empty(image_bgr.shape, np.uint8)
        cv2.cvtColor(image_bgr, cv2.COLOR_BGR2RGB, dst=self._rgb)
        return Shown(self._rgb, picture(self._rgb))

    def restart(self) -> None:
        """Make new graphs after a failure."""
        self.close()
        self._open()

    def close(self) -> None:
        """End the graphs. May be called more than once."""
        for graph in self.graphs:
            graph.close()
