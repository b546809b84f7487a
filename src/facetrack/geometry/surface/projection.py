"""FaceFit: one frame's way between image pixels and the chart."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetrack.geometry.head.pose_fit import Pose
from facetrack.geometry.surface.face_surface import LATTICE, VIEWING_MM, FaceSurface
from facetrack.packets import Float

Complex = NDArray[np.complex128]
"""Points of a plane, x + iy: half as many array calls as with pairs."""

APART_MM: Final = 7.0
"""A fingertip whose place can't be told more closely than this (s.d.) is not placed: zones are grown by 8 mm."""
_OFF_MM: Final = 2.0
"""How far a fingertip may lie off its place in the image: the tracker's errors (1.6-3 mm) and those of the surface."""
_ROUND_MM: Final = np.arange(-24.0, 49.0, 4.0)
"""Places looked at beside the one that was found, towards the camera and away from it round the head."""
_ROUND_CELLS: Final = _ROUND_MM / LATTICE.cell_mm
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
_CORNERS: Final = np.array([[LATTICE.columns], [0], [1], [LATTICE.columns + 1]])
"""From a cell's first node to that above it, itself, that beside it and the one opposite."""
_ORIGIN: Final = complex(LATTICE.west, LATTICE.south)
_LAST: Final = np.array([[LATTICE.columns], [LATTICE.rows]]) - 1.001
_NOWHERE: Final = complex(np.nan, np.nan)
_UP: Final = np.array([1.0, -1.0])


