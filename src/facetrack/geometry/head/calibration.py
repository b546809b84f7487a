"""The user's neutral face, learnt from uncovered frames as they come."""

from typing import Final

import numpy as np

from facetrack.geometry.face_points import CalibrationState
from facetrack.geometry.head.canonical import IRIS_MM, canonical_face
from facetrack.geometry.head.landmarks import IRIS_DIAMETERS, head_model
from facetrack.geometry.head.pose_fit import align_shape
from facetrack.packets import Float

WANTED_S: Final = 2.0
"""Uncovered time after which the neutral face counts as known."""
PATIENCE_S: Final = 4.0
"""With hands on the face from the start, coaching begins this long after the first face, with what is known by then."""
WORST_PATIENCE_S: Final = 8.0
"""However it went, coaching begins after this."""
PARTIAL_S: Final = 0.3
"""Less uncovered time than this tells no more than the canonical face does."""
_LONGEST_STEP_S: Final = 0.2
"""Of a gap between frames no more than this counts as seen."""
_SIZE_LIMITS: Final = (0.6, 1.5)
"""User's size against the canonical face: from small children to the largest adults; beyond it the iris was misread."""


class Calibration:
    """Collects the neutral shape. ``template_mm`` and ``size`` are always usable; ``state`` tells how good they are."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget the user."""
        self.state: CalibrationState = "running"
        self.size = 1.0
        self.template_mm = canonical_face().points_mm
        self.uncovered_s = 0.0
        self._shape_sum = np.zeros_like(canonical_face().points_mm)
        self._sizes: list[float] = []
        self._differences: list[float] = []
        # How far the widths of the two irises differ, as a share, in half of the frames. Both are 11.7 mm: where they differ
        # (behind sunglasses, for instance, where the mesh can only guess them) the size is uncertain by as much.
        self.eyes_differ = 0.0
        self._first_s: float | None = None
        self._last_s = 0.0
        self._complete = False

    @property
    def share(self) -> float:
        """0..1: how much of the wanted uncovered time has been seen; 1 once the coach may judge."""
        return 1.0 if self.state != "running" else min(self.uncovered_s / WANTED_S, 1.0)

    def update(self, face_px: Float, hand_on_face: bool, t_s: float) -> bool:
        """Process a frame's face mesh (478, 3; no NaN). Returns whether template_mm or size changed."""
        if self._first_s is None:
            self._first_s = self._last_s = t_s
        step = min(t_s - self._last_s, _LONGEST_STEP_S)
        self._last_s = t_s
        if self._complete:
            return False
        if hand_on_face and self._sizes:
            return self._advance(t_s, hand_on_face)
        upright = face_px * (1.0, -1.0, -1.0)
        model, canonical = head_model(), canonical_face().points_mm
        rotation, _ = align_shape(upright[model.pose], canonical[model.pose], model.pose_weight)
        turned = (upright - upright[model.pose].mean(axis=0)) @ rotation.T
        px_per_mm = _iris_px(turned) / IRIS_MM
        spread_px = np.sqrt((turned[model.anchors, :2].var(axis=0)).sum())
        spread_mm = np.sqrt((canonical[model.anchors, :2].var(axis=0)).sum())
        size = float(spread_px / px_per_mm / spread_mm)
        if not _SIZE_LIMITS[0] < size < _SIZE_LIMITS[1]:
            return self._advance(t_s, hand_on_face)
        self._sizes.append(size)
        self._differences.append(_difference(turned))
        self.eyes_differ = float(np.median(self._differences))
        self.size = float(np.median(self._sizes))
        if not hand_on_face:
            shape = turned * (spread_mm / spread_px)  # in canonical size; the iris gives it the user's
            shape += (canonical[model.pose] - shape[model.pose]).mean(axis=0)
            self._shape_sum += shape * max(step, 1e-3)
            self.uncovered_s += max(step, 1e-3)
        self._advance(t_s, hand_on_face)
        if self.state == "running":
            self.template_mm = canonical * self.size
        return True

    def _advance(self, t_s: float, hand_on_face: bool) -> bool:
        assert self._first_s is not None
        waited = t_s - self._first_s
        if self.uncovered_s >= WANTED_S:
            self._complete = True
            self.state = "neutral"
        elif self.state == "running" and (waited >= WORST_PATIENCE_S or (waited >= PATIENCE_S and hand_on_face)):
            self.state = "partial" if self.uncovered_s >= PARTIAL_S else "canonical"
        else:
            return False
        if self.uncovered_s >= PARTIAL_S:
            self.template_mm = self._shape_sum / self.uncovered_s * self.size
        else:
            self.template_mm = canonical_face().points_mm * self.size
        return True


def _difference(turned: Float) -> float:
    """Return the difference of the irises' widths over their mean, of a mesh (478, 3) that was turned to the front.

    Heights say less: lids cover them.
    """
    ends = turned[np.array(IRIS_DIAMETERS)[[0, 2]], :2]
    left, right = np.linalg.norm(ends[:, 0] - ends[:, 1], axis=-1)
    return float(abs(left - right) / max((left + right) / 2.0, 1e-9))


def _iris_px(turned: Float) -> float:
    """Iris diameter of a mesh (478, 3) that was turned to the front: mean of both eyes, across and upright, as the
    canonical face's size was set."""
    ends = turned[np.array(IRIS_DIAMETERS), :2]
    return float(np.linalg.norm(ends[:, 0] - ends[:, 1], axis=-1).mean())
