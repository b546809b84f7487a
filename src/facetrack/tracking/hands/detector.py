"""The hands' side of the tracker: the picture as MediaPipe wants it, the first look, and the second for what that missed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from facetrack.tracking.hands.association import HandIdentity
from facetrack.tracking.hands.redetection import SecondLook
from facetrack.tracking.mediapipe.landmarkers import HandLandmarker, Hands, picture


@dataclass(frozen=True, slots=True)
class Shown:
    """A frame's picture. rgb: (H, W, 3), whose memory the next frame's takes over. image: MediaPipe's of it."""

    rgb: NDArray[np.uint8]
    image: Any


class HandsFinder:
    """``show``, then ``find``, once a frame and one frame after the other, in whatever thread."""

    def __init__(self, bundle: bytes, num_hands: int, identity: HandIdentity) -> None:
        """identity: tells what to look for again; only asked. Raises RuntimeError or ValueError where MediaPipe can't load the
        bundle."""
        self._bundle, self._num_hands, self._identity = bundle, num_hands, identity
        self._first = HandLandmarker(bundle, num_hands)
        self._second = SecondLook(bundle)
        self._rgb: NDArray[np.uint8] = np.empty((0, 0, 3), np.uint8)

    def show(self, image_bgr: NDArray[np.uint8]) -> Shown:
        """Raises RuntimeError, ValueError or cv2.error for what is no picture."""
        if self._rgb.shape != image_bgr.shape:
            self._rgb = np.empty(image_bgr.shape, np.uint8)
        cv2.cvtColor(image_bgr, cv2.COLOR_BGR2RGB, dst=self._rgb)
        return Shown(self._rgb, picture(self._rgb))

    def find(self, shown: Shown, t_s: float, t_ms: int, until_known: Callable[[], object]) -> Hands:
        """t_ms must rise. until_known: returns once identity knows the frame before.

        Raises RuntimeError or ValueError where MediaPipe fails.
        """
        first = self._first.detect(shown.image, t_ms)
        until_known()
        height, width = shown.rgb.shape[:2]
        search = self._identity.search(t_s, first.landmarks * np.array([width, height, width], float), first.left_score)
        again = self._second.update(shown.rgb, t_s, first, search)
        if not len(again.landmarks):
            return first
        landmarks = np.concatenate([first.landmarks, again.landmarks])
        return Hands(landmarks, np.concatenate([first.left_score, again.left_score]))

    def restart(self) -> None:
        """New graphs after a failure."""
        self.close()
        self._first = HandLandmarker(self._bundle, self._num_hands)

    def close(self) -> None:
        """May be called more than once."""
        self._first.close()
        self._second.close()
