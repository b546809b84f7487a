"""The real models: fetched on first use, then from the models folder. Their self-check, and the command line."""

import json
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from facetrack.cli.commands.computer.models import app
from facetrack.errors import FacetrackError
from facetrack.tracking import ensure_models, model_hashes
from facetrack.tracking.models import self_test
from facetrack.tracking.models.bundle import pack


def test_self_check_accepts_ours_and_refuses_scrambled_models(tmp_path: Path) -> None:
    models = ensure_models()
    face, hand = tmp_path / "face.task", tmp_path / "hand.task"
    face.write_bytes(models.face)
    hand.write_bytes(models.hand)
    self_test.check_bundles({"face": face, "hand": hand})

    with zipfile.ZipFile(hand) as bundle:
        members = {name: bundle.read(name) for name in bundle.namelist()}
    hand.write_bytes(pack(dict(zip(members, reversed(members.values()), strict=True))))
    with pytest.raises(FacetrackError, match="The hand model does not work") as error:
        self_test.check_bundles({"hand": hand})
    assert "\n" not in str(error.value)


def test_self_check_survives_a_model_that_is_noise(tmp_path: Path) -> None:
    noise = tmp_path / "face.task"
    noise.write_bytes(
        pack({"face_detector.tflite": b"\x18\0\0\0TFL3" + b"\xff" * 5000, "face_landmarks_detector.tflite": b"TFL3" * 999})
    )
    with pytest.raises(FacetrackError) as error:
        self_test.check_bundles({"face": noise})
    assert "\n" not in str(error.value)


def test_status_as_json_tells_the_hashes_of_the_session_file() -> None:
    ensure_models()
    result = CliRunner().invoke(app, ["status", "--json"])
    assert result.exit_code == 0
    table = json.loads(result.stdout)
    assert {name: table[name]["sha256"] for name in ("face", "hand")} == model_hashes() == ensure_models().hashes


def test_status_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACETRACK_MODELS_DIR", str(tmp_path))
    result = CliRunner().invoke(app, ["status"])
    assert result.exit_code == 0
    assert result.stdout.count("missing") == 2
    assert model_hashes() == {"face": None, "hand": None}
    verified = CliRunner().invoke(app, ["verify"])
    assert isinstance(verified.exception, FacetrackError)
