"""The tracker: a Frame in, an Observation out. Holds MediaPipe's graphs and who is who in the picture."""

from types import TracebackType
from typing import Final, Self

import cv2
import numpy as np
from numpy.typing import NDArray

from facetrack.errors import FacetrackError
from facetrack.packets import FACE_LANDMARKS, Float, Frame, Observation
from facetrack.tracking.hand_identity import HandIdentity
from facetrack.tracking.landmarkers import HandLandmarker, Hands, picture
from facetrack.tracking.models import Models, ensure_models
from facetrack.tracking.second_look import SecondLook
from facetrack.tracking.user_face import UserFace

NUM_HANDS: Final = 2
"""The user's. With more, MediaPipe's palm detector would run on every frame: a third slower, and other people's hands."""
BLANK_SPREAD: Final = 3.0
"""Standard deviation, grey levels, below which a picture shows nothing; a person in dim light has 20."""
_BLANK_STEP: Final = 16
MAX_FAILURES: Final = 10
"""Frames in a row on which MediaPipe may fail before it is given up."""


class Tracker:
    """Follows the user's face and two hands through the frames of one source. Not for use by several threads.

    Blank pictures (a covered lens, a camera that fails for a moment) are not shown to MediaPipe: it would lose what it follows.

    A picture that can't be tracked (empty, or one that MediaPipe fails on) gives an empty observation; the graphs are then
    made anew and tracking goes on with the next frame.
    """

    def __init__(self, models: Models | None = None) -> None:
        """models: fetched on first use where None. Raises FacetrackError where they can't be had or loaded."""
        self._models = models or ensure_models()
        self._identity = HandIdentity()
        self._rgb: NDArray[np.uint8] = np.empty((0, 0, 3), np.uint8)
        self._last_ms = -1
        self._failures = 0
        try:
            self._face = UserFace(self._models.face)
            self._hands = HandLandmarker(self._models.hand, NUM_HANDS)
            self._second = SecondLook(self._models.hand)
        except (RuntimeError, ValueError, OSError) as error:
            raise FacetrackError(
                f"MediaPipe can't load the models ({_first_line(error)}): run facetrack models verify"
            ) from error

    @property
    def model_hashes(self) -> dict[str, str]:
        """SHA-256 of the bundles in use."""
        return self._models.hashes

    def update(self, frame: Frame) -> Observation:
        """t_s must rise. Raises FacetrackError when MediaPipe fails on frame after frame."""
        height, width = frame.image_bgr.shape[:2]
        if height == 0 or width == 0 or _is_blank(frame.image_bgr):  # an empty one would poison the graphs
            return Observation.empty(frame.t_s, (width, height))
        self._last_ms = max(round(frame.t_s * 1000), self._last_ms + 1)
        to_px = np.array([width, height, width], float)
        try:
            face, hands = self._detect(frame.image_bgr)
            hands = self._with_lost(frame.t_s, hands, to_px)
        except (RuntimeError, ValueError, TimeoutError, cv2.error) as error:
            self._recover(error)
            return Observation.empty(frame.t_s, (width, height))
        self._failures = 0
        face_px = np.full((FACE_LANDMARKS, 3), np.nan) if face is None else face * to_px
        hands_px = self._identity.update(frame.t_s, hands.landmarks * to_px, hands.left_score, face_px)
        return Observation(frame.t_s, (width, height), face_px, hands_px)

    def close(self) -> None:
        """Ends MediaPipe's graphs. May be called more than once."""
        self._face.close()
        self._hands.close()
        self._second.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _detect(self, image_bgr: NDArray[np.uint8]) -> tuple[Float | None, Hands]:
        if self._rgb.shape != image_bgr.shape:
            self._rgb = np.empty(image_bgr.shape, np.uint8)
        cv2.cvtColor(image_bgr, cv2.COLOR_BGR2RGB, dst=self._rgb)
        image = picture(self._rgb)
        return self._face.update(self._rgb, image, self._last_ms), self._hands.detect(image, self._last_ms)

    def _with_lost(self, t_s: float, hands: Hands, to_px: Float) -> Hands:
        """With the hands that only a second look finds."""
        search = self._identity.search(t_s, hands.landmarks * to_px, hands.left_score)
        again = self._second.update(self._rgb, t_s, hands, search)
        if not len(again.landmarks):
            return hands
        return Hands(np.concatenate([hands.landmarks, again.landmarks]), np.concatenate([hands.left_score, again.left_score]))

    def _recover(self, error: Exception) -> None:
        self._failures += 1
        if self._failures > MAX_FAILURES:
            raise FacetrackError(f"MediaPipe fails on every frame ({_first_line(error)}): run facetrack doctor") from error
        self._face.restart()
        self._hands.close()
        self._hands = HandLandmarker(self._models.hand, NUM_HANDS)
        self._second.close()


def _is_blank(image_bgr: NDArray[np.uint8]) -> bool:
    return float(image_bgr[::_BLANK_STEP, ::_BLANK_STEP, 1].std()) < BLANK_SPREAD


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
