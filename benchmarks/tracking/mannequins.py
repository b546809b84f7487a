"""Mannequins made hard to track: palms flat on the face, skin on skin, smeared, dark, hands that cross. Kept in the cache."""

import hashlib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.mannequin_truth import GroundTruth, ground_truth_of
from facetrack.mannequin import (
    Appearance,
    Camera,
    HeadMotion,
    Performance,
    Scene,
    SensorArtifacts,
    Style,
    perform_steps,
    render_clip,
)
from facetrack.mannequin.clip import RENDER_VERSION
from facetrack.mannequin.render.scene import DIM_LIGHT
from facetrack.mannequin.source import frame_times
from facetrack.packets import LEFT, RIGHT
from facetrack.routine import load_routine
from facetrack.system.paths import cache_dir

SECONDS: Final = 5.0
NEUTRAL_S: Final = 0.5
_CROSSING_S: Final = 2.4
"""From one crossing to the one after the next."""
_CROSSING_MM: Final = 38.0
"""How far beyond the midline each hand goes."""
_CROSSING_LIFT_MM: Final = 26.0
"""The outer hand passes in front of the other."""


@dataclass(frozen=True, slots=True)
class HardClip:
    """name: what is hard. step: "routine/step". crossing: chart y (mm) at which the hands cross, None: they do the step."""

    name: str
    step: str
    look: Appearance = field(default_factory=Appearance)
    flaws: SensorArtifacts = field(default_factory=lambda: SensorArtifacts(shutter_s=0.008))
    dim: bool = False
    distance_mm: float = 580.0
    tempo: float = 1.0
    crossing: float | None = None
    seed: int = 0

    def performance(self) -> Performance:
        routine, _, step_id = self.step.partition("/")
        steps = tuple(step for step in load_routine(routine).steps if step.id == step_id)
        style = Style(seed=self.seed, tempo=self.tempo, order="together")
        performance = perform_steps(steps, style=style, neutral_s=NEUTRAL_S, seconds=SECONDS)
        return performance if self.crossing is None else _crossed(performance, self.crossing)

    def rendered(self) -> Path:
        """From the cache if a clip of this description was ever rendered: a performance's last digits change with the code."""
        described = repr((self, RENDER_VERSION, SECONDS, NEUTRAL_S, _CROSSING_S, _CROSSING_MM, _CROSSING_LIFT_MM))
        folder = cache_dir() / "tracking-clips" / hashlib.sha256(described.encode()).hexdigest()[:32]
        for video in sorted(folder.glob("*.avi")):
            return video
        return render_clip(self.performance(), self.scene(), self.head(), codec="MJPG", folder=folder)

    def scene(self) -> Scene:
        scene = Scene(self.look, camera=Camera(distance_mm=self.distance_mm), flaws=self.flaws, seed=self.seed)
        return replace(scene, light=DIM_LIGHT) if self.dim else scene

    def ground_truth(self) -> GroundTruth:
        """Of all frames."""
        performance = self.performance()
        return ground_truth_of(performance, frame_times(performance.duration_s), self.scene(), self.head())

    def head(self) -> HeadMotion:
        return HeadMotion(sway_deg=2.0, sway_mm=5.0, still_until_s=NEUTRAL_S, seed=self.seed)


def _crossed(performance: Performance, y_mm: float) -> Performance:
    """The same hands, but swinging past each other over the midline while they are at the face."""
    tracks = performance.tracks
    working, lift = tracks.working_mm.copy(), tracks.lift_mm.copy()
    swing = _CROSSING_MM * np.cos(2 * np.pi * tracks.t_s / _CROSSING_S)
    for side, sign, above in ((LEFT, 1.0, 9.0), (RIGHT, -1.0, -9.0)):
        working[:, side, 0] = sign * swing
        working[:, side, 1] = y_mm + above
    lift[:, RIGHT] = np.maximum(lift[:, RIGHT], _CROSSING_LIFT_MM)
    return replace(performance, tracks=replace(tracks, working_mm=working, lift_mm=lift))


_COMPRESSED: Final = SensorArtifacts(jpeg_quality=6, shutter_s=0.008)

HARD: Final = (
    HardClip("palms flat", "japanese/apply-cream", Appearance(tone=4, seed=3), seed=31),
    HardClip("palms flat, sliding", "japanese/cup-and-slide", Appearance(tone=7, seed=4), seed=32),
    HardClip("fingers on the forehead", "fascia/forehead", Appearance(tone=5, seed=5), seed=33),
    HardClip("fingers on the jaw", "fascia/jawline", Appearance(tone=2, seed=6), seed=34),
    HardClip("spirals on the cheeks", "japanese/cheeks", Appearance(tone=6, seed=7), seed=35),
    HardClip(
        "smeared",
        "japanese/upper-eyelids",
        Appearance(tone=3, seed=8),
        SensorArtifacts(blur_px=1.6, shutter_s=0.03),
        tempo=1.6,
        seed=36,
    ),
    HardClip(
        "dark and noisy", "fascia/brow", Appearance(tone=9, seed=9), SensorArtifacts(5.0, shutter_s=0.008), dim=True, seed=37
    ),
    HardClip("close: forehead", "fascia/forehead", Appearance(tone=4, seed=12), distance_mm=250.0, seed=41),
    HardClip("close: eyelids", "japanese/upper-eyelids", Appearance(tone=6, seed=13), distance_mm=240.0, seed=42),
    HardClip("close: brow", "fascia/brow", Appearance(tone=3, seed=14), distance_mm=250.0, seed=43),
    HardClip("close, compressed", "japanese/cheeks", Appearance(tone=5, seed=15), _COMPRESSED, distance_mm=270.0, seed=44),
    HardClip("crossing on the forehead", "fascia/forehead", Appearance(tone=5, seed=10), crossing=52.0, seed=38),
    HardClip("crossing on the chin", "fascia/lips", Appearance(tone=8, seed=11), crossing=-62.0, seed=39),
)
