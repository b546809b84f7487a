"""An input is never an output, and nothing is replaced that facetrack did not make or that can't be had again."""

import contextlib
import hashlib
import inspect
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from facetrack.app.user_state import mark_safety_read
from facetrack.cli.app import app
from facetrack.errors import UsageError
from facetrack.session.folder import DOCUMENT_NAME, JOURNAL_NAME, TABLE_NAMES, VIDEO_NAME
from facetrack.session.history.history import queue_for_history
from facetrack.session.own_files import MARKS, write_results
from facetrack.session.tables import TABLES
from tests.cli.commands import OWN_ROUTINE, Ran, facetrack

READS = {
    "run --video",
    "pulse --video",
    "routines learn recordings",
    "analyze videos",
    "analyze --labels",
    "sessions export --under",
    "models fetch --from",
    "routines validate files",
    "study build folders",
    "study summary dataset",
    "study agree folder",
    "study agree labels",
    "study agree --mapping",
    "study label-template videos",
}
"""Options and arguments that name files which are only read."""
WRITES = {
    "run --out": ["run", "fascia", "--headless", "--yes", "--no-voice", "--record", "--video", "{clip}", "--out", "{place}"],
    "demo --out": ["demo", "--headless", "--out", "{place}"],
    "analyze --out": ["analyze", "{clip}", "--out", "{place}"],
    "report --out": ["report", "{session}", "--out", "{place}"],
    "routines show --picture": ["routines", "show", "fascia", "--picture", "{place}"],
    "routines learn --out": ["routines", "learn", "{clip}", "--out", "{place}"],
    "routines learn --picture": ["routines", "learn", "{clip}", "--out", "{session}/new.toml", "--picture", "{place}"],
    "routines new file": ["routines", "new", "{place}", "--force"],
    "study label-template --out": ["study", "label-template", "{clip}", "--out", "{place}"],
    "study build --out": ["study", "build", "{session}", "--out", "{place}"],
    "sessions export --out": ["sessions", "export", "--fingers", "--out", "{place}"],
}
"""Those that name what is written, each with a whole command."""
RESULTS = {"study summary --out", "study agree --out"}
"""Those whose files all go through ``write_results``, which is tried by itself."""
FILES = {"report --out": "report.html", "routines new file": "film.toml", "routines learn --out": "learnt.toml"}
"""Those that name a file; the others name a folder."""
FOLDERS_OF_SESSIONS = ("run --out", "demo --out", "analyze --out")


def _paths(group: typer.Typer, before: str = "") -> Iterator[str]:
    """Every option and argument of every command that takes a path."""
    for below in group.registered_groups:
        assert below.typer_instance is not None
        yield from _paths(below.typer_instance, f"{before}{below.name} ")
    for command in group.registered_commands:
        assert command.callback is not None
        for name, parameter in inspect.signature(command.callback, eval_str=True).parameters.items():
            if "Path" in str(parameter.annotation):
                yield f"{before}{command.name or command.callback.__name__} {_said(name, parameter.annotation.__metadata__[0])}"


def _said(name: str, info: Any) -> str:
    """How the user writes it: --from for an option, the parameter's name for an argument."""
    given = [one for one in (info.default, *(info.param_decls or ())) if isinstance(one, str) and one.startswith("--")]
    return given[0] if given else f"--{name}" if isinstance(info, typer.models.OptionInfo) else name


def test_every_path_that_a_command_takes_is_known_to_be_read_or_written() -> None:
    """Whoever adds an option for a file has to say here which it is; what is written is tried below."""
    takes = set(_paths(app))
    assert takes == READS | set(WRITES) | RESULTS


