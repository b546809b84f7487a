"""What travels from the camera to the tracker: frames and observations.

Conventions, written once and used everywhere:

- Left and right are the USER's. Arrays over sides or hands have the left one at index ``LEFT`` and the right one at
  ``RIGHT``. Pixels are never mirrored before tracking; only the display mirrors.
- Missing is NaN in arrays, with a bool mask beside it, and null in files; never 0.
- Units stand in names: ``_s`` seconds, ``_px`` pixels of the frame (x right, y down), ``_mm`` millimetres.
"""

from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]
Bool = NDArray[np.bool_]

LEFT: Final = 0
RIGHT: Final = 1
SIDES: Final = ("left", "right")
Doubt = Literal["picture", "person"]
"""Why nothing in a picture may be judged: it shows nobody as they are, or it can't be told who the user is."""

FACE_LANDMARKS: Final = 478
HAND_LANDMARKS: Final = 21


@dataclass(frozen=True, slots=True)
class Frame:
    """Holds one picture of a source.

    Attributes
    ----------
    image_bgr : ndarray
        (H, W, 3) uint8, C-contiguous, not mirrored. Treat it as read-only: sinks that draw copy it first.
    t_s : float
        Seconds since the source began; strictly rising.
    index : int
        Number of the frame in the source, dropped ones included.
    source_error : str, optional
        One line for the user about what is wrong with the source at the moment; None if nothing is. With an error nobody can
        be seen: the image is black, or a grey one in place of the missing picture.

    Examples
    --------
    >>> import facetrack, numpy
    >>> frame = facetrack.Frame(numpy.zeros((480, 640, 3), numpy.uint8), t_s=0.0, index=0)
    >>> frame.source_error is None
    True
    """

    image_bgr: NDArray[np.uint8]
    t_s: float
    index: int
    source_error: str | None = None


@dataclass(frozen=True, slots=True)
class Observation:
    """Holds what the tracker saw in one frame.

    Attributes
    ----------
    t_s : float
        The frame's time, in seconds since the source began.
    size_wh : tuple of int
        The frame's width and height in pixels.
    face_px : ndarray
        (478, 3) the user's face mesh in pixels; z on the scale of x, smaller is nearer to the camera. All NaN if no face was
        seen.
    hands_px : ndarray
        (2, 21, 3) the user's left and right hand, in the units of face_px. All NaN for a hand that was not seen.
    left_score : ndarray
        (2,) how surely the tracker calls each of them a left hand by its look alone, 0..1; NaN where that is not known.
    doubt : str, optional
        Why nothing of it may be judged: ``picture`` or ``person``; None if it may.
    repeated : bool
        Whether the picture is the same as the one before: it shows nothing new.

    Raises
    ------
    ValueError
        If an array has another shape.

    Examples
    --------
    >>> import facetrack
    >>> nobody = facetrack.Observation.empty(0.0, (640, 480))
    >>> nobody.face_seen, nobody.face_px.shape, nobody.hands_px.shape
    (False, (478, 3), (2, 21, 3))
    """

    t_s: float
    size_wh: tuple[int, int]
    face_px: Float
    hands_px: Float
    left_score: Float = field(default_factory=lambda: np.full(2, np.nan))
    doubt: Doubt | None = None
    repeated: bool = False

    def __post_init__(self) -> None:
        if self.face_px.shape != (FACE_LANDMARKS, 3) or self.hands_px.shape != (2, HAND_LANDMARKS, 3):
            raise ValueError(f"face_px {self.face_px.shape} and hands_px {self.hands_px.shape} are not (478, 3) and (2, 21, 3)")

    @property
    def face_seen(self) -> bool:
        """Say whether the user's face was seen."""
        return not bool(np.isnan(self.face_px[0, 0]))

    @property
    def hand_seen(self) -> Bool:
        """Say whether the left and the right hand were seen, (2,)."""
        seen: Bool = ~np.isnan(self.hands_px[:, 0, 0])
        return seen

    @staticmethod
    def empty(t_s: float, size_wh: tuple[int, int]) -> "Observation":
        """Make the observation of a frame in which nothing was seen."""
        return Observation(t_s, size_wh, np.full((FACE_LANDMARKS, 3), np.nan), np.full((2, HAND_LANDMARKS, 3), np.nan))
