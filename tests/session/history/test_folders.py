"""Copies of a session's folder, and folders in which others keep files: told, and only what is facetrack's is deleted."""

import logging
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

import facetrack
from facetrack.session import add_to_history, sessions_dir
from facetrack.session.history.database import HistoryDatabase
from facetrack.session.history.history import rebuild
from tests.cli.commands import facetrack as call
from tests.session.history_fakes import record, session_identity

NOON = datetime(2026, 11, 20, 12, 0, 0, tzinfo=UTC)


@pytest.fixture
def copies() -> list[Path]:
    """A session in the history, a copy of its folder beside it, and one further down in the data folder."""
    folder = record(session_identity(NOON))
    add_to_history(folder)
    beside = folder.with_name(f"{folder.name} - Copy")
    deeper = sessions_dir().parent / "backup" / "old" / folder.name
    for copy in (beside, deeper):
        shutil.copytree(folder, copy)
    return [folder, beside, deeper]


def test_copies_are_told_and_the_history_keeps_to_one(copies: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        ran = call(capsys, "sessions", "list")
        assert ran.out.count(copies[0].name) == 1
        assert all(str(copy) in ran.said for copy in copies)
        with HistoryDatabase() as store:
            assert [one["folder"] for one in store.sessions()] == [copies[0]], "not the one that was found last"
    ran = call(capsys, "report", "last")
    assert "More than one folder" in ran.said


def test_loading_a_session_tells_of_its_copies(copies: list[Path], caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "facetrack"):
        facetrack.load_session("last")
    assert all(str(copy) in caplog.text for copy in copies)


def test_all_folders_of_a_session_go(copies: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    ran = call(capsys, "sessions", "delete", "last", "--yes")
    assert ran.code == 0
    assert all(str(copy) in ran.out for copy in copies)
    assert not any(copy.exists() for copy in copies)
    assert "No sessions" in call(capsys, "sessions", "list").out
    assert rebuild() == (0, [])


@pytest.mark.parametrize("name", ["diary.txt", "annotated.mp4", "report.html", "sub/steps.csv"])
def test_what_is_not_ours_stays_and_is_named(name: str, copies: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    for copy in copies:
        (copy / name).parent.mkdir(exist_ok=True)
        (copy / name).write_text("dear diary")
    ran = call(capsys, "sessions", "delete", "last", "--yes")
    assert ran.code == 0
    for copy in copies:
        assert f"{copy} holds other files too ({name.split('/')[0]}) and stays." in ran.out
        assert [path for path in copy.rglob("*") if path.is_file()] == [copy / name]
    assert "No sessions" in call(capsys, "sessions", "list").out


def test_a_linked_folder_loses_its_files_and_the_link(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = record(session_identity(NOON))
    add_to_history(folder)
    folder.rename(tmp_path / "elsewhere")
    folder.symlink_to(tmp_path / "elsewhere")
    assert call(capsys, "sessions", "delete", "last", "--yes").code == 0
    assert not folder.is_symlink()
    assert not (tmp_path / "elsewhere").exists()


def test_clearing_what_never_began_leaves_other_files(capsys: pytest.CaptureFixture[str]) -> None:
    """A journal without a whole header is cleared away by the next command, others' files are not."""
    for name, content in (("begun", b'{"facetrack_jour'), ("mine", b"my own frames, without an end of line")):
        folder = sessions_dir() / name
        folder.mkdir(parents=True)
        (folder / "frames.jsonl").write_bytes(content)
        (folder / "diary.txt").write_text("dear diary")
    call(capsys, "sessions", "list")
    left = sorted(str(path.relative_to(sessions_dir())) for path in sessions_dir().rglob("*.*"))
    assert left == ["begun/diary.txt", "mine/diary.txt", "mine/frames.jsonl"]
