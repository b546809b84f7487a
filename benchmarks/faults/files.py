"""Damaged videos and hostile bundles through the real command line: exit code, seconds, and what is said."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from facetrack.system import paths
from tests.faults import damaged_videos, hostile_bundles


@dataclass(frozen=True, slots=True)
class Tried:
    """right: the exit code is one that it should be, stderr has one line at most, and nothing was left of a refused one."""

    way: str
    code: int
    seconds: float
    words: str
    right: bool


def videos() -> list[Tried]:
    """``analyze`` of each of ``tests.faults.damaged_videos``."""

    def one(way: str, folder: Path) -> Tried:
        path = damaged_videos.make(way, folder)
        return _tried(way, ["analyze", str(path), "--out", str(folder / "out")], {}, folder, damaged_videos.WAYS[way][1])

    return _each(damaged_videos.WAYS, one)


def bundles() -> list[Tried]:
    """``models fetch --from`` of each of ``tests.faults.hostile_bundles``."""
    here = paths.models_dir()
    real = hostile_bundles.Real((here / "face_landmarker.task").read_bytes(), (here / "hand_landmarker.task").read_bytes())

    def one(way: str, folder: Path) -> Tried:
        path = folder / "given.task"
        hostile_bundles.WAYS[way](real, path)
        target = folder / "models"
        tried = _tried(way, ["models", "fetch", "--from", str(path)], {"FACETRACK_MODELS_DIR": str(target)}, folder, (1,))
        assert not list(target.glob("*.task")), f"{way} was kept"
        return tried

    return _each(hostile_bundles.WAYS, one)


def _each(ways: dict[str, object], one: Callable[[str, Path], Tried]) -> list[Tried]:
    tried = []
    for way in ways:
        with tempfile.TemporaryDirectory() as folder:
            tried.append(one(way, Path(folder)))
    return tried


def _tried(way: str, command: list[str], changed: dict[str, str], folder: Path, right: tuple[int, ...]) -> Tried:
    began_s = time.monotonic()
    ran = subprocess.run(
        [sys.executable, "-m", "facetrack", *command],
        env={**os.environ, "FACETRACK_MODELS_DIR": str(paths.models_dir()), **changed},
        capture_output=True,
        text=True,
        errors="replace",
        timeout=120,
    )
    words = ran.stderr.replace(f"{folder}/", "").removeprefix("facetrack: ").strip()
    fine = ran.returncode in right and "\n" not in words and "unexpected" not in words
    return Tried(way, ran.returncode, time.monotonic() - began_s, words, fine)


def table(tried: list[Tried]) -> str:
    """Markdown, and a line on how many were wrong."""
    lines = ["| | exit code | after | what is said |", "|---|---|---|---|"]
    lines += [f"| {one.way} | {one.code} | {one.seconds:.1f} s | {one.words} |" for one in tried]
    wrong = [one.way for one in tried if not one.right]
    return "\n".join([*lines, "", f"{len(tried)} tried, {len(wrong)} wrong {wrong or ''}"])
