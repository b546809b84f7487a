"""Lists the cameras. Linux knows their names and stable ids; elsewhere OpenCV only knows numbers."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2

from facetrack.capture.opencv import Capture, quiet_opencv
from facetrack.errors import FacetrackError
from facetrack.system.native_paths import is_plain

SYSFS: Final = Path("/sys/class/video4linux")
"""The folder in which Linux lists video devices."""
BY_ID: Final = Path("/dev/v4l/by-id")
"""The folder in which Linux lists video devices under names that survive a restart."""
PROBED: Final = 6
"""How many camera numbers are tried on systems that have no list."""
LONGEST_NUMBER: Final = 3
"""Digits of the largest number that a camera can have."""
SHOWN: Final = 60
"""Letters of what was asked for that a message repeats."""
ADVICE: Final = "Plug one in, or give a recording with --video FILE."
"""What an error about a missing camera advises."""

BACKENDS: Final = {"linux": cv2.CAP_V4L2, "darwin": cv2.CAP_AVFOUNDATION, "win32": cv2.CAP_DSHOW}
"""OpenCV's backend on each platform. On Windows it is DirectShow, because Media Foundation takes 4-12 s to open some cameras
(opencv #26495)."""


@dataclass(frozen=True, slots=True)
class CameraDevice:
    """A camera that the system knows."""

    id: str  # what ``--camera`` takes. Where the system allows it, the id stays the same after a restart.
    name: str  # A name for people
    target: int | str  # what OpenCV opens: a number or a device path


def open_camera(target: int | str) -> Capture:
    """Open the camera of that number or device path with OpenCV; the caller checks ``isOpened``."""
    quiet_opencv()
    return cv2.VideoCapture(target, BACKENDS.get(sys.platform, cv2.CAP_ANY))  # type: ignore[return-value]


def list_cameras(
    *,
    sysfs: Path = SYSFS,
    by_id: Path = BY_ID,
    opener: Callable[[int | str], Capture] = open_camera,
    platform: str = sys.platform,
) -> list[CameraDevice]:
    """List this computer's cameras in the system's order. Where the system has no list, each number is opened for a moment."""
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
    """Find the camera with that id, number, device path or part of its name; None finds the first one.

    Raises FacetrackError if there is none, or more than one.
    """
    if wanted is not None and wanted.isascii() and wanted.isdigit():
        if len(wanted.lstrip("0")) > LONGEST_NUMBER:
            raise FacetrackError(f"There is no camera {wanted[:SHOWN]}. `facetrack cameras` lists those that there are.")
        return CameraDevice(wanted, f"Camera {int(wanted)}", int(wanted))
    if wanted is not None and Path(wanted).is_absolute():
        if not is_plain(wanted):
            raise FacetrackError(f"{wanted} has a name that can't be a camera's. facetrack cameras lists those that are there.")
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
    raise FacetrackError(
        f"{'No' if not found else 'More than one'} camera is called {wanted[:SHOWN]!r}. Choose one of: {known}"
    )
