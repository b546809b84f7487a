"""Tells a picture that was squeezed or stretched by the face in it: an iris is round, and a face about as wide as others."""

from typing import Final

import numpy as np

from facetrack.packets import Float, Observation

ENOUGH: Final = 12
"""Frames of a bare face that looks ahead, over which the median is taken."""
ENOUGH_S: Final = 1.0
USUAL_IRIS: Final = 1.14
"""Width over height of an iris as MediaPipe draws it: 1.07 to 1.23 on eleven people and the mannequins."""
USUAL_FACE: Final = 0.84
"""Width over height of a face's mesh: 0.76 to 0.93 on the same."""
NARROW: Final = -0.24
WIDE: Final = 0.32
"""Sum of the logarithms of both over what is usual: -0.18 (near selfies) to 0.12 in pictures of 20 people as they were taken
(0.31 on one that looks down), -0.12 to -0.50 squeezed to three quarters, 0.20 to 0.41 stretched by a third."""
EACH: Final = 0.33
"""Share of the limit that either of the two reaches by itself."""
AHEAD: Final = 0.2
"""Of the face's width: how far the nose may be off its middle."""
_SIDES: Final = (234, 454)
_ENDS: Final = (10, 152)
_NOSE: Final = 1
_IRIS_ACROSS: Final = ((469, 471), (474, 476))
_IRIS_DOWN: Final = ((470, 472), (475, 477))


class Proportions:
    """Collects what bare faces show; ``squeezed`` is None until that is known, and then stays what it is."""

    def __init__(self) -> None:
        self.squeezed: bool | None = None
        self._seen: list[tuple[float, float]] = []
        self._first_s = float("nan")

    def update(self, observation: Observation) -> None:
        """Process a frame: it counts if the face looks ahead and no hand is seen."""
        if self.squeezed is not None or not observation.face_seen or observation.hand_seen.any():
            return
        face = observation.face_px[:, :2]
        if not _looks_ahead(face):
            return
        if not self._seen:
            self._first_s = observation.t_s
        self._seen.append((_log_iris(face), _log_face(face)))
        if len(self._seen) >= ENOUGH and observation.t_s - self._first_s >= ENOUGH_S:
            self.squeezed = _odd(*np.median(self._seen, axis=0).tolist())


def _odd(iris: float, face: float) -> bool:
    narrow = iris + face < NARROW and max(iris, face) < EACH * NARROW
    wide = iris + face > WIDE and min(iris, face) > EACH * WIDE
    return narrow or wide


def _looks_ahead(face: Float) -> bool:
    right, left, nose = face[_SIDES[0], 0], face[_SIDES[1], 0], face[_NOSE, 0]
    return bool(abs((left + right) / 2 - nose) < AHEAD * abs(left - right))


def _between(face: Float, pair: tuple[int, int]) -> float:
    return float(np.hypot(*(face[pair[0]] - face[pair[1]])))


def _log_iris(face: Float) -> float:
    across = sum(_between(face, pair) for pair in _IRIS_ACROSS)
    down = sum(_between(face, pair) for pair in _IRIS_DOWN)
    return float(np.log(max(across, 1e-6) / max(down, 1e-6) / USUAL_IRIS))


def _log_face(face: Float) -> float:
    return float(np.log(max(_between(face, _SIDES), 1e-6) / max(_between(face, _ENDS), 1e-6) / USUAL_FACE))
