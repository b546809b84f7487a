"""The user's face among all faces: the largest, most central one is the user, and stays it.

MediaPipe smooths a face's landmarks only when it follows exactly one (measured on real clips: 1.5 to 3.4 times less jitter,
and a third less time, than with two or more), and which one that is it chooses by score alone. So it follows one, and
a second landmarker looks at the whole picture, for all faces, only at moments that matter: when a face was found after
there was none, and now and then while the user is new. If the followed face is not the user, it is painted over in
the face landmarker's picture until the user is found.
"""

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from facetrack.packets import Float
from facetrack.tracking.mediapipe.landmarkers import FaceLandmarker, picture

ALL_FACES: Final = 5
LOOK_MS: Final = 500
"""Between looks while the user is new, or while a face that is not the user's is about."""
SETTLED_MS: Final = 3000
"""A face followed for so long is the user's, and looks become rare."""
RARE_LOOK_MS: Final = 2000
LARGER: Final = 1.5
MUCH_LARGER: Final = 2.5
"""How much larger and more central another face must be to take over from a new, and from a settled one: who leans in over
the user's shoulder is not; but the user is who comes back to a camera that has settled on somebody behind."""
KNOWN: Final = 2.0
"""How much being where the user was counts for a face, as a factor of its width."""
SAME_FACE: Final = 0.5
"""Face widths between centres, below which two finds are one face."""
FORGET_MS: Final = 5000
"""How long a user who can't be seen is remembered: palms may hide the face. Later any face may be the user again."""
MIN_SIZE: Final = 0.6
"""Of the remembered user's size: a smaller face is a printed one, or somebody behind."""
SAME_SIZE: Final = 1.3
"""Factor within which a small face is still the size that it had beside the user: for as long it is never the user's."""
PAINT: Final = 127
PAINT_ACROSS: Final = 1.2
PAINT_DOWN: Final = 1.6
"""Face widths painted over: all of the face, little of what is beside it, which may be the user."""

_FACE_SIDES: Final = [234, 454]


@dataclass(frozen=True, slots=True)
class _Place:
    """A face's centre and width, px."""

    x: float
    y: float
    width: float

    @staticmethod
    def of(face: Float, size_wh: tuple[int, int]) -> "_Place":
        px = face[:, :2] * size_wh
        x, y = px.mean(axis=0)
        right, left = px[_FACE_SIDES]
        return _Place(float(x), float(y), math.dist(right, left))

    def same_as(self, other: "_Place") -> bool:
        return math.dist((self.x, self.y), (other.x, other.y)) < SAME_FACE * max(self.width, other.width)

    def weight(self, picture_width: int) -> float:
        """Its width, less off the picture's middle: half at the edge."""
        return self.width * (1.0 - abs(self.x / picture_width - 0.5))


class UserFace:
    """``update`` once a frame."""

    def __init__(self, bundle: bytes) -> None:
        """Raises RuntimeError or ValueError where MediaPipe can't load the bundle."""
        self._bundle = bundle
        self._looker: FaceLandmarker | None = None
        self._open()
        self._user: _Place | None = None
        self._since_ms = 0
        self._seen_ms = 0
        self._looked_ms = -LOOK_MS
        self._seen = False
        self._strangers: list[_Place] = []
        self._beside: list[float] = []  # widths of much smaller faces that were seen together with the user's
        self._painted: NDArray[np.uint8] = np.empty((0, 0, 3), np.uint8)

    def _open(self) -> None:
        self._follower = FaceLandmarker(self._bundle, num_faces=1)

    def restart(self) -> None:
        """New landmarkers after a failure; who the user is stays known."""
        self.close()
        self._looker = None
        self._seen = False
        self._open()

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
            self._strangers = self._instead_of_user(place, self._look(rgb, size_wh), t_ms, size_wh[0])
            if self._strangers:
                self._seen = False
                return None
        if not self._seen and not self._remembered(t_ms):
            self._since_ms = t_ms
        self._seen, self._seen_ms, self._user, self._strangers = True, t_ms, place, []
        return face

    def _remembered(self, t_ms: int) -> bool:
        return self._user is not None and t_ms - self._seen_ms <= FORGET_MS

    def _must_look(self, t_ms: int) -> bool:
        return not self._seen or t_ms - self._looked_ms >= (RARE_LOOK_MS if self._settled(t_ms) else LOOK_MS)

    def _settled(self, t_ms: int) -> bool:
        return self._seen and t_ms - self._since_ms >= SETTLED_MS

    def find(self, rgb: NDArray[np.uint8]) -> Float | None:
        """Return the largest face of a single picture, (478, 3) in shares of width and height; None: there is none."""
        faces = self._all_faces(rgb)
        size_wh = (rgb.shape[1], rgb.shape[0])
        return max(faces, key=lambda face: _Place.of(face, size_wh).width, default=None)

    def _all_faces(self, rgb: NDArray[np.uint8]) -> list[Float]:
        if self._looker is None:
            self._looker = FaceLandmarker(self._bundle, ALL_FACES, video=False)
        return [face.astype(float) for face in self._looker.detect(picture(rgb))]

    def _look(self, rgb: NDArray[np.uint8], size_wh: tuple[int, int]) -> list[_Place]:
        return [_Place.of(face, size_wh) for face in self._all_faces(rgb)]

    def _instead_of_user(self, place: _Place, everybody: list[_Place], t_ms: int, picture_width: int) -> list[_Place]:
        """The faces to paint over because the followed one is not the user's; none if it is."""
        others = [other for other in everybody if not other.same_as(place)]
        if not self._seen:  # as long as the follower settles, the look's size is the true one
            place = next((face for face in everybody if face.same_as(place)), place)
        faces = [place, *others]
        user = self._user if self._remembered(t_ms) else None
        eligible = [face for face in faces if user is None or self._seen or face.width >= MIN_SIZE * user.width]
        eligible = [face for face in eligible if not self._is_known_stranger(face)]
        if not eligible:
            return faces

        stays = MUCH_LARGER if self._settled(t_ms) else LARGER

        def weight(face: _Place) -> float:
            """With what speaks for the face that is followed, or else for where the user was."""
            known = user is not None and not self._seen and face.same_as(user)
            return face.weight(picture_width) * (stays if face is place else 1.0) * (KNOWN if known else 1.0)

        best = max(eligible, key=weight)
        if best is not place:
            return [face for face in faces if face is not best]
        self._beside = [face.width for face in faces if face.width < MIN_SIZE * place.width]
        return []

    def _is_known_stranger(self, face: _Place) -> bool:
        """Whether it was about while the user was there, and is as small as it was then: printed, or somebody behind."""
        alike = any(1.0 / SAME_SIZE < face.width / width < SAME_SIZE for width in self._beside)
        return alike and self._user is not None and face.width < MIN_SIZE * self._user.width

    def _without_strangers(self, rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
        if self._painted.shape != rgb.shape:
            self._painted = np.empty_like(rgb)
        np.copyto(self._painted, rgb)
        for stranger in self._strangers:
            across, down = stranger.width * PAINT_ACROSS / 2, stranger.width * PAINT_DOWN / 2
            rows = slice(max(int(stranger.y - down), 0), max(int(stranger.y + down), 0))
            columns = slice(max(int(stranger.x - across), 0), max(int(stranger.x + across), 0))
            self._painted[rows, columns] = PAINT
        return self._painted
