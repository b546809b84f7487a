"""Clips of the resting mannequin for the pulse: described in few words, seen as skin colours.

The pictures are the renderer's own, with its noise and its JPEGs, of the face at the size that it has at 640x480 and cut out of
it. Where its mesh is comes from the truth with a tracker's jitter, so that hundreds of clips can be had; ``tracked.py`` has
whole pictures through MediaPipe.
"""

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from facetrack.mannequin import Camera, Flaws, HeadMotion, Light, Look, Pulse, Scene, UnsteadyLight
from facetrack.mannequin.render import Renderer
from facetrack.mannequin.source import frame_times
from facetrack.mannequin.truth import mesh_px
from facetrack.packets import Float, Observation
from facetrack.pulse.skin_regions import SkinColours, skin_colours

CUT_OUT: Final = Camera(size_wh=(320, 240), fov_deg=32.2, distance_mm=580.0, shift_mm=(0.0, 30.0))
"""Pixels as large as those of 640x480 at 60 degrees."""
JITTER_PX: Final = 0.3
"""S.d. of the mesh about its place, and how fast that wanders: the tracker's own, smoothed, on a still face."""
JITTER_S: Final = 0.25
POSE_S: Final = 0.5
"""How often the head is drawn anew: it sways slowly, and drawing it is what takes time."""
SECONDS: Final = 20.0


@dataclass(frozen=True, slots=True)
class PulseClip:
    """bpm: None for skin without a pulse. still: one picture again and again, noise and all."""

    bpm: float | None = 66.0
    tone: int = 4
    fps: float = 30.0
    noise: float = 2.0
    jpeg_quality: int | None = 85
    light: Light = field(default_factory=Light)
    unsteady: UnsteadyLight | None = None
    head: HeadMotion = field(default_factory=lambda: HeadMotion(sway_deg=0.4, sway_mm=0.8))
    frame_jitter_s: float = 0.004
    lost_share: float = 0.01
    strength: float = 1.0
    still: bool = False
    seconds: float = SECONDS
    seed: int = 0

    def scene(self, camera: Camera = CUT_OUT) -> Scene:
        phase = float(np.random.default_rng(self.seed).uniform())
        pulse = None if self.bpm is None else Pulse(self.bpm, self.strength, phase=phase)
        flaws = Flaws(noise=self.noise, jpeg_quality=self.jpeg_quality)
        return Scene(
            Look(self.tone, seed=self.seed), self.light, camera, flaws, seed=self.seed, pulse=pulse, unsteady=self.unsteady
        )

    def times_s(self) -> Float:
        return frame_times(self.seconds, self.fps, self.frame_jitter_s, self.lost_share, self.seed)[0]


def colours_of(clip: PulseClip) -> list[SkinColours]:
    """The clip, frame by frame."""
    renderer = Renderer(clip.scene())
    rng = np.random.default_rng(clip.seed + 1)
    nobody = np.full((2, 21, 3), np.nan)
    off, out = np.zeros(2), []
    before_s, image = -1.0, None
    for index, t_s in enumerate(clip.times_s()):
        pose = clip.head.at(0.0 if clip.still else np.floor(float(t_s) / POSE_S) * POSE_S)
        keep = float(np.exp(-(t_s - before_s) / JITTER_S))
        off = keep * off + np.sqrt(1 - keep * keep) * rng.normal(0.0, JITTER_PX, 2)
        before_s = float(t_s)
        if image is None or not clip.still:
            image = renderer.frame(pose, index=index, t_s=float(t_s))
        mesh = np.full((478, 3), 0.0)
        mesh[:, :2] = mesh_px(pose, CUT_OUT) + (0.0 if clip.still else off)
        out.append(skin_colours(image, Observation(float(t_s), CUT_OUT.size_wh, mesh, nobody)))
    return out
