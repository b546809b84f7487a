"""What passes between the hands' graphs and who decides whose hands they see: pictures, requests and detections."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facetrack.packets import Float
from facetrack.tracking.face.face_place import FacePlace


@dataclass(frozen=True, slots=True)
class Shown:
    """Holds a frame's picture."""

    rgb: NDArray[np.uint8]  # (H, W, 3); the next frame's takes its memory over
    image: Any  # MediaPipe's of it


@dataclass(frozen=True, slots=True)
class Detection:
    """Holds a hand that a graph found."""

    points: Float  # (21, 3) px
    handedness_score: float  # how surely it is a left one, 0..1

    @property
    def xy(self) -> Float:
        """Return the landmarks in the picture, (21, 2) px."""
        return self.points[:, :2]


@dataclass(frozen=True, slots=True)
class LookRequest:
    """Says how a graph is to look at a frame. Each way is tried only if those before it found nothing."""

    follow: bool = False  # go on with the hand that it saw last; without this it lets go of it first
    search: bool = False  # look for a hand anywhere in the picture
    hidden: list[Float] = field(default_factory=list)  # hands, (21, 2) px each, that it must not find
    lost: Float | None = None  # (21, 2) px where a hand should be that was lost
    around: tuple[FacePlace, float] | None = None  # look in a square about this face, that many face widths wide
