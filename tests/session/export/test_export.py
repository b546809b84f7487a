"""Exports say what the history holds; the commands that show, export and delete it."""

import codecs
import csv
import io
import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from facetrack.cli.commands.sessions import app
from facetrack.errors import FacetrackError, UsageError
from facetrack.session import tables
from facetrack.session.export.data_dictionary import dictionary_text
from facetrack.session.export.writer import export
from facetrack.session.history.database import HistoryDatabase
from facetrack.session.tables import SESSIONS, TABLES, TOUCHED, Table, cell_text, csv_bytes
from tests.session.history_fakes import fill

NOON = datetime(2026, 11, 20, 12, 0, 0, tzinfo=UTC)


@pytest.fixture
def ids(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Three sessions in a history of the test's own, oldest first."""
    monkeypatch.setenv("FACETRACK_DATA_DIR", str(tmp_path / "data"))
    with HistoryDatabase() as store:
        return fill(NOON, 3, store, participant="p07", note='a "quoted", line')


def stored(store: HistoryDatabase, table: Table, ids: list[str]) -> list[dict[str, Any]]:
    if table is not SESSIONS:
        return store.rows(table, ids)
    labels = {"label_note": 'a "quoted", line', "label_participant": "p07"}
    return [{name: store.session(one)[name] for name in table.names} | labels for one in ids]


def typed(table: Table, row: dict[str, str]) -> dict[str, Any]:
    """A CSV row with the types that the data dictionary gives."""
    types = {column.name: column.type for column in table.columns}
    read = {"integer": int, "number": float, "text": str, "boolean": {"TRUE": True, "FALSE": False}.__getitem__}
    return {name: None if cell == "" else read[types.get(name, "text")](cell) for name, cell in row.items()}


@pytest.mark.parametrize("form", ["csv", "json"])
def test_an_export_reads_back_equal_to_the_history(ids: list[str], tmp_path: Path, form: Any) -> None:
    with HistoryDatabase() as store:
        export(store, ids, tmp_path / "out", form)
        for table in TABLES:
            path = tmp_path / "out" / f"{table.name}.{form}"
            if form == "json":
                rows = json.loads(path.read_text("utf-8"))
            else:
                with path.open(newline="", encoding="utf-8-sig") as file:
                    rows = [typed(table, row) for row in csv.DictReader(file)]
            expected = stored(store, table, ids)
            assert expected
            assert rows == expected, table.name
    assert (tmp_path / "out" / "data-dictionary.md").read_text("utf-8") == dictionary_text()


def test_parquet_reads_back_equal_to_the_history(ids: list[str], tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="the extra 'parquet' is not installed")
    with HistoryDatabase() as store:
        export(store, ids, tmp_path, "parquet")
        for table in TABLES:
            read = parquet.read_table(tmp_path / f"{table.name}.parquet")
            assert read.to_pylist() == stored(store, table, ids)
            assert read.schema.field(1).metadata[b"meaning"]


def test_without_pyarrow_parquet_is_one_line(ids: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with HistoryDatabase() as store, pytest.raises(FacetrackError, match=r"facetrack\[parquet\]"):
        export(store, ids, tmp_path / "out", "parquet")
    assert not (tmp_path / "out").exists()


def test_an_export_does_not_tell_where_the_user_keeps_things(ids: list[str], tmp_path: Path) -> None:
    with HistoryDatabase() as store:
        for form in ("csv", "json"):
            export(store, ids, tmp_path / "out", form)  # type: ignore[arg-type]
    for path in (tmp_path / "out").iterdir():
        assert str(tmp_path).encode() not in path.read_bytes()


def test_the_dictionary_in_the_docs_is_the_tables_own() -> None:
    docs = Path(__file__).parents[3] / "docs" / "data-dictionary.md"
    command = "python -m facetrack.session.export.data_dictionary > docs/data-dictionary.md"
    assert docs.read_text("utf-8") == dictionary_text(), command


def test_every_column_has_a_meaning() -> None:
    for table in TABLES:
        assert len(set(table.names)) == len(table.names)
        for column in table.columns:
            assert column.meaning
            assert column.type != "number" or column.unit, column.name


def call(*arguments: str, **more: Any) -> Result:
    return CliRunner().invoke(app, list(arguments), **more)


def test_list_shows_the_newest_first(ids: list[str]) -> None:
    lines = call("list").stdout.splitlines()
    assert [line.split()[0] for line in lines[1:4]] == ids[::-1]
    assert [line.split()[0] for line in call("list", "-n", "1").stdout.splitlines()[1:]] == ids[-1:]
    assert [one["session_id"] for one in json.loads(call("list", "--json").stdout)] == ids[::-1]


def test_show_is_of_the_newest_unless_another_is_named(ids: list[str]) -> None:
    assert call("show").stdout.startswith(ids[-1])
    shown = call("show", ids[0][-4:]).stdout
    assert shown.startswith(ids[0])
    assert "step-0" in shown
    assert "participant=p07" in shown
    assert json.loads(call("show", "last", "--json").stdout)["id"] == ids[-1]


@pytest.mark.parametrize("arguments", [("show", "2026"), ("show", "zzzz"), ("delete", "--yes", "2026"), ("export", "2026")])
@pytest.mark.usefixtures("ids")
def test_an_id_that_is_not_clear_changes_nothing(arguments: tuple[str, ...]) -> None:
    result = call(*arguments)
    assert isinstance(result.exception, UsageError)
    assert "\n" not in str(result.exception)
    assert len(json.loads(call("list", "--json").stdout)) == 3


def test_delete_asks_first(ids: list[str], tmp_path: Path) -> None:
    refused = call("delete", "last", input="n\n")
    assert refused.exit_code == 1
    assert "Nothing was deleted." in refused.stdout
    assert len(json.loads(call("list", "--json").stdout)) == 3
    assert call("delete", "last", ids[0], input="y\n").exit_code == 0
    assert [one["session_id"] for one in json.loads(call("list", "--json").stdout)] == [ids[1]]
    assert [path.name for path in (tmp_path / "data" / "sessions").iterdir()] == [ids[1]]


def test_delete_asks_for_yes_where_nobody_can_answer(ids: list[str]) -> None:
    unanswered = call("delete", "last", input="")
    assert isinstance(unanswered.exception, UsageError)
    assert "--yes" in str(unanswered.exception)
    assert [one["session_id"] for one in json.loads(call("list", "--json").stdout)] == ids[::-1]


def test_export_writes_all_or_those_named(ids: list[str], tmp_path: Path) -> None:
    call("export", "--out", str(tmp_path / "all"))
    call("export", ids[0], "last", ids[0], "--format", "json", "--out", str(tmp_path / "some"))
    assert len((tmp_path / "all" / "sessions.csv").read_text("utf-8").splitlines()) == 4
    assert [one["session_id"] for one in json.loads((tmp_path / "some" / "sessions.json").read_text())] == [ids[0], ids[2]]


@pytest.mark.usefixtures("ids")
def test_an_export_that_cannot_be_written_is_one_line() -> None:
    for out in ("/proc/nowhere", __file__):
        error = call("export", "--out", out).exception
        assert isinstance(error, FacetrackError)
        assert out in str(error)


def test_an_empty_history_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACETRACK_DATA_DIR", str(tmp_path / "none"))
    assert "No sessions yet" in call("list").stdout
    assert isinstance(call("show").exception, UsageError)
    assert isinstance(call("export", "--out", str(tmp_path / "out")).exception, FacetrackError)
    assert not (tmp_path / "out").exists()


FORMULAS = [
    "=cmd|'/c calc'!A1",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    "'=1",
    "''@x",
    'Jürg, größer "als"',
]


def test_no_text_is_a_formula_to_a_spreadsheet_and_none_is_changed_for_us() -> None:
    """Every text column of every table, and the labels, which become columns of their own."""
    from facetrack.session.export.finger_tables import FINGERTIPS, MOVEMENTS

    for table in (*TABLES, TOUCHED, FINGERTIPS, MOVEMENTS):
        texts = [column.name for column in table.columns if column.type == "text"]
        rows = [{name: (text if name in texts else -1.5) for name in table.names} for text in FORMULAS]
        data = csv_bytes(table, rows)
        assert data.startswith(codecs.BOM_UTF8), "without it Excel shows umlauts as two letters"
        read = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
        assert list(read[0]) == table.names
        for row, text in zip(read, FORMULAS, strict=True):
            assert all(not row[name].startswith(tuple("=+-@\t\r\n＝")) for name in texts), text
            assert {cell_text(row[name]) for name in texts} == {text}
            assert all(row[name] == "-1.5" for name in table.names if name not in texts), "numbers stay numbers"


def test_all_csv_is_written_by_one_function() -> None:
    source = Path(tables.__file__).parents[1]
    writers = ("csv.writer(", "csv.DictWriter", ".to_csv(", "write_csv(")
    found = [path for path in source.rglob("*.py") if any(one in path.read_text("utf-8") for one in writers)]
    assert found == [Path(tables.__file__)]


def test_a_label_in_an_export_is_no_formula(ids: list[str], tmp_path: Path) -> None:
    with HistoryDatabase() as store:
        more = fill(NOON + timedelta(days=9), 1, store, participant="=cmd|x", ort="Zürich")
        export(store, [*ids, *more], tmp_path, "csv")
    with (tmp_path / "sessions.csv").open(newline="", encoding="utf-8-sig") as file:
        last = list(csv.DictReader(file))[-1]
    assert (last["label_participant"], last["label_ort"]) == ("'=cmd|x", "Zürich")


@pytest.mark.usefixtures("ids")
def test_rebuild_counts() -> None:
    assert "3 sessions" in call("rebuild").stdout


@pytest.mark.usefixtures("ids")
def test_listing_loads_nothing_heavy() -> None:
    script = (
        "import sys\nfrom facetrack.cli.commands.sessions import app\napp(['list'], standalone_mode=False)\n"
        "print([m for m in ('numpy', 'cv2', 'mediapipe', 'jinja2') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=os.environ)
    assert done.stdout.splitlines()[-1] == "[]"
