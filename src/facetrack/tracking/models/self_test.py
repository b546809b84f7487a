"""Do the bundles work? Each is run on a rendered picture whose landmarks are known; wrong packings pass on a blank one.

Runs in a process of its own (``python -m facetrack.tracking.models.self_test face=FILE hand=FILE``): a hostile or damaged
model may crash or hang native code, and must not take the user's session along. The pictures are procedural, nobody's.
"""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from facetrack.errors import FacetrackError
from facetrack.system.processes import how_it_ended, python_module
from facetrack.tracking.models.manifest import BundleName

TOLERANCE: Final = 0.04
"""Points may be off by this share of the picture's width. Right models are within 0.015 of the rendered truth; scrambled ones
miss by tenths."""

TIMEOUT_S: Final = 120.0

# Where the pictures show them, in shares of width and height: the renderer's own geometry.
FACE_TRUTH: Final = {
    468: (0.409, 0.375),
    473: (0.591, 0.375),
    1: (0.5, 0.490),
    13: (0.5, 0.572),
    10: (0.5, 0.235),
    152: (0.5, 0.711),
}
HAND_TRUTH: Final = {4: (0.713, 0.383), 8: (0.627, 0.108), 12: (0.529, 0.058), 16: (0.431, 0.097), 20: (0.345, 0.199)}

_FAILED: Final = 3


def check_bundles(files: dict[BundleName, Path]) -> None:
    """Raise FacetrackError where a bundle does not find what its picture shows."""
    arguments = [f"{name}={path}" for name, path in files.items()]
    command = python_module("facetrack.tracking.models.self_test", *arguments)
    try:
        child = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=TIMEOUT_S, check=False)
    except subprocess.TimeoutExpired as error:
        raise FacetrackError(
            f"The models did not answer within {TIMEOUT_S:.0f} s in their self-check: they can't be used"
        ) from error
    if child.returncode == _FAILED:
        raise FacetrackError(child.stdout.strip())
    if child.returncode != 0:
        last = (child.stderr.strip().splitlines() or [how_it_ended(child.returncode)])[-1]
        raise FacetrackError(f"MediaPipe failed in the self-check of the models ({last}): run facetrack doctor")


def _main(arguments: list[str]) -> int:
    checks: dict[str, Callable[[bytes], str | None]] = {"face": _face_fault, "hand": _hand_fault}
    for argument in arguments:
        name, _, path = argument.partition("=")
        fault = checks[name](Path(path).read_bytes())
        if fault is not None:
            print(f"The {name} model does not work: {fault}. It was not kept: fetch it again")
            return _FAILED
    return 0


def _face_fault(bundle: bytes) -> str | None:
    from mediapipe.tasks.python import vision

    options = vision.FaceLandmarkerOptions(_options(bundle), num_faces=1)
    try:
        with vision.FaceLandmarker.create_from_options(options) as landmarker:
            faces = landmarker.detect(_picture("face")).face_landmarks
    except (RuntimeError, ValueError, OSError) as error:
        return _first_line(error)
    return _misses(faces, FACE_TRUTH, 478)


def _hand_fault(bundle: bytes) -> str | None:
    from mediapipe.tasks.python import vision

    options = vision.HandLandmarkerOptions(_options(bundle), num_hands=1)
    try:
        with vision.HandLandmarker.create_from_options(options) as landmarker:
            result = landmarker.detect(_picture("hand"))
    except (RuntimeError, ValueError, OSError) as error:
        return _first_line(error)
    fault = _misses(result.hand_landmarks, HAND_TRUTH, 21)
    if fault is None and result.handedness[0][0].category_name != "Left":
        fault = "it takes a left hand for a right one"
    return fault


def _misses(found: list[Any], truth: dict[int, tuple[float, float]], points: int) -> str | None:
    if len(found) != 1 or len(found[0]) != points:
        return f"it finds {len(found)} instead of one in the check picture"
    worst = max(max(abs(found[0][k].x - x), abs(found[0][k].y - y)) for k, (x, y) in truth.items())
    return None if worst <= TOLERANCE else f"its points are off by {100 * worst:.0f} % of the check picture"


def _picture(name: BundleName) -> Any:
    import cv2
    import mediapipe as mp
    import numpy as np

    # Read by Python, because cv2.imread knows no non-ASCII paths on Windows.
    encoded = np.frombuffer((Path(__file__).parent / f"self_test_{name}.png").read_bytes(), np.uint8)
    bgr = cv2.imdecode(encoded, cv2.IMREAD_COLOR)
    if bgr is None:
        raise RuntimeError("OpenCV can't read facetrack's own check picture")
    return mp.Image(image_format=mp.ImageFormat.SRGB, data=cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB))


def _options(bundle: bytes) -> Any:
    from mediapipe.tasks.python.core.base_options import BaseOptions

    return BaseOptions(model_asset_buffer=bundle)


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".: ")


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
