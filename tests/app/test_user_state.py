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
    assert read_settings() == Settings(areas_of_concern=("jaw", "forehead"), voice=False, camera="1")


@pytest.mark.parametrize("wrong", ["voice = 3", "voices = true", 'areas_of_concern = "jaw"', "camera = true", "= ="])
def test_wrong_settings_are_one_line(wrong: str, capsys: pytest.CaptureFixture[str]) -> None:
    settings_path().write_text(wrong, encoding="utf-8")
    with pytest.raises(FacetrackError, match=r"settings\.toml"):
        read_settings()
    assert str(settings_path()) in facetrack(capsys, "run", "--video", "absent.mp4", "--headless").said


def test_every_wrong_setting_is_told_each_in_a_line_of_its_own() -> None:
    settings_path().write_text('voice = "yes"\ncamera = -1\nvoce = true\nareas_of_concern = ["jaw", 3, 4]\n', encoding="utf-8")
    with pytest.raises(FacetrackError) as refused:
        read_settings()
    lines = str(refused.value).splitlines()
    assert [line.removeprefix(f"{settings_path()}: ") for line in lines] == [
        'areas_of_concern[2]: 3 is not possible; right would be steps or zones, such as ["cheeks", "jaw"]',
        'voice: "yes" is not possible; right would be true or false',
        'camera: -1 is not possible; right would be one of `facetrack cameras`, such as "0"',
        'voce: no such setting; did you mean "voice"?',
    ]


def test_a_file_that_windows_editor_saved_has_a_mark_before_its_first_letter() -> None:
    settings_path().write_bytes(b"\xef\xbb\xbfvoice = false\r\n")
    assert not read_settings().voice
    path = settings_path().with_name(FILE_NAME)
    path.write_bytes(b'\xef\xbb\xbf{"known_steps": {"fascia": ["cheeks"]}}')
    assert known_steps("fascia") == {"cheeks"}


def test_areas_of_concern_name_steps_or_zones() -> None:
    fascia = load_routine("fascia")
    assert steps_of_concern(fascia, ["jawline"]) == ("jawline",)
    assert steps_of_concern(fascia, ["cheek", "cheeks", "nowhere"])[0] == "cheeks"
    assert steps_of_concern(fascia, ["nowhere"]) == ()
