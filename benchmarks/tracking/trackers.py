"""MediaPipe as it comes, and facetrack's tracker, behind one method."""

import time
from dataclasses import dataclass
from typing import Final, Protocol, Self

import cv2
import mediapipe as mp
import numpy as np
from mediapipe.tasks.python import vision
from mediapipe.tasks.python.core.base_options import BaseOptions
from numpy.typing import NDArray

from facetrack.packets import LEFT, RIGHT, Float, Frame
from facetrack.tracking import Tracker, ensure_models


@dataclass(frozen=True, slots=True)
class Found:
    """A hand: its name, points (21, 3) px."""

    side: int
    points: Float


class HandTracker(Protocol):
    """seconds: spent in ``look`` so far."""

    seconds: float

    def look(self, image_bgr: NDArray[np.uint8], t_s: float) -> list[Found]: ...
    def close(self) -> None: ...


class MediaPipeAlone:
    """Face and hands, one after the other, Tasks API, VIDEO mode, default thresholds; sides as MediaPipe calls them."""

    def __init__(self) -> None:
        models, video = ensure_models(), vision.RunningMode.VIDEO
        self._face = vision.FaceLandmarker.create_from_options(
            vision.FaceLandmarkerOptions(BaseOptions(model_asset_buffer=models.face), video)
        )
        self._hands = vision.HandLandmarker.create_from_options(
            vision.HandLandmarkerOptions(BaseOptions(model_asset_buffer=models.hand), video, num_hands=2)
        )
        self.seconds = 0.0

    def look(self, image_bgr: NDArray[np.uint8], t_s: float) -> list[Found]:
        began = time.perf_counter()
        image = mp.Image(image_format=mp.ImageFormat.SRGB, data=cv2.cvtColor(image_bgr, cv2.COLOR_BGR2RGB))
        self._face.detect_for_video(image, round(t_s * 1000))
        found = self._hands.detect_for_video(image, round(t_s * 1000))
        height, width = image_bgr.shape[:2]
        hands = [np.array([(p.x, p.y, p.z) for p in hand]) * (width, height, width) for hand in found.hand_landmarks]
        sides = [LEFT if names[0].category_name == "Left" else RIGHT for names in found.handedness]
        self.seconds += time.perf_counter() - began
        return [Found(side, points) for side, points in zip(sides, hands, strict=True)]

    def close(self) -> None:
        self._face.close()
        self._hands.close()


class Ours:
    def __init__(self) -> None:
        self._tracker = Tracker()
        self._frames = 0
        self.seconds = 0.0

    def look(self, image_bgr: NDArray[np.uint8], t_s: float) -> list[Found]:
        began = time.perf_counter()
        seen = self._tracker.update(Frame(image_bgr, t_s, self._frames))
        self._frames += 1
        self.seconds += time.perf_counter() - began
        return [Found(side, seen.hands_px[side]) for side in (LEFT, RIGHT) if seen.hand_seen[side]]

    def close(self) -> None:
        self._tracker.close()


TRACKERS: Final = {"mediapipe": MediaPipeAlone, "ours": Ours}


class Both:
    """Both on the same frames, in turn, so that their times can be compared."""

    def __init__(self) -> None:
        self.trackers: dict[str, HandTracker] = {name: make() for name, make in TRACKERS.items()}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for tracker in self.trackers.values():
            tracker.close()
