"""What is remembered of the head's pose from frame to frame: attitude, size, where the joint with the neck is."""

import math
from dataclasses import replace
from typing import Final

from facetrack.geometry.head.landmarks import PIVOT_MM
from facetrack.geometry.head.pose_fit import Pose, PosePrior
from facetrack.packets import Float

_BARE: Final = 0.05
"""Covered share up to which a frame is taken as it is."""
_FULLY: Final = 0.3
"""Covered share from which the memory has its full weight."""
_PIVOT_WEIGHT: Final = 0.02
"""Of all pose points together. People shift in their seats by as much as hands draw a mesh along: held harder, a shift looks
like a turn."""
_STIFFNESS: Final = 1.0
_INERTIA_S: Final = 0.04
"""Time in which the pose would follow if all points were seen; it grows as fewer are."""
_SPREAD_MM: Final = 30.0
"""Of the pose points about their middle, along each axis."""
_SHORTEST_STEP_S: Final = 1e-3
_BARE_S: Final = 0.3
_COVERED_S: Final = 0.7
"""Time constants with which joint and scale are followed."""


class PoseMemory:
    """Follows the attitude, the pivot's place in the image and the scale; slowly while the face is covered.

    A user who moves in the seat takes the pivot along: ``shifted`` is the prior for that case, ``shift`` accepts it.
    """

    def __init__(self) -> None:
        self._pivot_px: Float | None = None
        self._pivot_mm = PIVOT_MM
        self._scale = 0.0
        self._t_s = 0.0
        self._pose: Pose | None = None

    def prior(self, covered: float, all_weight: float, t_s: float) -> PosePrior | None:
        """The memory as a prior for a frame with that covered share; None where there is nothing to guard against."""
        if self._pivot_px is None or self._pose is None or covered < _BARE:
            return None
        strength = min(1.0, covered / _FULLY)
        weight = _PIVOT_WEIGHT * all_weight * strength
        steps = _INERTIA_S / max(t_s - self._t_s, _SHORTEST_STEP_S)
        return PosePrior(
            self._pivot_mm,
            self._pivot_px,
            weight,
            self._scale,
            _STIFFNESS * strength,
            self._pose.scale * self._pose.rotation[:2],
            strength * steps * all_weight * _SPREAD_MM**2,
        )

    def shifted(self, prior: PosePrior, template_mm: Float, image_px: Float, weight: Float) -> PosePrior:
        """The prior for a head that moved without turning: by what the trusted points (P, 3), (P, 2), weight (P,) moved."""
        assert self._pose is not None
        moved = image_px - self._pose.project(template_mm)
        return replace(prior, pivot_px=self._pose.project(self._pivot_mm) + weight @ moved / weight.sum())

    def shift(self, pivot_px: Float) -> None:
        """The pivot has moved there with the head."""
        self._pivot_px = pivot_px

    def update(self, pose: Pose, covered: float, size: float, t_s: float) -> None:
        """Process a frame's pose. size: the user's mm a chart mm."""
        self._pivot_mm = PIVOT_MM * size
        pivot_px = pose.project(self._pivot_mm)
        if self._pivot_px is None:
            self._pivot_px, self._scale = pivot_px, pose.scale
        else:
            share = 1.0 - math.exp(-(t_s - self._t_s) / (_BARE_S if covered < _BARE else _COVERED_S))
            self._pivot_px = self._pivot_px + share * (pivot_px - self._pivot_px)
            self._scale += share * (pose.scale - self._scale)
        self._t_s = t_s
        self._pose = pose
