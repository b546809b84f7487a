"""The mannequin's pulse: there when asked for, as strong as it says; else not a bit of a picture is another."""

import hashlib
from dataclasses import asdict, replace

import numpy as np
import pytest

from benchmarks.mannequin_truth import mesh_px
from facetrack.mannequin import clip
from facetrack.mannequin.camera import Camera, HeadPose
from facetrack.mannequin.clip import content_key
from facetrack.mannequin.performance.head_motion import HeadMotion
from facetrack.mannequin.performance.performer import perform
from facetrack.mannequin.performance.style import Style
from facetrack.mannequin.render.pulse import SIGNATURE_BGR, Pulse, UnsteadyLight
from facetrack.mannequin.render.renderer import Renderer
from facetrack.mannequin.render.scene import Appearance, Scene, SensorArtifacts
from facetrack.mannequin.scene_rig import SceneRig
from tests.mannequin.steps import CHEEK_SPIRAL, FOREHEAD

SMALL = Camera(size_wh=(320, 240))
CLEAN = SensorArtifacts(noise=0.0)
CHEEK = 425
PERFORMANCE = perform(FOREHEAD, neutral_s=0.2, repetitions=1)


def cheek(renderer: Renderer, t_s: float) -> np.ndarray:
    """(3,) mean colour about the left cheek. Unrounded pictures are not to be had: many pixels stand for them."""
    x, y = mesh_px(HeadPose(), SMALL)[CHEEK].astype(int)
    return renderer.frame(HeadPose(), t_s=t_s)[y - 6 : y + 7, x - 6 : x + 7].reshape(-1, 3).mean(axis=0)


def digest(scene: Scene) -> str:
    rig = SceneRig(PERFORMANCE, scene, HeadMotion(), np.array([0.0, 2.0]))
    return hashlib.sha256(b"".join(rig.picture(k).tobytes() for k in range(2))).hexdigest()


def test_without_a_pulse_pictures_and_keys_are_what_they_were(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene(camera=SMALL, flaws=SensorArtifacts(noise=2.0, jpeg_quality=80))
    still = replace(scene, pulse=Pulse(strength=0.0), unsteady=UnsteadyLight())
    assert digest(scene) == digest(still)
    before, other = (content_key(PERFORMANCE, one, HeadMotion(), 30.0, "mp4v") for one in (scene, still))
    assert before != other
    monkeypatch.setattr(clip, "asdict", lambda one: {k: v for k, v in asdict(one).items() if k not in ("pulse", "unsteady")})
    assert content_key(PERFORMANCE, scene, HeadMotion(), 30.0, "mp4v") == before


def test_the_skin_changes_by_the_published_shares_of_its_channels() -> None:
    pulse = Pulse(bpm=60.0, strength=8.0, variability=0.0)
    renderer = Renderer(Scene(look=Appearance(tone=1), camera=SMALL, flaws=CLEAN, pulse=pulse))
    t_s = np.linspace(0.0, 1.0, 16, endpoint=False)
    seen = np.array([cheek(renderer, t) for t in t_s])
    amplitude = np.ptp(seen, axis=0) / seen.mean(axis=0)
    np.testing.assert_allclose(amplitude / amplitude[1], SIGNATURE_BGR / SIGNATURE_BGR[1], rtol=0.15)
    assert np.corrcoef(seen[:, 1], -pulse.wave(t_s))[0, 1] > 0.99


@pytest.mark.parametrize("tone", [1, 5, 10])
def test_darker_skin_shows_less_of_it(tone: int) -> None:
    pulse = Pulse()
    t_s = np.linspace(0.0, 4.0, 200)
    green = np.array([pulse.change_bgr(t, tone)[1] for t in t_s])
    lightest = np.array([pulse.change_bgr(t, 1)[1] for t in t_s])
    assert np.ptp(green) == pytest.approx(np.ptp(lightest) * 0.25 ** ((tone - 1) / 9))
    assert 0.0015 < np.ptp(green) < 0.011


def test_hair_shirt_and_background_have_no_pulse() -> None:
    loud = Renderer(Scene(camera=SMALL, flaws=CLEAN, pulse=Pulse(strength=30.0, variability=0.0, phase=0.25)))
    still = Renderer(Scene(camera=SMALL, flaws=CLEAN))
    differs = (loud.frame(HeadPose(), t_s=0.0) != still.frame(HeadPose())).any(axis=-1)
    face = mesh_px(HeadPose(), SMALL)
    assert differs[int(face[CHEEK, 1]), int(face[CHEEK, 0])]
    assert not differs[:, :60].any()  # background
    assert not differs[225:].any()  # shirt


def test_the_beat_has_its_rate() -> None:
    t_s = np.arange(0.0, 60.0, 0.01)
    wave = Pulse(bpm=72.0, phase=0.3).wave(t_s)
    rising = np.flatnonzero((wave[:-1] < 0) & (wave[1:] >= 0))
    assert len(rising) == pytest.approx(72, abs=1)


def test_light_drifts_flickers_and_steps() -> None:
    assert np.ptp(UnsteadyLight().factor(3.0, 48)) == 0.0
    bands = UnsteadyLight(flicker=0.05, mains_hz=50.0, readout_s=0.02).factor(0.0, 400)
    assert ((bands[:-1] > 1.0) & (bands[1:] <= 1.0)).sum() == 2  # 100 Hz over 20 ms
    steps = UnsteadyLight(exposure_steps=((5.0, 1.2),))
    assert steps.factor(5.0, 1)[0] == pytest.approx(1.2 * steps.factor(4.9, 1)[0])
    drift = UnsteadyLight(drift=0.1, drift_s=20.0)
    assert [round(float(drift.factor(t, 1)[0]), 3) for t in (5.0, 15.0)] == [1.1, 0.9]
    dim = Renderer(Scene(camera=SMALL, flaws=CLEAN, unsteady=UnsteadyLight(exposure_steps=((1.0, 0.5),))))
    assert cheek(dim, 2.0) == pytest.approx(cheek(dim, 0.0) / 2, abs=1.0)


def test_on_the_beat_strokes_begin_and_turns_are_made_with_it() -> None:
    beat_s = 0.75
    strokes = perform(FOREHEAD, style=Style(beat_s=beat_s), repetitions=4).strokes
    off_s = np.array([one.t_start_s for one in strokes if one.kind == "along"]) % beat_s
    assert np.minimum(off_s, beat_s - off_s).max() < 0.01
    spiral = perform(CHEEK_SPIRAL, style=Style(beat_s=beat_s), repetitions=1)
    loop = next(one for one in spiral.strokes if one.turns)
    assert loop.t_end_s - loop.t_start_s == pytest.approx(loop.turns * beat_s + 0.25, abs=0.02)
