"""Renders the mannequin's face from the front, as in a mirror, for step pictures."""

from typing import Final

import numpy as np

from facetrack.mannequin.body.skin import skin
from facetrack.mannequin.camera import Camera, HeadPose
from facetrack.mannequin.render.renderer import Renderer
from facetrack.mannequin.render.scene import Appearance, Scene, SensorArtifacts
from facetrack.overlay.step_picture import Backdrop
from facetrack.packets import Float

PX_PER_MM: Final = 3.0
"""Scale of the picture at the nose bridge's distance."""
WIDTH_MM: Final = 230.0
"""Width of what the picture shows, at the nose bridge's distance."""
TOP_MM: Final = 88.0
"""Upper edge of the picture, above the forehead."""
BOTTOM_MM: Final = -228.0
"""Lower edge of the picture, on the upper chest."""
DISTANCE_MM: Final = 1200.0
"""Distance of the camera: far enough that neck and chest, which lie deeper, are not drawn much smaller than the face."""


def mannequin_face() -> Backdrop:
    """Render the face. This takes about a second and is not cached."""
    width, height = round(WIDTH_MM * PX_PER_MM), round((TOP_MM - BOTTOM_MM) * PX_PER_MM)
    fov_deg = 2 * np.rad2deg(np.arctan(width / 2 / (PX_PER_MM * DISTANCE_MM)))
    shift_mm = (0.0, -(TOP_MM + BOTTOM_MM) / 2)
    camera = Camera((width, height), float(fov_deg), DISTANCE_MM, shift_mm)
    scene = Scene(look=Appearance(tone=4), camera=camera, flaws=SensorArtifacts(noise=0.0, blur_px=0.4))
    image = np.ascontiguousarray(Renderer(scene).frame(HeadPose())[:, ::-1])

    def place(points_mm: Float) -> Float:
        placed, _ = camera.project(skin().on_chart(points_mm))
        mirrored: Float = placed * (-1.0, 1.0) + (width - 1.0, 0.0)
        return mirrored

    return Backdrop(image, place, PX_PER_MM)
