"""Which camera is meant."""

from pathlib import Path

import pytest

from facetrack.capture import CameraDevice, find_camera, list_cameras
from facetrack.errors import FacetrackError
from tests.capture.fakes import FakeCapture, living

CAMERAS = [
    CameraDevice("usb-Logi_C920_1234-video-index0", "HD Pro Webcam C920", 0),
    CameraDevice("usb-Acme_Cam-video-index0", "Acme", 2),
]


def _sysfs(folder: Path, nodes: dict[str, tuple[str, str]]) -> Path:
    for node, (name, index) in nodes.items():
        (folder / node).mkdir(parents=True)
        (folder / node / "name").write_text(f"{name}\n")
        (folder / node / "index").write_text(f"{index}\n")
    return folder


def test_linux_names_stable_ids_and_no_metadata_nodes(tmp_path: Path) -> None:
    sysfs = _sysfs(tmp_path / "sys", {"video10": ("B", "0"), "video2": ("A", "0"), "video3": ("A", "1")})
    by_id = tmp_path / "by-id"
    by_id.mkdir()
    (tmp_path / "video2").touch()
    (by_id / "usb-A-video-index0").symlink_to(tmp_path / "video2")
    found = list_cameras(sysfs=sysfs, by_id=by_id, platform="linux")
    assert found == [CameraDevice("usb-A-video-index0", "A", 2), CameraDevice("10", "B", 10)]


def test_linux_without_any(tmp_path: Path) -> None:
    assert list_cameras(sysfs=tmp_path / "no", by_id=tmp_path / "no", platform="linux") == []


def test_elsewhere_numbers_that_open_are_listed_and_let_go() -> None:
    opened = {}

    def opener(target: int | str) -> FakeCapture:
        opened[target] = living() if target == 1 else FakeCapture(lambda _: (False, None), opened=False)
        return opened[target]

    assert list_cameras(opener=opener, platform="win32") == [CameraDevice("1", "Camera 1", 1)]
    assert all(capture.released.is_set() for capture in opened.values())


@pytest.mark.parametrize(
    ("wanted", "target"),
    [(None, 0), ("3", 3), ("/dev/video4", "/dev/video4"), ("c920", 0), ("usb-Acme_Cam-video-index0", 2)],
)
def test_find_camera(wanted: str | None, target: int | str) -> None:
    assert find_camera(wanted, CAMERAS).target == target


@pytest.mark.parametrize(("wanted", "words"), [("sony", "No camera is called 'sony'.*C920.*Acme"), ("usb", "More than one")])
def test_unknown_or_ambiguous(wanted: str, words: str) -> None:
    with pytest.raises(FacetrackError, match=words):
        find_camera(wanted, CAMERAS)


def test_no_camera_at_all() -> None:
    with pytest.raises(FacetrackError, match=r"No camera was found.*--video"):
        find_camera(None, [])