def _hashes(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def nothing_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    """No model is loaded, no frame decoded and nothing drawn before the refusal."""

    def begun(*_: object, **__: object) -> None:
        raise AssertionError("it has begun")

    for what in (
        "facetrack.tracking.models.store.ModelStore.read",
        "facetrack.tracking.tracker.Tracker.__init__",
        "facetrack.capture.video.VideoSource.__init__",
        "facetrack.mannequin.clip.content_key",
        "facetrack.overlay.mannequin_face.mannequin_face",
    ):
        monkeypatch.setattr(what, begun)


@pytest.fixture
def places(tmp_path: Path, workplace: Path) -> dict[str, Path]:
    """A film, a session of it, and a place that a test fills."""
    shutil.copytree(workplace / "my-session", tmp_path / "session")
    return {
        "clip": shutil.copy(workplace / "clip.mp4", tmp_path / "clip.mp4"),
        "session": tmp_path / "session",
        "place": tmp_path / "place",
    }


def _call(capsys: pytest.CaptureFixture[str], name: str, places: dict[str, Path]) -> Ran:
    if name == "study build --out":
        pytest.importorskip("pyarrow")
    return facetrack(capsys, *(part.format(**places) for part in WRITES[name]))


def _names() -> list[str]:
    """Every name under which anything is ever written."""
    tables = [
        f"{table}.{form}"
        for table in [*(one.name for one in TABLES), "fingertips", "movements"]
        for form in ("csv", "json", "parquet")
    ]
    return [*MARKS, *tables, "clip.eaf", "mapping.toml", "data-dictionary.md", "01-forehead.png"]


def _foreign(place: Path, name: str) -> Path:
    if name in FILES:
        place = place / FILES[name]
    else:
        place.mkdir()
    for file in [place] if name in FILES else [place / one for one in _names()]:
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(b"somebody's own: session_id,facetrack_version,1\n")
    return place


@pytest.mark.usefixtures("nothing_begins")
@pytest.mark.parametrize("name", WRITES)
@pytest.mark.parametrize("link", [False, True], ids=["file", "dangling link"])
def test_what_is_not_ours_is_never_replaced(
    name: str, link: bool, places: dict[str, Path], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    places["place"] = _foreign(places["place"], name)
    if link:
        for file in list((tmp_path / "place").iterdir()):
            file.unlink()
            file.symlink_to(tmp_path / "gone")
    before = _hashes(tmp_path)
    ran = _call(capsys, name, places)
    assert ran.code == 2, ran.err
    assert str(places["place"]) in ran.said
    assert _hashes(tmp_path) == before


def _same(film: Path, output: Path) -> None:
    film.rename(output)


def _hard_link(film: Path, output: Path) -> None:
    output.hardlink_to(film)


def _link(film: Path, output: Path) -> None:
    output.symlink_to(film)


@pytest.mark.usefixtures("nothing_begins")
@pytest.mark.parametrize("name", FOLDERS_OF_SESSIONS)
@pytest.mark.parametrize("how", [_same, _hard_link, _link])
def test_the_recording_is_never_an_output(
    name: str, how: Callable[[Path, Path], None], places: dict[str, Path], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Even if facetrack made it: an annotated video is judged, say."""
    places["place"].mkdir()
    film, output = places["clip"], places["place"] / VIDEO_NAME
    with film.open("ab") as file:
        file.write(b"facetrack annotated video")
    how(film, output)
    places["clip"] = film if film.exists() else output
    before = _hashes(tmp_path)
    ran = _call(capsys, name, places)
    assert ran.code == 2, ran.err
    assert VIDEO_NAME in ran.said
    assert _hashes(tmp_path) == before


@pytest.mark.usefixtures("nothing_begins")
@pytest.mark.parametrize("name", [name for name in WRITES if name not in FILES])
def test_a_recording_is_no_folder(
    name: str, places: dict[str, Path], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    before = _hashes(tmp_path)
    ran = _call(capsys, name, places | {"place": places["clip"]})
    assert (ran.code, "clip.mp4" in ran.said, _hashes(tmp_path)) == (2, True, before)


@pytest.mark.usefixtures("nothing_begins")
@pytest.mark.parametrize("name", [*FOLDERS_OF_SESSIONS, "sessions export --out"])
@pytest.mark.parametrize(
    "left", [MARKS, (JOURNAL_NAME,), (DOCUMENT_NAME,), TABLE_NAMES], ids=["whole", "journal", "document", "tables"]
)
def test_a_session_at_a_camera_is_never_replaced(
    name: str, left: tuple[str, ...], places: dict[str, Path], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    shutil.copytree(places["session"], places["place"])
    for file in places["place"].iterdir():
        file.write_bytes(
            file.read_bytes().replace(b'"kind":"video"', b'"kind":"camera"').replace(b'"kind": "video"', b'"kind": "camera"')
        )
        if file.name not in left:
            file.unlink()
    before = _hashes(tmp_path)
    ran = _call(capsys, name, places)
    assert ran.code == 2, ran.err
    assert str(places["place"]) in ran.said
    assert _hashes(tmp_path) == before


@pytest.mark.usefixtures("recorded_tracking")
def test_an_analysis_of_a_recording_takes_the_place_of_an_earlier_one(
    places: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["analyze", places["clip"], "--out", places["place"], "--no-cache"]
    assert facetrack(capsys, *command).code == 0
    assert facetrack(capsys, "report", places["place"]).code == 0
    assert facetrack(capsys, *command).code == 0
    assert not (places["place"] / "report.html").exists(), "it was of another session"


@pytest.mark.usefixtures("recorded_tracking")
def test_what_facetrack_wrote_may_be_written_again(
    places: dict[str, Path], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    facetrack(capsys, "analyze", places["clip"], "--save")
    for name in ("report --out", "routines show --picture", "routines new file", "sessions export --out"):
        places["place"] = tmp_path / name.replace(" ", "-") / FILES.get(name, "")
        places["place"].parent.mkdir(exist_ok=True)
        for _ in range(2):
            ran = _call(capsys, name, places)
            assert ran.code == 0, (name, ran.err)


@pytest.mark.parametrize("file", [JOURNAL_NAME, DOCUMENT_NAME, "strokes.csv"])
def test_a_report_never_replaces_what_it_is_made_of(
    file: str, places: dict[str, Path], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    before = _hashes(tmp_path)
    ran = facetrack(capsys, "report", places["session"], "--out", places["session"] / file)
    assert (ran.code, _hashes(tmp_path)) == (2, before)
    assert file in ran.said


@pytest.mark.usefixtures("recorded_tracking")
def test_other_names_of_an_old_journal_keep_it(
    places: dict[str, Path], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """As in backups that consist of hard links."""
    backup = tmp_path / "backup.jsonl"
    backup.hardlink_to(places["session"] / JOURNAL_NAME)
    before = backup.read_bytes()
    assert facetrack(capsys, "analyze", places["clip"], "--out", places["session"], "--no-cache").code == 0
    assert backup.read_bytes() == before


def test_a_routine_file_is_overwritten_only_if_asked(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(OWN_ROUTINE)
    ran = facetrack(capsys, "routines", "new", file)
    assert (ran.code, file.read_text()) == (2, OWN_ROUTINE)
    assert facetrack(capsys, "routines", "new", file, "--force").code == 0


OTHERS = {
    "remembered.json": b'{"shopping": ["milk"]}',
    "awaiting-history.txt": b"for the history teacher\n",
    "history.sqlite3": None,
    "models/face_landmarker.task": b"my own model",
    "sessions/notes/frames.jsonl": b"frames for pictures, without an end",
}
"""Files of somebody who keeps them in facetrack's folder, or has made another folder that one."""


@pytest.mark.usefixtures("recorded_tracking")
def test_the_data_folder_may_hold_files_of_others(
    places: dict[str, Path], capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    for name, content in OTHERS.items():
        (data / name).parent.mkdir(exist_ok=True, parents=True)
        if content is not None:
            (data / name).write_bytes(content)
    with contextlib.closing(sqlite3.connect(data / "history.sqlite3")) as db:
        db.execute("CREATE TABLE lessons (year INTEGER)")
    before = _hashes(data)
    monkeypatch.setenv("FACETRACK_DATA_DIR", str(data))
    mark_safety_read("fascia")
    assert "another program's database" in facetrack(capsys, "sessions", "list").err
    assert facetrack(capsys, "analyze", places["clip"], "--save").code == 1
    queue_for_history(places["session"])
    monkeypatch.setenv("FACETRACK_MODELS_DIR", str(data / "models"))
    ran = facetrack(capsys, "models", "fetch")
    assert (ran.code, "face_landmarker.task was not put there" in ran.said) == (2, True)
    left = _hashes(data)
    assert {name: left.get(name) for name in before} == before


def test_results_replace_only_their_like(tmp_path: Path) -> None:
    page, summary = b'<meta name="generator" content="facetrack 0">', b'{"facetrack_version": "0"}'
    first = {"a.csv": b"x,y\n1,2\n", "a.json": summary, "a.html": page, "a.eaf": b"<a/>"}
    write_results(tmp_path, first)
    write_results(tmp_path, first | {"a.csv": b"x,y\n3,4\n", "a.json": b'{"facetrack_version": "1"}'})
    mine = tmp_path / "mine"
    mine.mkdir()
    before = _hashes(tmp_path)
    for name in first:
        (mine / name).write_bytes(b"x,y,my own\n")
        with pytest.raises(UsageError, match=name):
            write_results(mine, first)
        assert [path.name for path in mine.iterdir()] == [name], "nothing of it is written"
        (mine / name).unlink()
        with pytest.raises(UsageError, match=f"{name} is an input"):
            write_results(tmp_path, first, [tmp_path / name])
    assert _hashes(tmp_path) == before


@pytest.mark.skipif(os.name != "posix", reason="pipes have names")
def test_a_report_may_go_into_a_device(places: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert facetrack(capsys, "report", places["session"], "--out", os.devnull).code == 0
