"""Measures where the tracker's 478 face landmarks lie on the mannequin's skin, and stores it in body.npz.

    python scripts/register_mannequin.py FACE_LANDMARKER.task

The chart is mesh-registered by definition, so registration is a measurement: the bare mannequin is rendered large, without
noise, at small poses; each landmark's ray is followed to the skin; the median over poses and over both halves (mirror
pairs) is kept.
"""

import sys
from pathlib import Path

import cv2
import mediapipe as mp
import numpy as np
from build_mannequin import TARGET
from mannequin_fields import Array
from mediapipe.tasks.python import vision
from mediapipe.tasks.python.core.base_options import BaseOptions

from facetrack.geometry.head.canonical import canonical_face
from facetrack.mannequin.body.skin import skin
from facetrack.mannequin.camera import NECK_JOINT_MM, Camera, HeadPose
from facetrack.mannequin.render.renderer import Renderer
from facetrack.mannequin.render.scene import Appearance, Scene, SensorArtifacts

POSES_DEG = [(0, 0), (0, 0), (0, 0), (-4, 0), (4, 0), (0, 3), (0, -3), (-3, 2), (3, 2), (-3, -2), (3, -2), (-2, 0), (2, 0)]
CAMERA = Camera((1280, 960), 40.0, 700.0, (0.0, 20.0))
TONES = (2, 4, 6, 8)


def unprojected(pixels: Array, depth_mm: float) -> Array:
    """The inverse of ``Camera.project``: (N, 2) pixels -> (N, 3) mm."""
    scale = depth_mm / CAMERA.focal_px
    x = (pixels[:, 0] - CAMERA.size_wh[0] / 2) * scale - CAMERA.shift_mm[0]
    y = -(pixels[:, 1] - CAMERA.size_wh[1] / 2) * scale - CAMERA.shift_mm[1]
    return np.column_stack([x, y, np.full(len(pixels), CAMERA.distance_mm - depth_mm)])


def on_skin(pixels: Array, pose: HeadPose) -> Array:
    """Where the rays of pixels (N, 2) meet the skin, head frame. By fixed-point steps on the height over the frontal plane."""
    turn = pose.matrix()
    eye = (np.array([-CAMERA.shift_mm[0], -CAMERA.shift_mm[1], CAMERA.distance_mm]) - NECK_JOINT_MM) @ turn + NECK_JOINT_MM
    far = (unprojected(pixels, 700.0) - NECK_JOINT_MM) @ turn + NECK_JOINT_MM
    ray = far - eye
    height = np.zeros(len(pixels))
    for _ in range(60):
        s = (height - eye[2]) / ray[:, 2]
        point = eye + s[:, None] * ray
        height = height + 0.5 * (skin().point(point[:, :2])[:, 2] - height)
    return eye + ((height - eye[2]) / ray[:, 2])[:, None] * ray


def measured(model: str) -> Array:
    base = BaseOptions(model_asset_path=model)
    found = []
    with vision.FaceLandmarker.create_from_options(vision.FaceLandmarkerOptions(base)) as landmarker:
        for tone in TONES:
            renderer = Renderer(
                Scene(look=Appearance(tone=tone, seed=tone), camera=CAMERA, flaws=SensorArtifacts(noise=0.0, blur_px=0.7))
            )
            for yaw, pitch in POSES_DEG:
                pose = HeadPose(float(np.deg2rad(yaw)), float(np.deg2rad(pitch)))
                rgb = cv2.cvtColor(renderer.frame(pose), cv2.COLOR_BGR2RGB)
                result = landmarker.detect(mp.Image(image_format=mp.ImageFormat.SRGB, data=rgb))
                pixels = np.array([(p.x, p.y) for p in result.face_landmarks[0]]) * CAMERA.size_wh
                found.append(on_skin(pixels, pose))
    spread = np.array(found).std(axis=0)[:, :2]
    print(f"spread over poses and tones, mm: median {np.median(spread):.2f}, p95 {np.percentile(spread, 95):.2f}")
    return np.median(found, axis=0)


def symmetric(points: Array) -> Array:
    partner = points[canonical_face().mirror_index] * [-1.0, 1.0, 1.0]
    print(f"asymmetry taken out, mm: median {np.median(np.linalg.norm(points - partner, axis=1) / 2):.2f}")
    return (points + partner) / 2


def main(model: str, target: Path) -> None:
    points = symmetric(measured(model))
    points[:, 2] = skin().point(points[:, :2])[:, 2]
    chart = canonical_face().points_mm
    apart = np.linalg.norm((points - chart)[:, :2], axis=1)
    print(f"from the canonical face, mm: median {np.median(apart):.1f}, p95 {np.percentile(apart, 95):.1f}")
    data = dict(np.load(target))
    data["registration_mm"] = points.astype(np.float32)
    np.savez_compressed(target, **data)


if __name__ == "__main__":
    main(sys.argv[1], TARGET)
