"""FaceFit: one frame's way between image pixels and the chart."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from facetrack.geometry.face_surface import LATTICE, VIEWING_MM, FaceSurface
from facetrack.geometry.pose import Pose
from facetrack.packets import Float

APART_MM: Final = 6.0
"""A fingertip whose place can't be told more closely than this (s.d.) is not placed: zones are grown by 8 mm."""
_OFF_MM: Final = 2.0
"""How far a fingertip may lie off its place in the image: the tracker's errors (1.6-3 mm) and those of the surface."""
_ROUND_MM: Final = np.arange(-24.0, 49.0, 4.0)
"""Places looked at beside the one that was found, towards the camera and away from it round the head."""
_FOUND: Final = int(np.flatnonzero(_ROUND_MM == 0.0)[0])
_WIDEST: Final = 82.0 / LATTICE.cell_mm
"""Cells. No face is wider than this: half, with the ears."""
_MIDLINE: Final = -LATTICE.west / LATTICE.cell_mm
_NEARER: Final = 1.5
"""Square millimetres in the image that a millimetre towards the camera is worth, where two parts of the face overlap."""
_AVERTED: Final = 1e7
_STEPS: Final = 3
_LONGEST_STEP: Final = 1.5
"""Cells. Where the surface folds the slope leads astray."""
_DAMPING: Final = 0.3
"""Square millimetres; small against a cell's 64."""
_FACE_MM: Final = np.array([0.0, 60.0, 70.0])
"""The face's middle as seen from the joint of head and neck."""
_CORNERS: Final = np.array([0, 1, LATTICE.columns, LATTICE.columns + 1])
_ORIGIN: Final = np.array([LATTICE.west, LATTICE.south])
_LAST: Final = np.array([LATTICE.columns, LATTICE.rows]) - 1.001
_UP: Final = np.array([1.0, -1.0])


