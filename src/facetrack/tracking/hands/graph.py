"""One of MediaPipe's graphs for one hand: it follows the hand that it saw last, or looks for one.

MediaPipe follows a hand by running its landmark model where the hand was in the frame before. A hand that it has lost, only its
palm detector finds again, and that is what fails on hands that lie on a face, are close, or are cut by the picture's edge.
Two more looks help, each measured on real hands seen close up:

- Where the hand was. The Tasks API takes no place to look at; but a graph in VIDEO mode looks first where it saw a hand last.
  So it is shown the rendered hand of the self-check, turned, scaled and moved onto the lost hand's place, and then the picture.
- A square about the face, its edges smeared outwards where it is larger than the picture: as from farther off.
"""

import math
from functools import cache
from importlib.resources import files
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from facetrack.packets import Float
from facetrack.tracking.face.face_place import FacePlace
from facetrack.tracking.hand_shape import FINGER_BASES, WRIST, hand_sizes, mean_distance
from facetrack.tracking.hands.request import Detection, LookRequest, Shown
from facetrack.tracking.mediapipe.landmarkers import HandLandmarker, picture

FRAME_MS: Final = 33
"""Step of the graph's clock from picture to picture; MediaPipe only wants it to rise."""
SQUARE_PX: Final = 320
"""Side of the square about the face."""
BELOW_FACE: Final = 0.2
"""Face widths by which the square's middle lies below the face's."""
NEAR: Final = 1.0
"""Hand sizes beyond which a find is not the hand that was lost."""
SIZES: Final = (0.6, 1.6)
"""Factors of the lost hand's size between which a find may be that hand."""
EDGE: Final = 0.3
"""Hand sizes from the picture's edge within which it cuts a hand."""
MARGIN: Final = 0.12
"""How far a hand is painted over beyond its landmarks, as a share of its extent: fingers are as thick."""
GREY: Final = (128, 128, 128)
_RENDERED_WRIST: Final = complex(130.2, 165.7)
_RENDERED_BASES: Final = complex(130.1, 105.8)
"""Where the self-check's picture has the wrist and the middle of the finger bases, px."""
_BLANK: Final = np.zeros((64, 64, 3), np.uint8)


class HandGraph:
    """Finds one hand, frame after frame. ``look`` once a frame, in whatever thread."""

    def __init__(self, bundle: bytes) -> None:
        """Raise RuntimeError or ValueError where MediaPipe can't load the bundle."""
        self._landmarker = HandLandmarker(bundle, num_hands=1)
        self._clock_ms = 0
        self._holds = False
        self._border = 0  # px by which the picture is larger in which it follows a hand, on each side

    def close(self) -> None:
        """End MediaPipe's graph. May be called more than once."""
        self._landmarker.close()

    def look(self, shown: Shown, request: LookRequest) -> Detection | None:
        """Return the hand, if there is one. Raises RuntimeError or ValueError where MediaPipe fails."""
        if not request.follow:
            self._let_go()
        found = self._follow(shown) if request.follow else None
        if found is None and request.search:
            found = self._search(shown, request.hidden)
        if found is None and request.lost is not None:
            found = self._look_where(shown, request.lost)
        if found is None and request.around is not None:
            found = self._look_around(shown, request, *request.around)
        return found

    def _search(self, shown: Shown, hidden: list[Float]) -> Detection | None:
        self._border = 0
        if not hidden:
            return self._detect(shown.rgb, shown.image)
        rgb = _without(shown.rgb, hidden)
        return self._detect(rgb, picture(rgb))

    def _look_where(self, shown: Shown, place: Float) -> Detection | None:
        """Make the graph expect a hand in that place, (21, 2) px, and look there.

        A hand that the picture's edge cuts is looked for, and then followed, in a picture whose edges are smeared outwards.
        """
        self._let_go()
        size_wh = np.array(shown.rgb.shape[1::-1])
        beyond = float(max(-place.min(), (place - size_wh).max())) + EDGE * float(hand_sizes(place))
        self._border = min(max(math.ceil(beyond), 0), int(size_wh.min()))
        primer = _rendered_at(place + self._border, size_wh + 2 * self._border)
        found = self._detect(primer, picture(primer)) and self._follow(shown)
        return found if found is not None and _is_same_hand(found.xy, place) else None

    def _follow(self, shown: Shown) -> Detection | None:
        """Look where the hand was in the frame before."""
        if not self._border:
            return self._detect(shown.rgb, shown.image)
        px = self._border
        rgb = cv2.copyMakeBorder(shown.rgb, px, px, px, px, cv2.BORDER_REPLICATE).astype(np.uint8, copy=False)
        found = self._detect(rgb, picture(rgb))
        return found and Detection(found.points - [px, px, 0.0], found.handedness_score)

    def _look_around(self, shown: Shown, request: LookRequest, face: FacePlace, widths: float) -> Detection | None:
        """Look in a square about the face. What is found there the graph then follows in the whole picture."""
        self._let_go()
        scale = SQUARE_PX / (widths * face.width)
        corner = np.array([face.x, face.y + BELOW_FACE * face.width]) - SQUARE_PX / 2 / scale
        square = _warped(_without(shown.rgb, request.hidden), np.column_stack([np.eye(2), -corner]) * scale)
        found = self._detect(square, picture(square))
        if found is None:
            return None
        there = Detection(found.points / scale + [*corner, 0.0], found.handedness_score)
        return self._look_where(shown, there.xy) or there

    def _let_go(self) -> None:
        """Show it a picture of nothing: it would look for the next hand where it saw the last one."""
        self._border = 0
        if self._holds:
            self._detect(_BLANK, picture(_BLANK))

    def _detect(self, rgb: NDArray[np.uint8], image: object) -> Detection | None:
        self._clock_ms += FRAME_MS
        found = self._landmarker.detect(image, self._clock_ms)
        self._holds = len(found.landmarks) > 0
        if not self._holds:
            return None
        height, width = rgb.shape[:2]
        return Detection(found.landmarks[0] * np.array([width, height, width], float), float(found.handedness_score[0]))


