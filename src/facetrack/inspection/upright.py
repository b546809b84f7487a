"""Turns the pictures of a source upright, where a recording or a camera stands on its head or on its side.

A face that stands on its head is found all the same, and its mesh is fitted the wrong way up. Turned by a quarter it is found
truly, and which way its forehead then points says which way up it was.
"""

import math
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from facetrack.capture.source import FrameSource, SourceInfo
from facetrack.capture.wrapped import WrappedSource
from facetrack.packets import Float, Frame

FindFace = Callable[[NDArray[np.uint8]], Float | None]
"""Finds the face's mesh, (478, 2) px, in a picture, (H, W, 3) BGR; None: there is none."""

AGREEING: Final = 3
"""Looks that say the same, and at least twice as many as say anything else."""
MOST_HELD: Final = 10
"""Frames that are held back until that is known; then they go on as they are, and the looks continue."""
LOOK_EVERY_S: Final = 0.25
QUARTER_DEG: Final = 45.0
"""A face this near to a quarter turn is at it."""
_TURNS: Final = (None, cv2.ROTATE_90_CLOCKWISE, cv2.ROTATE_180, cv2.ROTATE_90_COUNTERCLOCKWISE)
_HAIRLINE: Final = 10
_CHIN: Final = 152


def turned(image: NDArray[np.uint8], quarters: int) -> NDArray[np.uint8]:
    """Return the picture turned clockwise by so many quarters."""
    turn = _TURNS[quarters % 4]
    return image if turn is None else np.ascontiguousarray(cv2.rotate(image, turn), dtype=np.uint8)


def quarters_to_upright(image: NDArray[np.uint8], find_face: FindFace) -> int | None:
    """Return by how many quarters the picture must be turned clockwise for its face to be upright; None: it can't be told."""
    lies = _quarter(find_face(image))
    # Of the picture's four turns a face is found truly in the two in which it lies on its side. A mesh that is fitted the wrong
    # way up in one of them contradicts the other.
    first = lies if lies in (1, 3) else _clockwise(image, 1, find_face)
    second = _clockwise(image, 2 if lies in (1, 3) else 3, find_face)
    if first is None or (second is None and first != 0) or second not in (None, first):
        return None
    return -first % 4


def _clockwise(image: NDArray[np.uint8], quarters: int, find_face: FindFace) -> int | None:
    """Return how far clockwise the picture's face is turned, from the picture turned by so many quarters more."""
    found = _quarter(find_face(turned(image, quarters)))
    return None if found is None else (found - quarters) % 4


def _quarter(face: Float | None) -> int | None:
    """Return how many quarters clockwise a face is turned; None for none, or for one that lies between."""
    if face is None:
        return None
    x, y = face[_HAIRLINE, :2] - face[_CHIN, :2]
    roll = math.degrees(math.atan2(x, -y))
    quarters = round(roll / 90.0)
    return quarters % 4 if abs(roll - 90.0 * quarters) < QUARTER_DEG else None


class UprightSource(WrappedSource):
    """Gives the frames of another source, each turned as its first faces ask for; everything else is the source's own.

    on_turn: called once with "turned" if they are.
    """

    def __init__(self, source: FrameSource, find_face: FindFace, on_turn: Callable[[str], None] = lambda _remark: None) -> None:
        super().__init__(source)
        self._find_face, self._on_turn = find_face, on_turn
        self._votes: Counter[int] = Counter()
        self._quarters: int | None = None
        self._next_look_s = -math.inf

    @property
    def info(self) -> SourceInfo:
        info = super().info
        return replace(info, size_wh=info.size_wh[::-1]) if (self._quarters or 0) % 2 else info

    def frames(self) -> Iterator[Frame]:
        held: deque[Frame] = deque()
        holds = True
        for frame in self._source.frames():
            if self._quarters is None and frame.source_error is None:
                self._look(frame, held=holds)
            held.append(frame)
            holds = holds and self._quarters is None and len(held) < MOST_HELD
            while held and not holds:
                yield self._turned(held.popleft())
        while held:
            yield self._turned(held.popleft())

    def _look(self, frame: Frame, held: bool) -> None:
        if not held and frame.t_s < self._next_look_s:
            return
        self._next_look_s = frame.t_s + LOOK_EVERY_S
        quarters = quarters_to_upright(frame.image_bgr, self._find_face)
        if quarters is None:
            return
        self._votes[quarters] += 1
        count = self._votes[quarters]
        if count >= AGREEING and count >= 2 * (self._votes.total() - count):
            self._quarters = quarters
            if quarters:
                self._on_turn("turned")

    def _turned(self, frame: Frame) -> Frame:
        return replace(frame, image_bgr=turned(frame.image_bgr, self._quarters)) if self._quarters else frame
