"""What need not be told again, and what a user prefers."""

from datetime import date
from pathlib import Path

import pytest

from facetrack.app.interaction import steps_of_concern
from facetrack.app.settings import Settings, read_settings, settings_path
from facetrack.app.user_state import FILE_NAME, known_steps, mark_safety_read, mark_steps_known, safety_read_today
from facetrack.errors import FacetrackError
from facetrack.routine import load_routine
from facetrack.system.paths import data_dir
from tests.cli.commands import facetrack


def test_the_safety_page_is_read_once_a_day_for_each_routine() -> None:
    today, tomorrow = date(2026, 11, 20), date(2026, 11, 21)
    assert not safety_read_today("fascia", today)
    mark_safety_read("fascia", today)
    assert safety_read_today("fascia", today)
    assert not safety_read_today("fascia", tomorrow)
    assert not safety_read_today("japanese", today)


def test_known_steps_add_up() -> None:
    mark_steps_known("fascia", ["neck", "forehead"])
    mark_safety_read("fascia")
    mark_steps_known("fascia", ["jawline"])
    assert known_steps("fascia") == {"forehead", "jawline", "neck"}
    assert known_steps("japanese") == frozenset()


@pytest.mark.parametrize(
    "content", [b"", b"[]", b'{"known_steps": 3, "safety_read": []}', b"\xff\xfe", b'{"known_steps": {"a": "b"}}']
)
def test_a_file_that_cant_be_understood_is_told_again(content: bytes) -> None:
    (data_dir() / FILE_NAME).write_bytes(content)
    assert known_steps("a") == frozenset()
    assert not safety_read_today("a")
    mark_steps_known("a", ["x"])
    mark_safety_read("a")
    assert known_steps("a") == {"x"}
    assert safety_read_today("a")


def test_a_folder_that_cant_be_written_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("FACETRACK_DATA_DIR", str(tmp_path / "file" / "data"))
    mark_steps_known("a", ["x"])
    assert known_steps("a") == frozenset()


def test_preferences_and_their_defaults() -> None:
    assert read_settings() == Settings()
    settings_path().write_text('areas_of_concern = ["jaw", "forehead"]\nvoice = false\ncamera = 1\n', encoding="utf-8")
    assert read_settings() == Settings(("jaw", "forehead"), False, "1")


@pytest.mark.parametrize("wrong", ["voice = 3", "voices = true", 'areas_of_concern = "jaw"', "camera = true", "= ="])
def test_wrong_settings_are_one_line(wrong: str, capsys: pytest.CaptureFixture[str]) -> None:
    settings_path().write_text(wrong, encoding="utf-8")
    with pytest.raises(FacetrackError, match=r"settings\.toml"):
        read_settings()
    assert str(settings_path()) in facetrack(capsys, "run", "--video", "absent.mp4", "--headless").said


def test_areas_of_concern_name_steps_or_zones() -> None:
    fascia = load_routine("fascia")
    assert steps_of_concern(fascia, ["jawline"]) == ("jawline",)
    assert steps_of_concern(fascia, ["cheek", "cheeks", "nowhere"])[0] == "cheeks"
    assert steps_of_concern(fascia, ["nowhere"]) == ()
