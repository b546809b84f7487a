"""FaceFit: one frame's way between image pixels and the chart."""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from facetrack.geometry.chart.grid import Index
from facetrack.geometry.head.pose_fit import Pose
from facetrack.geometry.surface.face_surface import COARSE_MM, LATTICE, TOUCH, TOUCH_NODE, VIEWING_MM, FaceSurface
from facetrack.packets import Float

APART_MM: Final = 8.7
"""A fingertip whose place can't be told more closely than this (s.d.) is not placed: zones are grown by 8 mm."""
_OFF_MM: Final = 1.75
"""How far a fingertip may lie off its place in the image: the tracker's errors (1.6-3 mm) and those of the surface."""
_NEARER: Final = 1.5
"""Square millimetres in the image that a millimetre towards the camera is worth, where two parts of the face overlap."""
_FACE_UP_MM, _FACE_AHEAD_MM = 60.0, 70.0
"""The face's middle as seen from the joint of head and neck."""
_DIRECTIONS: Final = 24
"""So many strips of nodes there are, one for each way round the head that may lead away from the camera."""
_CORNERS: Final = np.array([0, 1, LATTICE.columns, LATTICE.columns + 1])
"""From a cell's first node to its four."""
_LAST: Final = np.array([LATTICE.columns, LATTICE.rows]) - 1.001


def _strip(direction: int) -> tuple[Index, Float]:
    """Return the K nodes of TOUCH that are compared around one, as steps in its list (K,), and (K, 4) what their likelihoods
    are multiplied with for the means of the step (x, y in mm), of its length along the strip, and of that length's square.

    The strip is seven nodes wide and leads from six nodes towards the camera to twelve away from it.
    """
    angle = 2.0 * np.pi * direction / _DIRECTIONS
    way = np.array([np.cos(angle), np.sin(angle)])
    longer = np.abs(way).max()  # of its two parts: a strip has one row, or column, for each of its nodes
    line = np.rint(np.outer(np.arange(round(-6 * longer), round(12 * longer) + 1), way / longer))
    across = np.outer(np.arange(-3, 4), np.abs(way) < longer)
    steps = (line[:, None] + across).reshape(-1, 2)
    steps_mm = TOUCH.cell_mm * steps
    along_mm = steps_mm @ way
    return (steps @ (1, TOUCH.columns)).astype(np.intp), np.column_stack([steps_mm, along_mm, along_mm**2])


_STRIPS: Final = [_strip(direction) for direction in range(_DIRECTIONS)]