@dataclass(frozen=True, slots=True)
class _Tips:
    """The surface's N nodes as they are seen: seen (N,) mm in the image from the nose bridge, y up; nodes (2, N) the same.

    choice: (N,) what makes ``choice - 2 nodes . p`` least where the node nearest to p is seen; of overlapping parts it prefers
    the one in front.
    """

    seen: Complex
    nodes: NDArray[np.float32]
    choice: NDArray[np.float32]


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

    @cached_property
    def _tips(self) -> _Tips:
        (right, up, ahead), enlarged = self.pose.rotation.tolist(), self._enlarged()
        x, y, z, facing = _rows(right, up, ahead, enlarged) @ self.surface.for_tips
        seen = np.empty(len(x), dtype=np.complex128)
        seen.real, seen.imag = x, y
        nodes = np.empty((2, len(x)), dtype=np.float32)
        nodes[0], nodes[1] = x, y
        x *= x
        y *= y
        x += y
        z *= _NEARER
        x -= z
        x += _AVERTED * (facing <= 0.0)
        return _Tips(seen, nodes, x.astype(np.float32))

    @property
    def mm_per_px(self) -> float:
        return 1.0 / self.pose.scale

    def located(self, points_px: Float, thicker_mm: Float | None = None) -> tuple[Float, Float]:
        """Pixels (..., 2) -> chart mm (..., 2), and how far apart (...; s.d. in mm) the places are that would look the same.

        The finger is sought on the surface that lies half its thickness above the skin. thicker_mm: (P,) by how much more than
        a fingertip each of the points, flattened, lies above it. On the side that turns away from the
        camera many places lie behind each other, and beyond the contour they are hidden: the mean of those that look alike
        is told, each with the likelihood of being seen there. NaN in, NaN out.
        """
        image = _complex(points_px.reshape(-1, 2)).conj()
        image -= complex(*self.pose.shift.tolist())
        image *= self.mm_per_px
        missing = np.isnan(image)
        image[missing] = 0.0
        cell = self._nearest_cell(image, thicker_mm)
        way = self._away()
        path = cell[..., None] + _parts(way)[..., None] * _ROUND_CELLS
        off = image[:, None] - self._image_mm(_within(path.reshape(2, -1)))[0].reshape(path.shape[1:])
        squared = off.real**2
        squared += off.imag**2
        beyond = np.abs(path[0] - _MIDLINE) > _WIDEST
        beyond[:, _FOUND] = False
        squared[beyond] = np.inf
        squared -= np.minimum.reduce(squared, axis=1, keepdims=True)
        squared *= -0.5 / _OFF_MM**2
        moments = np.exp(squared, out=squared) @ _MOMENTS
        total, first, second = moments.T
        mean = first / total
        apart = np.sqrt(np.maximum(second / total - mean * mean, 0.0))
        place = off[:, _FOUND] * (self._upright().conjugate() / self.size)
        place += mean * way + _ORIGIN
        place += _complex(cell.T) * LATTICE.cell_mm
        place[missing], apart[missing] = _NOWHERE, np.nan
        return _plane(place).reshape(points_px.shape), apart.reshape(points_px.shape[:-1])

    def image_from_chart(self, points_mm: Float) -> Float:
        """Pixels (..., 2) of skin at chart points_mm (..., 2). NaN in, NaN out."""
        wanted = (points_mm.reshape(-1, 2).T - _parts(_ORIGIN)) / LATTICE.cell_mm
        missing = np.isnan(wanted[0])
        wanted[:, missing] = 0.0
        cell = _within(wanted)
        base = cell.astype(np.intp)
        node = (base[1] * LATTICE.columns + base[0])[:, None] + _CORNERS[:, 0]
        column, row = cell - base
        weight = np.stack([(1 - column) * row, (1 - column) * (1 - row), column * (1 - row), column * row], axis=-1)
        place = np.einsum("pk,pki->pi", weight, self.surface.turning[node]) @ self.pose.rotation[:2].T
        place += np.einsum("pk,pki->pi", weight, self.surface.resting[node, :2]) * self._enlarged()
        place += _plane(_complex((wanted - cell).T) * (LATTICE.cell_mm * self.size) * self._upright())
        px = (place * self.pose.scale + self.pose.shift) * _UP
        px[missing] = np.nan
        shaped: Float = px.reshape(points_mm.shape)
        return shaped

    def _nearest_cell(self, image: Complex, thicker_mm: Float | None) -> Float:
        """(P,) mm in the image -> (2, P) column and row, with fractions, of the place that is seen nearest to it: from the
        nearest node (of overlapping parts the one in front) in damped steps along the surface. Moves what is thicker than a
        fingertip to where one would be seen that touches the same place."""
        tips = self._tips
        unlike = (_plane(image) * -2.0).astype(np.float32) @ tips.nodes
        unlike += tips.choice
        node = unlike.argmin(axis=1)
        if thicker_mm is not None:
            outward = self.surface.normal_turning.take(node, axis=0) @ self.pose.rotation[:2].T
            image -= thicker_mm * _complex(outward)
        row, column = np.divmod(node, LATTICE.columns)
        cell = _within(np.array((column, row), dtype=np.float64))
        for _ in range(_STEPS):
            seen, slope = self._image_mm(cell)
            turned = slope.conj()
            area = (turned[0] * slope[1]).imag
            step = (turned * (image - seen)).imag  # Cramer's rule, in cross products
            step *= area / (area * area + _DAMPING)
            longer = np.hypot(step[0], step[1])
            longer /= _LONGEST_STEP
            step /= np.maximum(longer, 1.0, out=longer)
            step += cell
            cell = _within(step)
        return cell

    def _image_mm(self, cell: Float) -> tuple[Complex, Complex]:
        """Cells (2, P) -> (P,) where tips are seen there, mm in the image from the nose bridge, y up, and (2, P) how that
        changes: with the row, negative, and with the column. So they stand in the cross products that solve for a step."""
        base = np.floor(cell)
        column, row = cell - base
        node = base[1]
        node *= LATTICE.columns
        node += base[0]
        above, here, _, opposite = corner = self._tips.seen.take(_CORNERS + node.astype(np.intp))
        slope = corner[1:3] - corner[:2]
        seen = column * slope[1]
        seen += here
        twist = opposite - above
        twist -= slope[1]
        slope[0] -= column * twist
        slope[1] += row * twist
        seen -= row * slope[0]
        return seen, slope

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


def _rows(right: list[float], up: list[float], ahead: list[float], enlarged: float) -> Float:
    """(4, 10) what FaceSurface.for_tips is multiplied with: x, y and depth of the tips, how far the skin faces the camera."""
    nothing = [0.0, 0.0, 0.0]
    return np.array(
        [
            [*right, enlarged, 0.0, 0.0, *nothing, 0.0],
            [*up, 0.0, enlarged, 0.0, *nothing, 0.0],
            [*ahead, 0.0, 0.0, enlarged, *nothing, 0.0],
            [*nothing, *nothing, *ahead, 1.0],
        ]
    )


def _within(cell: Float) -> Float:
    """(2, P) kept on the lattice, a copy."""
    kept: Float = np.maximum(cell, 0.0)
    np.minimum(kept, _LAST, out=kept)
    return kept


def _parts(number: complex) -> Float:
    """(2, 1)"""
    return np.array(((number.real,), (number.imag,)))


def _complex(points: Float) -> Complex:
    """(P, 2) -> (P,)"""
    return np.ascontiguousarray(points).view(np.complex128)[:, 0]


def _plane(numbers: Complex) -> Float:
    """(P,) -> (P, 2), a view."""
    return numbers.view(np.float64).reshape(-1, 2)
