"""Paints the colours of the mannequin's skin: one picture (atlas) in which all meshes look up their colours.

The body is painted in its frontal plane (a vertex's place in the texture is its x, y); below it lie the hand's back, its palm
side and a patch of hair. Eyes, brows and lips are drawn through the landmarks from which the face was modelled.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from facetrack.geometry.head.landmarks import LEFT_EYE_LOWER, LEFT_EYE_UPPER
from facetrack.mannequin.body import hand_rig
from facetrack.mannequin.body.mesh import body
from facetrack.mannequin.render.canvas import TEXEL_MM, Canvas, Image, both, cloud, curve, ellipse, stripe
from facetrack.mannequin.render.scene import Appearance
from facetrack.packets import Float

BODY_BOX_MM: Final = (-248.0, -530.0, 248.0, 142.0)
"""x, y of the lower left and the upper right corner of the painted body."""
HAND_BOX_MM: Final = (-60.0, -380.0, 122.0, 200.0)
"""x, y of the lower left and the upper right corner of the painted hand."""
_HAIR_TEXELS: Final = 240
_GLINT_MM: Final = np.array([1.8, 2.0])  # of a window in the eye, from the pupil's centre

LEFT_BROW = (276, 283, 282, 295, 285, 336, 296, 334, 293, 300)
LIPS_OUTER = (61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146)
LIPS_GAP = (78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308, 324, 318, 402, 317, 14, 87, 178, 88, 95)
IRIS_LEFT = (474, 475, 476, 477)


@dataclass(frozen=True, slots=True)
class Atlas:
    """The texture. Its methods return texels (..., 2) of points in mm."""

    image: Image  # (H, W, 3) float32 BGR, 0..255, at TEXEL_MM

    @staticmethod
    def body_texels(points_mm: NDArray[np.floating]) -> NDArray[np.float32]:
        x0, _, _, y1 = BODY_BOX_MM
        out: NDArray[np.float32] = np.stack([points_mm[:, 0] - x0, y1 - points_mm[:, 1]], axis=-1).astype(np.float32)
        return out / np.float32(TEXEL_MM)

    @staticmethod
    def hand_texels(points_mm: NDArray[np.floating], back: NDArray[np.bool_]) -> NDArray[np.float32]:
        x0, _, x1, y1 = HAND_BOX_MM
        across = points_mm[:, 0] - x0 + np.where(back, 0.0, x1 - x0)
        out: NDArray[np.float32] = np.stack([across, y1 - points_mm[:, 1]], axis=-1).astype(np.float32)
        return out / np.float32(TEXEL_MM) + np.array([0, _body_shape()[0]], np.float32)

    @staticmethod
    def hair_texels(points_mm: NDArray[np.floating]) -> NDArray[np.float32]:
        """Return texels of hair. Strands run from the crown outwards: around the head is the patch's x, away from the crown its
        y."""
        x, y, z = points_mm[:, 0], points_mm[:, 1] - 60.0, points_mm[:, 2] + 95.0
        around = np.arctan2(x, z + 25.0) / np.pi + 0.5
        along = np.clip(np.arccos(np.clip(y / np.maximum(np.hypot(np.hypot(x, y), z), 1e-6), -1, 1)) / np.pi, 0, 1)
        place = np.stack([around, along], axis=-1) * (_HAIR_TEXELS - 8) + 4
        hand_width = 2 * _hand_shape()[1]
        out: NDArray[np.float32] = (place + np.array([hand_width, _body_shape()[0]])).astype(np.float32)
        return out


def _body_shape() -> tuple[int, int]:
    x0, y0, x1, y1 = BODY_BOX_MM
    return round((y1 - y0) / TEXEL_MM), round((x1 - x0) / TEXEL_MM)


def _hand_shape() -> tuple[int, int]:
    x0, y0, x1, y1 = HAND_BOX_MM
    return round((y1 - y0) / TEXEL_MM), round((x1 - x0) / TEXEL_MM)


@lru_cache(maxsize=4)
def paint_atlas(look: Appearance) -> Atlas:
    """Paint the colours of an appearance; the image is read-only."""
    rng = np.random.default_rng(look.seed)
    (body_h, body_w), (hand_h, hand_w) = _body_shape(), _hand_shape()
    width = max(body_w, 2 * hand_w + _HAIR_TEXELS)
    image = np.zeros((body_h + hand_h, width, 3), np.float32)
    image[:] = look.skin_bgr
    image[:body_h, :body_w] = _paint_body(look, rng, body_h, body_w)
    image[body_h:, : 2 * hand_w] = _paint_hand(look, rng, hand_h, hand_w)
    image[body_h : body_h + _HAIR_TEXELS, 2 * hand_w : 2 * hand_w + _HAIR_TEXELS] = _paint_hair(look, rng)
    image.setflags(write=False)
    return Atlas(image)


def _skin(look: Appearance, rng: np.random.Generator, height: int, width: int) -> Image:
    grain = (
        0.020 * cloud(rng, (height, width), 90)
        + 0.014 * cloud(rng, (height, width), 14)
        + 0.012 * cloud(rng, (height, width), 2.5)
    )
    red = 0.012 * cloud(rng, (height, width), 40)
    tint = np.stack([grain - red, grain - red, grain + red], axis=-1)
    skin: Image = look.skin_bgr.astype(np.float32) * (1 + tint)
    return skin


def _paint_body(look: Appearance, rng: np.random.Generator, height: int, width: int) -> Image:
    p = body().person_mm[:, :2]
    canvas = Canvas(_skin(look, rng, height, width), BODY_BOX_MM[0], BODY_BOX_MM[3])
    _paint_complexion(canvas)
    _paint_eyes(canvas, look, p)
    _paint_brows(canvas, look, p, rng)
    _paint_mouth(canvas, look, p)
    _paint_nose(canvas, p)
    _paint_shirt(canvas, look, rng)
    return canvas.image


def _paint_complexion(canvas: Canvas) -> None:
    rosy = np.array([0.90, 0.90, 1.02])
    canvas.darken(canvas.mask(both(ellipse(np.array([42.0, -35.0]), (17, 13))), 7.0), rosy)
    canvas.darken(canvas.mask([ellipse(np.array([0.0, -32.0]), (9, 8))], 4.0), rosy)
    canvas.darken(canvas.mask(both(ellipse(np.array([31.0, -9.0]), (14, 3.5))), 3.0), np.array([0.90, 0.88, 0.92]))


def _paint_eyes(canvas: Canvas, look: Appearance, p: Float) -> None:
    upper, lower = curve(p[list(LEFT_EYE_UPPER)]), curve(p[list(LEFT_EYE_LOWER)])
    eye = np.concatenate([upper, lower])
    opening = canvas.mask(both(eye), 0.0)
    crease = upper + np.array([0.4, 4.2])
    canvas.darken(canvas.mask(both(stripe(crease[3:-3], 0.6)), 0.7), 0.72)
    canvas.darken(canvas.mask(both(stripe(upper + np.array([0.0, 1.8]), 1.8)), 1.2), 0.86)
    canvas.blend(opening, np.array([205.0, 210, 214]))
    centre = p[list(IRIS_LEFT)].mean(axis=0)
    radius = 11.7 / 2
    for iris_centre in both(centre[None]):
        c = iris_centre[0]
        iris = canvas.mask([ellipse(c, (radius, radius))], 0.15) * opening
        canvas.blend(iris, np.array(look.iris_bgr) * 0.55)
        canvas.blend(canvas.mask([ellipse(c, (radius * 0.82, radius * 0.82))], 0.5) * opening, np.array(look.iris_bgr, float))
        canvas.blend(canvas.mask([ellipse(c, (2.3, 2.3))], 0.15) * opening, np.array([12.0, 12, 14]))
        canvas.blend(canvas.mask([ellipse(c + _GLINT_MM, (0.9, 0.9))], 0.2) * opening, np.array([250.0, 250, 250]))
    shade = canvas.mask(both(stripe(upper, 1.6)), 0.8) * opening
    canvas.darken(shade, 0.62)
    lash = np.array([26.0, 26, 32])
    canvas.blend(canvas.mask(both(stripe(upper, np.linspace(1.0, 0.45, len(upper)))), 0.2), lash)
    canvas.darken(canvas.mask(both(stripe(lower, 0.45)), 0.3), 0.6)
    canvas.darken(canvas.mask(both(ellipse(p[362] - [0.4, 0.2], (1.6, 1.1))), 0.5), np.array([0.72, 0.72, 0.95]))


def _paint_brows(canvas: Canvas, look: Appearance, p: Float, rng: np.random.Generator) -> None:
    outline = np.concatenate([curve(p[list(LEFT_BROW[:5])]), curve(p[list(LEFT_BROW[5:])])])
    mask = canvas.mask(both(outline), 0.9)
    hairs = np.clip(0.85 + 0.22 * cloud(rng, mask.shape, 1.6), 0, 1)
    colour = np.minimum(look.hair_bgr, 90.0) * 0.8 if look.hair != "none" else np.array([34.0, 40, 52])
    canvas.blend(mask * hairs * 0.9, np.minimum(colour, look.skin_bgr * 0.7))


def _paint_mouth(canvas: Canvas, look: Appearance, p: Float) -> None:
    outer = p[list(LIPS_OUTER)]
    outline = np.concatenate([curve(outer[:11]), curve(np.concatenate([outer[10:], outer[:1]]))])
    lips = canvas.mask([outline], 0.7)
    lip_colour = look.skin_bgr * np.array([0.66, 0.62, 0.86]) + np.array([4.0, 0, 8])
    canvas.blend(lips * 0.9, lip_colour)
    gap = p[list(LIPS_GAP)]
    line = 0.5 * (gap[:11] + np.concatenate([gap[10:], gap[:1]])[::-1])
    canvas.darken(canvas.mask([stripe(curve(line), 0.75)], 0.5), np.array([0.38, 0.34, 0.42]))
    canvas.darken(canvas.mask([ellipse(np.array([0.0, p[17, 1] - 4.5]), (13, 2.2))], 1.6), 0.84)


def _paint_nose(canvas: Canvas, p: Float) -> None:
    nostril = np.array([7.6, p[2, 1] + 3.4])
    canvas.darken(canvas.mask(both(ellipse(nostril, (3.7, 1.9))), 0.8), np.array([0.30, 0.28, 0.36]))
    wing = curve(p[[358, 327, 326]] + np.array([-1.0, 1.0]))
    canvas.darken(canvas.mask(both(stripe(wing, 0.8)), 1.2), 0.78)
    fold = curve(np.array([[20.5, -32.0], [25.0, -45.0], [31.0, -58.0]]))
    canvas.darken(canvas.mask(both(stripe(fold, 0.7)), 1.4), 0.90)


def _paint_shirt(canvas: Canvas, look: Appearance, rng: np.random.Generator) -> None:
    neckline = curve(np.array([[0.0, -292.0], [45.0, -278.0], [78.0, -245.0], [98.0, -205.0], [106.0, -160.0]]))
    shirt = np.concatenate([neckline, [[300.0, -160.0], [300.0, -560.0], [0.0, -560.0]]])
    mask = canvas.mask(both(shirt), 0.3)
    weave = 1 + 0.05 * cloud(rng, mask.shape, 1.2) + 0.05 * cloud(rng, mask.shape, 60)
    canvas.blend(mask, np.array(look.shirt_bgr, dtype=float) * weave[..., None])
    canvas.darken(canvas.mask(both(stripe(neckline, 1.4)), 0.4), 0.75)


def _paint_hand(look: Appearance, rng: np.random.Generator, height: int, width: int) -> Image:
    x0, _, _, y1 = HAND_BOX_MM
    back = Canvas(_skin(look, rng, height, width), x0, y1)
    palm = Canvas(_skin(look, rng, height, width), x0, y1)
    pale = np.clip((60.0 - look.skin_bgr.mean() / 3) / 60, 0, 1)  # palms are paler than the back on dark skin
    palm.image *= np.float32(1.0 + 0.5 * pale)
    chain = hand_rig.REST_CHAIN
    for finger in range(5):
        _paint_finger(back, look, chain[finger, :, :2], finger)
    return np.concatenate([back.image, palm.image], axis=1)


def _paint_finger(canvas: Canvas, look: Appearance, joints: Float, finger: int) -> None:
    along = joints[3] - joints[2]
    along = along / np.linalg.norm(along)
    across = np.array([-along[1], along[0]])
    radius = hand_rig.TIP_RADIUS_MM[finger]
    for joint, size in ((1, 0.85), (2, 0.7)):
        wide = hand_rig.BONE_RADII[finger, joint] * size
        for offset in (-2.6, 0.0, 2.6):
            c = joints[joint] + along * offset
            line = np.stack([c - across * wide, c + across * wide])
            canvas.darken(canvas.mask([stripe(line, 0.45)], 0.6), 0.86)
        canvas.darken(canvas.mask([ellipse(joints[joint], (wide, wide))], 3.0), np.array([0.92, 0.92, 0.97]))
    if finger == hand_rig.THUMB:
        return  # its nail faces sideways
    t = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    shape = np.stack([np.sign(np.cos(t)) * np.abs(np.cos(t)) ** 0.6, np.sign(np.sin(t)) * np.abs(np.sin(t)) ** 0.7], axis=-1)
    nail = joints[3] + shape[:, :1] * across * radius * 0.78 + shape[:, 1:] * along * 6.2
    mask = canvas.mask([nail], 0.35)
    canvas.darken(canvas.mask([nail], 1.0), 0.86)
    canvas.blend(mask * 0.85, np.minimum(look.skin_bgr * np.array([1.02, 1.0, 1.08]) + np.array([14.0, 10, 18]), 250.0))


def _paint_hair(look: Appearance, rng: np.random.Generator) -> Image:
    size = _HAIR_TEXELS
    fine = cv2.resize(rng.standard_normal((6, size)), (size, size), interpolation=cv2.INTER_CUBIC).astype(np.float32)
    coarse = cv2.resize(rng.standard_normal((12, size // 3)), (size, size)).astype(np.float32)
    shine = np.clip(1 + np.float32(0.16) * fine + np.float32(0.11) * coarse, 0.5, 1.7)
    hair: Image = look.hair_bgr.astype(np.float32) * shine[..., None]
    return hair
