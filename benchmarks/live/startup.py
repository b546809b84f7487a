"""How soon a session is there, through the real command line: from the camera's first frame to a drawn picture in which the
face is tracked, and from calibration to coaching.

python -m benchmarks.live.startup MOMENTS FILM ARGUMENTS...: facetrack on a filmed camera, which notes its moments.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

import cv2

from facetrack.bench.footage import FPS, ROUTINE, STEP

DRAWN_FRAMES: Final = 15
"""Then the session is ended: what is to be seen has been seen."""


def started() -> dict[str, float]:
    """In processes of their own, in which nothing is loaded yet."""
    from facetrack.bench.footage import mannequin
    from facetrack.mannequin import Style, perform, render_clip
    from facetrack.routine import load_routine

    seconds = len(mannequin(30)._times) / FPS
    performance = perform(load_routine(ROUTINE).step(STEP), (), Style(order="together"), 2.2, seconds=seconds)
    film = render_clip(performance, fps=FPS, codec="MJPG")
    with tempfile.TemporaryDirectory(prefix="facetrack-bench-") as folder:
        return {"first_frame_to_drawn_s": _to_drawn(film, Path(folder)), **_to_coached(film, Path(folder))}


def _to_drawn(film: Path, folder: Path) -> float:
    moments, out = folder / "moments.json", folder / "camera"
    program = ["benchmarks.live.startup", str(moments), str(film), "run", ROUTINE, "--step", STEP, "--camera", "0"]
    _run([*program, "--yes", "--no-voice", "--headless", "--record", "--out", str(out)])
    noted = json.loads(moments.read_text())
    faces = [frame["face"] for frame in _journal(out)]
    return float(noted["drawn_s"][faces.index(1)] - noted["first_frame_s"])


def _to_coached(film: Path, folder: Path) -> dict[str, float]:
    out = folder / "video"
    _run(["facetrack", "run", ROUTINE, "--step", STEP, "--video", str(film), "--headless", "--no-voice", "--out", str(out)])
    calibrated_s = next(frame["t"] for frame in _journal(out) if frame["cal"][0] != "running")
    document: dict[str, Any] = json.loads((out / "session.json").read_text())
    return {
        "calibration_to_coached_s": document["steps"][0]["t_start_s"] - calibrated_s,
        "frames_dropped": document["tracking"]["frames_dropped"],
    }


def _run(module_and_arguments: list[str]) -> None:
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    environment = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
    with tempfile.TemporaryDirectory(prefix="facetrack-bench-") as data:
        environment["FACETRACK_DATA_DIR"] = data
        subprocess.run([sys.executable, "-m", *module_and_arguments], env=environment, check=False, **silent)


def _journal(folder: Path) -> list[dict[str, Any]]:
    lines = (folder / "frames.jsonl").read_text(encoding="utf-8").splitlines()
    return [record for record in map(json.loads, lines) if "p" in record]


class _Moments:
    """first_frame_s: when the camera gave its first picture. drawn_s: when each drawn picture was handed on."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.first_frame_s: float | None = None
        self.drawn_s: list[float] = []

    def drawn(self) -> None:
        self.drawn_s.append(time.monotonic())
        if len(self.drawn_s) == DRAWN_FRAMES:
            self._file.write_text(json.dumps({"first_frame_s": self.first_frame_s, "drawn_s": self.drawn_s}))
            os.kill(os.getpid(), signal.SIGINT)


def _camera(film: Path, moments: _Moments) -> Any:
    """Stands for cv2.VideoCapture: files are read as ever, a camera shows the film, at its pace."""
    video_capture = cv2.VideoCapture

    class Camera:
        def __init__(self) -> None:
            self._film = video_capture(str(film), cv2.CAP_FFMPEG)
            self._number = 0

        def isOpened(self) -> bool:
            return True

        def read(self) -> tuple[bool, Any]:
            if moments.first_frame_s is None:
                moments.first_frame_s = time.monotonic()
            time.sleep(max(moments.first_frame_s + self._number / FPS - time.monotonic(), 0.0))
            self._number += 1
            return self._film.read()

        def get(self, prop: int) -> float:
            return FPS if prop == cv2.CAP_PROP_FPS else 0.0

        def set(self, _prop: int, _value: float) -> bool:
            return True

        def release(self) -> None:
            self._film.release()

    return lambda target, *others: video_capture(target, *others) if isinstance(target, str) else Camera()


def _writer(moments: _Moments) -> Any:
    """Stands for cv2.VideoWriter."""
    video_writer = cv2.VideoWriter

    class Writer:
        fourcc = staticmethod(video_writer.fourcc)

        def __init__(self, *arguments: Any) -> None:
            self._writer = video_writer(*arguments)

        def write(self, picture: Any) -> None:
            moments.drawn()
            self._writer.write(picture)

        def __getattr__(self, name: str) -> Any:
            return getattr(self._writer, name)

    return Writer


def main() -> None:
    moments, film = _Moments(Path(sys.argv[1])), Path(sys.argv[2])
    cv2.VideoCapture = _camera(film, moments)  # type: ignore[misc, assignment]
    cv2.VideoWriter = _writer(moments)  # type: ignore[misc, assignment]
    from facetrack.cli import main as facetrack

    facetrack(sys.argv[3:])


if __name__ == "__main__":
    main()
