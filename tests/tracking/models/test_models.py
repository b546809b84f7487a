"""Fetching the models, with made-up ones: each thing that can go wrong is told in one line, and half a bundle is never seen."""

import errno
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from facetrack.errors import FacetrackError
from facetrack.tracking.models import fetch, graft, pip_download, self_test, store
from facetrack.tracking.models.bundle import pack
from facetrack.tracking.models.manifest import Manifest, load_manifest
from tests.tracking import model_fakes


@pytest.fixture
def models_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "möbel" / "models"
    monkeypatch.setenv("FACETRACK_MODELS_DIR", str(folder))
    monkeypatch.setattr(graft, "graft_face_model", lambda model: b"grafted " + model)
    monkeypatch.setattr(self_test, "check_bundles", lambda _: None)
    return folder


def install_pip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str | None = None) -> Manifest:
    folder = model_fakes.write_pip(tmp_path / "fake", answer)
    monkeypatch.setenv("PYTHONPATH", str(folder))
    return load_manifest(folder / "manifest.toml")


@pytest.fixture
def manifest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Manifest:
    """Of the fake wheel, with the fake pip in pip's place."""
    return install_pip(tmp_path, monkeypatch)


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    return model_fakes.write_wheel(tmp_path / "some.whl")


def one_line(error: pytest.ExceptionInfo[FacetrackError]) -> str:
    text = str(error.value)
    assert text
    assert "\n" not in text
    return text


def write_twice(path: Path) -> None:
    """A bundle with two members of the same name."""
    bundle = zipfile.ZipFile(path, "w")
    bundle.writestr("hand_detector.tflite", b"hand" * 99)
    bundle.writestr("hand_landmarks_detector.tflite", b"hand" * 99)
    with pytest.warns(UserWarning, match="Duplicate"):
        bundle.writestr("hand_detector.tflite", b"other" * 99)
    bundle.close()


def left_over(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != store.LOCK)


def test_first_use_fetches_and_the_second_does_not(
    models_dir: Path, manifest: Manifest, tmp_path: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    first = fetch.ensure_models(manifest)
    assert fetch.ensure_models(manifest) == first
    (call,) = (tmp_path / "fake/pip/calls").read_text().splitlines()
    assert call.startswith("download --no-deps")
    assert "index" not in call
    assert "mediapipe==0.10.21" in caplog.messages[0]
    assert tuple(capsys.readouterr()) == ("", ""), "only the command line prints"
    assert left_over(models_dir) == ["face_landmarker.task", "hand_landmarker.task", "stamp.json"]
    with zipfile.ZipFile(models_dir / "face_landmarker.task") as bundle:
        assert {info.compress_type for info in bundle.infolist()} == {zipfile.ZIP_STORED}
        assert bundle.read("face_landmarks_detector.tflite").startswith(b"grafted face mesh")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("WARNING: Retrying ... NewConnectionError('Failed')\nERROR: No matching distribution found", "no package index"),
        ("ERROR: No matching distribution found for mediapipe==0.10.21", "No matching distribution"),
        ("ERROR: Could not install: [Errno 28] No space left on device", "disk is full"),
        ("", "no reason given"),
    ],
)
def test_pip_fails(models_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str, expected: str) -> None:
    manifest = install_pip(tmp_path, monkeypatch, answer or " ")
    with pytest.raises(FacetrackError, match=expected) as error:
        fetch.ensure_models(manifest)
    one_line(error)
    assert left_over(models_dir) == []


