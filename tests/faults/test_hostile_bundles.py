"""Hostile bundles are refused in one line, leave nothing behind, and never take the place of what was there."""

import os
from pathlib import Path

import pytest

from facetrack.system import paths
from tests.cli.commands import facetrack
from tests.faults import hostile_bundles
from tests.faults.hostile_bundles import NATIVE, WAYS

pytestmark = pytest.mark.skipif(os.name != "posix", reason="makes pipes and links")
CHEAP = [way for way in WAYS if way not in NATIVE]
SAMPLE = [*CHEAP, "models of noise", "models exchanged with each other"]
"""The others: ``python -m benchmarks.faults bundles``."""


@pytest.fixture
def real(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> hostile_bundles.Real:
    """The bundles of this machine; what is fetched from now on goes elsewhere, where they lie too."""
    folder = paths.models_dir()
    if not (folder / "hand_landmarker.task").exists():
        pytest.skip("the models are not here")
    there = tmp_path / "models"
    there.mkdir()
    for path in folder.iterdir():
        if path.is_file():
            (there / path.name).write_bytes(path.read_bytes())
    monkeypatch.setenv("FACETRACK_MODELS_DIR", str(there))
    return hostile_bundles.Real((there / "face_landmarker.task").read_bytes(), (there / "hand_landmarker.task").read_bytes())


@pytest.mark.parametrize("way", SAMPLE)
def test_a_hostile_bundle(way: str, real: hostile_bundles.Real, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "hand_landmarker.task"
    WAYS[way](real, path)
    before = _files(tmp_path)
    ran = facetrack(capfd, "models", "fetch", "--from", path)
    assert ran.code == 1
    assert "unexpected" not in ran.said
    assert ran.out == ""
    assert _files(tmp_path) == before


def _files(folder: Path) -> dict[str, bytes | None]:
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
        if path.name != ".lock"
    }
