"""Under what conditions a case is performed and seen. Each theme bends one of them; the others stay ordinary."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from benchmarks.uneven_frames import uneven_times
from facetrack.mannequin import Appearance, Camera, HeadMotion, Light, Scene, SensorArtifacts
from facetrack.mannequin.render.scene import DIM_LIGHT, SIDE_LIGHT
from facetrack.packets import Float

Lighting = Literal["room", "dim", "side"]
LIGHTS: Final[dict[str, Light]] = {"room": Light(), "dim": DIM_LIGHT, "side": SIDE_LIGHT}
THEMES: Final = (
    "ordinary",
    "yaw",
    "ordinary",
    "pitch",
    "moving head",
    "roll",
    "ordinary",
    "near",
    "15 fps",
    "far",
    "60 fps",
    "uneven times",
    "ordinary",
    "10 % lost",
    "dim light",
    "side light",
    "noise",
    "compression",
)
"""In the order in which cases take them; ordinary ones are the commonest."""
_SIZES: Final = {"near": (400.0, 450.0), "far": (760.0, 900.0)}
_ORDINARY_MM: Final = (500.0, 680.0)


@dataclass(frozen=True, slots=True)
class Conditions:
    """Angles in degrees, user's as in ``HeadMotion``. uneven: largest deviation of a frame's time, share of the interval."""

    theme: str
    yaw_deg: float = 0.0
    pitch_deg: float = 0.0
    roll_deg: float = 0.0
    sway_deg: float = 1.5
    sway_mm: float = 4.0
    distance_mm: float = 600.0
    tone: int = 4
    light: Lighting = "room"
    fps: float = 30.0
    uneven: float = 0.0
    lost_share: float = 0.0
    noise: float = 2.0
    jpeg_quality: int | None = None
    seed: int = 0

    @property
    def camera(self) -> Camera:
        return Camera(distance_mm=self.distance_mm)

    @property
    def head(self) -> HeadMotion:
        return HeadMotion(
            self.yaw_deg,
            self.pitch_deg,
            self.roll_deg,
            sway_deg=self.sway_deg,
            sway_mm=self.sway_mm,
            still_until_s=1.0,
            seed=self.seed,
        )

    @property
    def scene(self) -> Scene:
        flaws = SensorArtifacts(self.noise, self.jpeg_quality, shutter_s=0.008)
        return Scene(Appearance(tone=self.tone, seed=self.seed % 97), LIGHTS[self.light], self.camera, flaws, seed=self.seed)

    def times_s(self, duration_s: float) -> Float:
        """(N,) times of the frames that arrive."""
        return uneven_times(duration_s, self.fps, self.uneven / self.fps, self.lost_share, self.seed)


def draw_conditions(theme: str, number: int, rng: np.random.Generator) -> Conditions:
    """Conditions of a theme. number: rotates through the skin tones."""
    extreme: dict[str, dict[str, object]] = {
        "yaw": {"yaw_deg": _signed(rng, 15, 25)},
        "pitch": {"pitch_deg": _signed(rng, 9, 15)},
        "roll": {"roll_deg": _signed(rng, 9, 15)},
        "moving head": {"sway_deg": float(rng.uniform(5, 9)), "sway_mm": float(rng.uniform(12, 25))},
        "near": {"distance_mm": float(rng.uniform(*_SIZES["near"]))},
        "far": {"distance_mm": float(rng.uniform(*_SIZES["far"]))},
        "15 fps": {"fps": 15.0},
        "60 fps": {"fps": 60.0},
        "uneven times": {"uneven": 0.4},
        "10 % lost": {"lost_share": 0.1},
        "dim light": {"light": "dim", "noise": 5.0},
        "side light": {"light": "side"},
        "noise": {"noise": 8.0},
        "compression": {"jpeg_quality": int(rng.integers(20, 40))},
    }
    ordinary: dict[str, object] = {
        "yaw_deg": float(rng.normal(0, 4)),
        "pitch_deg": float(rng.normal(0, 3)),
        "roll_deg": float(rng.normal(0, 3)),
        "sway_deg": float(rng.uniform(0.5, 2.5)),
        "sway_mm": float(rng.uniform(2, 8)),
        "distance_mm": float(rng.uniform(*_ORDINARY_MM)),
        "tone": number % 10 + 1,
        "seed": int(rng.integers(1 << 30)),
    }
    return Conditions(theme, **{**ordinary, **extreme.get(theme, {})})  # type: ignore[arg-type]


def _signed(rng: np.random.Generator, low: float, high: float) -> float:
    return float(rng.uniform(low, high) * rng.choice([-1, 1]))
