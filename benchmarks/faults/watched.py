"""Runs the real command line under watch: ``python -P watched.py LOG CAMERA ARGUMENTS...``.

Writes to LOG, as JSON, whether pictures were decoded or models loaded, and what Python wrote or removed and where.
CAMERA: a kind of ``CAMERAS``, or "-" for none but the computer's own.
"""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
CHANGES: Final = {
    "os.mkdir": (0,),
    "os.remove": (0,),
    "os.rmdir": (0,),
    "os.rename": (0, 1),
    "os.symlink": (1,),
    "os.link": (1,),
}
"""Audit events that change a folder, and which of their arguments are paths."""
REMOVING: Final = ("os.remove", "os.rmdir", "os.rename")
seen: dict[str, Any] = {"decoded": False, "writes": [], "removed": []}


def _absolute(path: Any) -> str:
    return str(Path.cwd() / os.fsdecode(path))


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "open" and isinstance(arguments[0], str | bytes) and arguments[2] is not None and arguments[2] & WRITING:
        seen["writes"].append(_absolute(arguments[0]))
    elif event in CHANGES and not (event == "os.mkdir" and os.path.lexists(arguments[0])):  # which makes nothing
        kind = "removed" if event in REMOVING else "writes"
        seen[kind] += [_absolute(arguments[at]) for at in CHANGES[event]]


def _raise(error: Exception) -> Callable[..., Any]:
    def fail(*_: Any) -> Any:
        raise error

    return fail


class Camera:
    """A camera that can't be opened; others change a method of it."""

    def isOpened(self) -> bool:
        return False

    def read(self) -> tuple[bool, None]:
        return False, None

    def get(self, _prop: int) -> float:
        return 0.0

    def set(self, *_: float) -> bool:
        return False

    def release(self) -> None:
        pass


MANY_LINES: Final = RuntimeError("OpenCV(5) error: (-5:Bad argument)\n> Overload resolution failed:\n> - Expected 'filename'")
OPEN: Final = {"isOpened": lambda _self: True}
CAMERAS: Final[dict[str, dict[str, Callable[..., Any]]]] = {
    "not opened": {},
    "raises as it is made": {"__init__": _raise(MANY_LINES)},
    "raises an OSError": {"__init__": _raise(OSError(16, "Device or resource busy"))},
    "raises a MemoryError": {"__init__": _raise(MemoryError())},
    "raises where it is asked": {"isOpened": _raise(MANY_LINES)},
    "raises without words": {"isOpened": _raise(ValueError())},
    "raises where it is configured": OPEN | {"set": _raise(MANY_LINES)},
    "raises where its pace is asked": OPEN | {"get": _raise(RuntimeError("no such property"))},
    "raises where it is read": OPEN | {"read": _raise(MANY_LINES)},
    "raises a KeyError where it is read": OPEN | {"read": _raise(KeyError("frame"))},
    "gives what is no pair": OPEN | {"read": lambda _self: None},
    "gives text for a picture": OPEN | {"read": lambda _self: (True, "picture")},
}
"""Cameras whose fault shows at once."""


def _watch_opencv(camera: str) -> None:
    import cv2

    real = cv2.VideoCapture

    class Watched:
        def __init__(self, *given: Any) -> None:
            self._capture = real(*given)

        def __getattr__(self, name: str) -> Any:
            seen["decoded"] = seen["decoded"] or name in ("read", "retrieve")
            return getattr(self._capture, name)

    def opened(target: Any, *options: Any) -> Any:
        if camera != "-" and not isinstance(target, str):
            return type("Odd", (Camera,), CAMERAS[camera])()
        return Watched(target, *options)

    cv2.VideoCapture = opened


def main() -> None:
    log, camera = sys.argv[1:3]
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    sys.argv = ["facetrack", *sys.argv[3:]]
    _watch_opencv(camera)
    sys.addaudithook(_audit)
    from facetrack.cli import main as facetrack

    try:
        facetrack()
    finally:
        models = any(name.startswith("mediapipe.tasks") for name in sys.modules)
        os.write(descriptor, json.dumps({**seen, "models": models}).encode())


if __name__ == "__main__":
    main()
