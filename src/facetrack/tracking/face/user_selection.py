"""Selects the user's face among all faces: the one that the hands work on; before that the largest, most central one.

MediaPipe smooths a face's landmarks only when it follows exactly one (measured on real clips: 1.5 to 3.4 times less jitter,
and a third less time, than with two or more), and which one that is it chooses by score alone. So it follows one, and
a second landmarker looks at the whole picture, for all faces, only at moments that matter: when a face was found after
there was none, and now and then while the user is new. If the followed face is not the user, it is painted over in
the face landmarker's picture until the user is found.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from facetrack.packets import Float
from facetrack.tracking.face.face_place import fits_face
from facetrack.tracking.hand_shape import TIPS, hand_sizes
from facetrack.tracking.mediapipe.landmarkers import FaceLandmarker, picture

ALL_FACES: Final = 5
LOOK_MS: Final = 500
"""Between looks while the user is new, or while a face that is not the user's is about."""
SETTLED_MS: Final = 3000
"""A face that was followed this long is the user's, and looks become rare."""
RARE_LOOK_MS: Final = 2000
LARGER: Final = 1.5
MUCH_LARGER: Final = 2.5
"""How much larger and more central another face must be to take over from a new, and from a settled one: who leans in over
the user's shoulder is not; but the user is who comes back to a camera that has settled on somebody behind."""
KNOWN: Final = 2.0
"""How much being where the user was counts for a face, as a factor of its width."""
MOST_MS: Final = 100
"""That a frame stands for."""
SAME_FACE: Final = 0.5
"""Face widths between centres, below which two finds are one face."""
FORGET_MS: Final = 5000
"""How long a user who can't be seen is remembered: palms may hide the face. Later any face may be the user again."""
MIN_SIZE: Final = 0.6
"""A face of less than this share of the remembered user's size is a printed one, or somebody behind."""
SAME_SIZE: Final = 1.3
"""Factor within which a small face is still the size that it had beside the user: for as long it is never the user's."""
WORKED_S: Final = 0.7
"""A face on which hands have been this long is at work."""
AT_WORK: Final = 10.0
"""How much that counts for a face, as a factor of its width: more than all else."""
MASK_COLOUR: Final = 127
MASKED_ACROSS: Final = 1.2
MASKED_DOWN: Final = 1.6
"""Face widths painted over: all of the face, little of what is beside it, which may be the user."""

_FACE_SIDES: Final = [234, 454]


@dataclass(slots=True)
class _Place:
    """Holds a face's centre and width, px, and for how many seconds hands have worked on it."""

    x: float
    y: float
    width: float
    worked_s: float = 0.0

    @property
    def at_work(self) -> bool:
        return self.worked_s >= WORKED_S

    @staticmethod
    def of(face: Float, size_wh: tuple[int, int]) -> "_Place":
        px = face[:, :2] * size_wh
        x, y = px.mean(axis=0)
        right, left = px[_FACE_SIDES]
        return _Place(float(x), float(y), math.dist(right, left))

    def same_as(self, other: "_Place") -> bool:
        return math.dist((self.x, self.y), (other.x, other.y)) < SAME_FACE * max(self.width, other.width)

    def weight(self, picture_width: int) -> float:
        """Weigh its width, less off the picture's middle: half at the edge; more with hands at work on it."""
        return self.width * (1.0 - abs(self.x / picture_width - 0.5)) * (AT_WORK if self.at_work else 1.0)

    def is_touched(self, hand: Float) -> bool:
        """Say whether a fingertip of a hand (21, 3) px lies on it, and the hand is as large as one beside it."""
        off = (hand[TIPS, :2] - (self.x, self.y)) / (MASKED_ACROSS * self.width, MASKED_DOWN * self.width)
        fits = fits_face(hand, self.width) and hand_sizes(hand[:, :2]) < self.width
        return bool(fits and (np.abs(off) < 0.5).all(axis=1).any())


