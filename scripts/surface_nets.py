"""Meshes of distance fields: naive surface nets (Gibson 1998) on a grid whose spacing may vary along each axis."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Field = Callable[[Array], Array]


def gradient(field: Field, points: Array, step: float = 0.25) -> Array:
    """Central differences of a field at (N, 3) points."""
    columns = []
    for axis in np.eye(3) * step:
        columns.append((field(points + axis) - field(points - axis)) / (2 * step))
    return np.stack(columns, axis=-1)


def spaced(stops: list[tuple[float, float]], end: float) -> Array:
    """Grid coordinates from pieces (start, spacing); each piece reaches to the next one's start."""
    pieces = []
    for (start, step), until in zip(stops, [s for s, _ in stops[1:]] + [end], strict=True):
        pieces.append(np.linspace(start, until, max(1, round((until - start) / step)), endpoint=False))
    return np.concatenate([*pieces, [end]])


def surface_net(field: Field, axes: tuple[Array, Array, Array], projections: int = 3) -> tuple[Array, NDArray[np.int64]]:
    """Vertices (V, 3) on the field's zero level and triangles (T, 3), counter-clockwise seen from outside."""
    x, y, z = axes
    values = np.stack([field(np.stack(np.meshgrid(x, y, [c], indexing="ij"), -1).reshape(-1, 3)) for c in z], axis=-1)
    values = values.reshape(len(x), len(y), len(z))
    inside = values < 0
    shape = tuple(n - 1 for n in values.shape)
    corners = sum(
        inside[i : i + shape[0], j : j + shape[1], k : k + shape[2]].astype(int) for i in (0, 1) for j in (0, 1) for k in (0, 1)
    )
    mixed = (corners > 0) & (corners < 8)
    number = np.full(shape, -1)
    number[mixed] = np.arange(mixed.sum())
    cells = np.argwhere(mixed)
    vertices = np.stack([(a[c] + a[c + 1]) / 2 for a, c in zip(axes, cells.T, strict=True)], axis=-1)
    size = np.stack([a[c + 1] - a[c] for a, c in zip(axes, cells.T, strict=True)], axis=-1)
    for _ in range(projections):
        slope = gradient(field, vertices)
        move = -field(vertices)[:, None] * slope / np.maximum((slope**2).sum(-1, keepdims=True), 0.05)
        vertices = vertices + np.clip(move, -0.6 * size, 0.6 * size)
    return vertices, _triangles(inside, number)


def _triangles(inside: NDArray[np.bool_], number: NDArray[np.int64]) -> NDArray[np.int64]:
    """Two triangles for each grid edge that crosses the surface."""
    out = []
    for axis in range(3):
        lower = [slice(None)] * 3
        upper = [slice(None)] * 3
        lower[axis], upper[axis] = slice(None, -1), slice(1, None)
        crossing = inside[tuple(lower)] != inside[tuple(upper)]
        leaves = inside[tuple(lower)]
        b, c = (axis + 1) % 3, (axis + 2) % 3
        at = np.argwhere(crossing)
        at = at[(at[:, b] > 0) & (at[:, c] > 0) & (at[:, b] < number.shape[b]) & (at[:, c] < number.shape[c])]
        quad = []
        for db, dc in ((-1, -1), (0, -1), (0, 0), (-1, 0)):
            cell = at.copy()
            cell[:, b] += db
            cell[:, c] += dc
            quad.append(number[tuple(cell.T)])
        q = np.stack(quad, axis=-1)
        flip = ~leaves[tuple(at.T)]
        q[flip] = q[flip][:, ::-1]
        out += [q[:, [0, 1, 2]], q[:, [0, 2, 3]]]
    triangles = np.concatenate(out)
    return triangles[(triangles >= 0).all(axis=1)]
