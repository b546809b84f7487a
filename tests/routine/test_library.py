"""Where routines are found."""

from pathlib import Path

import pytest

from facetrack.errors import FacetrackError, UsageError
from facetrack.routine import load_routine
from facetrack.routine.library import all_entries, own_routines_dir

OWN = 'schema_version = 1\nid = "{id}"\n[[step]]\nid = "a"\npath = ["cheek-inner", "temple"]\n'


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FACETRACK_DATA_DIR", str(tmp_path))
    folder = own_routines_dir()
    folder.mkdir(parents=True)
    return folder


def test_own_routines_are_found_by_id_and_files_by_path(own: Path, tmp_path: Path) -> None:
    (own / "any-name.toml").write_text(OWN.format(id="mine"), encoding="utf-8")
    elsewhere = tmp_path / "é and space.toml"
    elsewhere.write_text(OWN.format(id="other"), encoding="utf-8")
    assert load_routine("mine").id == "mine"
    assert load_routine(str(elsewhere)).id == "other"
    assert load_routine(elsewhere).id == "other"
    assert [entry.routine.id for entry in all_entries() if entry.routine] == ["japanese", "fascia", "mine"]


@pytest.mark.usefixtures("own")
def test_an_unknown_id_is_wrong_usage_and_close_names_are_suggested() -> None:
    with pytest.raises(UsageError, match='did you mean "japanese"'):
        load_routine("japanes")


def test_a_bad_own_file_is_listed_with_its_problem_and_hides_nothing(own: Path) -> None:
    (own / "bad.toml").write_text("id = 3", encoding="utf-8")
    (own / "good.toml").write_text(OWN.format(id="good"), encoding="utf-8")
    problems = {entry.path.name: entry.problem for entry in all_entries()}
    assert "bad.toml" in (problems["bad.toml"] or "")
    assert load_routine("good").id == "good"
    with pytest.raises(FacetrackError, match=r"bad\.toml"):
        load_routine("bad")


def test_ids_are_taken_once(own: Path) -> None:
    (own / "a.toml").write_text(OWN.format(id="fascia"), encoding="utf-8")
    (own / "b.toml").write_text(OWN.format(id="twin"), encoding="utf-8")
    (own / "c.toml").write_text(OWN.format(id="twin"), encoding="utf-8")
    problems = {entry.path.name: entry.problem or "" for entry in all_entries()}
    assert "comes with facetrack" in problems["a.toml"]
    assert not problems["b.toml"]
    assert "b.toml" in problems["c.toml"]
    assert len(load_routine("fascia").steps) == 9


def test_the_hash_is_of_the_files_bytes(tmp_path: Path) -> None:
    import hashlib

    file = tmp_path / "x.toml"
    file.write_text(OWN.format(id="x"), encoding="utf-8")
    assert load_routine(file).sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
