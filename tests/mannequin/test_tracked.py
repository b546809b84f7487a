"""The tracker follows the mannequin as it follows people. Figures of this file may get better, never worse."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest

from benchmarks.mannequin_truth import GroundTruth, ground_truth_of
from facetrack.mannequin import Camera, Performance, Scene, Style, perform_steps, render_clip
from facetrack.mannequin.source import frame_times
from facetrack.packets import LEFT, RIGHT, Float, Frame
from tests.mannequin.steps import FOREHEAD, JAWLINE
from tests.recorded_tracking import RecordedTracker

pytestmark = pytest.mark.slow

FPS = 10.0
FINGERTIP_P95_MM = 4.0
BARE_MESH_P95_MM = 2.5
UNDER_HANDS_BROW_P95_MM = 4.0
STABLE = [6, 168, 8, 9, 33, 133, 362, 263]  # nose bridge and eye corners
TIPS = [8, 12, 16, 20]


@dataclass(frozen=True)
class Tracked:
    """fingertips_mm: (N, 2, 4) distance from the truth, index to pinky; NaN where unseen. seen: (N, 2) of hands at the face."""

    fingertips_mm: Float
    swapped: int
    seen: Float
    bare_mesh_mm: Float
    stable_mm: Float


def routine() -> Performance:
    return perform_steps((FOREHEAD, JAWLINE), style=Style(seed=2), neutral_s=1.5, repetitions=2)


def tracked(clip: Path, truth: GroundTruth, camera: Camera) -> Tracked:
    mm_per_px = camera.distance_mm / camera.focal_px
    capture = cv2.VideoCapture(str(clip))
    tips = np.full((len(truth.t_s), 2, 4), np.nan)
    mesh = np.full((len(truth.t_s), 478), np.nan)
    swapped = 0
    with RecordedTracker() as tracker:
        for k, t_s in enumerate(truth.t_s):
            image = capture.read()[1]
            assert image is not None
            seen = tracker.update(Frame(image.astype(np.uint8), float(t_s), k))
            mesh[k] = np.linalg.norm(seen.face_px[:, :2] - truth.mesh_px[k], axis=1) * mm_per_px
            own = np.linalg.norm(seen.hands_px[..., :2] - truth.joints_px[k], axis=-1)
            other = np.linalg.norm(seen.hands_px[..., :2] - truth.joints_px[k, ::-1], axis=-1)
            swapped += int((np.nanmean(other, axis=-1) < np.nanmean(own, axis=-1)).sum()) if np.isfinite(own).any() else 0
            tips[k] = np.where(truth.at_face[k][:, None], own[:, TIPS] * mm_per_px, np.nan)
    capture.release()
    at_face = truth.at_face
    return Tracked(
        tips,
        swapped,
        np.array([np.isfinite(tips[at_face[:, s], s, 0]).mean() for s in (LEFT, RIGHT)]),
        mesh[~truth.visible.any(axis=1)],
        mesh[at_face.all(axis=1)][:, STABLE],
    )


@pytest.fixture(scope="module")
def result() -> Tracked:
    scene = Scene()
    truth = ground_truth_of(routine(), frame_times(routine().duration_s, FPS), scene)
    return tracked(render_clip(routine(), scene, fps=FPS, codec="MJPG"), truth, scene.camera)


@pytest.mark.filterwarnings("ignore:Mean of empty slice")
def test_fingertips_are_found_within_4_mm(result: Tracked) -> None:
    errors = result.fingertips_mm[np.isfinite(result.fingertips_mm)]
    assert len(errors) > 300
    assert np.percentile(errors, 95) <= FINGERTIP_P95_MM


@pytest.mark.filterwarnings("ignore:Mean of empty slice")
def test_every_hand_on_the_face_is_seen_and_never_taken_for_the_other(result: Tracked) -> None:
    assert result.swapped == 0
    assert (result.seen >= 0.98).all()


@pytest.mark.filterwarnings("ignore:Mean of empty slice")
def test_the_face_is_where_it_was_registered(result: Tracked) -> None:
    assert np.percentile(result.bare_mesh_mm, 95) < BARE_MESH_P95_MM
    assert np.percentile(result.stable_mm, 95) < UNDER_HANDS_BROW_P95_MM
