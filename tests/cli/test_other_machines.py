"""What the computer around facetrack may lack or do its own way: each is seen before the work, and said in one line."""

import inspect
import os
import webbrowser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

import facetrack as package
from facetrack.app.settings import settings_path
from facetrack.capture.camera import devices
from facetrack.cli.app import app
from facetrack.cli.options import expand_patterns
from facetrack.session.files import look_before_writing
from tests.cli.commands import facetrack
from tests.session.export.test_export import NOON
from tests.session.history_fakes import fill, record, session_identity

SOURCE = Path(package.__file__).parent


def _commands(group: typer.Typer, *before: str) -> Iterator[tuple[str, Any]]:
    for one in group.registered_commands:
        assert one.callback is not None
        yield " ".join([*before, one.name or one.callback.__name__]), one.callback
    for inner in group.registered_groups:
        yield from _commands(inner.typer_instance, *before, str(inner.name))


def test_every_list_of_files_takes_patterns() -> None:
    """Windows' shells pass *.mp4 on as it is."""
    lists = {}
    for name, callback in _commands(app):
        for parameter in inspect.signature(callback, eval_str=True).parameters.values():
            kind, *more = (
                getattr(parameter.annotation, "__metadata__", ())
                and (
                    parameter.annotation.__origin__,
                    *parameter.annotation.__metadata__,
                )
            ) or (None,)
            if kind in (list[Path], list[Path] | None):
                lists[name] = more[0].callback
    assert {"analyze", "routines validate", "study build", "study agree", "study label-template"} <= set(lists)
    assert set(lists.values()) == {expand_patterns}


def test_patterns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("b.mp4", "a.mp4", "a [1].mp4", "c.webm", "sub/d.mp4", "what?.mp4"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    monkeypatch.chdir(tmp_path)

    def found(*given: str) -> list[str]:
        return [str(path) for path in expand_patterns([Path(one) for one in given])]

    assert found("?.mp4") == ["a.mp4", "b.mp4"]
    assert found("*.webm", "b.mp4") == ["c.webm", "b.mp4"]
    assert found(str(tmp_path / "*.webm")) == [str(tmp_path / "c.webm")]
    assert found("**/d.mp4") == ["sub/d.mp4"]
    assert found("a [1].*") == ["a [1].mp4"], "brackets belong to names"
    assert found("what?.mp4") == ["what?.mp4"], "what is there is no pattern"
    assert found("*.avi", "none.mp4") == ["*.avi", "none.mp4"], "reported as files that are not there"


def test_a_pattern_that_fits_nothing_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    ran = facetrack(capsys, "analyze", "*.nothing", "--step", "forehead", "--routine", "fascia")
    assert ran.code == 1
    assert "There is no file *.nothing" in ran.said


@pytest.mark.parametrize("fails", [lambda _url: False, "error"])
def test_without_a_browser_the_report_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, fails: Any
) -> None:
    def refuse(_url: str) -> bool:
        raise webbrowser.Error("could not locate runnable browser")

    monkeypatch.setattr(webbrowser, "open", refuse if fails == "error" else fails)
    folder = record(session_identity(NOON), tmp_path / "mine", seconds=1.0)
    ran = facetrack(capsys, "report", folder, "--open")
    assert ran.code == 0
    assert ran.out.strip() == str(folder / "report.html")
    assert f"No browser could be opened: open {folder / 'report.html'} yourself." in ran.said


def test_only_the_report_opens_a_browser() -> None:
    openers = ("webbrowser.open", "startfile", "xdg-open")
    found = {path.name for path in SOURCE.rglob("*.py") if any(one in path.read_text("utf-8") for one in openers)}
    assert found == {"report.py"}


