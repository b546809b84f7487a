"""What is remembered of the head's pose from frame to frame: where its joint with the neck is, and how large it is."""

from dataclasses import replace
from typing import Final

import numpy as np

from facetrack.geometry.head_model import PIVOT_MM
from facetrack.geometry.pose import Pose, PosePrior
from facetrack.packets import Float

_BARE: Final = 0.05
"""Covered share up to which a frame is taken as it is."""
_FULLY: Final = 0.3
"""Covered share from which the memory has its full weight."""
_PIVOT_WEIGHT: Final = 0.3
"""Of all pose points together."""
_STIFFNESS: Final = 1.0
_BARE_S: Final = 0.3
_COVERED_S: Final = 3.0
"""Time constants with which the memory follows: people do shift, slowly, with their hands on the face."""


class PoseMemory:
    """Follows the pivot's place in the image and the scale; slowly while the face is covered.

    A user who moves in the seat takes the pivot along: ``shifted`` is the prior for that case, ``shift`` accepts it.
    """

    def __init__(self) -> None:
        self._pivot_px: Float | None = None
        self._pivot_mm = PIVOT_MM
        self._scale = 0.0
        self._t_s = 0.0
        self._pose: Pose | None = None

    def prior(self, covered: float, all_weight: float) -> PosePrior | None:
        """The memory as a prior for a frame with that covered share; None where there is nothing to guard against."""
        if self._pivot_px is None or covered < _BARE:
            return None
        strength = min(1.0, covered / _FULLY)
        weight = _PIVOT_WEIGHT * all_weight * strength
        return PosePrior(self._pivot_mm, self._pivot_px, weight, self._scale, _STIFFNESS * strength)

    def shifted(self, prior: PosePrior, template_mm: Float, image_px: Float, weight: Float) -> PosePrior:
        """The prior for a head that moved without turning: by what the trusted points (P, 3), (P, 2), weight (P,) moved."""
        assert self._pose is not None
        moved = image_px - self._pose.project(template_mm)
        return replace(prior, pivot_px=self._pose.project(self._pivot_mm) + weight @ moved / weight.sum())

    def shift(self, pivot_px: Float) -> None:
        """The pivot has moved there with the head."""
        self._pivot_px = pivot_px

    def update(self, pose: Pose, covered: float, size: float, t_s: float) -> None:
        """Take a frame's pose. size: the user's mm a chart mm."""
        self._pivot_mm = PIVOT_MM * size
        pivot_px = pose.project(self._pivot_mm)
        if self._pivot_px is None:
            self._pivot_px, self._scale = pivot_px, pose.scale
        else:
            share = 1.0 - float(np.exp(-(t_s - self._t_s) / (_BARE_S if covered < _BARE else _COVERED_S)))
            self._pivot_px = self._pivot_px + share * (pivot_px - self._pivot_px)
            self._scale += share * (pose.scale - self._scale)
        self._t_s = t_s
        self._pose = pose
