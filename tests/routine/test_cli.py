"""facetrack routines."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from facetrack.cli.commands.routines import app
from facetrack.errors import FacetrackError, UsageError

RUN = CliRunner()


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACETRACK_DATA_DIR", str(tmp_path / "data"))


def test_list() -> None:
    told = RUN.invoke(app, ["list"])
    assert told.exit_code == 0
    assert "japanese" in told.output
    entries = json.loads(RUN.invoke(app, ["list", "--json"]).stdout)
    assert [(entry["id"], len(entry["steps"])) for entry in entries] == [("japanese", 11), ("fascia", 9)]


def test_show_tells_everything_a_person_needs() -> None:
    told = RUN.invoke(app, ["show", "japanese"]).output
    for words in ("Do not massage if", "fever", "3 g", "lukewarm", "twice a week", "spiral-out", "Point:", "2 times a week"):
        assert words in told
    for words in ("hold for 2 s at ear-base", "10 to 100 mm a second: nape-top - ", "0.4 to 1.8 turns a second, radius 10 mm"):
        assert words in told
    for words in (
        "zone: nape, neck-side, collarbone, chest, and 20 mm beyond",
        "judged: direction, pace, symmetry",
        "s in all",
    ):
        assert words in told


def test_show_json_is_one_object_without_nan() -> None:
    told = RUN.invoke(app, ["show", "fascia", "--json"]).stdout
    routine = json.loads(told, parse_constant=lambda name: pytest.fail(f"{name} in JSON"))
    assert routine["steps"][0]["working"] == ["middle"]
    assert routine["steps"][0]["phases"][0]["hold_s"] is None
    assert len(told.splitlines()) == 1


def test_show_an_unknown_routine() -> None:
    told = RUN.invoke(app, ["show", "fasci"])
    assert isinstance(told.exception, UsageError)


def test_new_validates_and_is_never_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "My Own Routine.toml"
    assert RUN.invoke(app, ["new", str(file)]).exit_code == 0
    assert RUN.invoke(app, ["validate", str(file)]).exit_code == 0
    assert 'id = "my-own-routine"' in file.read_text(encoding="utf-8")
    mine = file.read_text(encoding="utf-8") + "# mine"
    file.write_text(mine, encoding="utf-8")
    again = RUN.invoke(app, ["new", str(file)])
    assert isinstance(again.exception, FacetrackError)
    assert file.read_text(encoding="utf-8") == mine
    assert RUN.invoke(app, ["new", str(file), "--force"]).exit_code == 0
    assert file.read_text(encoding="utf-8") != "mine"


def test_validate_tells_every_problem_of_every_file(tmp_path: Path) -> None:
    good, bad, none = tmp_path / "good.toml", tmp_path / "bad.toml", tmp_path / "none.toml"
    RUN.invoke(app, ["new", str(good)])
    bad.write_text('schema_version = 1\nid = "a"\nx = 1\ny = 2\n', encoding="utf-8")
    told = RUN.invoke(app, ["validate", str(good), str(bad), str(none)])
    assert told.exit_code == 1
    assert "good" in told.stdout
    assert [line.split(": ")[1] for line in told.stderr.splitlines()[:3]] == ["x", "y", "step"]
    assert "no such file" in told.stderr


def test_pictures(tmp_path: Path) -> None:
    told = RUN.invoke(app, ["show", "fascia", "--picture", str(tmp_path / "p")])
    assert told.exit_code == 0
    assert len(list((tmp_path / "p").glob("*.png"))) == 9
