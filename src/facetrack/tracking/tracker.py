"""The tracker: a Frame in, an Observation out. Holds MediaPipe's graphs and who is who in the picture."""

import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from dataclasses import dataclass
from threading import Event
from types import TracebackType
from typing import Final, Self

import cv2
import numpy as np
from numpy.typing import NDArray

from facetrack.errors import FacetrackError
from facetrack.packets import FACE_LANDMARKS, Doubt, Float, Frame, Observation
from facetrack.system.cores import usable_cores
from facetrack.tracking.face.user_selection import UserFaceSelector
from facetrack.tracking.hands.association import HandAssociator
from facetrack.tracking.hands.detector import HandsDetector
from facetrack.tracking.hands.graph import HandGraph
from facetrack.tracking.hands.request import Detection, LookRequest, Shown
from facetrack.tracking.mediapipe.threads import InThisThread, other_threads
from facetrack.tracking.models import Models, ensure_models

BLANK_SPREAD: Final = 3.0
"""Standard deviation, grey levels, below which a picture shows nothing; a person in dim light has 20."""
_BLANK_STEP: Final = 16
MAX_FAILURES: Final = 10
"""Frames in a row on which MediaPipe may fail before it is given up."""


@dataclass(frozen=True, slots=True)
class _Begun:
    """Holds a frame whose hands are being looked for."""

    frame: Frame
    t_ms: int
    shown: Future[Shown]
    hands: list[Future[Detection | None]]
    began_s: float
    done_s: list[float]  # when each graph was done


