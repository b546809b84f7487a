"""FaceFit: one frame's way between image pixels and the chart."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetrack.geometry.face_surface import LATTICE, VIEWING_MM, FaceSurface
from facetrack.geometry.grid import Index
from facetrack.geometry.pose import Pose
from facetrack.packets import Float

Complex = NDArray[np.complex128]
"""Points of a plane, x + iy: half as many array calls as with pairs."""

APART_MM: Final = 7.0
"""A fingertip whose place can't be told more closely than this (s.d.) is not placed: zones are grown by 8 mm."""
_OFF_MM: Final = 2.0
"""How far a fingertip may lie off its place in the image: the tracker's errors (1.6-3 mm) and those of the surface."""
_ROUND_MM: Final = np.arange(-24.0, 49.0, 4.0)
"""Places looked at beside the one that was found, towards the camera and away from it round the head."""
_MOMENTS: Final = np.stack([np.ones_like(_ROUND_MM), _ROUND_MM, _ROUND_MM**2], axis=-1)
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
_DAMPING: Final = 1.0
"""Square of what of a cell is seen, mm^4: 4096 for one that faces the camera. Where it is less than this, steps get small."""
_FACE_MM: Final = np.array([0.0, 60.0, 70.0])
"""The face's middle as seen from the joint of head and neck."""
_CORNERS: Final = np.array([0, 1, LATTICE.columns, LATTICE.columns + 1])
_ORIGIN: Final = complex(LATTICE.west, LATTICE.south)
_LAST: Final = np.array([LATTICE.columns, LATTICE.rows]) - 1.001
_NOWHERE: Final = complex(np.nan, np.nan)
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
    _seen: Complex = field(init=False)
    _nodes: NDArray[np.float32] = field(init=False)
    _choice: NDArray[np.float32] = field(init=False)

    def __post_init__(self) -> None:
        surface, rotation = self.surface, self.pose.rotation
        tips = surface.tip_turning @ rotation.T
        tips += surface.tip_resting * self._enlarged()
        nodes = np.ascontiguousarray(tips[:, :2])
        choice = np.einsum("ni,ni->n", nodes, nodes)
        choice -= _NEARER * tips[:, 2]
        choice += _AVERTED * (surface.normal_turning @ rotation[2] + surface.normal_resting <= 0.0)
        object.__setattr__(self, "_seen", _complex(nodes))
        object.__setattr__(self, "_nodes", nodes.T.astype(np.float32))
        object.__setattr__(self, "_choice", choice.astype(np.float32))

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
        image = _complex(((points_px * _UP - self.pose.shift) * self.mm_per_px).reshape(-1, 2))
        missing = np.isnan(image)
        image[missing] = 0.0
        cell = self._nearest_cell(image)
        way = self._away()
        path = cell[:, None] + (_ROUND_MM / LATTICE.cell_mm) * way
        off = image[:, None] - self._image_mm(_within(path.ravel()))[0].reshape(path.shape)
        squared = off.real**2 + off.imag**2
        beyond = np.abs(path.real - _MIDLINE) > _WIDEST
        beyond[:, _FOUND] = False
        squared[beyond] = np.inf
        alike = np.exp((squared - squared.min(axis=1)[:, None]) * (-0.5 / _OFF_MM**2))
        total, first, second = (alike @ _MOMENTS).T
        mean = first / total
        apart = np.sqrt(np.maximum(second / total - mean * mean, 0.0))
        place = cell * LATTICE.cell_mm + _ORIGIN + mean * way + off[:, _FOUND] * (self._upright().conjugate() / self.size)
        place[missing], apart[missing] = _NOWHERE, np.nan
        return _plane(place).reshape(points_px.shape), apart.reshape(points_px.shape[:-1])

    def image_from_chart(self, points_mm: Float) -> Float:
        """Pixels (..., 2) of skin at chart points_mm (..., 2). NaN in, NaN out."""
        wanted = (_complex(points_mm.reshape(-1, 2)) - _ORIGIN) / LATTICE.cell_mm
        missing = np.isnan(wanted)
        wanted[missing] = 0.0
        cell = _within(wanted.copy())
        node, column, row = _split(cell)
        weight = np.stack([(1 - column) * (1 - row), column * (1 - row), (1 - column) * row, column * row], axis=-1)
        place = np.einsum("pk,pki->pi", weight, self.surface.turning[node]) @ self.pose.rotation[:2].T
        place += np.einsum("pk,pki->pi", weight, self.surface.resting[node, :2]) * self._enlarged()
        place += _plane((wanted - cell) * (LATTICE.cell_mm * self.size) * self._upright())
        px = (place * self.pose.scale + self.pose.shift) * _UP
        px[missing] = np.nan
        shaped: Float = px.reshape(points_mm.shape)
        return shaped

    def _nearest_cell(self, image: Complex) -> Complex:
        """(P,) mm in the image -> (P,) column and row, with fractions, of the place that is seen nearest to it: from the
        nearest node (of overlapping parts the one in front) in damped steps along the surface."""
        node = (self._choice - (2.0 * _plane(image)).astype(np.float32) @ self._nodes).argmin(axis=1)
        row = node // LATTICE.columns
        cell = _within(node - row * LATTICE.columns + 1j * row)
        for _ in range(_STEPS):
            seen, by_column, by_row = self._image_mm(cell)
            miss = image - seen
            area = (by_column.conj() * by_row).imag
            area /= area * area + _DAMPING
            step = ((miss.conj() * by_row).imag + 1j * (by_column.conj() * miss).imag) * area
            step /= np.maximum(np.abs(step) / _LONGEST_STEP, 1.0)
            cell = _within(cell + step)
        return cell

    def _image_mm(self, cell: Complex) -> tuple[Complex, Complex, Complex]:
        """Cells (P,) -> where tips are seen there, mm in the image from the nose bridge, y up, and how that changes with column
        and row."""
        node, column, row = _split(cell)
        a, b, c, d = self._seen[node].T
        south, north = b - a, d - c
        by_column = south + row * (north - south)
        by_row = c - a + column * (north - south)
        return a + column * south + row * by_row, by_column, by_row

    def _away(self) -> complex:
        """The way over the chart that leads round the head, away from the camera; none where it looks straight on."""
        side = complex(-self.pose.rotation[2, 0], -self.pose.rotation[2, 1])
        return side / max(abs(side), 1e-9)

    def _upright(self) -> complex:
        """The chart's turn in the image (y up), as the head is tilted."""
        across = complex(self.pose.rotation[0, 0], -self.pose.rotation[0, 1])
        return across / abs(across)

    def _enlarged(self) -> float:
        """The neck's size against the face's scale: a head that bends forward is nearer to the camera, the neck is not."""
        nearer = self.pose.rotation[2] @ _FACE_MM - _FACE_MM[2]
        return 1.0 - float(nearer) / VIEWING_MM


def _split(cell: Complex) -> tuple[Index, Float, Float]:
    """(P,) -> (P, 4) nodes round each, and how far on from the first: columns (P,), rows (P,)."""
    column, row = cell.real.astype(np.intp), cell.imag.astype(np.intp)
    return (row * LATTICE.columns + column)[:, None] + _CORNERS, cell.real - column, cell.imag - row


def _within(cell: Complex) -> Complex:
    """(P,) the same array, kept on the lattice."""
    parts = _plane(cell)
    np.maximum(parts, 0.0, out=parts)
    np.minimum(parts, _LAST, out=parts)
    return cell


def _complex(points: Float) -> Complex:
    """(P, 2) -> (P,)"""
    return np.ascontiguousarray(points).view(np.complex128)[:, 0]


def _plane(numbers: Complex) -> Float:
    """(P,) -> (P, 2), a view."""
    return numbers.view(np.float64).reshape(-1, 2)