def _without(rgb: NDArray[np.uint8], hands: list[Float]) -> NDArray[np.uint8]:
    """Return the picture with hands, (21, 2) px each, painted over."""
    view = rgb.copy() if hands else rgb
    for xy in hands:
        hull = cv2.convexHull(xy.astype(np.float32)).astype(np.int32)
        margin = max(int(MARGIN * float(np.ptp(xy, axis=0).max())), 1)
        cv2.fillConvexPoly(view, hull, GREY)
        cv2.polylines(view, [hull], True, GREY, 2 * margin)
    return view


def _rendered_at(place: Float, size_wh: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Draw the rendered hand, turned, scaled and moved onto the place (21, 2) px of a picture of that size."""
    hand = _rendered_hand()
    wrist = complex(*place[WRIST])
    turn = ((complex(*place[FINGER_BASES].mean(axis=0)) - wrist) or 1.0) / (_RENDERED_BASES - _RENDERED_WRIST)
    shift = wrist - turn * _RENDERED_WRIST
    onto = np.array([[turn.real, -turn.imag, shift.real], [turn.imag, turn.real, shift.imag]])
    background = tuple(hand[2, 2].tolist())
    view = cv2.warpAffine(hand, onto, tuple(size_wh.tolist()), flags=cv2.INTER_LINEAR, borderValue=background)
    return view.astype(np.uint8, copy=False)


@cache
def _rendered_hand() -> NDArray[np.uint8]:
    """Load the hand of the models' self-check, RGB."""
    data = np.frombuffer(files("facetrack.tracking.models").joinpath("self_test_hand.png").read_bytes(), np.uint8)
    return np.asarray(cv2.cvtColor(np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR)), cv2.COLOR_BGR2RGB), np.uint8)


def _warped(rgb: NDArray[np.uint8], warp: Float) -> NDArray[np.uint8]:
    view = cv2.warpAffine(rgb, warp, (SQUARE_PX, SQUARE_PX), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return view.astype(np.uint8, copy=False)


def _is_same_hand(xy: Float, expected: Float) -> bool:
    size, was = hand_sizes(xy), hand_sizes(expected)
    return bool(SIZES[0] * was <= size <= SIZES[1] * was and mean_distance(xy, expected) <= NEAR * was)
