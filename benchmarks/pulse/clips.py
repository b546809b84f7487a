"""Clips of the resting mannequin for the pulse: described in few words, seen as skin colours.

The pictures are the renderer's own, with its noise and its JPEGs, of the face at the size that it has at 640x480 (or 1280x720)
and cut out of it. Where its mesh is comes from the truth with a tracker's jitter, so that hundreds of clips can be had;
``through_tracker`` has whole pictures through MediaPipe.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np

from benchmarks.mannequin_truth import mesh_px
from benchmarks.uneven_frames import uneven_times
from facetrack.mannequin import Appearance, Camera, HeadMotion, Light, Pulse, Scene, SensorArtifacts, UnsteadyLight
from facetrack.mannequin.render.renderer import Renderer
from facetrack.packets import Float, Frame, Observation
from facetrack.pulse.skin_regions import SkinColours, skin_colours
from facetrack.tracking import Tracker

_CUT_MM: Final = (224.0, 150.0)
"""Forehead to mouth, and the wall beside the head."""
_ROOM_MM: Final = 2 * 580.0 * float(np.tan(np.deg2rad(30.0)))
"""What a camera of 60 degrees sees across at the face's distance."""


def _cut_out(wide_px: int) -> Camera:
    """A part of a picture that is so wide, at its scale."""
    width, height = (round(mm * wide_px / _ROOM_MM) // 2 * 2 for mm in _CUT_MM)
    fov = float(np.rad2deg(2 * np.arctan(width / wide_px * np.tan(np.deg2rad(30.0)))))
    return Camera(size_wh=(width, height), fov_deg=fov, distance_mm=580.0, shift_mm=(0.0, -8.0))


CUT_OUTS: Final = {480: _cut_out(640), 720: _cut_out(1280)}
"""Of 640x480 and of 1280x720, which facetrack asks cameras for, at 60 degrees."""
WHOLE: Final = Camera()
JITTER_PX: Final = 0.3
"""S.d. of the mesh about its place in 640x480..."""
JITTER_S: Final = 0.25
"""...and how fast that wanders: the tracker's own, smoothed, on a still face."""
POSE_S: Final = 0.5
"""How often the head is drawn anew: it sways slowly, and drawing it is what takes time."""
SECONDS: Final = 20.5
"""The watch looks at 15 to 20 of them."""
Kind = Literal["face", "still", "behind", "nobody"]


@dataclass(frozen=True, slots=True)
class PulseClip:
    """bpm: None for skin without a pulse. kind: a face; one picture of a face again and again; a head from behind; nobody.
    rows: of the camera's picture, 480 or 720."""

    bpm: float | None = 66.0
    tone: int = 4
    fps: float = 30.0
    kind: Kind = "face"
    noise: float = 2.0
    jpeg_quality: int | None = 85
    light: Light = field(default_factory=Light)
    unsteady: UnsteadyLight | None = None
    head: HeadMotion = field(default_factory=lambda: HeadMotion(sway_deg=0.4, sway_mm=0.8))
    frame_jitter_s: float = 0.004
    lost_share: float = 0.01
    strength: float = 1.0
    rows: int = 480
    seconds: float = SECONDS
    seed: int = 0

    def scene(self, camera: Camera) -> Scene:
        phase = float(np.random.default_rng(self.seed).uniform())
        pulse = None if self.bpm is None else Pulse(self.bpm, self.strength, phase=phase)
        flaws = SensorArtifacts(noise=self.noise, jpeg_quality=self.jpeg_quality)
        look = Appearance(self.tone, seed=self.seed)
        return Scene(look, self.light, camera, flaws, seed=self.seed, pulse=pulse, unsteady=self.unsteady)

    def times_s(self) -> Float:
        return uneven_times(self.seconds, self.fps, self.frame_jitter_s, self.lost_share, self.seed)

    def moved(self) -> HeadMotion:
        if self.kind == "nobody":
            return HeadMotion(translation_mm=(3000.0, 0.0, 0.0))
        return HeadMotion(yaw_deg=180.0) if self.kind == "behind" else self.head


def pictures(clip: PulseClip, camera: Camera) -> Iterator[Frame]:
    """Frame by frame."""
    renderer, head = Renderer(clip.scene(camera)), clip.moved()
    image = None
    for index, t_s in enumerate(clip.times_s()):
        if image is None or clip.kind != "still":
            image = renderer.frame(head.at(_drawn_s(t_s)), index=index, t_s=float(t_s))
        yield Frame(image, float(t_s), index)


def _drawn_s(t_s: float) -> float:
    return float(np.floor(t_s / POSE_S) * POSE_S)


def by_truth(clip: PulseClip) -> Iterator[SkinColours]:
    """The cut-out's colours, where the truth says that the regions are, and a tracker's jitter."""
    camera = CUT_OUTS[clip.rows]
    rng = np.random.default_rng(clip.seed + 1)
    nobody = np.full((2, 21, 3), np.nan)
    off, before_s = np.zeros(2), -1.0
    for frame in pictures(clip, camera):
        keep = float(np.exp(-(frame.t_s - before_s) / JITTER_S))
        off = keep * off + np.sqrt(1 - keep * keep) * rng.normal(0.0, JITTER_PX * clip.rows / 480, 2)
        before_s = frame.t_s
        pose = clip.head.at(0.0 if clip.kind == "still" else _drawn_s(frame.t_s))
        mesh = np.zeros((478, 3))
        mesh[:, :2] = mesh_px(pose, camera) + (0.0 if clip.kind == "still" else off)
        yield skin_colours(frame.image_bgr, Observation(frame.t_s, camera.size_wh, mesh, nobody))


def through_tracker(clip: PulseClip) -> Iterator[SkinColours]:
    """Whole pictures of 640x480 through MediaPipe."""
    with Tracker() as tracker:
        for frame in pictures(clip, WHOLE):
            yield skin_colours(frame.image_bgr, tracker.update(frame))