class Tracker:
    """Follows the user's face and two hands through the frames of one source. Not for use by several threads.

    Parameters
    ----------
    models : Models, optional
        The models to use. Without them the standard ones are used, which are fetched once.
    threads : int, optional
        How many threads look for the face and the two hands: 1, 2 or 3. By default 3, or 1 where there is a single core.

    Raises
    ------
    FacetrackError
        If the models can't be had or loaded.

    Notes
    -----
    Each hand has a graph of its own, and with three threads a thread of its own (MediaPipe releases Python's lock while it
    works); the caller's thread looks for the face. The next frame's hands are looked for while the caller works on this one.
    What a graph is to do with a frame depends on the frames before it alone, so observations are the same, bit for bit, with
    any number of threads.

    Blank pictures (a covered lens, a camera that fails for a moment) are not shown to MediaPipe: it would lose what it follows.

    A picture that can't be tracked (empty, or one that MediaPipe fails on) gives an empty observation. The graphs are then
    created again, and tracking continues with the next frame.

    Examples
    --------
    >>> import facetrack, numpy
    >>> with facetrack.Tracker() as tracker:
    ...     picture = numpy.full((480, 640, 3), 128, numpy.uint8)
    ...     observation = tracker.update(facetrack.Frame(picture, t_s=0.0, index=0))
    >>> observation.face_seen, observation.hand_seen.tolist()
    (False, [False, False])
    """

    def __init__(self, models: Models | None = None, *, threads: int | None = None) -> None:
        self._models = models or ensure_models()
        self._associator = HandAssociator()
        self._last_ms = -1
        self._failures = 0
        self._begun: _Begun | None = None
        self._spare_s = self._rest_s = 0.0
        self._returned_s = time.perf_counter()
        self.threads = threads or (3 if usable_cores() > 1 else 1)
        self._here = InThisThread()
        self._beside = other_threads(self.threads - 1) if self.threads > 1 else self._here
        try:
            self._face = UserFaceSelector(self._models.face)
            self._hands = HandsDetector(self._models.hand)
        except (RuntimeError, ValueError, OSError) as error:
            raise FacetrackError(
                f"MediaPipe can't load the models ({_first_line(error)}): run facetrack models verify"
            ) from error

    @property
    def model_hashes(self) -> dict[str, str]:
        """Return the SHA-256 of the bundles in use."""
        return self._models.hashes

    @property
    def spare_s(self) -> float:
        """Say how many seconds longer the last frame's hands took than its face and the caller's work between the last two
        calls of ``update``. If this is negative, starting a frame early only makes it older. 0 with one thread."""
        return self._spare_s

    def update(self, frame: Frame, following: Callable[[], Frame | None] = lambda: None) -> Observation:
        """Look at the next frame; t_s must rise. Raises FacetrackError when MediaPipe fails on frame after frame.

        following: with several threads it is asked, as soon as this frame is seen, for the one that the next call will be
        given, if that can be had already: its hands are looked for from then on.
        """
        self._rest_s = time.perf_counter() - self._returned_s
        try:
            return self._update(frame, following)
        finally:
            self._returned_s = time.perf_counter()

    def _update(self, frame: Frame, following: Callable[[], Frame | None]) -> Observation:
        begun, self._begun = self._begun, None
        height, width = frame.image_bgr.shape[:2]
        if begun is None:
            if _shows_nothing(frame):
                return Observation.empty(frame.t_s, (width, height))
            begun = self._begin(frame)
        elif begun.frame is not frame:
            raise ValueError("another frame was begun")
        try:
            face, hands = self._found(begun)
        except (RuntimeError, ValueError, TimeoutError, cv2.error) as error:
            self._recover(error)
            return Observation.empty(frame.t_s, (width, height))
        self._failures = 0
        to_px = np.array([width, height, width], float)
        face_px = np.full((FACE_LANDMARKS, 3), np.nan) if face is None else face * to_px
        hands_px = self._associator.update(frame.t_s, hands, face_px)
        self._begin_early(following)
        doubt: Doubt | None = "person" if self._face.in_doubt else None
        return Observation(frame.t_s, (width, height), face_px, hands_px, self._associator.left_score, doubt)

    def find_face(self, image_bgr: NDArray[np.uint8]) -> Float | None:
        """Look for the largest face in a single picture, (H, W, 3): its mesh, (478, 2) px, or None. Nothing is followed."""
        if image_bgr.size == 0 or _is_blank(image_bgr):
            return None
        face = self._face.find(np.asarray(cv2.cvtColor(image_bgr, cv2.COLOR_BGR2RGB), dtype=np.uint8))
        return None if face is None else face[:, :2] * image_bgr.shape[1::-1]

    def close(self) -> None:
        """End MediaPipe's graphs. May be called more than once."""
        self._beside.shutdown()
        self._face.close()
        self._hands.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _begin_early(self, following: Callable[[], Frame | None]) -> None:
        frame = following() if self.threads > 1 else None
        if frame is not None and not _shows_nothing(frame):
            self._begun = self._begin(frame)

    def _begin(self, frame: Frame) -> _Begun:
        self._last_ms = t_ms = max(round(frame.t_s * 1000), self._last_ms + 1)
        shown = self._here.submit(self._hands.show, frame.image_bgr)
        begun = _Begun(frame, t_ms, shown, [], time.perf_counter(), [])
        for graph, request in zip(self._hands.graphs, self._associator.requests(frame.t_s), strict=True):
            under_way = Event()
            begun.hands.append(self._beside.submit(_look, graph, begun, request, under_way))
            if self.threads > len(begun.hands):
                # Without this the other thread would wait for Python's lock until this one has to wait for something.
                under_way.wait()
        return begun

    def _found(self, begun: _Begun) -> tuple[Float | None, list[Detection | None]]:
        """Return the face, looked for here, and what each graph found."""
        began_s = time.perf_counter()
        try:
            shown = begun.shown.result()
            face = self._face.update(shown.rgb, shown.image, begun.t_ms, self._associator.seen_px)
            face_s = time.perf_counter() - began_s
        finally:
            # Whatever comes of the face, the graphs and the picture are in use until then.
            wait(begun.hands)
        hands = [future.result() for future in begun.hands]
        self._spare_s = max(begun.done_s) - begun.began_s - face_s - self._rest_s if self.threads > 1 else 0.0
        return face, hands

    def _recover(self, error: Exception) -> None:
        self._failures += 1
        if self._failures > MAX_FAILURES:
            raise FacetrackError(f"MediaPipe fails on every frame ({_first_line(error)}): run facetrack doctor") from error
        self._face.restart()
        self._hands.restart()
        self._associator.graphs_restarted()


def _look(graph: HandGraph, begun: _Begun, request: LookRequest, under_way: Event) -> Detection | None:
    under_way.set()
    try:
        return graph.look(begun.shown.result(), request)
    finally:
        begun.done_s.append(time.perf_counter())


def _shows_nothing(frame: Frame) -> bool:
    """Say whether a frame is blank or empty, which would poison MediaPipe's graphs."""
    return frame.image_bgr.size == 0 or _is_blank(frame.image_bgr)


def _is_blank(image_bgr: NDArray[np.uint8]) -> bool:
    return float(image_bgr[::_BLANK_STEP, ::_BLANK_STEP, 1].std()) < BLANK_SPREAD


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
