"""Pictures of the mannequin: deterministic, whole, and different where they should be."""

import numpy as np
import pytest

from benchmarks.mannequin_truth import ground_truth_at, mesh_px
from facetrack.mannequin.body.raster import DepthBuffer
from facetrack.mannequin.camera import Camera, HeadPose
from facetrack.mannequin.performance.head_motion import HeadMotion
from facetrack.mannequin.performance.performer import perform
from facetrack.mannequin.render.renderer import Renderer
from facetrack.mannequin.render.scene import DIM_LIGHT, SIDE_LIGHT, Appearance, Light, Scene, SensorArtifacts
from facetrack.mannequin.scene_rig import SceneRig
from facetrack.packets import LEFT
from tests.mannequin.steps import FOREHEAD

SMALL = Camera(size_wh=(320, 240))
CLEAN = SensorArtifacts(noise=0.0, blur_px=0.0)
CHEEK = 425
PERFORMANCE = perform(FOREHEAD, neutral_s=0.5, repetitions=1)
WORK_S = PERFORMANCE.strokes[0].t_start_s + 0.8


def bare(scene: Scene, pose: HeadPose | None = None) -> np.ndarray:
    return Renderer(scene).frame(pose or HeadPose())


def cheek(image: np.ndarray, camera: Camera = SMALL) -> np.ndarray:
    """(3,) mean colour about the left cheek."""
    x, y = mesh_px(HeadPose(), camera)[CHEEK].astype(int)
    return image[y - 2 : y + 3, x - 2 : x + 3].reshape(-1, 3).mean(axis=0)


def test_frames_are_contiguous_uint8_of_the_cameras_size() -> None:
    image = bare(Scene(camera=SMALL))
    assert image.shape == (240, 320, 3)
    assert image.dtype == np.uint8
    assert image.flags.c_contiguous


def test_equal_scenes_give_equal_pictures_in_any_order() -> None:
    times = np.array([WORK_S, WORK_S + 0.5, WORK_S + 1.0])
    one = SceneRig(PERFORMANCE, Scene(camera=SMALL), HeadMotion(sway_deg=3.0), times)
    other = SceneRig(PERFORMANCE, Scene(camera=SMALL), HeadMotion(sway_deg=3.0), times)
    forwards = [one.picture(k) for k in range(3)]
    backwards = [other.picture(k) for k in (2, 1, 0)]
    for a, b in zip(forwards, reversed(backwards), strict=True):
        np.testing.assert_array_equal(a, b)


def test_hands_cover_what_is_behind_them() -> None:
    scene = Scene(camera=SMALL, flaws=CLEAN)
    stage = SceneRig(PERFORMANCE, scene, HeadMotion(), np.array([WORK_S]))
    truth, empty = ground_truth_at(PERFORMANCE, WORK_S, scene), bare(scene)
    x, y = truth.joints_px[LEFT, 9].astype(int)  # the middle finger's base
    assert np.abs(stage.picture(0)[y, x].astype(int) - empty[y, x]).max() > 15


def test_every_tone_is_darker_than_the_one_before() -> None:
    brightness = [cheek(bare(Scene(look=Appearance(tone=tone), camera=SMALL, flaws=CLEAN))).mean() for tone in (1, 5, 6, 8, 10)]
    assert (np.diff(brightness) < 0).all()
    with pytest.raises(ValueError, match="Monk"):
        Appearance(tone=11)


def test_light_comes_from_its_side() -> None:
    image = bare(Scene(light=SIDE_LIGHT, camera=SMALL, flaws=CLEAN))
    left = cheek(image)
    x, y = mesh_px(HeadPose(), SMALL)[205].astype(int)
    right = image[y - 2 : y + 3, x - 2 : x + 3].mean()
    assert left.mean() > right * 1.2
    assert bare(Scene(light=DIM_LIGHT, camera=SMALL)).mean() < 0.65 * bare(Scene(light=Light(), camera=SMALL)).mean()


def test_noise_differs_from_frame_to_frame_and_has_the_strength_it_says() -> None:
    renderer = Renderer(Scene(camera=SMALL, flaws=SensorArtifacts(noise=4.0, blur_px=0.0)))
    clean = Renderer(Scene(camera=SMALL, flaws=CLEAN)).frame(HeadPose()).astype(float)
    first, second = renderer.frame(HeadPose(), index=0), renderer.frame(HeadPose(), index=1)
    assert (first != second).any()
    assert 3.0 < (first - clean).std() < 6.5


def test_flaws_leave_the_picture_recognisable() -> None:
    clean = bare(Scene(camera=SMALL, flaws=CLEAN)).astype(float)
    for flaws in (SensorArtifacts(jpeg_quality=30), SensorArtifacts(blur_px=1.5)):
        flawed = bare(Scene(camera=SMALL, flaws=flaws))
        assert flawed.shape == clean.shape
        assert 0.1 < np.abs(flawed - clean).mean() < 12


def test_a_long_exposure_smears_moving_hands_only() -> None:
    times = np.array([WORK_S])
    sharp, smeared = (
        SceneRig(PERFORMANCE, Scene(camera=SMALL, flaws=SensorArtifacts(0.0, None, 0.0, s)), HeadMotion(), times).picture(0)
        for s in (0.0, 0.1)
    )
    changed = np.abs(sharp.astype(int) - smeared).max(axis=-1) > 6
    assert changed.any()
    assert not changed[:, 150:170][-60:].any()  # the chest between the hands


def test_hair_and_no_hair() -> None:
    x, y = SMALL.project(np.array([[0.0, 100.0, -25.0]]))[0][0].astype(int)
    crown = [bare(Scene(look=Appearance(hair=h), camera=SMALL, flaws=CLEAN))[y, x].mean() for h in ("black", "none")]
    assert crown[0] < crown[1]


def test_rasteriser_fills_triangles_once_and_keeps_the_nearest() -> None:
    buffer = DepthBuffer(20, 16)
    xy = np.array([[2, 18, 2, 18, 2, 18, 2], [2, 2, 14, 14, 2, 2, 14]], np.float32)
    depth = np.array([5, 5, 5, 5, 3, 3, 3], np.float32)
    colour = np.array([[0, 1, 2, 3, 9, 9, 9]], np.float32)
    square = np.array([[0, 1], [2, 2], [1, 3]], np.int32)
    behind = buffer.draw(xy, depth, colour, square)
    assert len(np.unique(behind.pixel)) == 16 * 12
    in_front = buffer.draw(xy, depth, colour, np.array([[4], [6], [5]], np.int32))
    assert 0.4 < len(in_front.pixel) / (16 * 12) < 0.6
    assert set(in_front.values[0]) == {9.0}
    hidden = buffer.draw(xy, depth + 10, colour, square)
    assert len(hidden.pixel) == 0
    backwards = buffer.draw(xy, depth - 4, colour, square[::-1])
    assert len(backwards.pixel) == 0


def test_interpolation_is_linear_over_a_triangle() -> None:
    buffer = DepthBuffer(32, 32)
    xy = np.array([[1.0, 30, 1], [1, 1, 30]], np.float32)
    values = np.array([xy[0], xy[1]], np.float32)
    fragments = buffer.draw(xy, np.zeros(3, np.float32), values, np.array([[0], [2], [1]], np.int32))
    x, y = fragments.pixel % 32 + 0.5, fragments.pixel // 32 + 0.5
    np.testing.assert_allclose(fragments.values, [x, y], atol=1e-3)
