"""What the trackers are shown: labelled signers, the same seen close up, rendered hands, and people without hands."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.tracking.labels import Labels, read_labels
from benchmarks.tracking.mannequins import HARD, HardClip
from facetrack.mannequin import Camera
from facetrack.mannequin.source import DEFAULT_FPS
from facetrack.packets import Bool, Float

MEDIA: Final = Path(__file__).parents[3] / "shared" / "media"
Image = NDArray[np.uint8]
MANNEQUIN_FRAMES: Final = 240
"""Of each rendered clip; enough for the arrival and some strokes."""
SIGNERS_MM_PER_PX: Final = 0.75
"""Their faces are about 190 px across the mesh, people's 140 mm."""
CLOSE_UPS: Final = {
    "bird": ((150, 30, 340), 13, 42),
    "brother": ((90, 20, 340), 15, 26),
    "eat": ((110, 60, 420), 16, 31),
    "help": ((90, 60, 430), 27, 42),
    "sister": ((90, 60, 420), 25, 37),
}
"""Of a signer's clip x, y and width (px) of the part that is enlarged to the whole picture, and the first and last frame in
which the hand is mostly in it."""
WITHOUT_HANDS: Final = ("tfjs_facemesh_demo_input.mp4", "pyfeat_single_face.mp4", "pyfeat_face_noface.mov")


@dataclass(frozen=True, slots=True)
class Scene:
    """A clip with what is known about it. visible, clear: as Labels'. tips_px: (N, 2, 5, 2); joints_px: (N, 2, 21, 2) where the
    truth is known exactly, else None. on_face: (first, last) frame between which the hands are on the face. mm_per_px: at the
    face; of real people estimated."""

    name: str
    group: str
    frames: Callable[[], list[Image]]
    fps: float
    visible: Bool
    clear: Bool
    tips_px: Float
    joints_px: Float | None
    on_face: tuple[int, int] | None
    mm_per_px: float


def signers() -> list[Scene]:
    """Empty where the clips are not."""
    return [_signer(name, labels) for name, labels in read_labels().items() if _clip(name).exists()]


def close_ups() -> list[Scene]:
    """Real hands on real, close faces: the signers' clips enlarged, as long as the hand is in the picture."""
    return [_close_up(scene) for scene in signers() if scene.name in CLOSE_UPS]


def mannequins() -> list[Scene]:
    """Rendered on first use, minutes."""
    return [_mannequin(clip) for clip in HARD]


def without_hands() -> list[Scene]:
    scenes = []
    for file in WITHOUT_HANDS:
        if (MEDIA / file).exists():
            n = int(cv2.VideoCapture(str(MEDIA / file)).get(cv2.CAP_PROP_FRAME_COUNT))
            no, tips = np.zeros((n, 2), dtype=np.bool_), np.full((n, 2, 5, 2), np.nan)
            scenes.append(Scene(file, "without hands", _reader(MEDIA / file), 30.0, no, ~no, tips, None, None, np.nan))
    return scenes


def _signer(name: str, labels: Labels) -> Scene:
    seen = np.flatnonzero(labels.visible.any(axis=1))
    on_face = (int(seen[0]) + 3, int(seen[-1]) - 3)
    frames = _reader(_clip(name))
    seen_as = labels.visible, labels.clear, labels.tips_px
    return Scene(name, "signers", frames, 30.0, *seen_as, None, on_face, SIGNERS_MM_PER_PX)


def _close_up(scene: Scene) -> Scene:
    (x, y, width), first, last = CLOSE_UPS[scene.name]
    scale = 640 / width

    def frames() -> list[Image]:
        parts = [image[y : y + width * 3 // 4, x : x + width] for image in scene.frames()[: last + 1]]
        return [cv2.resize(part, (640, 480), interpolation=cv2.INTER_CUBIC).astype(np.uint8) for part in parts]

    visible, clear = scene.visible[: last + 1].copy(), scene.clear[: last + 1].copy()
    clear[:first] &= ~visible[:first]  # partly out of the enlarged picture
    tips = (scene.tips_px[: last + 1] - (x, y)) * scale
    mm_per_px = SIGNERS_MM_PER_PX / scale
    return Scene(f"{scene.name}, close", "close-ups", frames, 30.0, visible, clear, tips, None, (first, last), mm_per_px)


def _mannequin(clip: HardClip) -> Scene:
    truth = clip.ground_truth()
    n = min(len(truth.t_s), MANNEQUIN_FRAMES)
    joints = truth.joints_px[:n]
    at_face = truth.at_face[:n]
    inside = ((joints[:, :, [0, 5, 9, 13, 17]] > 0) & (joints[:, :, [0, 5, 9, 13, 17]] < (640, 480))).mean(axis=(2, 3)) > 0.75
    visible = at_face & inside
    clear = visible | ~truth.visible[:n]
    steady = np.flatnonzero(visible.any(axis=1))
    frames = _reader(clip.rendered(), n)
    on_face = (int(steady[0]), int(steady[-1]))
    group = "crossing" if clip.crossing is not None else "mannequins"
    tips = np.where(visible[..., None, None], joints[:, :, [4, 8, 12, 16, 20]], np.nan)
    mm_per_px = clip.distance_mm / Camera().focal_px
    return Scene(clip.name, group, frames, DEFAULT_FPS, visible, clear, tips, joints, on_face, mm_per_px)


def _clip(name: str) -> Path:
    return MEDIA / f"crop_intel_asl_{name}.mp4"


def _reader(file: Path, most: int = 100_000) -> Callable[[], list[Image]]:
    @cache
    def read() -> list[Image]:
        video = cv2.VideoCapture(str(file))
        images: list[Image] = []
        while len(images) < most:
            more, image = video.read()
            if not more:
                break
            images.append(image.astype(np.uint8, copy=False))
        video.release()
        return images

    return read
