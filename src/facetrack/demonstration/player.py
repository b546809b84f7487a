"""Plays the films in a loop. A thread reads them, so that asking for a picture never waits."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

import cv2

from facetrack.capture.opencv import Image, quiet_opencv
from facetrack.demonstration.clips import FPS, demonstration_ready
from facetrack.routine.compiled import CompiledRoutine, CompiledStep
from facetrack.system.native_paths import native_path

RETRY_INTERVAL_S: Final = 1.0
"""How often a film that was missing is looked for again."""
_MOST_FRAMES: Final = 400
"""Most frames of a film that are kept in memory; one of 240x300 takes 216 kB."""


class DemonstrationPlayer:
    """Holds the film of one step at a time. mirrored: whether pictures are those of a mirror."""

    def __init__(
        self,
        routine: CompiledRoutine,
        *,
        mirrored: bool = True,
        find: Callable[[CompiledStep], Path | None] = demonstration_ready,
    ) -> None:
        self._routine, self._mirrored, self._find = routine, mirrored, find
        self._step: str | None = None
        self._film: list[Image] = []
        self._since_s = 0.0
        self._loading: threading.Thread | None = None
        self._next_look_s = float("-inf")

    def picture(self, step_id: str | None, t_s: float) -> Image | None:
        """Return the film's picture at a time of the session; None for no step, and until its film is there."""
        if step_id is None:
            return None
        if step_id != self._step:
            self._step, self._film, self._next_look_s = step_id, [], float("-inf")
        film = self._film  # before it is looked for: what comes meanwhile is for the next time
        if not film:
            self._look(step_id, t_s)
            self._since_s = t_s
            return None
        return film[int((t_s - self._since_s) * FPS) % len(film)]

    def _look(self, step_id: str, t_s: float) -> None:
        busy = self._loading is not None and self._loading.is_alive()
        if busy or t_s < self._next_look_s:
            return
        self._next_look_s = t_s + RETRY_INTERVAL_S
        self._loading = threading.Thread(target=self._load, args=(step_id,), name="facetrack-demonstration", daemon=True)
        self._loading.start()

    def _load(self, step_id: str) -> None:
        path = self._find(self._routine.step(step_id))
        film = _read(path, self._mirrored) if path is not None else []
        if self._step == step_id:
            self._film = film

    def wait(self) -> None:
        """Wait until the film that is being read has been read; for tests and still pictures."""
        if self._loading is not None:
            self._loading.join()


def _read(path: Path, mirrored: bool) -> list[Image]:
    quiet_opencv()
    with native_path(path) as name:
        capture = cv2.VideoCapture(name, cv2.CAP_FFMPEG)
    film: list[Image] = []
    while len(film) < _MOST_FRAMES:
        ok, image = capture.read()
        if not ok:
            break
        film.append(cv2.flip(image, 1) if mirrored else image)  # type: ignore[arg-type]
    capture.release()
    return film