@pytest.mark.parametrize(
    "camera", ["²", "٣", "99999999999", "2147483648", "9" * 5000, "-1", "1.5", "0x1", " ", "a\nb", "\u202e1"]
)
def test_odd_camera_numbers(camera: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for cameras in ([], [devices.CameraDevice("0", "Cam A", 0), devices.CameraDevice("1", "Cam B", 1)]):
        monkeypatch.setattr(devices, "list_cameras", lambda cameras=cameras, **_: cameras)
        ran = facetrack(capsys, "run", "--yes", "--headless", "--camera", camera)
        assert ran.code == 1
        assert "camera" in ran.said
        assert "unexpected" not in ran.said
        assert len(ran.said) < 400


def test_what_a_driver_says_in_many_lines_is_one(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("OpenCV(5.0.0) error: (-5:Bad argument)\n> Overload resolution failed:\n>  - Expected 'filename'")

    monkeypatch.setattr("cv2.VideoCapture", broken)
    assert (
        "can't be opened (OpenCV(5.0.0) error: (-5:Bad argument))"
        in facetrack(capsys, "run", "--yes", "--headless", "--camera", "0").said
    )


def test_no_camera_is_said_before_the_safety_page(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "list_cameras", lambda **_: [])
    ran = facetrack(capsys, "run", "fascia", "--headless")
    assert ran.code == 1
    assert "No camera was found" in ran.said


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["run", "--bpm", "fast"], "--bpm fast is not a pulse at rest: 30 to 200 beats a minute."),
        (["bench", "--frames", "many"], "'--frames': a whole number is needed."),
        (["bench", "--frames", "0"], "'--frames': 1 is the least."),
        (["sessions", "list", "-n", "x"], "'--limit': a whole number is needed."),
    ],
)
def test_wrong_values_are_named_in_our_words(capsys: pytest.CaptureFixture[str], command: list[str], words: str) -> None:
    ran = facetrack(capsys, *command)
    assert ran.code == 2
    assert words in ran.said


WRITERS = [
    ["run", "fascia", "--headless", "--yes", "--out", "PLACE"],
    ["demo", "--headless", "--out", "PLACE"],
    ["analyze", "absent.mp4", "--out", "PLACE"],
    ["routines", "show", "fascia", "--picture", "PLACE"],
    ["sessions", "export", "--out", "PLACE"],
]
"""Commands that work long before they write into a folder that the user names."""


@pytest.fixture
def nothing_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    def begun(*_: object, **__: object) -> None:
        raise AssertionError("the work was begun")

    for place in (
        "facetrack.mannequin.render_clip",
        "facetrack.cli.progress.fetch_missing_models",
        "facetrack.app.session_runner.run_session",
        "facetrack.overlay.mannequin_face.mannequin_face",
        "facetrack.app.batch.many.analyse_all",
    ):
        monkeypatch.setattr(place, begun)


@pytest.mark.parametrize("command", WRITERS, ids=lambda command: " ".join(command[:2]))
@pytest.mark.parametrize("trouble", ["a file", "read-only", "full"])
@pytest.mark.usefixtures("nothing_begins")
def test_where_nothing_can_be_kept_is_seen_before_the_work(
    command: list[str], trouble: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(NOON, 1)
    place = tmp_path / "there" / "out"
    (tmp_path / "there").touch() if trouble == "a file" else (tmp_path / "there").mkdir()
    if trouble == "read-only":
        allowed = os.access
        monkeypatch.setattr(os, "access", lambda path, mode: allowed(path, mode) and Path(path) != tmp_path / "there")
    elif trouble == "full":
        full = type("Disk", (), {"total": 10**9, "free": 4096})
        monkeypatch.setattr("facetrack.session.files.shutil.disk_usage", lambda _path: full)
    ran = facetrack(capsys, *[str(place) if part == "PLACE" else part for part in command])
    assert ran.code == 1
    assert str(place) in ran.said
    assert ("disk is full" in ran.said) == (trouble == "full")
    assert not place.exists()


def test_a_look_changes_nothing_and_takes_what_is_good(tmp_path: Path) -> None:
    look_before_writing(tmp_path / "a" / "b" / "c")
    look_before_writing(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_doctor_changes_nothing_and_fetches_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    for variable, folder in (("DATA", data), ("MODELS", data / "models"), ("CACHE", tmp_path / "cache")):
        monkeypatch.setenv(f"FACETRACK_{variable}_DIR", str(folder))
    monkeypatch.setattr(devices, "list_cameras", lambda **_: [])
    ran = facetrack(capsys, "doctor")
    assert ran.code == 0
    assert "models fetch" in ran.out
    assert list(tmp_path.iterdir()) == [], "not even its folders"
    data.mkdir()
    settings_path().write_text("voise = true\n", encoding="utf-8")
    (data / "history.sqlite3").write_bytes(b"no database\n" * 100)
    before = {path: path.read_bytes() for path in data.iterdir()}
    found = facetrack(capsys, "doctor").out
    assert "no such setting" in found
    assert "sessions rebuild" in found
    assert {path: path.read_bytes() for path in data.iterdir()} == before
