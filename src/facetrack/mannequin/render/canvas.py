"""Draws soft shapes, given in mm of a plane, onto a texture."""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from facetrack.packets import Float

TEXEL_MM: Final = 0.5
"""Size of a texel."""
_OVERSAMPLE = 4  # of the drawn shapes, for smooth edges
_SHIFT = 4  # fractional bits of cv2's coordinates
Image = NDArray[np.float32]


def cloud(rng: np.random.Generator, shape: tuple[int, ...], grain_px: float) -> Image:
    """Make smooth noise (height, width) of unit s.d."""
    height, width = shape[:2]
    small = rng.standard_normal((max(2, int(height / grain_px)), max(2, int(width / grain_px)))).astype(np.float32)
    out = cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC).astype(np.float32)
    unit: Image = out / np.float32(max(float(out.std()), 1e-6))
    return unit


class Canvas:
    """Draws soft shapes, given in mm of the frontal plane, onto a picture."""

    def __init__(self, image: Image, x0: float, y1: float) -> None:
        self.image, self._x0, self._y1 = image, x0, y1

    def mask(self, outlines: list[Float], softness_mm: float) -> Image:
        """Return 0..1, the inside of closed outlines (N, 2)."""
        height, width = self.image.shape[:2]
        points = np.concatenate(outlines)
        margin = 3 * softness_mm + 2
        low = np.floor(
            [(points[:, 0].min() - margin - self._x0) / TEXEL_MM, (self._y1 - points[:, 1].max() - margin) / TEXEL_MM]
        )
        high = np.ceil(
            [(points[:, 0].max() + margin - self._x0) / TEXEL_MM, (self._y1 - points[:, 1].min() + margin) / TEXEL_MM]
        )
        (left, top), (right, bottom) = np.maximum(low, 0).astype(int), np.minimum(high, [width, height]).astype(int)
        fine = np.zeros(((bottom - top) * _OVERSAMPLE, (right - left) * _OVERSAMPLE), np.uint8)
        for outline in outlines:
            texels = np.stack([outline[:, 0] - self._x0, self._y1 - outline[:, 1]], axis=-1) / TEXEL_MM - [left, top]
            cv2.fillPoly(fine, [np.round((texels * _OVERSAMPLE - 0.5) * 2**_SHIFT).astype(np.int32)], 255, cv2.LINE_8, _SHIFT)
        small: Image = cv2.resize(fine, (right - left, bottom - top), interpolation=cv2.INTER_AREA).astype(
            np.float32
        ) / np.float32(255)
        if softness_mm > 0:
            small = cv2.GaussianBlur(small, (0, 0), softness_mm / TEXEL_MM).astype(np.float32, copy=False)
        full = np.zeros((height, width), np.float32)
        full[top:bottom, left:right] = small
        return full

    def blend(self, mask: Image, colour: NDArray[np.floating]) -> None:
        """Blend the masked part towards a colour, (3,) or (H, W, 3) BGR."""
        window = _window(mask)
        part, towards = self.image[window], np.asarray(colour, np.float32)
        part += mask[window][..., None] * ((towards[window] if towards.ndim == 3 else towards) - part)

    def darken(self, mask: Image, factor: Float | float) -> None:
        """Multiply the masked part by a factor, one or (3,)."""
        window = _window(mask)
        self.image[window] *= 1 + mask[window][..., None] * (np.asarray(factor, np.float32) - 1)


def _window(mask: Image) -> tuple[slice, slice]:
    """Return the part of a picture in which a mask is not zero."""
    sides = (np.flatnonzero(mask.any(axis=axis)) for axis in (1, 0))
    rows, columns = (slice(int(side[0]), int(side[-1]) + 1) if len(side) else slice(0) for side in sides)
    return rows, columns


def both(left: Float) -> list[Float]:
    """Return an outline of the left side and its mirror image."""
    return [left, left * np.array([-1.0, 1.0])]


def stripe(line: Float, width_mm: Float | float) -> Float:
    """Return the outline of a line (N, 2) with the given half widths."""
    across = np.gradient(line, axis=0)
    across = np.stack([-across[:, 1], across[:, 0]], axis=-1) / np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-6)
    half = np.broadcast_to(np.asarray(width_mm, dtype=float), (len(line),))[:, None]
    return np.concatenate([line + across * half, (line - across * half)[::-1]])


def curve(points: Float, samples: int = 40) -> Float:
    """Return a smooth line through points, by Catmull-Rom."""
    p = np.concatenate([2 * points[:1] - points[1:2], points, 2 * points[-1:] - points[-2:-1]])
    t = np.linspace(0, len(points) - 1 - 1e-9, samples)
    k, f = t.astype(int), (t % 1)[:, None]
    a, b, c, d = p[k], p[k + 1], p[k + 2], p[k + 3]
    line: Float = 0.5 * (2 * b + (c - a) * f + (2 * a - 5 * b + 4 * c - d) * f**2 + (3 * b - a - 3 * c + d) * f**3)
    return line


def ellipse(centre: Float, radii: tuple[float, float]) -> Float:
    t = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    return centre + np.stack([np.cos(t) * radii[0], np.sin(t) * radii[1]], axis=-1)
