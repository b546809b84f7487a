"""What is said before a live session: how often to massage, and the safety page; neither where there is no camera."""

import pytest

from facetrack.capture import BlankSource
from facetrack.errors import FacetrackError
from facetrack.session import HistoryDatabase
from facetrack.session.history import history
from facetrack.session.history.database import history_path
from tests.cli.commands import facetrack

HINT = "You massaged on each of the last 7 days."
SAFETY = "facetrack can't tell whether massage is safe for you."
BEGUN = "The session began."
LIVE = ("run", "fascia", "--headless")


@pytest.fixture
def every_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """A history in which the routine's advice is exceeded (the rule itself: tests/session/history/test_database.py)."""
    with HistoryDatabase():
        pass
    monkeypatch.setattr(history, "schedule_hint", lambda _store: HINT)


@pytest.fixture
def camera(monkeypatch: pytest.MonkeyPatch) -> None:
    """A camera that opens, and a session that only says so."""

    def run_session(*_: object, **__: object) -> None:
        raise FacetrackError(BEGUN)

    monkeypatch.setattr("facetrack.cli.commands.run._source", lambda *_: BlankSource())
    monkeypatch.setattr("facetrack.app.session_runner.run_session", run_session)
    monkeypatch.setattr("facetrack.cli.progress.fetch_missing_models", lambda: None)


@pytest.mark.usefixtures("every_day", "camera")
def test_the_schedule_comes_first_then_the_safety_page(capsys: pytest.CaptureFixture[str]) -> None:
    lines = facetrack(capsys, *LIVE).err.splitlines()
    assert lines[0] == HINT
    assert lines[1].startswith(SAFETY)
    assert any("Stop at once if it hurts" in line for line in lines)


@pytest.mark.usefixtures("every_day", "camera")
def test_yes_skips_the_page_but_not_the_schedule(capsys: pytest.CaptureFixture[str]) -> None:
    lines = facetrack(capsys, *LIVE, "--yes").err.splitlines()
    assert lines[0] == HINT
    assert BEGUN in lines[1]


@pytest.mark.usefixtures("every_day")
@pytest.mark.parametrize("missing", [("--camera", "63"), ("--video", "absent.mp4")])
def test_without_a_picture_nobody_is_told_how_to_massage(missing: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    ran = facetrack(capsys, *LIVE, *missing)
    assert ran.code == 1
    assert len(ran.err.splitlines()) == 1
    assert HINT not in ran.err
    assert SAFETY not in ran.err


@pytest.mark.usefixtures("camera")
def test_without_a_history_none_is_made(capsys: pytest.CaptureFixture[str]) -> None:
    facetrack(capsys, *LIVE, "--yes")
    assert not history_path().exists()


@pytest.mark.usefixtures("camera")
def test_a_history_that_cant_be_read_holds_nothing_up(capsys: pytest.CaptureFixture[str]) -> None:
    history_path().parent.mkdir(parents=True, exist_ok=True)
    history_path().write_bytes(b"no database\n" * 100)
    lines = facetrack(capsys, *LIVE, "--yes").err.splitlines()
    assert len(lines) == 2
    assert "sessions rebuild" in lines[0]
    assert BEGUN in lines[1]
