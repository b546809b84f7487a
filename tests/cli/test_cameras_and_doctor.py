"""cameras and doctor say what is there, and work where nothing is."""

import json
import sys

import pytest

from facetrack.capture.camera import devices
from facetrack.capture.camera.devices import CameraDevice
from facetrack.doctor import Check, environment_checks as near, run_checks
from facetrack.doctor.folder_checks import disk_check
from tests.cli.commands import facetrack

TWO = [CameraDevice("usb-Cam_A-index0", "Cam A", 0), CameraDevice("2", "Cam B", 2)]
NAMES = ["libraries", "models", "camera", "light", "speed", "display", "sound", "settings", "history", "folders", "disk"]


@pytest.fixture
def no_camera(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "list_cameras", lambda **_: [])
    monkeypatch.setattr("facetrack.capture.list_cameras", lambda **_: [])


def test_cameras_by_their_ids(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("facetrack.capture.list_cameras", lambda **_: TWO)
    assert facetrack(capsys, "cameras").out.splitlines() == ["0  Cam A  usb-Cam_A-index0", "2  Cam B"]
    listed = json.loads(facetrack(capsys, "cameras", "--json").out)
    assert [one["id"] for one in listed] == ["usb-Cam_A-index0", "2"]


@pytest.mark.usefixtures("no_camera")
def test_no_camera_is_one_line_and_no_failure(capsys: pytest.CaptureFixture[str]) -> None:
    ran = facetrack(capsys, "cameras")
    assert (ran.code, ran.out) == (0, "")
    assert "No camera" in ran.said
    assert json.loads(facetrack(capsys, "cameras", "--json").out) == []


@pytest.mark.slow
@pytest.mark.usefixtures("no_camera")
def test_doctor_says_of_each_thing_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    ran = facetrack(capsys, "doctor", "--json")
    assert ran.code == 0
    found = json.loads(ran.out)
    assert list(found) == NAMES
    assert found["libraries"]["state"] == "good"
    assert found["camera"]["state"] == "missing"
    assert found["speed"]["state"] != "unknown", found["speed"]
    assert found["display"]["state"] == "degraded"
    assert all(check["advice"] for check in found.values() if check["state"] in ("degraded", "missing"))


def test_doctor_works_where_a_library_does_not_load(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a Linux without libGL, where importing OpenCV raises; in this process it only looks so."""

    def broken(name: str) -> object:
        if name == "cv2":
            raise ImportError("libGL.so.1: cannot open shared object file")
        return sys.modules[name]

    monkeypatch.setattr(near.importlib, "import_module", broken)
    check = near.library_check(("numpy", "cv2"))
    assert check.state == "missing"
    assert "libGL.so.1" in check.found
    assert "libgl1" in check.advice or not sys.platform.startswith("linux")
    monkeypatch.setattr("facetrack.doctor.all_checks.library_check", lambda: check)
    assert [one.name for one in run_checks()] == NAMES
    ran = facetrack(capsys, "doctor")
    assert ran.code == 0
    assert "libGL.so.1" in ran.out


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="breaks the loading of libraries as Linux does it")
def test_doctor_without_opencv_at_all(no_terminal: dict[str, str], tmp_path) -> None:
    from tests.cli.commands import started

    (tmp_path / "cv2.py").write_text("raise ImportError('libGL.so.1: cannot open shared object file: No such file')\n")
    env = no_terminal | {"PYTHONPATH": str(tmp_path)}
    process = started("doctor", env=env)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert "libGL.so.1" in out
    assert [line.split()[0] for line in out.splitlines() if not line.startswith(" ")] == NAMES
    process = started("demo", "--headless", env=env)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "facetrack doctor" in err
    assert err.count("\n") == 1


def test_a_disk_that_cant_be_written(tmp_path) -> None:
    (tmp_path / "file").touch()
    check = disk_check(tmp_path / "file" / "data")
    assert check.state == "missing"
    assert check.advice
    assert disk_check(tmp_path).state in ("good", "degraded")
    assert list(tmp_path.iterdir()) == [tmp_path / "file"]


def test_a_camera_is_watched_for_its_pace_and_light(monkeypatch: pytest.MonkeyPatch) -> None:
    from facetrack.doctor import camera_checks
    from tests.capture.fakes import living

    monkeypatch.setattr("facetrack.capture.find_camera", lambda _wanted: TWO[0])
    monkeypatch.setattr(camera_checks, "WATCHED_S", 0.3)
    monkeypatch.setattr(camera_checks, "_face_box", lambda _frames: None)

    def opened(device):
        from facetrack.capture.camera.source import CameraSource

        return CameraSource(device, opener=lambda _target: living())

    monkeypatch.setattr("facetrack.capture.CameraSource", opened)
    camera, light = camera_checks.camera_checks(None)
    assert isinstance(camera, Check)
    assert "64x48" in camera.found
    assert camera.state == "degraded", "so small a picture shows no fingertips"
    assert light.state == "good"
    assert "no face was seen" in light.found
