"""The two landmarkers as MediaPipe's documentation shows their use: the yardstick of the speed benchmarks."""

from typing import Any

import cv2
import mediapipe as mp
import numpy as np
from mediapipe.tasks.python import vision
from mediapipe.tasks.python.core.base_options import BaseOptions

from facetrack.packets import Frame
from facetrack.tracking.mediapipe.log_filter import native_logs_filtered
from facetrack.tracking.models import Models, ensure_models


class PublicLandmarkers:
    """Runs face, then hands, on every frame, in the calling thread."""

    def __init__(self, models: Models | None = None) -> None:
        models = models or ensure_models()
        mode = vision.RunningMode.VIDEO
        with native_logs_filtered():
            self._face = vision.FaceLandmarker.create_from_options(
                vision.FaceLandmarkerOptions(BaseOptions(model_asset_buffer=models.face), mode, num_faces=1)
            )
            self._hands = vision.HandLandmarker.create_from_options(
                vision.HandLandmarkerOptions(BaseOptions(model_asset_buffer=models.hand), mode, num_hands=2)
            )
            self.detect(Frame(np.full((48, 64, 3), 90, np.uint8), 0.0, 0), t_ms=0)  # MediaPipe talks on its first picture

    def detect(self, frame: Frame, t_ms: int | None = None) -> tuple[Any, Any]:
        """Return MediaPipe's results for face and hands. t_s must rise."""
        t_ms = round(frame.t_s * 1000) + 1 if t_ms is None else t_ms
        image = mp.Image(image_format=mp.ImageFormat.SRGB, data=cv2.cvtColor(frame.image_bgr, cv2.COLOR_BGR2RGB))
        return self._face.detect_for_video(image, t_ms), self._hands.detect_for_video(image, t_ms)

    def close(self) -> None:
        """End MediaPipe's graphs."""
        self._face.close()
        self._hands.close()
