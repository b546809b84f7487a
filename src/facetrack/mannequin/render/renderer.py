"""Renders frames of the mannequin. The body is drawn once per head pose and kept; the hands are drawn over it with a depth
test."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from facetrack.mannequin.body.mesh import HAIR, SKIN, body
from facetrack.mannequin.body.posed_hand import PosedHand, PosedTool
from facetrack.mannequin.body.raster import DepthBuffer, Fragments
from facetrack.mannequin.camera import HeadPose
from facetrack.mannequin.render.canvas import TEXEL_MM
from facetrack.mannequin.render.scene import Scene
from facetrack.mannequin.render.shading import shade_vertices
from facetrack.mannequin.render.texture import Atlas, paint_atlas
from facetrack.packets import Float

Image = NDArray[np.uint8]
Float32 = NDArray[np.float32]
_NOISE_MARGIN: Final = 61  # the pool of noise is this much larger than a frame, so that frames differ
_SHADOW_STRENGTH: Final = 0.42
_HAND_THICKNESS_MM: Final = 16.0  # from the skin to where a touching hand throws its shadow from
_DEPTH_SLACK_MM: Final = 0.01
_SHADOW_SCALE: Final = 4  # shadows are soft: made at a quarter of the size


_TOOL_BGR: Final = (150.0, 168.0, 118.0)
"""Jade."""
_NECKLINE_MM: Final = -160.0
"""Skin above this height shows the pulse; below there may be a shirt."""


@dataclass(frozen=True, slots=True)
class _BodyLayer:
    """The body without hands."""

    pose: HeadPose
    image: Float32
    depth: DepthBuffer
    # The part of the picture that is the lit colour of living skin, without sheen; None if there is no pulse.
    blood: Float32 | None


class Renderer:
    """Renders one scene. Deterministic: equal arguments give equal pictures, in any order."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._parts = body()
        self._atlas, self._texel_mm = self._fitting_atlas(paint_atlas(scene.look))
        bald = scene.look.hair == "none"
        mesh = self._parts.head
        kept = (self._parts.part[mesh.triangles] == SKIN).all(axis=1) if bald else np.ones(len(mesh.triangles), bool)
        self._triangles = np.ascontiguousarray(mesh.triangles[kept].T)
        hairy = (self._parts.part == HAIR)[:, None]
        self._body_texels = (
            np.where(hairy, Atlas.hair_texels(mesh.points_mm), Atlas.body_texels(mesh.points_mm)) * self._texel_scale
        )
        living = (self._parts.part == SKIN) & (mesh.points_mm[:, 1] > _NECKLINE_MM)
        self._alive = [] if scene.pulse is None else [living.astype(np.float32)]
        hand = self._parts.hand
        self._hand_texels = Atlas.hand_texels(hand.points_mm, hand.normals[:, 2] > -0.25) * self._texel_scale
        self._background = self._paint_background()
        self._noise = self._noise_pool()
        self._layer: _BodyLayer | None = None

    @property
    def _texel_scale(self) -> np.float32:
        return np.float32(TEXEL_MM / self._texel_mm)

    def _fitting_atlas(self, atlas: Atlas) -> tuple[Float32, float]:
        """Scale the atlas to about one texel for each pixel, so that it is not undersampled."""
        camera = self._scene.camera
        mm_per_px = camera.distance_mm / camera.focal_px
        factor = max(1, round(mm_per_px * 0.8 / TEXEL_MM))
        if factor == 1:
            return atlas.image, TEXEL_MM
        height, width = atlas.image.shape[0] // factor, atlas.image.shape[1] // factor
        cut = atlas.image[: height * factor, : width * factor]
        small = cv2.resize(cut, (width, height), interpolation=cv2.INTER_AREA)
        return small.astype(np.float32, copy=False), TEXEL_MM * factor

    def _paint_background(self) -> Float32:
        width, height = self._scene.camera.size_wh
        rng = np.random.default_rng(self._scene.seed + 17)
        blobs = cv2.resize(rng.standard_normal((4, 5)).astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
        light = self._scene.light
        level = min(1.0, light.ambient + 0.55 * light.lamp)
        colour = np.array(self._scene.background_bgr, np.float32)
        out: Float32 = colour * np.float32(level) * (1 + np.float32(0.05) * blobs[..., None])
        return out

    def _noise_pool(self) -> NDArray[np.float32] | None:
        if self._scene.flaws.noise <= 0:
            return None
        width, height = self._scene.camera.size_wh
        rng = np.random.default_rng(self._scene.seed)
        shape = (height + _NOISE_MARGIN, width + _NOISE_MARGIN, 3)
        return rng.standard_normal(shape, dtype=np.float32) * np.float32(self._scene.flaws.noise)

    def frame(self, pose: HeadPose, moments: Sequence[Sequence[PosedHand]] = ((),), index: int = 0, t_s: float = 0.0) -> Image:
        """Render a picture, (H, W, 3) uint8 BGR.

        moments: the hands that are seen; several moments, spread over the exposure, blur moving hands. index: number of the
            frame, which chooses its noise. t_s: time for the pulse and the light.
        """
        layer = self._pulsed(self._body(pose), t_s)
        pictures = [self._with_hands(layer, hands) for hands in moments]
        picture: Float32 = np.mean(pictures, axis=0, dtype=np.float32) if len(pictures) > 1 else pictures[0]
        if self._scene.unsteady is not None:
            picture *= self._scene.unsteady.factor(t_s, len(picture)).astype(np.float32)[:, None, None]
        return self._flawed(picture, index)

    def _pulsed(self, layer: _BodyLayer, t_s: float) -> _BodyLayer:
        """Apply the pulse to face and neck only: hands at work are no place to see a pulse."""
        if layer.blood is None or self._scene.pulse is None:
            return layer
        change = self._scene.pulse.change_bgr(t_s, self._scene.look.tone)
        return replace(layer, image=layer.image + layer.blood * change.astype(np.float32))

    def _with_hands(self, layer: _BodyLayer, hands: Sequence[PosedHand]) -> Float32:
        picture = layer.image.copy()
        depth = layer.depth.copy()
        drawn = [self._draw_hand(depth, hand) for hand in hands]
        for hand, (fragments, _) in zip(hands, drawn, strict=True):
            self._cast_shadow(picture, hand, fragments)
        flat = picture.reshape(-1, 3)
        for hand in hands:
            if hand.tool is not None:
                self._draw_tool(flat, depth, hand.tool)
        for fragments, nearest in drawn:
            seen = nearest <= depth.depth[fragments.pixel]  # the other hand may lie in front
            self._colour(flat, fragments.pixel[seen], fragments.values[1:, seen])
        return picture

    def _body(self, pose: HeadPose) -> _BodyLayer:
        if self._layer is None or self._layer.pose != pose:
            self._layer = self._draw_body(pose)
        return self._layer

    def _draw_body(self, pose: HeadPose) -> _BodyLayer:
        mesh, share = self._parts.head, self._parts.head_share[:, None]
        turn = pose.matrix().astype(np.float32)
        points = pose.carry(mesh.points_mm.astype(np.float64), self._parts.head_share)
        normals = mesh.normals + share * (mesh.normals @ turn.T - mesh.normals)
        factor, sheen = shade_vertices(normals, mesh.occlusion, self._scene.light)
        depth = DepthBuffer(*self._scene.camera.size_wh)
        xy, far = self._scene.camera.project(points)
        values = np.stack([factor, sheen, self._body_texels[:, 0], self._body_texels[:, 1], *self._alive])
        fragments = depth.draw(_columns(xy), far.astype(np.float32), values, self._triangles)
        image = self._background.copy()
        self._colour(image.reshape(-1, 3), fragments.pixel, fragments.values[:4])
        return _BodyLayer(pose, image, depth, self._blood(fragments) if self._alive else None)

    def _blood(self, fragments: Fragments) -> Float32:
        """Render the layer that a heartbeat brightens and darkens; the sheen over it does not change."""
        factor, _, x, y, alive = fragments.values
        blood = np.zeros((*self._scene.camera.size_wh[::-1], 3), np.float32)
        self._colour(blood.reshape(-1, 3), fragments.pixel, np.stack([factor * alive, np.zeros_like(alive), x, y]))
        return blood

    def _draw_hand(self, depth: DepthBuffer, hand: PosedHand) -> tuple[Fragments, Float32]:
        factor, sheen = shade_vertices(hand.normals, self._parts.hand.occlusion, self._scene.light)
        xy, far = self._scene.camera.project(hand.points_mm)
        depth_mm = far.astype(np.float32)
        values = np.stack([depth_mm, factor, sheen, self._hand_texels[:, 0], self._hand_texels[:, 1]])
        fragments = depth.draw(_columns(xy), depth_mm, values, hand.triangles)
        return fragments, fragments.values[0] - np.float32(_DEPTH_SLACK_MM)

    def _draw_tool(self, flat: Float32, depth: DepthBuffer, tool: PosedTool) -> None:
        """Draw a tool where nothing lies in front of it: a plate or barrel of one colour."""
        factor, sheen = shade_vertices(tool.normals, np.ones(len(tool.normals), np.float32), self._scene.light)
        xy, far = self._scene.camera.project(tool.points_mm)
        fragments = depth.draw(_columns(xy), far.astype(np.float32), np.stack([factor, sheen]), tool.triangles)
        lit, shine = fragments.values
        flat[fragments.pixel] = np.array(_TOOL_BGR, np.float32) * lit[:, None] + shine[:, None]

    def _colour(self, flat: Float32, pixel: NDArray[np.int32], values: Float32) -> None:
        """Look up the skin's colour and write lit pixels. values: factor, sheen, texel x, texel y (N each)."""
        if not len(pixel):
            return
        width = 1024  # cv2.remap wants pictures, not lists
        count = len(pixel)
        rows = -(-count // width)
        places = np.zeros((2, rows * width), np.float32)
        places[:, :count] = values[2:] - np.float32(0.5)
        colour = cv2.remap(
            self._atlas,
            places[0].reshape(rows, width),
            places[1].reshape(rows, width),
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        ).reshape(-1, 3)[:count]
        flat[pixel] = colour * values[0][:, None] + values[1][:, None]

    def _cast_shadow(self, picture: Float32, hand: PosedHand, fragments: Fragments) -> None:
        width, height = self._scene.camera.size_wh
        small = (width // _SHADOW_SCALE, height // _SHADOW_SCALE)
        mask = np.zeros(width * height, np.uint8)
        mask[fragments.pixel] = 255
        soft: Float32 = cv2.resize(mask.reshape(height, width), small, interpolation=cv2.INTER_AREA).astype(np.float32)
        camera, towards = self._scene.camera, self._scene.light.towards
        px_per_mm = camera.focal_px / camera.distance_mm / _SHADOW_SCALE
        gap = hand.lift_mm + _HAND_THICKNESS_MM
        shift = np.clip(gap * np.array([-towards[0], towards[1]]) / max(towards[2], 0.25), -60, 60) * px_per_mm
        shifted = cv2.warpAffine(soft, np.array([[1, 0, shift[0]], [0, 1, shift[1]]], np.float32), small)
        blurred = cv2.GaussianBlur(shifted, (0, 0), max(0.6, (4.0 + 0.28 * gap) * px_per_mm)).astype(np.float32, copy=False)
        strength = _SHADOW_STRENGTH * (
            0.35 + 0.65 * self._scene.light.lamp / (self._scene.light.lamp + self._scene.light.ambient)
        )
        strength /= 1.0 + hand.lift_mm / 60.0
        factor = cv2.resize(1 - np.float32(strength / 255) * blurred, (width, height), interpolation=cv2.INTER_LINEAR)
        picture *= factor[..., None]

    def _flawed(self, picture: Float32, index: int) -> Image:
        flaws = self._scene.flaws
        if flaws.blur_px > 0:
            picture = cv2.GaussianBlur(picture, (0, 0), flaws.blur_px).astype(np.float32, copy=False)
        if self._noise is not None:
            width, height = self._scene.camera.size_wh
            dx, dy = np.random.default_rng((self._scene.seed, index)).integers(0, _NOISE_MARGIN, 2)
            noise = self._noise[dy : dy + height, dx : dx + width]
            picture = picture + noise * np.sqrt(0.5 + picture * np.float32(0.5 / 128))
        image: Image = np.clip(picture + 0.5, 0, 255).astype(np.uint8)
        if flaws.jpeg_quality is not None:
            _, code = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, flaws.jpeg_quality])
            image = np.ascontiguousarray(cv2.imdecode(code, cv2.IMREAD_COLOR), dtype=np.uint8)
        return image


def _columns(xy: Float) -> Float32:
    columns: Float32 = np.ascontiguousarray(xy.T, dtype=np.float32)
    return columns
