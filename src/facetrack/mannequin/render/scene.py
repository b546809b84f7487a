"""How a scene looks: person, light, background, camera and its artifacts. Frozen: part of a clip's cache key."""

from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np

from facetrack.mannequin.camera import Camera
from facetrack.mannequin.render.pulse import Pulse, UnsteadyLight
from facetrack.packets import Float

MONK_HEX: Final = ("f6ede4", "f3e7db", "f7ead0", "eadaba", "d7bd96", "a07e56", "825c43", "604134", "3a312a", "292420")
"""The ten tones of the Monk skin tone scale (skintone.google), lightest first."""
Hair = Literal["black", "brown", "blond", "grey", "red", "none"]
"""Colours of the hair."""
_HAIR_BGR: Final = {
    "black": (24, 26, 30),
    "brown": (34, 48, 74),
    "blond": (96, 148, 190),
    "grey": (142, 144, 148),
    "red": (36, 62, 128),
    "none": (0, 0, 0),
}
_EXPOSURE = 0.80  # the scale's hex values are swatches; a camera shows lit skin a little darker, with room for highlights
_MIDDLE_LUMA = 130.0
_AUTO_EXPOSURE = 0.35  # how far (as a power) a camera evens out dark and light faces


@dataclass(frozen=True, slots=True)
class Appearance:
    """How the person looks."""

    tone: int = 4  # tone on the Monk scale, 1..10
    hair: Hair = "brown"
    shirt_bgr: tuple[int, int, int] = (150, 112, 84)
    iris_bgr: tuple[int, int, int] = (62, 84, 112)
    seed: int = 1  # seed of freckles and of the grain of skin and hair

    def __post_init__(self) -> None:
        if not 1 <= self.tone <= len(MONK_HEX):
            raise ValueError(f"tone {self.tone} is not on the Monk scale, 1 to 10")

    @property
    def skin_bgr(self) -> Float:
        text = MONK_HEX[self.tone - 1]
        skin: Float = np.array([int(text[k : k + 2], 16) for k in (4, 2, 0)], dtype=float)
        skin = skin * _EXPOSURE * np.array([0.87, 0.92, 1.03])  # blood: swatches are paler than living skin
        exposed: Float = skin * (_MIDDLE_LUMA / skin.mean()) ** _AUTO_EXPOSURE
        return np.minimum(exposed, 212.0)

    @property
    def hair_bgr(self) -> Float:
        return np.array(_HAIR_BGR[self.hair], dtype=float)


@dataclass(frozen=True, slots=True)
class Light:
    """How the scene is lit. The strengths' sum is about 1.15 in a well-lit room."""

    direction: tuple[float, float, float] = (0.25, 0.5, 0.83)  # direction towards the lamp, body frame
    ambient: float = 0.55  # strength of the ambient light
    lamp: float = 0.62  # strength of the lamp

    @property
    def towards(self) -> Float:
        d = np.array(self.direction, dtype=float)
        unit: Float = d / np.linalg.norm(d)
        return unit


SIDE_LIGHT: Final = Light((0.92, 0.25, 0.45), 0.38, 0.75)
"""A lamp from one side."""
DIM_LIGHT: Final = Light((0.2, 0.6, 0.75), 0.24, 0.24)
"""A dim room."""


@dataclass(frozen=True, slots=True)
class SensorArtifacts:
    """What the camera adds to the picture."""

    # Standard deviation in grey levels of a mid-grey pixel (half of its variance is constant, half depends on the signal); 0
    # for none.
    noise: float = 2.0
    jpeg_quality: int | None = None  # 1..100; None for no compression
    blur_px: float = 0.55  # standard deviation of the lens's blur
    shutter_s: float = 0.0  # exposure over which moving hands blur; 0 for none


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything about the picture except the movement."""

    look: Appearance = field(default_factory=Appearance)
    light: Light = field(default_factory=Light)
    camera: Camera = field(default_factory=Camera)
    flaws: SensorArtifacts = field(default_factory=SensorArtifacts)
    background_bgr: tuple[int, int, int] = (172, 178, 176)
    seed: int = 0
    pulse: Pulse | None = None  # None for skin whose colour does not change
    unsteady: UnsteadyLight | None = None  # None for steady light
