"""The history and the folders it tells of: replaced, gone, cut off, and what deleting leaves behind."""

import json
import shutil
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from facetrack.cli.commands.report import report
from facetrack.cli.commands.sessions import app
from facetrack.errors import FacetrackError
from facetrack.session import SessionRecorder, add_to_history, recover_unfinished, sessions_dir
from facetrack.session.history.database import HistoryDatabase, HistoryError, history_path
from facetrack.session.history.history import delete, queue_for_history, rebuild
from tests.session.history_fakes import fill, record, session_identity
from tests.session.session_fakes import FakeCoach, moving_hands

NOON = datetime(2026, 11, 20, 12, 0, 0, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)


@pytest.fixture(autouse=True)
def own_history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FACETRACK_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setattr("facetrack.session.recovery.build_coach", lambda made: FakeCoach(made.routine))
    return tmp_path / "data"


def call(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def cut_off(folder: Path) -> None:
    """A session that ended without its session.json."""
    recorder = SessionRecorder(session_identity(NOON), folder)
    coach = FakeCoach(recorder.identity.routine)
    for seen in moving_hands(3.0):
        recorder.take(seen, coach.update(seen))
    recorder.close()


def replaced(folder: Path, remembered: bool) -> tuple[str, str]:
    """Two sessions, one after the other, in the same folder; their ids. remembered: the second is in the history too."""
    first, second = session_identity(NOON), session_identity(LATER)
    add_to_history(record(first, folder, seconds=3.5))
    for path in folder.iterdir():
        path.unlink()
    record(second, folder, seconds=3.5, seed=1)
    if remembered:
        add_to_history(folder)
    return first.id, second.id


def test_a_session_whose_folder_was_taken_leaves_the_history(tmp_path: Path) -> None:
    _, second = replaced(tmp_path / "mine", remembered=True)
    with HistoryDatabase() as store:
        assert [one["session_id"] for one in store.sessions()] == [second]


def test_another_session_in_the_folder_is_not_shown_nor_deleted(tmp_path: Path) -> None:
    first, second = replaced(tmp_path / "mine", remembered=False)
    reporting = typer.Typer()
    reporting.command()(report)
    for ran in (call("show", first, "--json"), CliRunner().invoke(reporting, [first])):
        assert isinstance(ran.exception, FacetrackError)
        assert second in str(ran.exception)
    assert call("show", first).exit_code == 0
    assert "another session" in call("delete", first, "--yes").stdout
    assert json.loads((tmp_path / "mine" / "session.json").read_text("utf-8"))["id"] == second
    with HistoryDatabase() as store:
        assert store.sessions() == []


def test_a_damaged_document_does_not_keep_a_session_from_being_deleted(tmp_path: Path) -> None:
    made = session_identity(NOON)
    add_to_history(record(made, tmp_path / "mine", seconds=3.5))
    (tmp_path / "mine" / "session.json").write_text("{")
    with HistoryDatabase() as store:
        assert delete(made.id, store) == []
    assert not (tmp_path / "mine").exists()


def test_a_history_kept_by_rebuild_forgets_too(own_history: Path) -> None:
    made = session_identity(NOON, participant="unmistakable-participant")
    add_to_history(record(made))
    (other,) = fill(LATER, 1)
    assert rebuild() == (2, [])
    with HistoryDatabase() as store:
        assert delete(made.id, store) == []
    assert [path for path in own_history.rglob("*") if path.is_file() and b"unmistakable" in path.read_bytes()] == []
    (kept,) = own_history.glob("*.old")
    with HistoryDatabase(kept) as old:
        assert [one["session_id"] for one in old.sessions()] == [other]


def test_a_damaged_history_kept_by_rebuild_is_told(own_history: Path) -> None:
    (one,) = fill(NOON, 1)
    with history_path().open("r+b") as file:
        file.write(b"not a database")
    assert rebuild() == (1, [])
    ran = call("delete", one, "--yes")
    assert ran.exit_code == 0
    assert str(next(own_history.glob("*.old"))) in ran.stdout


def test_the_history_kept_by_rebuild_is_whole() -> None:
    """What another process has just written may still be in the write-ahead log."""
    fill(NOON, 2)
    with HistoryDatabase() as store:
        store._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        fill(LATER, 1, store)
        rebuild()
        (old,) = history_path().parent.glob("*.old")
        with sqlite3.connect(old) as db:
            assert db.execute("SELECT count(*) FROM sessions").fetchone() == (3,)
        db.close()


def test_what_was_cut_off_is_in_the_next_list() -> None:
    cut_off(sessions_dir() / session_identity(NOON).id)
    ran = call("list")
    assert session_identity(NOON).id in ran.stdout
    assert "partial" in ran.stdout
    assert "cut off" in ran.stderr


def test_a_folder_that_was_cut_off_gets_its_report(tmp_path: Path) -> None:
    cut_off(tmp_path / "mine")
    reporting = typer.Typer()
    reporting.command()(report)
    ran = CliRunner().invoke(reporting, [str(tmp_path / "mine")])
    assert ran.exit_code == 0, ran.exception
    assert "ended before its time" in (tmp_path / "mine" / "report.html").read_text("utf-8")


def test_nothing_is_finished_while_the_history_cannot_be_written() -> None:
    """Else it would have its session.json and never come into the history."""
    made = session_identity(NOON)
    cut_off(sessions_dir() / made.id)
    history_path().write_text("not a database, and no longer than that" * 40)
    told: list[str] = []
    assert recover_unfinished(told.append) == []
    assert len(told) == 1
    assert "damaged" in told[0]
    with pytest.raises(HistoryError):
        HistoryDatabase()
    history_path().unlink()
    assert recover_unfinished() == [made.id]


def test_a_long_session_that_is_finished_is_told_before_it_takes_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    made = session_identity(NOON)
    cut_off(sessions_dir() / made.id)
    monkeypatch.setattr("facetrack.session.history.history.LONG_JOURNAL_BYTES", 10)
    told: list[str] = []
    assert recover_unfinished(told.append) == [made.id]
    assert ["takes a moment" in line for line in told] == [True, False]


def test_sessions_that_the_history_missed_come_into_it_later(tmp_path: Path) -> None:
    """Their own folder or the history's; a damaged one holds nobody up."""
    made = session_identity(NOON)
    cut_off(sessions_dir() / made.id)
    assert recover_unfinished() == [made.id]
    history_path().unlink()
    (sessions_dir() / "odd").mkdir()
    (sessions_dir() / "odd" / "session.json").write_text("[" * 9000)
    elsewhere = tmp_path / "mine"
    shutil.copytree(sessions_dir() / made.id, elsewhere)
    told: list[str] = []
    assert recover_unfinished(told.append) == []
    with HistoryDatabase() as store:
        assert [one["folder"] for one in store.sessions()] == [sessions_dir() / made.id]
    shutil.rmtree(sessions_dir() / made.id)
    queue_for_history(elsewhere)
    assert recover_unfinished(told.append) == []
    with HistoryDatabase() as store:
        assert [one["folder"] for one in store.sessions()] == [elsewhere]
    assert told == []