class UserFaceSelector:
    """Selects the user's face. ``update`` once a frame."""

    def __init__(self, bundle: bytes) -> None:
        """Raise RuntimeError or ValueError where MediaPipe can't load the bundle."""
        self._bundle = bundle
        self._looker: FaceLandmarker | None = None
        self._open()
        self._user: _Place | None = None
        self._since_ms = 0
        self._seen_ms = 0
        self._looked_ms = -LOOK_MS
        self._seen = False
        self._updated_ms = 0
        self._masked: list[_Place] = []
        self._people: list[_Place] = []  # all faces of the last look, the user's as it was last seen
        self._beside: list[float] = []  # widths of much smaller faces that were seen together with the user's
        self._painted: NDArray[np.uint8] = np.empty((0, 0, 3), np.uint8)

    def _open(self) -> None:
        self._follower = FaceLandmarker(self._bundle, num_faces=1)

    def restart(self) -> None:
        """Make new landmarkers after a failure; who the user is stays known."""
        self.close()
        self._looker = None
        self._seen = False
        self._open()

    def close(self) -> None:
        self._follower.close()
        if self._looker is not None:
            self._looker.close()

    @property
    def in_doubt(self) -> bool:
        """Say whether another face could be the user's: hands work on it alone, or it is as large and as much at work."""
        user = self._user
        if not self._seen or user is None:
            return False
        others = [person for person in self._people if not person.same_as(user)]
        alike = [other for other in others if other.width * LARGER > user.width and other.at_work == user.at_work]
        return bool(alike) or any(other.at_work and not user.at_work for other in others)

    def update(self, rgb: NDArray[np.uint8], image: Any, t_ms: int, hands: Sequence[Float] = ()) -> Float | None:
        """Return the user's face, (478, 3) in shares of width and height, or None.

        image: MediaPipe's of ``rgb``. hands: (21, 3) px each, anybody's, that were seen in the frame before.
        """
        size_wh = (rgb.shape[1], rgb.shape[0])
        self._note_hands(hands, t_ms)
        if self._masked:
            image = picture(self._without_other_faces(rgb))
        found = self._follower.detect(image, t_ms)
        if len(found) == 0:
            self._seen = False
            self._masked = [] if t_ms - self._looked_ms > LOOK_MS else self._masked
            return None
        face: Float = found[0].astype(float)
        place = self._with_work(_Place.of(face, size_wh))
        if self._must_look(t_ms):
            self._looked_ms = t_ms
            self._masked = self._instead_of_user(place, self._look(rgb, size_wh), t_ms, size_wh[0])
            if self._masked:
                self._seen = False
                return None
        if not self._seen and not self._remembered(t_ms):
            self._since_ms = t_ms
        self._people = [place if person.same_as(place) else person for person in self._people]
        self._seen, self._seen_ms, self._user, self._masked = True, t_ms, place, []
        return face

    def _note_hands(self, hands: Sequence[Float], t_ms: int) -> None:
        """Note on whose faces hands work: that says whose they are."""
        elapsed_s = min(t_ms - self._updated_ms, MOST_MS) / 1000
        self._updated_ms = t_ms
        for person in self._people:
            person.worked_s += elapsed_s * any(person.is_touched(hand) for hand in hands)

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
        """Find everybody in the picture, with what is known of them."""
        self._people = [self._with_work(_Place.of(face, size_wh)) for face in self._all_faces(rgb)]
        return self._people

    def _with_work(self, place: _Place) -> _Place:
        place.worked_s = next((person.worked_s for person in self._people if person.same_as(place)), 0.0)
        return place

    def _instead_of_user(self, place: _Place, everybody: list[_Place], t_ms: int, picture_width: int) -> list[_Place]:
        """Return the faces to paint over because the followed one is not the user's; none if it is."""
        others = [other for other in everybody if not other.same_as(place)]
        if not self._seen:  # as long as the follower settles, the look's size is the true one
            place = next((face for face in everybody if face.same_as(place)), place)
        faces = [place, *others]
        user = self._user if self._remembered(t_ms) else None
        eligible = [face for face in faces if face.at_work or self._may_be_user(face, user)]
        if not eligible:
            return faces

        stays = MUCH_LARGER if self._settled(t_ms) else LARGER

        def weight(face: _Place) -> float:
            """Weigh a face, with what speaks for the face that is followed, or else for where the user was."""
            known = user is not None and not self._seen and face.same_as(user)
            return face.weight(picture_width) * (stays if face is place else 1.0) * (KNOWN if known else 1.0)

        best = max(eligible, key=weight)
        if best is not place:
            return [face for face in faces if face is not best]
        self._beside = [face.width for face in faces if face.width < MIN_SIZE * place.width]
        return []

    def _may_be_user(self, face: _Place, user: _Place | None) -> bool:
        """Say whether it is as large as the user was, and not one that was about beside the user and as small as it is now."""
        if user is not None and not self._seen and face.width < MIN_SIZE * user.width:
            return False
        return not self._is_known_other(face)

    def _is_known_other(self, face: _Place) -> bool:
        """Say whether it was about while the user was there, and is as small as it was then: printed, or somebody behind."""
        alike = any(1.0 / SAME_SIZE < face.width / width < SAME_SIZE for width in self._beside)
        return alike and self._user is not None and face.width < MIN_SIZE * self._user.width

    def _without_other_faces(self, rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
        if self._painted.shape != rgb.shape:
            self._painted = np.empty_like(rgb)
        np.copyto(self._painted, rgb)
        for other in self._masked:
            across, down = other.width * MASKED_ACROSS / 2, other.width * MASKED_DOWN / 2
            rows = slice(max(int(other.y - down), 0), max(int(other.y + down), 0))
            columns = slice(max(int(other.x - across), 0), max(int(other.x + across), 0))
            self._painted[rows, columns] = MASK_COLOUR
        return self._painted
