"""Which cameras there are. On Linux the system tells names and stable ids; elsewhere OpenCV only knows numbers."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2

from facetrack.capture.opencv import Capture, quiet_opencv
from facetrack.errors import FacetrackError

SYSFS: Final = Path("/sys/class/video4linux")
BY_ID: Final = Path("/dev/v4l/by-id")
PROBED: Final = 6
"""Camera numbers tried where the system has no list."""
ADVICE: Final = "Plug one in, or give a recording with --video FILE."

BACKENDS: Final = {"linux": cv2.CAP_V4L2, "darwin": cv2.CAP_AVFOUNDATION, "win32": cv2.CAP_DSHOW}
"""DirectShow, since Media Foundation opens some cameras in 4-12 s (opencv #26495)."""


@dataclass(frozen=True, slots=True)
class CameraDevice:
    """id: what ``--camera`` takes; where the system allows it stays the same after a restart. target: what OpenCV opens."""

    id: str
    name: str
    target: int | str


def open_camera(target: int | str) -> Capture:
    """OpenCV's camera of that number or device path; ask ``isOpened``."""
    quiet_opencv()
    return cv2.VideoCapture(target, BACKENDS.get(sys.platform, cv2.CAP_ANY))  # type: ignore[return-value]


def list_cameras(
    *,
    sysfs: Path = SYSFS,
    by_id: Path = BY_ID,
    opener: Callable[[int | str], Capture] = open_camera,
    platform: str = sys.platform,
) -> list[CameraDevice]:
    """The cameras of this computer, in the system's order. Where the system has no list each number is opened for a moment."""
    return list(_linux(sysfs, by_id) if platform == "linux" else _probed(opener))


def _linux(sysfs: Path, by_id: Path) -> Iterator[CameraDevice]:
    stable = {link.resolve().name: link.name for link in sorted(by_id.glob("*"))} if by_id.is_dir() else {}
    nodes = [node for node in sysfs.glob("video*") if node.name.removeprefix("video").isdigit()] if sysfs.is_dir() else []
    for node in sorted(nodes, key=lambda node: int(node.name.removeprefix("video"))):
        # A camera has further nodes for metadata; its pictures come from the first.
        if _line(node / "index", "0") == "0":
            number = int(node.name.removeprefix("video"))
            yield CameraDevice(stable.get(node.name, str(number)), _line(node / "name", node.name), number)


def _line(path: Path, otherwise: str) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip() or otherwise
    except OSError:
        return otherwise


def _probed(opener: Callable[[int | str], Capture]) -> Iterator[CameraDevice]:
    for number in range(PROBED):
        capture = opener(number)
        found = capture.isOpened()
        capture.release()
        if found:
            yield CameraDevice(str(number), f"Camera {number}", number)


def find_camera(wanted: str | None, cameras: list[CameraDevice] | None = None) -> CameraDevice:
    """The camera of that id, number, device path or part of its name; the first one for None. Raises FacetrackError."""
    if wanted is not None and wanted.isdigit():
        return CameraDevice(wanted, f"Camera {wanted}", int(wanted))
    if wanted is not None and Path(wanted).is_absolute():
        return CameraDevice(wanted, Path(wanted).name, wanted)
    cameras = list_cameras() if cameras is None else cameras
    if not cameras:
        raise FacetrackError(f"No camera was found. {ADVICE}")
    if wanted is None:
        return cameras[0]
    exact = [camera for camera in cameras if camera.id == wanted]
    found = exact or [camera for camera in cameras if wanted.casefold() in f"{camera.id} {camera.name}".casefold()]
    if len(found) == 1:
        return found[0]
    known = "; ".join(f"{camera.id} ({camera.name})" for camera in cameras)
    raise FacetrackError(f"{'No' if not found else 'More than one'} camera is called {wanted!r}. Choose one of: {known}")
