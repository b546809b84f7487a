"""Plane geometry for checking and compiling routines: crossings, areas, bands around paths."""

from itertools import pairwise
from typing import Final

import numpy as np

from facetrack.packets import Bool, Float

SAMPLE_MM: Final = 2.0
"""Paths are sampled at this distance, which is finer than any tolerance."""


def segments_cross(start: Float, end: Float) -> Bool:
    """Return (S, S), whether two of S segments meet in more than a shared end. Touching counts. start, end: (S, 2)."""

    def side(origin: Float, towards: Float, point: Float) -> Float:
        a, b = towards - origin, point - origin
        return np.asarray(a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0])

    a, b = start[:, None], end[:, None]
    c, d = start[None], end[None]
    a_side, b_side = side(c, d, a), side(c, d, b)
    c_side, d_side = side(a, b, c), side(a, b, d)
    proper = (a_side * b_side < 0) & (c_side * d_side < 0)

    def within(first: Float, last: Float, point: Float) -> Bool:
        low, high = np.minimum(first, last), np.maximum(first, last)
        return np.asarray(((point >= low) & (point <= high)).all(axis=-1))

    touching = ((c_side == 0) & within(a, b, c)) | ((d_side == 0) & within(a, b, d))
    touching |= ((a_side == 0) & within(c, d, a)) | ((b_side == 0) & within(c, d, b))
    return np.asarray(proper | touching)


def crosses_itself(points: Float, closed: bool) -> bool:
    """Check whether a polyline (P, 2), or closed polygon, meets itself anywhere but at the corners of neighbouring sides."""
    start = points if closed else points[:-1]
    end = np.roll(points, -1, axis=0) if closed else points[1:]
    count = len(start)
    order = np.arange(count)
    apart = np.abs(order[:, None] - order[None])
    neighbours = (apart <= 1) | (closed & (apart == count - 1))
    return bool((segments_cross(start, end) & ~neighbours).any())


def area_mm2(polygon: Float) -> float:
    """Return the area of a simple polygon (V, 2)."""
    x, y = polygon[:, 0], polygon[:, 1]
    return float(abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2)


def sampled(path: Float, step_mm: float = SAMPLE_MM) -> Float:
    """Return points (N, 2) along a polyline (P, 2), at most ``step_mm`` apart, with all its corners."""
    if len(path) == 1:
        return path
    lengths = np.linalg.norm(np.diff(path, axis=0), axis=-1)
    pieces = [
        a + (b - a) * np.linspace(0, 1, max(1, int(np.ceil(length / step_mm))), endpoint=False)[:, None]
        for a, b, length in zip(path[:-1], path[1:], lengths, strict=True)
    ]
    return np.concatenate([*pieces, path[-1:]])


def band_around(path: Float, width_mm: float) -> tuple[Float, ...]:
    """Return convex pieces (V, 2) that together cover everything within half the width of a polyline (P, 2). Round ends are
    octagons."""
    angles = np.arange(8) * np.pi / 4 + np.pi / 8
    octagon = np.stack([np.cos(angles), np.sin(angles)], axis=-1) * (width_mm / 2 / np.cos(np.pi / 8))
    if len(path) == 1:
        return (path[0] + octagon,)
    return tuple(_hull(np.concatenate([a + octagon, b + octagon])) for a, b in pairwise(path))


def _hull(points: Float) -> Float:
    """Return the convex hull, anticlockwise (Andrew's monotone chain)."""
    ordered = points[np.lexsort((points[:, 1], points[:, 0]))]

    def half(chain_of: Float) -> list[Float]:
        chain: list[Float] = []
        for point in chain_of:
            while len(chain) > 1:
                (ax, ay), (bx, by) = chain[-1] - chain[-2], point - chain[-2]
                if ax * by - ay * bx > 1e-9:
                    break
                chain.pop()
            chain.append(point)
        return chain[:-1]

    return np.stack(half(ordered) + half(ordered[::-1]))
