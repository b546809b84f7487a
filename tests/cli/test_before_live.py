"""What is said before a live session: how often to massage, and the safety page."""

import pytest

from facetrack.session import HistoryDatabase
from facetrack.session.history import history
from facetrack.session.history.database import history_path
from tests.cli.commands import facetrack

HINT = "You massaged on each of the last 7 days."
NO_CAMERA = ("run", "fascia", "--headless", "--camera", "63")


@pytest.fixture
def every_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """A history in which the routine's advice is exceeded (the rule itself: tests/session/history/test_database.py)."""
    with HistoryDatabase():
        pass
    monkeypatch.setattr(history, "schedule_hint", lambda _store: HINT)


@pytest.mark.usefixtures("every_day")
def test_the_schedule_comes_first_then_the_safety_page(capsys: pytest.CaptureFixture[str]) -> None:
    lines = facetrack(capsys, *NO_CAMERA).err.splitlines()
    assert lines[0] == HINT
    assert lines[1].startswith("facetrack can't tell whether massage is safe for you.")


@pytest.mark.usefixtures("every_day")
def test_yes_skips_the_page_but_not_the_schedule(capsys: pytest.CaptureFixture[str]) -> None:
    lines = facetrack(capsys, *NO_CAMERA, "--yes").err.splitlines()
    assert lines[0] == HINT
    assert "can't be opened" in lines[1]


@pytest.mark.usefixtures("every_day")
def test_a_recording_is_not_live(capsys: pytest.CaptureFixture[str]) -> None:
    assert HINT not in facetrack(capsys, "run", "fascia", "--headless", "--video", "absent.mp4").err


def test_without_a_history_none_is_made(capsys: pytest.CaptureFixture[str]) -> None:
    facetrack(capsys, *NO_CAMERA, "--yes")
    assert not history_path().exists()


def test_a_history_that_cant_be_read_holds_nothing_up(capsys: pytest.CaptureFixture[str]) -> None:
    history_path().parent.mkdir(parents=True, exist_ok=True)
    history_path().write_bytes(b"no database\n" * 100)
    lines = facetrack(capsys, *NO_CAMERA, "--yes").err.splitlines()
    assert len(lines) == 2
    assert "sessions rebuild" in lines[0]
    assert "can't be opened" in lines[1]