def test_no_pip(models_dir: Path, manifest: Manifest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pip_download.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(FacetrackError, match=r"pip, and this Python has none.*--from FILE") as error:
        fetch.ensure_models(manifest)
    one_line(error)
    assert left_over(models_dir) == []


def test_pip_brings_another_wheel(models_dir: Path, manifest: Manifest, tmp_path: Path) -> None:
    model_fakes.write_wheel(tmp_path / "fake/pip" / model_fakes.WHEEL, hand_detector=b"tampered" * 25)
    with pytest.raises(FacetrackError, match="not the one that facetrack knows") as error:
        fetch.ensure_models(manifest)
    one_line(error)
    assert left_over(models_dir) == []


def test_bad_files_are_told_and_nothing_is_kept(models_dir: Path, manifest: Manifest, wheel: Path, tmp_path: Path) -> None:
    whole = wheel.read_bytes()
    bad = {
        "truncated.whl": whole[: len(whole) // 2],
        "empty.whl": b"",
        "text.task": b"not a zip at all",
        "flipped.whl": whole[:600] + bytes([whole[600] ^ 0xFF]) + whole[601:],
        "other.zip": pack({"readme.txt": b"hello"}),
    }
    for name, data in bad.items():
        (tmp_path / name).write_bytes(data)
    model_fakes.write_wheel(tmp_path / "tampered.whl", face_detector=b"face detectoR" * 50)
    model_fakes.write_wheel(tmp_path / "bomb.whl", face_detector=b"\0" * 5_000_000)
    with zipfile.ZipFile(tmp_path / "compressed.task", "w", zipfile.ZIP_DEFLATED) as bundle:
        for name in ("hand_detector.tflite", "hand_landmarks_detector.tflite"):
            bundle.writestr(name, b"hand" * 99)
    write_twice(tmp_path / "twice.task")
    (tmp_path / "nothing-in-it").mkdir()
    bad_names = [*bad, "tampered.whl", "bomb.whl", "compressed.task", "twice.task", "nothing-in-it", "not-there.whl"]
    for name in bad_names:
        with pytest.raises(FacetrackError) as error:
            fetch.fetch_models(tmp_path / name, manifest=manifest)
        assert str(tmp_path) in one_line(error), name
        assert left_over(models_dir) == [], name
    assert not list(tmp_path.rglob("evil.py"))


def test_from_a_wheel_of_any_name_then_bundles_from_a_folder(
    models_dir: Path, manifest: Manifest, wheel: Path, tmp_path: Path
) -> None:
    built = fetch.fetch_models(wheel, manifest=manifest)
    assert [status.state for status in built] == ["ready", "ready"]
    other = tmp_path / "elsewhere"
    models_dir.rename(other)
    (other / "stamp.json").unlink()
    taken = fetch.fetch_models(other, manifest=manifest)
    assert [status.stamp and status.stamp.sha256 for status in taken] == [
        status.stamp and status.stamp.sha256 for status in built
    ]
    assert [status.stamp and status.stamp.recipe for status in taken] == [None, None]


@pytest.mark.usefixtures("models_dir")
def test_bundles_are_recognised_by_contents_and_kept_unchanged(manifest: Manifest, tmp_path: Path) -> None:
    official = pack(
        {"hand_detector.tflite": b"official" * 9, "hand_landmarks_detector.tflite": b"x" * 99, "extra.tflite": b"y"}
    )
    (tmp_path / "renamed.bin").write_bytes(official)
    face, hand = fetch.fetch_models(tmp_path / "renamed.bin", manifest=manifest)
    assert (face.state, hand.state) == ("missing", "ready")
    assert hand.path.read_bytes() == official


@pytest.mark.usefixtures("models_dir")
def test_bundles_are_the_same_bytes_every_time(manifest: Manifest, wheel: Path) -> None:
    first = [status.path.read_bytes() for status in fetch.fetch_models(wheel, manifest=manifest)]
    again = [status.path.read_bytes() for status in fetch.fetch_models(wheel, manifest=manifest)]
    assert first == again


@pytest.mark.usefixtures("models_dir")
def test_a_failed_self_check_keeps_what_was_there(manifest: Manifest, wheel: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = fetch.ensure_models(manifest)

    def fail(_: object) -> None:
        raise FacetrackError("The hand model does not work")

    monkeypatch.setattr(self_test, "check_bundles", fail)
    with pytest.raises(FacetrackError, match="does not work"):
        fetch.fetch_models(wheel, manifest=manifest)
    assert fetch.ensure_models(manifest) == before


def test_a_damaged_or_outdated_bundle_is_noticed_and_fetched_again(models_dir: Path, manifest: Manifest) -> None:
    good = fetch.ensure_models(manifest)
    (models_dir / "hand_landmarker.task").write_bytes(b"half of")
    assert [status.state for status in fetch.model_status(manifest)] == ["ready", "damaged"]
    assert fetch.ensure_models(manifest) == good
    stamp = models_dir / "stamp.json"
    stamp.write_text(stamp.read_text().replace('"recipe": 1', '"recipe": 0'))
    assert [status.state for status in fetch.model_status(manifest)] == ["outdated", "outdated"]
    stamp.write_text("{torn")
    assert fetch.ensure_models(manifest) == good


def test_folder_that_cannot_be_written(manifest: Manifest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("FACETRACK_MODELS_DIR", str(tmp_path / "file" / "models"))
    with pytest.raises(FacetrackError, match="can't be") as error:
        fetch.ensure_models(manifest)
    assert "FACETRACK_MODELS_DIR" in one_line(error)


@pytest.mark.parametrize("write", [1, 3, 4, 5, 6])
def test_disk_that_fills_up_at_any_write(
    models_dir: Path, manifest: Manifest, wheel: Path, monkeypatch: pytest.MonkeyPatch, write: int
) -> None:
    """Two files for the self-check, then each bundle and its stamp."""
    written = []

    def fsync(descriptor: int) -> None:
        written.append(descriptor)
        if len(written) == write:
            raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fsync)
        with pytest.raises(FacetrackError, match="disk is full") as error:
            fetch.fetch_models(wheel, manifest=manifest)
    one_line(error)
    assert not [name for name in left_over(models_dir) if name.startswith(".")]
    assert not all(status.ready for status in fetch.model_status(manifest))
    fetch.ensure_models(manifest)
    assert all(status.ready for status in fetch.model_status(manifest))


def test_two_processes_at_once_fetch_once(tmp_path: Path) -> None:
    fake = model_fakes.write_pip(tmp_path / "fake")
    environment = {**os.environ, "PYTHONPATH": str(fake), "FACETRACK_MODELS_DIR": str(tmp_path / "models")}
    command = [sys.executable, model_fakes.__file__, str(fake / "manifest.toml")]
    both = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(3)
    ]
    answers = [process.communicate(timeout=60) for process in both]
    assert [process.returncode for process in both] == [0, 0, 0], answers
    assert len({out for out, _ in answers}) == 1
    assert len((fake / "pip/calls").read_text().splitlines()) == 1


def test_what_a_killed_process_left_is_removed(models_dir: Path, manifest: Manifest) -> None:
    stale = models_dir / ".fetch-dead"
    stale.mkdir(parents=True)
    (stale / "half.whl").write_bytes(b"x")
    (models_dir / ".face_landmarker.task.4711.tmp").write_bytes(b"half")
    fetch.ensure_models(manifest)
    assert left_over(models_dir) == ["face_landmarker.task", "hand_landmarker.task", "stamp.json"]


HINDERING = """[global]
constraint = /nonexistent/constraints.txt
require-hashes = true
index-url = https://index.example/simple
extra-index-url =
    https://one.example/simple
    https://two.example/simple
[download]
proxy = http://proxy.example:3128
no-binary = :all:
[install]
target = /nonexistent
"""
"""A pip.conf as companies have it: where packages are, and rules for what gets installed."""


def test_of_the_users_pip_only_where_packages_are_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    (tmp_path / "pip.conf").write_text(HINDERING, encoding="utf-8")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    for name, value in {"CONSTRAINT": "/x", "REQUIRE_HASHES": "1", "TARGET": "/x", "DRY_RUN": "1", "CERT": "/ca.pem"}.items():
        monkeypatch.setenv(f"PIP_{name}", value)
    made = pip_download.download_environment(pip_download._settings())
    kept = {name: value for name, value in made.items() if name.startswith("PIP_")}
    assert kept["PIP_INDEX_URL"] == "https://index.example/simple"
    assert kept["PIP_EXTRA_INDEX_URL"] == "https://one.example/simple https://two.example/simple"
    assert (kept["PIP_PROXY"], kept["PIP_CERT"]) == ("http://proxy.example:3128", "/ca.pem")
    assert kept["PIP_CONFIG_FILE"] == os.devnull
    allowed = {f"PIP_{name.upper().replace('-', '_')}" for name in pip_download.KEPT_SETTINGS} | {"PIP_CONFIG_FILE"}
    assert set(kept) <= allowed
    assert made["PATH"] == os.environ["PATH"]


def test_a_download_is_not_hindered(models_dir: Path, manifest: Manifest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_REQUIRE_HASHES", "1")
    monkeypatch.setenv("PIP_CONSTRAINT", "/nonexistent")
    assert fetch.ensure_models(manifest)
    assert all(status.ready for status in fetch.model_status(manifest))
    assert models_dir.is_dir()
