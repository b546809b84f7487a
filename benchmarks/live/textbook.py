"""The same job written from MediaPipe's documentation: a capture thread, a queue, public objects, a loop over landmarks.

Geometry, coach, journal and panels are ours in both, so that only the ways to them and the drawing of landmarks differ.
"""

import queue
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from mediapipe.tasks.python.vision import FaceLandmarksConnections, HandLandmarksConnections

from facetrack.bench.footage import ROUTINE, STEP, Footage, session_identity
from facetrack.bench.live import LoopTimes, timed
from facetrack.overlay import Overlay
from facetrack.packets import FACE_LANDMARKS, HAND_LANDMARKS, LEFT, RIGHT, Frame, Observation
from facetrack.pipeline.judge import Judge
from facetrack.routine import load_routine
from facetrack.session import SessionRecorder
from facetrack.tracking.mediapipe.reference_loop import PublicLandmarkers

FACE_COLOR: Final = (200, 200, 120)
HAND_COLOR: Final = (80, 220, 80)
BONE_COLOR: Final = (255, 255, 255)
END: Final = None


def observation_of(frame: Frame, found: tuple[Any, Any]) -> Observation:
    """Landmark by landmark into lists, then into arrays."""
    height, width = frame.image_bgr.shape[:2]
    faces, hands = found
    face = np.full((FACE_LANDMARKS, 3), np.nan)
    if faces.face_landmarks:
        face = np.array([[point.x * width, point.y * height, point.z * width] for point in faces.face_landmarks[0]])
    both = np.full((2, HAND_LANDMARKS, 3), np.nan)
    for landmarks, handedness in zip(hands.hand_landmarks, hands.handedness, strict=True):
        side = LEFT if handedness[0].category_name == "Left" else RIGHT
        both[side] = [[point.x * width, point.y * height, point.z * width] for point in landmarks]
    return Observation(frame.t_s, (width, height), face, both)


def draw_landmarks(image: np.ndarray, found: tuple[Any, Any]) -> None:
    """As the documentation's example does, but for the mesh between the landmarks: circles, contours, bones."""
    height, width = image.shape[:2]
    faces, hands = found
    for face in faces.face_landmarks:
        for edge in FaceLandmarksConnections.FACE_LANDMARKS_CONTOURS:
            one, other = face[edge.start], face[edge.end]
            ends = [(int(point.x * width), int(point.y * height)) for point in (one, other)]
            cv2.line(image, ends[0], ends[1], FACE_COLOR, 1)
        for point in face:
            cv2.circle(image, (int(point.x * width), int(point.y * height)), 1, FACE_COLOR, -1)
    for hand in hands.hand_landmarks:
        for bone in HandLandmarksConnections.HAND_CONNECTIONS:
            one, other = hand[bone.start], hand[bone.end]
            ends = [(int(point.x * width), int(point.y * height)) for point in (one, other)]
            cv2.line(image, ends[0], ends[1], BONE_COLOR, 2)
        for point in hand:
            cv2.circle(image, (int(point.x * width), int(point.y * height)), 4, HAND_COLOR, -1)


class TextbookLoop:
    """One frame after the other: both landmarkers, then geometry, coach, journal and picture."""

    def __init__(self, folder: Path) -> None:
        self._routine = load_routine(ROUTINE)
        self._landmarkers = PublicLandmarkers()
        self._judge, self._overlay = Judge.for_routine(self._routine, step=STEP), Overlay()
        self._recorder = SessionRecorder(session_identity(self._routine), folder)

    def take(self, frame: Frame) -> None:
        found = self._landmarkers.detect(frame)
        observation = observation_of(frame, found)
        points, projection = self._judge.locate(observation)
        verdict = self._judge.coach.update(points)
        self._recorder.take(points, verdict)
        picture = self._overlay.draw(frame, observation, points, projection, verdict, self._routine)
        draw_landmarks(picture, found)

    def close(self) -> None:
        self._recorder.close()
        self._landmarkers.close()


def textbook(footage: Footage, frames: int) -> LoopTimes:
    """As fast as it goes: with a frame always there, a queue would only make it look old."""
    with tempfile.TemporaryDirectory(prefix="facetrack-bench-") as folder:
        loop = TextbookLoop(Path(folder))
        times = timed(footage, frames, loop.take)
        loop.close()
    return times


def queued(frames: Iterator[tuple[Frame, float]], take: Callable[[Frame], None], counted: Callable[[Frame], bool]) -> LoopTimes:
    """A capture thread fills a queue, the loop empties it: nothing is dropped, and what is late gets later.

    frames: each with when it was captured, at its time.
    """
    waiting: queue.Queue[tuple[Frame, float] | None] = queue.Queue()

    def capture() -> None:
        for one in frames:
            waiting.put(one)
        waiting.put(END)

    thread = threading.Thread(target=capture, daemon=True)
    thread.start()
    captured_s, drawn_s = [], []
    cpu_s = time.process_time()
    while (one := waiting.get()) is not END:
        frame, at_s = one
        take(frame)
        if counted(frame):
            captured_s.append(at_s)
            drawn_s.append(time.perf_counter())
    thread.join()
    return LoopTimes.of(captured_s, drawn_s, time.process_time() - cpu_s)
