"""The history: what goes in comes out, several processes may share it, and damage is told in one line."""

import multiprocessing
import os
import sqlite3
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from facetrack.errors import DamagedInputError, FacetrackError, UsageError
from facetrack.session import SessionRecorder, add_to_history, recover_unfinished, schedule_hint, sessions_dir
from facetrack.session.folder import read_document
from facetrack.session.history.database import HistoryDatabase, HistoryError, best_match, history_path
from facetrack.session.history.history import delete, every_day, read_strokes, rebuild
from facetrack.session.history.migrations import MIGRATIONS
from facetrack.session.history.trend import sessions_of, usual_scores
from facetrack.session.tables import CORRECTIONS, STEPS, STROKES, TABLES, correction_rows, session_row, step_rows
from tests.session.history_fakes import fill, record, session_identity
from tests.session.session_fakes import FakeCoach, moving_hands

needs_root = pytest.mark.skipif(
    not (sys.platform.startswith("linux") and os.geteuid() == 0 and os.access("/usr/bin/setpriv", os.X_OK)),
    reason="only root can be another user",
)
NOON = datetime(2026, 11, 20, 12, 0, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def own_history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FACETRACK_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


def test_the_database_has_the_columns_of_the_tables() -> None:
    with HistoryDatabase() as store:
        db = sqlite3.connect(store.path)
        found = {table.name: [row[1] for row in db.execute(f"PRAGMA table_info({table.name})")] for table in TABLES}
        db.close()
    for table in TABLES:
        extra = {"sessions": ["labels", "folder"], "strokes": ["stroke"]}.get(table.name, [])
        assert sorted(found[table.name]) == sorted(table.names + extra)


def test_a_session_comes_out_as_it_went_in() -> None:
    folder = record(session_identity(NOON, participant="p07"))
    add_to_history(folder)
    document, strokes = read_document(folder), read_strokes(folder)
    with HistoryDatabase() as store:
        (found,) = store.sessions()
        ids = [found["session_id"]]
        assert {name: found[name] for name in session_row(document)} == session_row(document)
        assert (found["labels"], found["folder"]) == ({"participant": "p07"}, folder.absolute())
        assert store.rows(STEPS, ids) == step_rows(document)
        assert store.rows(CORRECTIONS, ids) == correction_rows(document)
        assert store.rows(STROKES, ids) == strokes
    assert len(strokes) > 5


def test_remembering_twice_replaces() -> None:
    folder = record(session_identity(NOON))
    add_to_history(folder)
    add_to_history(folder)
    with HistoryDatabase() as store:
        assert len(store.sessions()) == 1
        assert len(store.rows(STEPS, [folder.name])) == 2


def test_nothing_of_a_failed_session_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = record(session_identity(NOON))
    monkeypatch.setattr("facetrack.session.history.history.read_strokes", lambda _: [{"t_start_s": None}])
    with pytest.raises(FacetrackError):
        add_to_history(folder)
    with HistoryDatabase() as store:
        assert store.sessions() == []


@pytest.mark.parametrize(
    ("text", "means"),
    [("last", "20261121-080000-bbbb"), ("20261120", "20261120-080000-aaaa"), ("bbbb", "20261121-080000-bbbb"), ("1120", None)],
)
def test_ids_may_be_shortened(text: str, means: str | None) -> None:
    ids = ["20261121-080000-bbbb", "20261120-080000-aaaa", "20251120-080000-cccc"]
    if means is not None:
        assert best_match(text, ids) == means
        return
    with pytest.raises(UsageError, match="fits 2 sessions"):
        best_match(text, ids)


@pytest.mark.parametrize(("text", "ids"), [("zz", ["a"]), ("", ["a", "b"]), ("last", [])])
def test_an_id_that_means_nothing_is_one_line(text: str, ids: list[str]) -> None:
    with pytest.raises(UsageError) as caught:
        best_match(text, ids)
    assert "\n" not in str(caught.value)


def add_sessions(data: str, tail: str) -> None:
    os.environ["FACETRACK_DATA_DIR"] = data
    for n in range(8):
        add_to_history(record(session_identity(NOON + timedelta(minutes=n), tail=tail), seconds=1.0))


def test_two_processes_may_write_at_once(own_history: Path) -> None:
    """Both begin with no database, so that its making is raced for too."""
    spawn = multiprocessing.get_context("fork")
    writers = [spawn.Process(target=add_sessions, args=(str(own_history), tail)) for tail in ("aaaa", "bbbb")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
        assert writer.exitcode == 0
    with HistoryDatabase() as store:
        assert len(store.sessions()) == 16


def test_what_another_process_makes_between_two_looks_is_no_other_program_s(monkeypatch: pytest.MonkeyPatch) -> None:
    HistoryDatabase().close()
    looks, real = iter([0]), HistoryDatabase._version
    monkeypatch.setattr(HistoryDatabase, "_version", lambda self: next(looks, real(self)))
    with HistoryDatabase() as store:
        assert store.sessions() == []


def test_an_older_history_is_brought_up_to_date(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = record(session_identity(NOON))
    with monkeypatch.context() as patch:
        patch.setattr("facetrack.session.history.database.MIGRATIONS", MIGRATIONS[:1])
        with HistoryDatabase() as store:
            store._insert("sessions", [session_row(read_document(folder)) | {"labels": "{}", "folder": str(folder)}])
            first = {"session_id": folder.name, "step_place": 0, "step": "step-0", "status": "done", "observed_s": 9.0}
            store._insert("steps", [first | {"t_start_s": 0.0, "t_end_s": 9.0, "balance": 0.4, "score": 80}])
    fill(NOON + timedelta(days=1), 1)
    with HistoryDatabase() as store:
        assert len(store.sessions()) == 2
        assert store._version() == len(MIGRATIONS)
        (row,) = store.rows(STEPS, [folder.name])
        assert (row["balance"], row["score"]) == (None, 80), "balance meant something else then"


def test_a_newer_history_is_left_alone() -> None:
    with HistoryDatabase():
        pass
    with sqlite3.connect(history_path()) as db:
        db.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    db.close()
    before = history_path().read_bytes()
    with pytest.raises(HistoryError, match="newer facetrack") as caught:
        HistoryDatabase()
    assert "\n" not in str(caught.value)
    assert history_path().read_bytes() == before


@pytest.mark.parametrize("damage", ["garbage", "header", "middle"])
def test_a_damaged_history_is_told_kept_and_rebuilt(damage: str) -> None:
    ids = fill(NOON, 3)
    data = bytearray(history_path().read_bytes())
    if damage == "garbage":
        data = bytearray(b"this is no database at all" * 100)
    elif damage == "header":
        data[:16] = b"\0" * 16
    else:
        data[4096:] = os.urandom(len(data) - 4096)
    history_path().write_bytes(data)
    with pytest.raises(HistoryError, match="sessions rebuild") as caught, HistoryDatabase() as store:
        store.rows(STEPS, [one["session_id"] for one in store.sessions()])
    assert "\n" not in str(caught.value)
    assert history_path().read_bytes() == bytes(data)
    assert rebuild() == (3, [])
    with HistoryDatabase() as store:
        assert [one["session_id"] for one in store.sessions()] == ids[::-1]
    kept = [path for path in history_path().parent.iterdir() if path.name.endswith(".old")]
    assert bytes(data) in [path.read_bytes() for path in kept]


def test_a_locked_history_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = record(session_identity(NOON))
    monkeypatch.setattr("facetrack.session.history.database.PATIENCE_S", 0.05)
    with HistoryDatabase() as first:
        first._db.execute("BEGIN IMMEDIATE")
        with pytest.raises(HistoryError, match="locked"):
            add_to_history(folder)


def test_a_full_disk_on_opening_is_told_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite calls it an input or output error when there is no space for what processes share."""
    fill(NOON, 1)
    monkeypatch.setattr("facetrack.session.history.database.shutil.disk_usage", lambda _: SimpleNamespace(free=0))
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR_SHMSIZE
    with HistoryDatabase() as store:
        assert "disk is full" in str(store._explain(error))
        monkeypatch.setattr("facetrack.session.history.database.shutil.disk_usage", lambda _: SimpleNamespace(free=1 << 30))
        assert "Check its disk" in str(store._explain(error))


def test_a_full_disk_changes_nothing() -> None:
    fill(NOON, 1)
    folder = record(session_identity(NOON + timedelta(days=1)), seconds=30.0)
    with HistoryDatabase() as store:
        pages = store._db.execute("PRAGMA page_count").fetchone()[0]
        store._db.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(HistoryError, match="disk is full"):
            add_to_history(folder, store)
        assert len(store.sessions()) == 1
        assert store.rows(STEPS, [folder.name]) == []


def test_an_older_document_schema_is_told(tmp_path: Path) -> None:
    for content, error in (
        ('{"schema_version": 3}', FacetrackError),
        ("{", DamagedInputError),
        ('{"schema_version": 1}', DamagedInputError),
    ):
        (tmp_path / "session.json").write_text(content)
        with pytest.raises(error) as caught:
            add_to_history(tmp_path)
        assert "\n" not in str(caught.value)


def test_deleted_is_deleted(own_history: Path) -> None:
    made = session_identity(NOON, participant="unmistakable-participant")
    folder = record(made)
    add_to_history(folder)
    others = fill(NOON + timedelta(days=1), 2)
    with HistoryDatabase() as store:
        assert delete(made.id, store) == []
        assert [one["session_id"] for one in store.sessions()] == others[::-1]
    assert not folder.exists()
    traces = [path for path in own_history.rglob("*") if path.is_file() and b"unmistakable" in path.read_bytes()]
    assert traces == []


def test_deleting_a_session_elsewhere_touches_only_its_own_files(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    add_to_history(record(session_identity(NOON), folder))
    (folder / "diary.txt").write_text("dear diary")
    with HistoryDatabase() as store:
        (remark,) = delete(session_identity(NOON).id, store)
    assert str(folder) in remark
    assert [path.name for path in folder.iterdir()] == ["diary.txt"]


def test_deleting_a_session_whose_folder_has_gone_works() -> None:
    (one,) = fill(NOON, 1)
    for path in sorted((sessions_dir() / one).iterdir()):
        path.unlink()
    (sessions_dir() / one).rmdir()
    with HistoryDatabase() as store:
        (remark,) = delete(one, store)
        assert one in remark
        assert store.sessions() == []


def test_cut_off_sessions_are_finished_on_the_next_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("facetrack.session.recovery.build_coach", lambda made: FakeCoach(made.routine))
    made = session_identity(NOON)
    recorder = SessionRecorder(made, sessions_dir() / made.id)
    coach = FakeCoach(made.routine)
    for seen in moving_hands(3.0):
        recorder.take(seen, coach.update(seen))
    told: list[str] = []
    assert recover_unfinished(told.append) == []  # still running
    recorder.close()
    (sessions_dir() / "empty").mkdir()
    (sessions_dir() / "empty" / "frames.jsonl").write_bytes(b'{"facetrack_jour')
    (sessions_dir() / "odd").mkdir()
    (sessions_dir() / "odd" / "frames.jsonl").write_bytes(b"odd\n")
    assert recover_unfinished(told.append) == [made.id]
    assert ["cut off" in line for line in told] == [True, False]
    assert not (sessions_dir() / "empty").exists()
    assert (sessions_dir() / "odd").exists()
    with HistoryDatabase() as store:
        (found,) = store.sessions()
    assert (found["session_id"], found["complete"], found["frames"]) == (made.id, False, 90)
    assert recover_unfinished() == []


def test_every_day_means_seven_days_in_a_row() -> None:
    days = [{"started_at": (NOON - timedelta(days=n)).isoformat()} for n in range(7)]
    assert every_day(days, NOON)
    assert every_day(days, NOON + timedelta(days=1))
    assert not every_day(days, NOON + timedelta(days=2))
    assert not every_day(days[:3] + days[4:], NOON)


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="this system's zone can't be changed for a test")
@pytest.mark.parametrize("last", [datetime(2026, 10, 27), datetime(2026, 3, 31)])
@pytest.mark.parametrize("zone", ["Europe/Berlin", "Australia/Lord_Howe", "America/Santiago", "UTC"])
def test_days_are_those_of_the_users_zone_beyond_the_end_of_summer_time(
    last: datetime, zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A massage at half past midnight each day: with one offset for all of them two would fall on one day."""
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        own = ZoneInfo(zone)
        for hour, minute in ((0, 30), (23, 40)):
            days = [(last - timedelta(days=n)).replace(hour=hour, minute=minute, tzinfo=own) for n in range(7)]
            sessions = [{"started_at": day.astimezone(UTC).isoformat()} for day in days]
            now = (last + timedelta(days=1, hours=12)).replace(tzinfo=own)
            for moment in (now, now.astimezone(UTC).astimezone()):
                assert every_day(sessions, moment)
                assert not every_day(sessions[1:], moment)
    finally:
        monkeypatch.undo()
        time.tzset()


@needs_root
def test_a_history_of_another_user_is_read_and_its_owner_named(tmp_path: Path) -> None:
    """As after one call with sudo: what this user may not write is read all the same."""
    data = tmp_path / "data"
    data.mkdir()
    with HistoryDatabase() as store:
        (one,) = fill(NOON, 1, store)
    for path in (tmp_path, *tmp_path.parents, *tmp_path.rglob("*")):
        path.chmod(path.stat().st_mode | (0o055 if path.is_dir() else 0o044))
    env = {**os.environ, "HOME": "/nonexistent"}
    asked = ["setpriv", "--reuid=12345", "--clear-groups", sys.executable, "-m", "facetrack", "sessions"]
    listed = subprocess.run([*asked, "list"], env=env, cwd="/", capture_output=True, text=True, check=False)
    if listed.returncode in (126, 127) or "No module named" in listed.stderr:
        pytest.skip("the other user can't read this installation")
    assert (listed.returncode, one in listed.stdout) == (0, True), listed.stderr
    assert listed.stderr.count("\n") == 1
    assert f"{data / 'history.sqlite3'} belongs to root" in listed.stderr
    deleted = subprocess.run([*asked, "delete", "last", "--yes"], env=env, cwd="/", capture_output=True, text=True, check=False)
    assert deleted.returncode == 1
    assert "belongs to root" in deleted.stderr
    assert "Traceback" not in deleted.stderr
    assert (sessions_dir() / one / "session.json").exists()


@pytest.mark.parametrize(("per_week", "hinted"), [(2, True), (7, False), (None, False)])
def test_the_routines_advice_is_given_when_it_was_every_day(per_week: int | None, hinted: bool) -> None:
    with HistoryDatabase() as store:
        for n in range(7):
            made = session_identity(NOON - timedelta(days=n), tail=f"{n:04x}", per_week=per_week)
            add_to_history(record(made, seconds=1.0), store)
        hint = schedule_hint(store, NOON)
        assert (hint is not None) == hinted
        if hint:
            assert "Begin with twice a week." in hint
        assert schedule_hint(store, NOON + timedelta(days=3)) is None


def test_usual_is_the_mean_of_the_sessions_before() -> None:
    ids = fill(NOON, 4)
    with HistoryDatabase() as store:
        scores = [store.rows(STEPS, [one])[0]["score"] for one in ids]
        usual = usual_scores(store, store.session(ids[-1]))
    assert all(score is not None for score in scores)
    assert usual["step-0"] == pytest.approx(sum(scores[:3]) / 3)
    assert "step-1" not in usual or usual["step-1"] >= 0


def test_people_are_told_apart_by_their_label() -> None:
    """Two take turns at one computer, and its owner: nobody's usual score or hint comes of the others' sessions."""
    people = [{"participant": "p07"}, {"participant": "p08"}, {}]
    ids: dict[str, list[str]] = {}
    for n in range(9):
        labels = people[n % 3]
        made = session_identity(NOON - timedelta(days=8 - n), tail=f"{n:04x}", **labels)
        add_to_history(record(made, seconds=3.0, seed=n))
        ids.setdefault(labels.get("participant", ""), []).append(made.id)
    with HistoryDatabase() as store:
        for own in ids.values():
            this = store.session(own[-1])
            assert [one["session_id"] for one in sessions_of(store, this)] == own[::-1]
            before = [store.rows(STEPS, [one])[0]["score"] for one in own[:-1]]
            known = [score for score in before if score is not None]
            assert usual_scores(store, this).get("step-0") == (pytest.approx(sum(known) / len(known)) if known else None)
        assert schedule_hint(store, NOON) is None, "each came every third day"


def test_no_pixels_and_no_paths_leave_with_the_document() -> None:
    folder = record(session_identity(NOON))
    assert str(folder) not in read_document(folder).to_json()
