"""facetrack pulse on recordings of the mannequin: a rate where it has one, a reason where not."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from facetrack.mannequin import Appearance, Camera, HeadMotion, Pulse, Scene, SensorArtifacts
from facetrack.mannequin.render.renderer import Renderer
from tests.capture.fakes import HandClock
from tests.cli.commands import facetrack

pytestmark = pytest.mark.usefixtures("recorded_tracking")
FPS = 15.0
BPM = 72.0


def film(path: Path, pulse: Pulse | None, seconds: float, strange: bool = False) -> Path:
    camera = Camera(size_wh=(320, 240), fov_deg=32.0, shift_mm=(0.0, 30.0))
    renderer = Renderer(Scene(Appearance(tone=3), camera=camera, flaws=SensorArtifacts(noise=1.5), pulse=pulse))
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), FPS, camera.size_wh)
    for index in range(round(seconds * FPS)):
        image = renderer.frame(HeadMotion().at(0.0), index=index, t_s=index / FPS)
        writer.write(np.ascontiguousarray(image[::-1]) if strange else image)
    writer.release()
    return path


@pytest.fixture(scope="module")
def resting(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return film(tmp_path_factory.mktemp("pulse") / "rest.avi", Pulse(BPM, strength=2.0), 15.2)


@pytest.mark.slow
def test_a_resting_face_gives_its_rate(resting: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran = facetrack(capsys, "pulse", "--video", resting, "--json")
    told = json.loads(ran.out)
    assert ran.code == 0
    assert told["bpm"] == pytest.approx(BPM, abs=2.0)
    assert told["confidence"] > 0.8
    assert told["reason"] is None
    assert told["source"] == {"kind": "video", "name": "rest.avi"}
    assert "not a medical reading" in told["note"]


@pytest.mark.slow
def test_a_session_measures_it_as_it_begins(
    resting: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("facetrack.capture.video.SystemClock", HandClock)
    session = ("run", "--video", resting, "--headless", "--no-voice", "--out", tmp_path)
    ran = facetrack(capsys, *session, "--measure-pulse", "--bpm", "50")
    pulse = json.loads((tmp_path / "session.json").read_text(encoding="utf-8"))["pulse"]
    assert ran.code == 0, ran.err
    assert pulse["bpm"] == pytest.approx(BPM, abs=2.0)
    assert (pulse["source"], pulse["synchrony"]) == ("camera", None)
    assert pulse["confidence"] > 0.8
    assert "Pulse as a tempo: 7" in ran.out


def test_a_short_recording_without_a_face_gives_the_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    video = film(tmp_path / "upside-down.avi", None, 1.0, strange=True)
    ran = facetrack(capsys, "pulse", "--video", video, "--json")
    told = json.loads(ran.out)
    assert ran.code == 0
    assert told["bpm"] is None
    assert told["reason"] in ("no-face", "short")
    assert told["explanation"]
    assert facetrack(capsys, "pulse", "--video", video).out.startswith("No reading. ")


def test_wrong_use_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert facetrack(capsys, "pulse", "--video", tmp_path / "none.mp4").code == 1
    assert facetrack(capsys, "pulse", "--video", "a.mp4", "--camera", "0").code == 2
