"""The user's face among all faces: the largest, most central one is the user, and stays it.

MediaPipe smooths a face's landmarks only when it follows exactly one (measured on real clips: 1.5 to 3.4 times less jitter,
and a third less time, than with two or more), and which one that is it chooses by score alone. So it follows one, and
a second landmarker looks at the whole picture, for all faces, only at moments that matter: when a face was found after
there was none, and now and then while the user is new. If the followed face is not the user, it is painted over in
the face landmarker's picture until the user is found.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from facetrack.packets import Float
from facetrack.tracking.landmarkers import FaceLandmarker, picture

ALL_FACES: Final = 5
LOOK_MS: Final = 500
"""Between looks while the user is new, or while a face that is not the user's is about."""
SETTLED_MS: Final = 3000
"""A face followed for so long is the user's for good."""
LARGER: Final = 1.5
"""How much better (width times centrality) another face must be to take over from a new user."""
SAME_FACE: Final = 0.5
"""Face widths between centres, below which two finds are one face."""
FORGET_MS: Final = 30_000
"""How long an absent user is remembered: hands may hide the face for a whole step."""
MIN_SIZE: Final = 0.6
"""Of the remembered user's size: a smaller face is a printed one, or somebody behind."""
PAINT_MARGIN: Final = 0.3
"""Of a face's box, painted over with it: the detector sees outlines too."""

_FACE_SIDES: Final = [234, 454]


@dataclass(frozen=True, slots=True)
class _Place:
    """A face's centre and width, px."""

    centre: Float
    width: float

    @staticmethod
    def of(face: Float, size_wh: tuple[int, int]) -> "_Place":
        width, height = size_wh
        px = face * np.array([width, height, width], float)
        right, left = px[_FACE_SIDES]
        return _Place(px[:, :2].mean(axis=0), float(np.linalg.norm(left - right)))

    def same_as(self, other: "_Place") -> bool:
        return float(np.linalg.norm(self.centre - other.centre)) < SAME_FACE * max(self.width, other.width)

    def weight(self, size_wh: tuple[int, int]) -> float:
        """Width, less for faces off the picture's centre: half at its edge."""
        off = abs(self.centre[0] / size_wh[0] - 0.5)
        return self.width * (1.0 - float(off))


class UserFace:
    """``update`` once a frame."""

    def __init__(self, bundle: bytes) -> None:
        """Raises RuntimeError or ValueError where MediaPipe can't load the bundle."""
        self._bundle = bundle
        self._follower = FaceLandmarker(bundle, num_faces=1)
        self._looker: FaceLandmarker | None = None
        self._user: _Place | None = None
        self._since_ms = 0
        self._seen_ms = 0
        self._looked_ms = -LOOK_MS
        self._seen = False
        self._strangers: list[_Place] = []
        self._painted: NDArray[np.uint8] = np.empty((0, 0, 3), np.uint8)

    def close(self) -> None:
        self._follower.close()
        if self._looker is not None:
            self._looker.close()

    def update(self, rgb: NDArray[np.uint8], image: Any, t_ms: int) -> Float | None:
        """The user's face, (478, 3) in shares of width and height, or None. image: MediaPipe's of ``rgb``."""
        size_wh = (rgb.shape[1], rgb.shape[0])
        if self._strangers:
            image = picture(self._without_strangers(rgb))
        found = self._follower.detect(image, t_ms)
        if len(found) == 0:
            self._seen = False
            self._strangers = [] if t_ms - self._looked_ms > LOOK_MS else self._strangers
            return None
        face: Float = found[0].astype(float)
        place = _Place.of(face, size_wh)
        if self._must_look(t_ms):
            self._looked_ms = t_ms
            if not self._is_user(place, self._look(rgb, size_wh), t_ms, size_wh):
                return None
        if not self._seen and not self._remembered(t_ms):
            self._since_ms = t_ms
        self._seen, self._seen_ms, self._user, self._strangers = True, t_ms, place, []
        return face

    def _remembered(self, t_ms: int) -> bool:
        return self._user is not None and t_ms - self._seen_ms <= FORGET_MS

    def _must_look(self, t_ms: int) -> bool:
        settled = t_ms - self._since_ms >= SETTLED_MS
        return not self._seen or (not settled and t_ms - self._looked_ms >= LOOK_MS)

    def _look(self, rgb: NDArray[np.uint8], size_wh: tuple[int, int]) -> list[_Place]:
        if self._looker is None:
            self._looker = FaceLandmarker(self._bundle, ALL_FACES, video=False)
        return [_Place.of(face.astype(float), size_wh) for face in self._looker.detect(picture(rgb))]

    def _is_user(self, place: _Place, everybody: list[_Place], t_ms: int, size_wh: tuple[int, int]) -> bool:
        """Whether the followed face is the user's; if not, ``_strangers`` are those to paint over."""
        others = [other for other in everybody if not other.same_as(place)]
        if self._remembered(t_ms) and self._user is not None and not self._seen:
            small = [other for other in [place, *others] if other.width < MIN_SIZE * self._user.width]
            if place in small:
                self._strangers = small
                return False
            others = [other for other in others if other not in small]
        better = max(others, key=lambda other: other.weight(size_wh), default=None)
        if better is None or better.weight(size_wh) < LARGER * place.weight(size_wh):
            return True
        self._strangers = [place, *[other for other in others if other is not better]]
        self._seen = False
        return False

    def _without_strangers(self, rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
        if self._painted.shape != rgb.shape:
            self._painted = np.empty_like(rgb)
        np.copyto(self._painted, rgb)
        for stranger in self._strangers:
            reach = stranger.width * (0.5 + PAINT_MARGIN) * np.array([1.0, 1.3])  # faces are taller than wide
            low = np.clip(stranger.centre - reach, 0, None).astype(int)
            high = np.clip(stranger.centre + reach, 0, None).astype(int)
            self._painted[low[1] : high[1], low[0] : high[0]] = 127
        return self._painted
