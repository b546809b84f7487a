"""Keeps the landmarks of face and hands beside a session's journal, compressed, and reads them back. No pixels, no names."""

import io
import lzma
import struct
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from facetrack.errors import DamagedInputError
from facetrack.packets import Float, Observation
from facetrack.pipeline.sinks import FrameResult, RunEnd
from facetrack.session.files import session_file_errors
from facetrack.session.folder import LANDMARKS_NAME

if TYPE_CHECKING:
    from facetrack.pipeline.pipeline import TrackerLike

MAGIC: Final = b"facetrack landmarks 1\n"
STEPS_PER_PX: Final = np.array([8.0, 8.0, 2.0])
"""Resolution of x, y and z. A tracker's error is several times as large as an eighth of a pixel."""
FRAMES_A_BLOCK: Final = 90
"""Frames are compressed together, three seconds at 30 a second; what is cut off loses no more than that."""
_LENGTH: Final = struct.Struct("<I")
_DOUBTS: Final = (None, "picture", "person")


def rounded(observation: Observation) -> Observation:
    """Return an observation at the resolution at which landmarks are kept, so that what is judged can be judged again."""
    return replace(observation, face_px=_rounded(observation.face_px), hands_px=_rounded(observation.hands_px))


def _rounded(landmarks_px: Float) -> Float:
    steps: Float = np.rint(landmarks_px * STEPS_PER_PX) / STEPS_PER_PX
    return steps


class RoundingTracker:
    """Tracks as another tracker does, and gives observations as they will be kept."""

    def __init__(self, tracker: "TrackerLike") -> None:
        self._tracker = tracker

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tracker, name)

    def update(self, *arguments: Any) -> Observation:
        """Return what the tracker saw, rounded."""
        return rounded(self._tracker.update(*arguments))


class LandmarkSink:
    """Writes the landmarks of every frame into a session's folder."""

    name = "the landmarks"

    def __init__(self, folder: Path) -> None:
        self._path = folder / LANDMARKS_NAME
        self._waiting: list[Observation] = []
        with session_file_errors(self._path):
            self._file = self._path.open("wb")
            self._file.write(MAGIC)

    def on_frame(self, result: FrameResult) -> None:
        self._waiting.append(result.observation)
        if len(self._waiting) == FRAMES_A_BLOCK:
            self._flush()

    def finish(self, end: RunEnd) -> None:  # noqa: ARG002
        self._flush()

    def close(self) -> None:
        self._file.close()

    def _flush(self) -> None:
        if self._waiting:
            block = _encoded(self._waiting)
            self._waiting = []
            with session_file_errors(self._path):
                self._file.write(_LENGTH.pack(len(block)) + block)
                self._file.flush()


def read_landmarks(folder: Path) -> Iterator[Observation]:
    """Yield the observations of a session's frames, in order. A block that was cut off ends them.

    Raises SessionFileError where the session has no landmarks, DamagedInputError where they can't be understood.
    """
    path = folder / LANDMARKS_NAME
    with session_file_errors(path), path.open("rb") as file:
        if file.read(len(MAGIC)) != MAGIC:
            raise DamagedInputError(f"{path} holds no landmarks of facetrack, or of a newer one.")
        while len(head := file.read(_LENGTH.size)) == _LENGTH.size:
            block = file.read(_LENGTH.unpack(head)[0])
            if len(block) < _LENGTH.unpack(head)[0]:
                return
            try:
                yield from _decoded(block)
            except (ValueError, KeyError, lzma.LZMAError, EOFError) as error:
                raise DamagedInputError(f"{path} is damaged: what comes before it was read.") from error


def _encoded(observations: list[Observation]) -> bytes:
    """Compress frames: changes from one to the next, their low and high bytes apart, since most high bytes are 0."""
    parts: dict[str, NDArray[Any]] = {
        "t_s": np.array([one.t_s for one in observations]),
        "size_wh": np.array([one.size_wh for one in observations], dtype=np.int32),
        "left_score": np.array([one.left_score for one in observations], dtype=np.float32),
        "doubt": np.array([_DOUBTS.index(one.doubt) for one in observations], dtype=np.int8),
        "repeated": np.array([one.repeated for one in observations]),
    }
    for name in ("face_px", "hands_px"):
        steps = np.stack([getattr(one, name) for one in observations]) * STEPS_PER_PX
        missing = np.isnan(steps).any(axis=(-1, -2))
        parts[f"{name}_missing"] = missing
        whole = np.where(np.isnan(steps), 0.0, np.rint(steps)).astype(np.int32)
        parts[name] = _planes(np.diff(whole, axis=0, prepend=np.zeros_like(whole[:1])))
    buffer = io.BytesIO()
    np.savez(buffer, **parts)  # type: ignore[arg-type]
    return lzma.compress(buffer.getvalue())


def _planes(changes: NDArray[np.int32]) -> NDArray[np.uint8]:
    """Return (4, values, frames): the bytes of each number apart, each value's over time together."""
    of_value = np.ascontiguousarray(changes.reshape(len(changes), -1).T)
    return np.ascontiguousarray(np.moveaxis(of_value.view(np.uint8).reshape(*of_value.shape, 4), -1, 0))


def _decoded(block: bytes) -> Iterator[Observation]:
    with np.load(io.BytesIO(lzma.decompress(block)), allow_pickle=False) as parts:
        landmarks = [_landmarks(parts, name, shape) for name, shape in (("face_px", (478, 3)), ("hands_px", (2, 21, 3)))]
        columns = [parts[name].tolist() for name in ("t_s", "size_wh", "doubt", "repeated")]
        scores = parts["left_score"].astype(np.float64)
    for t_s, size_wh, doubt, repeated, face, hands, score in zip(*columns, *landmarks, scores, strict=True):
        yield Observation(t_s, (size_wh[0], size_wh[1]), face, hands, score, _DOUBTS[doubt], repeated)


def _landmarks(parts: Any, name: str, shape: tuple[int, ...]) -> Float:
    planes = np.ascontiguousarray(np.moveaxis(parts[name], 0, -1))
    changes = planes.view(np.int32)[..., 0].T
    steps = np.cumsum(changes, axis=0).reshape(-1, *shape)
    missing = parts[f"{name}_missing"][..., None, None]
    px: Float = np.where(missing, np.nan, steps / STEPS_PER_PX)
    return px


def summary(folder: Path) -> str:
    """Describe a session's landmarks in a few lines, for people who want to know what they give. Raises as reading does."""
    frames = list(read_landmarks(folder))
    if not frames:
        return f"{folder / LANDMARKS_NAME}: no frames."
    first = frames[0]
    lines = [f"{folder / LANDMARKS_NAME}: {len(frames)} frames, {frames[-1].t_s - first.t_s:.1f} s, picture {first.size_wh}."]
    lines += [f"first frame, {name}: {points.round(3).tolist()}" for name, points in _points(first)]
    return "\n".join(lines)


def _points(observation: Observation) -> list[tuple[str, Float]]:
    return [("face", observation.face_px), ("left hand", observation.hands_px[0]), ("right hand", observation.hands_px[1])]


if __name__ == "__main__":
    print(summary(Path(sys.argv[1])))
