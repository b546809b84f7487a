"""A second look for hands that the first does not find: where a lost hand was, and about the face.

MediaPipe follows a hand by running its landmark model where the hand was in the frame before. A hand that it has lost, only its
palm detector finds again, and that is what fails on hands that lie on a face, are close, or are cut by the picture's edge.
Two views help, each measured on real hands seen close up:

- Where the hand was. The Tasks API takes no place to look at; but a graph in VIDEO mode looks first where it saw a hand last.
  So a small graph is shown the rendered hand of the self-check, and then the user's picture, turned, scaled and moved so
  that the lost hand lies where that one was. What it finds, it follows in the same stable view until the first look sees it.
- A square about the face, its edges smeared outwards where it is larger than the picture: as from farther off.
"""

import math
from importlib.resources import files
from itertools import cycle
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from facetrack.packets import Float
from facetrack.tracking.face.face_place import FacePlace
from facetrack.tracking.hand_shape import FINGER_BASES, hand_sizes, mean_distance, palm_distance
from facetrack.tracking.hands.association import LostHand, Search
from facetrack.tracking.mediapipe.landmarkers import HandLandmarker, Hands, picture

VIEW_PX: Final = 320
"""Side of the views."""
SHOWN_SHARE: Final = 0.6
"""Of the view's side, the side of the rendered hand's picture: a hand can move its own length before a new aim."""
REAIM: Final = 0.2
"""Of the view's side: a palm that is farther from where the rendered one was gets a new view."""
NEAR: Final = 1.0
"""Hand sizes: a find farther from where the lost hand should be is not that hand."""
SIZES: Final = (0.6, 1.6)
"""Of the lost hand's size: others are not that hand."""
PAUSES_S: Final = (0.0, 0.03, 0.06, 0.12, 0.25, 0.4)
"""Between the tries for a lost hand, at its place and about the face in turn. A failed try takes about as long as the first
look, so they thin out, and end."""
ABOUT_FACE: Final = (2.4, 3.2)
"""Sides of the square about the face in face widths, in turn. Of 34 pictures of real hands at close faces the first look
found 10, these about 21 each, not the same ones."""
BELOW: Final = 0.2
"""Face widths by which the square's middle lies below the face's."""
LOOK_AROUND_S: Final = 1.0
"""Between looks about the face while a hand is not seen that may never have been: who starts with hands on the face."""
ONE_HAND: Final = 0.6
"""Hand sizes between landmarks, on average: what the first look found is not found again. Of clasped hands it is 0.8."""

_NOTHING: Final = Hands(np.empty((0, 21, 3), np.float32), np.empty(0))
_Find = tuple[Float, float]
"""Landmarks (21, 3) px of the picture, and how surely it is a left hand."""


class SecondLook:
    """``update`` on every frame. Graphs are made when they are first needed: one about the face, one for each lost hand."""

    def __init__(self, bundle: bytes) -> None:
        self._bundle = bundle
        self._views: list[_HandView] = []
        self._around: HandLandmarker | None = None
        self._sides = cycle(ABOUT_FACE)
        self._around_s = -math.inf

    def update(self, rgb: NDArray[np.uint8], t_s: float, first: Hands, search: Search) -> Hands:
        """Hands that the first look missed; landmarks in shares of the picture's width and height as its.

        rgb: (H, W, 3). Raises RuntimeError or ValueError where MediaPipe fails.
        """
        for view in self._views:
            if view.key not in {hand.key for hand in search.lost}:
                view.let_go()
        if not search.missing:
            return _NOTHING
        to_px = np.array([rgb.shape[1], rgb.shape[0], rgb.shape[1]], np.float32)
        seen = list(first.landmarks * to_px)
        found: list[_Find] = []

        def take(finds: list[_Find]) -> None:
            for find in finds:
                if len(found) < search.missing and _apart(find[0], seen):
                    found.append(find)
                    seen.append(find[0])

        around = t_s - self._around_s >= LOOK_AROUND_S
        for hand in search.lost:
            view = self._view_of(hand.key)
            take(view.look(rgb, t_s, hand))
            around = around or view.wants_around
        if around and search.face is not None and len(found) < search.missing:
            self._around_s = t_s
            take(self._look_around(rgb, search.face))
        if not found:
            return _NOTHING
        points = np.array([points for points, _ in found], np.float32) / to_px
        return Hands(points, np.array([score for _, score in found]))

    def close(self) -> None:
        """May be called more than once; graphs are made anew when needed again."""
        for view in self._views:
            view.close()
        self._views = []
        if self._around is not None:
            self._around.close()
            self._around = None

    def _view_of(self, key: int) -> "_HandView":
        for view in self._views:
            if view.key == key:
                return view
        for view in self._views:
            if view.key is None:
                view.key = key
                return view
        self._views.append(_HandView(self._bundle, key))
        return self._views[-1]

    def _look_around(self, rgb: NDArray[np.uint8], face: FacePlace) -> list[_Find]:
        if self._around is None:
            self._around = HandLandmarker(self._bundle, num_hands=2, video=False)
        scale = VIEW_PX / (next(self._sides) * face.width)
        middle = np.array([face.x, face.y + BELOW * face.width])
        warp = np.column_stack([np.eye(2) * scale, VIEW_PX / 2 - scale * middle])
        found = self._around.detect(picture(_warped(rgb, warp)))
        in_view = found.landmarks.astype(float) * VIEW_PX
        return [(_unwarped(points, warp), float(score)) for points, score in zip(in_view, found.left_score, strict=True)]


