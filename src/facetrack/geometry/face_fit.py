"""FaceFit: one frame's way between image pixels and the chart."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from facetrack.geometry.anchor_map import AnchorMap
from facetrack.geometry.head_model import PIVOT_MM, head_model
from facetrack.geometry.pose import Pose
from facetrack.packets import Float

SOFTENING_MM: Final = 5.0
REACH_MM: Final = 40.0
FINGER_MM: Final = 6.0
"""A fingertip landmark lies inside the finger, about half its thickness above the skin that it touches."""

_CHIN_MM, _EAR_MM, _EAR_X_MM, _JAW_POWER = -114.0, -50.0, 72.0, 2.5
_NECK_BEGINS_MM: Final = 5.0
_NECK_BLEND_MM: Final = 25.0


def below_jaw(chart_mm: Float) -> Float:
    """(..., 2) -> (...) share in which a chart point belongs to the neck: 0 on the face, 1 from 30 mm below the jawline."""
    width = np.minimum(np.abs(chart_mm[..., 0]) / _EAR_X_MM, 1.0)
    jaw = _CHIN_MM + (_EAR_MM - _CHIN_MM) * width**_JAW_POWER
    t = np.clip((jaw - chart_mm[..., 1] - _NECK_BEGINS_MM) / _NECK_BLEND_MM, 0.0, 1.0)
    share: Float = t * t * (3.0 - 2.0 * t)
    return share


@dataclass(frozen=True, slots=True)
class FaceFit:
    """pose, the template it was fitted with (478, 3) mm, and the user's size: user's mm a chart mm.

    The face's map follows the mesh; neck and chest follow the head's position (the joint it turns on), not its turning.
    """

    pose: Pose
    template_mm: Float
    size: float
    held: bool = False
    _to_chart: AnchorMap = field(init=False)

    def __post_init__(self) -> None:
        model = head_model()
        inflated = self.template_mm.take(model.anchors, axis=0) + FINGER_MM * model.anchor_normals
        facing = model.anchor_normals @ self.pose.rotation[2]
        # Skin that faces away from the camera folds under what lies before it: it must not pull on the map.
        weight = np.minimum(np.maximum(facing / 0.4, 0.01), 1.0)
        weight *= weight
        scale = self.pose.scale * self.size
        seen = self.pose.project(inflated)
        to_chart = AnchorMap.between(seen, model.anchor_mm, SOFTENING_MM * scale, REACH_MM * scale, weight)
        object.__setattr__(self, "_to_chart", to_chart)

    @property
    def mm_per_px(self) -> float:
        return 1.0 / self.pose.scale

    def chart_from_image(self, points_px: Float) -> Float:
        """Where fingers at points_px (..., 2) touch the face: chart mm (..., 2). NaN in, NaN out."""
        face = self._to_chart(points_px)
        neck = (points_px - self._pivot_px()) * (np.array([1.0, -1.0]) / (self.pose.scale * self.size)) + PIVOT_MM[:2]
        share = below_jaw(face)[..., None]
        mapped: Float = face + share * (neck - face)
        return mapped

    def image_from_chart(self, points_mm: Float) -> Float:
        """Pixels (..., 2) of skin at chart points_mm (..., 2). NaN in, NaN out."""
        model = head_model()
        skin = self.pose.project(self.template_mm.take(model.anchors, axis=0))
        face = AnchorMap.between(model.anchor_mm, skin, SOFTENING_MM, REACH_MM)(points_mm)
        neck = (points_mm - PIVOT_MM[:2]) * (np.array([1.0, -1.0]) * (self.pose.scale * self.size)) + self._pivot_px()
        share = below_jaw(points_mm)[..., None]
        mapped: Float = face + share * (neck - face)
        return mapped

    def _pivot_px(self) -> Float:
        return self.pose.project(PIVOT_MM * self.size)