@dataclass(frozen=True)
class FaceFit:
    """pose, the user's surface, and the user's size: user's mm a chart mm. held: the pose is an earlier frame's.

    Pixels and chart meet on the surface: the face turns with the head; neck and chest follow its position (the joint that it
    turns on), not its turning.
    """

    pose: Pose
    surface: FaceSurface
    size: float
    held: bool = False

    @property
    def mm_per_px(self) -> float:
        return 1.0 / self.pose.scale

    def located(self, points_px: Float, layer: int | Index = 0) -> tuple[Float, Float]:
        """Pixels (..., 2) -> chart mm (..., 2), and how far apart (...; s.d. in mm) the places are that would look the same.

        The finger is sought on the surface that lies half its thickness above the skin. layer: which one of
        ``face_surface.LAYERS``, for all points or each of the last axis. All places around the nearest that can be seen are
        compared with the picture; the mean of those that look alike is told, each with the likelihood of being seen there: on
        the side that turns away from the camera many places lie behind each other, and beyond the contour they are hidden.
        NaN in, NaN out. The plain twin is ``tests.geometry.reference.projection.PlainFaceFit.located``.
        """
        node = self._nearest_in_front(points_px)
        steps, moments_of = self._strip()
        around: Index = (TOUCH_NODE.take(node) + layer)[..., None] + steps
        off: Float = points_px[..., None, :] - self.surface.touched.take(around, axis=0) @ self._camera[:2, :6].T
        squared = np.einsum("...i,...i->...", off, off)
        likely = np.exp((squared.min(axis=-1, keepdims=True) - squared) * (0.5 / (_OFF_MM * self.pose.scale) ** 2))
        likely /= likely.sum(axis=-1, keepdims=True)
        mean = likely @ moments_of
        rest = np.einsum("...k,...ki->...i", likely, off) @ self._turned(1.0 / self._px_per_chart_mm)
        place = COARSE_MM.take(node, axis=0) + mean[..., :2] + rest
        return place, np.sqrt(np.maximum(mean[..., 3] - mean[..., 2] ** 2, 0.0))

    def image_from_chart(self, points_mm: Float) -> Float:
        """Pixels (..., 2) of skin at chart points_mm (..., 2). NaN in, NaN out."""
        wanted = (points_mm.reshape(-1, 2) - (LATTICE.west, LATTICE.south)) / LATTICE.cell_mm
        cell = np.fmin(np.fmax(wanted, 0.0), _LAST)
        base = cell.astype(np.intp)
        (column, row), (far_column, far_row) = (cell - base).T, (base + 1 - cell).T
        weight = np.stack([far_column * far_row, column * far_row, far_column * row, column * row], axis=-1)
        nodes = self.surface.skin.take((base @ (1, LATTICE.columns))[:, None] + _CORNERS, axis=0)
        px = np.einsum("pk,pki->pi", weight, nodes) @ self._camera[:2, :7].T
        px += (wanted - cell) @ self._turned(self._px_per_chart_mm * LATTICE.cell_mm)
        shaped: Float = px.reshape(points_mm.shape)
        return shaped

    def _nearest_in_front(self, image_px: Float) -> Index:
        """(..., 2) -> (...) the coarse node that is seen nearest to it; of overlapping parts the one in front."""
        seen = self._camera @ self.surface.coarse
        unlike = np.einsum("in,in->n", seen[:2], seen[:2]) - seen[2]
        unlike = np.where(seen[3] > 0.0, unlike, np.inf)
        node: Index = (unlike - 2.0 * image_px @ seen[:2]).argmin(axis=-1)
        return node

    @cached_property
    def _camera(self) -> Float:
        """(4, 11) what a row of ``surface.coarse`` is multiplied with: x and y in the picture, how much nearer it is (as square
        pixels that this is worth), and how far the skin faces the camera. The first columns are for other rows, too."""
        (xx, xy, xz), (yx, yy, yz), (zx, zy, zz) = self._axes
        k, (right, up) = self._px_per_chart_mm, self.pose.shift
        near = _NEARER * self.pose.scale * k
        # The neck's size against the face's scale: a head that bends forward is nearer to the camera, the neck is not.
        neck = 1.0 - (zy * _FACE_UP_MM + (zz - 1.0) * _FACE_AHEAD_MM) / VIEWING_MM
        return np.array(
            (
                (k * xx, k * xy, k * xz, k * neck, 0.0, right, 0.0, 0.0, 0.0, 0.0, 0.0),
                (-k * yx, -k * yy, -k * yz, 0.0, -k * neck, -up, 0.0, 0.0, 0.0, 0.0, 0.0),
                (near * zx, near * zy, near * zz, 0.0, 0.0, 0.0, near * neck, 0.0, 0.0, 0.0, 0.0),
                (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, zx, zy, zz, 1.0),
            )
        )

    def _turned(self, factor: float) -> Float:
        """(2, 2) turns a step on the chart into the picture, as the head is tilted, and back; times factor."""
        (xx, xy, _), (yx, yy, _), _ = self._axes
        along, aside = xx + yy, yx - xy
        factor /= math.hypot(along, aside)
        return np.array(((factor * along, -factor * aside), (-factor * aside, -factor * along)))

    def _strip(self) -> tuple[Index, Float]:
        """The nodes to compare: along the way over the chart that leads round the head, away from the camera."""
        x, y, _ = self._axes[2]
        return _STRIPS[round(math.atan2(-y, -x) / (2.0 * math.pi) * _DIRECTIONS) % _DIRECTIONS]

    @property
    def _px_per_chart_mm(self) -> float:
        return self.pose.scale * self.size

    @cached_property
    def _axes(self) -> list[list[float]]:
        """The picture's right, up and ahead in the head."""
        axes: list[list[float]] = self.pose.rotation.tolist()
        return axes