@dataclass(frozen=True, slots=True)
class FaceFit:
    """pose, the user's surface, and the user's size: user's mm a chart mm. held: the pose is an earlier frame's.

    Pixels and chart meet on the surface: the face turns with the head; neck and chest follow its position (the joint that it
    turns on), not its turning.
    """

    pose: Pose
    surface: FaceSurface
    size: float
    held: bool = False
    _nodes: Float = field(init=False)
    _choice: Float = field(init=False)

    def __post_init__(self) -> None:
        surface, rotation = self.surface, self.pose.rotation
        tips = surface.tip_turning @ rotation.T
        tips += surface.tip_resting * self._enlarged()
        nodes = np.ascontiguousarray(tips[:, :2])
        choice = np.einsum("ni,ni->n", nodes, nodes)
        choice -= _NEARER * tips[:, 2]
        choice += _AVERTED * (surface.normal_turning @ rotation[2] + surface.normal_resting <= 0.0)
        object.__setattr__(self, "_nodes", nodes)
        object.__setattr__(self, "_choice", choice)

    @property
    def mm_per_px(self) -> float:
        return 1.0 / self.pose.scale

    def chart_from_image(self, points_px: Float) -> Float:
        """Where fingers at points_px (..., 2) touch the face: chart mm (..., 2). NaN in, NaN out; NaN also where the image
        does not tell the place (``located``)."""
        chart, apart = self.located(points_px)
        chart[apart > APART_MM] = np.nan
        return chart

    def located(self, points_px: Float) -> tuple[Float, Float]:
        """Pixels (..., 2) -> chart mm (..., 2), and how far apart (...; s.d. in mm) the places are that would look the same.

        The finger is sought on the surface that lies half its thickness above the skin. On the side that turns away from the
        camera many places lie behind each other, and beyond the contour they are hidden: the mean of those that look alike
        is told, each with the likelihood of being seen there. NaN in, NaN out.
        """
        image = ((points_px * _UP - self.pose.shift) * self.mm_per_px).reshape(-1, 2)
        missing = np.isnan(image[:, 0])
        image[missing] = 0.0
        cell = self._nearest_cell(image)
        way = self._away()
        path = cell[:, None] + (_ROUND_MM[:, None] / LATTICE.cell_mm) * way
        off = self._image_mm(np.clip(path, 0.0, _LAST).reshape(-1, 2))[0].reshape(path.shape)
        np.subtract(image[:, None], off, out=off)
        squared = np.einsum("pki,pki->pk", off, off)
        squared[(np.abs(path[..., 0] - _MIDLINE) > _WIDEST) & (_ROUND_MM != 0.0)] = np.inf
        alike = np.exp((squared - squared.min(axis=1, keepdims=True)) * (-0.5 / _OFF_MM**2))
        alike /= alike.sum(axis=1, keepdims=True)
        mean = alike @ _ROUND_MM
        apart = np.sqrt(np.maximum(alike @ _ROUND_MM**2 - mean * mean, 0.0))
        chart = cell * LATTICE.cell_mm + _ORIGIN + mean[:, None] * way
        chart += self._beside(off[:, _FOUND])
        chart[missing] = apart[missing] = np.nan
        return chart.reshape(points_px.shape), apart.reshape(points_px.shape[:-1])

    def image_from_chart(self, points_mm: Float) -> Float:
        """Pixels (..., 2) of skin at chart points_mm (..., 2). NaN in, NaN out."""
        wanted = ((points_mm - _ORIGIN) / LATTICE.cell_mm).reshape(-1, 2)
        missing = np.isnan(wanted[:, 0])
        wanted[missing] = 0.0
        cell = np.clip(wanted, 0.0, _LAST)
        low, part = _split(cell)
        weight = _bilinear(part)
        place = np.einsum("pk,pki->pi", weight, self.surface.turning[low]) @ self.pose.rotation[:2].T
        place += np.einsum("pk,pki->pi", weight, self.surface.resting[low, :2]) * self._enlarged()
        place += (wanted - cell) * (LATTICE.cell_mm * self.size) @ self._upright()
        px = (place * self.pose.scale + self.pose.shift) * _UP
        px[missing] = np.nan
        shaped: Float = px.reshape(points_mm.shape)
        return shaped

    def _nearest_cell(self, image: Float) -> Float:
        """(P, 2) mm in the image -> (P, 2) column and row, with fractions, of the place that is seen nearest to it: from the
        nearest node (of overlapping parts the one in front) in damped steps along the surface (Levenberg 1944)."""
        node = (self._choice - (2.0 * image) @ self._nodes.T).argmin(axis=1)
        cell = np.minimum(np.stack(np.divmod(node, LATTICE.columns)[::-1], axis=-1), _LAST)
        for _ in range(_STEPS):
            seen, along = self._image_mm(cell)
            normal = along @ np.swapaxes(along, 1, 2)
            pull = np.einsum("pki,pi->pk", along, image - seen)
            xx, xy, yy = normal[:, 0, 0] + _DAMPING, normal[:, 0, 1], normal[:, 1, 1] + _DAMPING
            step = np.stack([yy * pull[:, 0] - xy * pull[:, 1], xx * pull[:, 1] - xy * pull[:, 0]], axis=-1)
            step /= (xx * yy - xy * xy)[:, None]
            length = np.sqrt(np.einsum("pi,pi->p", step, step))
            step *= np.minimum(1.0, _LONGEST_STEP / np.maximum(length, _LONGEST_STEP))[:, None]
            cell = np.clip(cell + step, 0.0, _LAST)
        found: Float = cell
        return found

    def _image_mm(self, cell: Float) -> tuple[Float, Float]:
        """Cells (P, 2) -> (P, 2) where tips are seen there, mm in the image from the nose bridge, y up, and (P, 2, 2) how that
        changes with column and row."""
        low, part = _split(cell)
        corner = self._nodes[low]
        south, north = corner[:, 1] - corner[:, 0], corner[:, 3] - corner[:, 2]
        column, row = part[:, :1], part[:, 1:]
        along = np.empty((len(cell), 2, 2))
        along[:, 0] = south + row * (north - south)
        along[:, 1] = corner[:, 2] - corner[:, 0] + column * (north - south)
        return corner[:, 0] + column * south + row * along[:, 1], along

    def _away(self) -> Float:
        """(2,) the way over the chart that leads round the head, away from the camera; any, where it looks straight on."""
        side = -self.pose.rotation[2, :2]
        unit: Float = side / max(float(np.hypot(side[0], side[1])), 1e-9)
        return unit

    def _upright(self) -> Float:
        """(2, 2) rows: the chart's axes in the image (y up), as the head is tilted."""
        across = self.pose.rotation[0, :2]
        across = across / np.hypot(across[0], across[1])
        axes: Float = np.array([[across[0], -across[1]], [across[1], across[0]]])
        return axes

    def _beside(self, off: Float) -> Float:
        """(P, 2) mm in the image off the nearest place -> chart mm: beyond the contour the chart goes on flat."""
        chart: Float = off @ self._upright().T / self.size
        return chart

    def _enlarged(self) -> float:
        """The neck's size against the face's scale: a head that bends forward is nearer to the camera, the neck is not."""
        nearer = self.pose.rotation[2] @ _FACE_MM - _FACE_MM[2]
        return 1.0 - float(nearer) / VIEWING_MM


def _split(cell: Float) -> tuple[np.ndarray[tuple[int, int], np.dtype[np.intp]], Float]:
    """(P, 2) -> (P, 4) nodes round each, and (P, 2) where between them."""
    low = cell.astype(np.intp)
    return (low[:, 1] * LATTICE.columns + low[:, 0])[:, None] + _CORNERS, cell - low


def _bilinear(part: Float) -> Float:
    """(P, 2) -> (P, 4) weights of the nodes of ``_split``."""
    column, row = part[:, 0], part[:, 1]
    return np.stack([(1 - column) * (1 - row), column * (1 - row), (1 - column) * row, column * row], axis=-1)