class _HandView:
    """A view in which a lost hand is followed, and its graph. key: the hand's, None while nobody uses it.

    wants_around: whether the last ``look`` was the turn of a look about the face.
    """

    def __init__(self, bundle: bytes, key: int) -> None:
        self._graph = HandLandmarker(bundle, num_hands=1)
        self._shown = _rendered_hand()
        self._clock_ms = 0
        self._holding = False
        self._target: Float = np.zeros((21, 2))  # of the rendered hand, px in the view
        self.let_go()
        self.key: int | None = key

    def let_go(self) -> None:
        """The hand is seen without this."""
        self.key = None
        self.wants_around = False
        self._warp: Float | None = None  # (2, 3), picture -> view, while the hand is followed
        self._tries = 0
        self._tried_s = -math.inf

    def close(self) -> None:
        self._graph.close()

    def look(self, rgb: NDArray[np.uint8], t_s: float, hand: LostHand) -> list[_Find]:
        """The hand, if it is found."""
        self.wants_around = False
        if self._warp is None and not self._aim(hand.xy, t_s):
            return []
        assert self._warp is not None
        found = self._detect(_warped(rgb, self._warp))
        in_view = found.landmarks.astype(float) * VIEW_PX
        points = _unwarped(in_view[0], self._warp) if len(in_view) else None
        if points is None or not _same_hand(points[:, :2], hand.xy):
            self._warp = None
            return []
        self._tries = 0
        if self._off_target(in_view[0]):
            self._warp = None
        return [(points, float(found.left_score[0]))]

    def _aim(self, xy: Float, t_s: float) -> bool:
        """Makes the graph expect a hand in the view's middle, and turns the view so that xy lies there."""
        if self._tries >= len(PAUSES_S) or t_s - self._tried_s < PAUSES_S[self._tries]:
            return False
        self.wants_around = self._tries % 2 == 1
        self._tries, self._tried_s = self._tries + 1, t_s
        if self.wants_around:
            return False
        if self._holding:
            self._detect(np.zeros_like(self._shown))  # it would look for the rendered hand where it saw the last one
        shown = self._detect(self._shown)
        if not len(shown.landmarks):
            return False
        self._target = shown.landmarks[0, :, :2].astype(float) * VIEW_PX
        self._warp = _similarity(xy, self._target)
        return True

    def _off_target(self, in_view: Float) -> bool:
        return palm_distance(in_view[:, :2], self._target) > REAIM * VIEW_PX

    def _detect(self, view: NDArray[np.uint8]) -> Hands:
        self._clock_ms += 33
        found = self._graph.detect(picture(view), self._clock_ms)
        self._holding = len(found.landmarks) > 0
        return found


def _rendered_hand() -> NDArray[np.uint8]:
    """The self-check's hand in the middle of a view, RGB."""
    data = np.frombuffer(files("facetrack.tracking.models").joinpath("selfcheck_hand.png").read_bytes(), np.uint8)
    hand = cv2.cvtColor(np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR)), cv2.COLOR_BGR2RGB)
    side = int(VIEW_PX * SHOWN_SHARE)
    view = np.full((VIEW_PX, VIEW_PX, 3), hand[2, 2], np.uint8)
    corner = (VIEW_PX - side) // 2
    view[corner : corner + side, corner : corner + side] = cv2.resize(hand, (side, side), interpolation=cv2.INTER_AREA)
    return view


def _similarity(xy: Float, target: Float) -> Float:
    """(2, 3) that turns, scales and moves the wrist and the middle of the finger bases of xy onto those of target."""
    along = complex(*(xy[FINGER_BASES].mean(axis=0) - xy[0])) or 1.0
    turn = complex(*(target[FINGER_BASES].mean(axis=0) - target[0])) / along
    matrix = np.array([[turn.real, -turn.imag], [turn.imag, turn.real]])
    return np.column_stack([matrix, target[0] - matrix @ xy[0]])


def _warped(rgb: NDArray[np.uint8], warp: Float) -> NDArray[np.uint8]:
    view = cv2.warpAffine(rgb, warp, (VIEW_PX, VIEW_PX), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return view.astype(np.uint8, copy=False)


def _unwarped(in_view: Float, warp: Float) -> Float:
    """(21, 3) px of the view -> of the picture."""
    back = np.linalg.inv(warp[:, :2])
    points = np.empty_like(in_view)
    points[:, :2] = (in_view[:, :2] - warp[:, 2]) @ back.T
    points[:, 2] = in_view[:, 2] * math.sqrt(abs(np.linalg.det(back)))
    return points


def _same_hand(xy: Float, expected: Float) -> bool:
    size, was = hand_sizes(xy), hand_sizes(expected)
    return bool(SIZES[0] * was <= size <= SIZES[1] * was and mean_distance(xy, expected) <= NEAR * was)


def _apart(points: Float, seen: list[Float]) -> bool:
    """Whether these are not the landmarks of a hand that was seen."""
    hands = [points[:, :2], *[hand[:, :2] for hand in seen]]
    sizes = [hand_sizes(xy) for xy in hands]
    return all(
        mean_distance(hands[0], xy) > ONE_HAND * max(sizes[0], size) for xy, size in zip(hands[1:], sizes[1:], strict=True)
    )
