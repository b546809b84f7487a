"""The dataset: what is in it, that it grows without being rewritten, and that other programs open it."""

import hashlib
from pathlib import Path
from typing import Any

import duckdb
import pandas
import polars
import pyarrow.json  # noqa: F401  (loaded before pandas' own import of it warns)
import pytest

from facetrack.coach import CoachOptions, LiveCoach
from facetrack.errors import FacetrackError
from facetrack.geometry.quantisation import quantise
from facetrack.session import SessionRecorder
from facetrack.session.export.finger_motion import session_fingers
from facetrack.session.export.finger_tables import fingertip_rows
from facetrack.session.folder import read_document
from facetrack.study.dataset import build
from facetrack.study.dataset.build import build_dataset
from facetrack.study.dataset.fingertips import read_journal
from facetrack.study.dataset.read import read_recordings, read_table
from facetrack.study.dataset.tables import STUDY_FINGERTIPS, STUDY_SESSIONS, STUDY_STEPS, STUDY_STROKES
from facetrack.study.summary.reliability import intraclass_correlation
from facetrack.study.summary.summarise import summarise
from facetrack.study.summary.write import write_summary
from tests.coach.synthetic import PATH, Hand, film, routine
from tests.session.session_fakes import identity
from tests.study.made_sessions import document, step, write_session


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("dataset")
    for number in range(40):
        write_session(root / "sessions", document(number, [("zone", "left", 5.0, 6.0)] * (number % 3), score=50 + number))
    assert build_dataset([root / "sessions"], root / "out").added == 40
    return root / "out"


def test_other_programs_open_it_with_one_line(dataset: Path) -> None:
    assert len(pandas.read_parquet(dataset / "sessions")) == 40
    assert polars.read_parquet(dataset / "sessions", hive_partitioning=True).height == 40
    query = (
        f"SELECT participant, count(*) FROM read_parquet('{dataset}/strokes/**/*.parquet', hive_partitioning=true) GROUP BY 1"
    )
    assert dict(duckdb.sql(query).fetchall()) == {f"p{number:02d}": 40 for number in range(10)}


def test_sessions_without_labels_are_participants_of_their_own(tmp_path: Path) -> None:
    for number in (1, 2):
        write_session(tmp_path / "sessions", document(number, labels={}))
    build_dataset([tmp_path / "sessions"], tmp_path / "out")
    for name in ("sessions", "steps", "strokes"):
        read = pandas.read_parquet(tmp_path / "out" / name)
        assert list(read["participant"].unique()) == sorted(read["session_id"].unique())
    assert len(summarise(tmp_path / "out").participants) == 2


def test_tables_without_rows_open_with_their_columns(tmp_path: Path) -> None:
    """Somebody who made no mistake has no corrections; the next one's are appended."""
    write_session(tmp_path / "sessions", document(1, labels={"participant": "p/1 ä"}))
    build_dataset([tmp_path / "sessions"], tmp_path / "out")
    for name in ("corrections", "withheld_intervals"):
        read = pandas.read_parquet(tmp_path / "out" / name)
        assert len(read) == 0
        assert {"session_id", "participant"} <= set(read.columns)
    write_session(tmp_path / "sessions", document(2, [("zone", "left", 5.0, 6.0)]))
    build_dataset([tmp_path / "sessions"], tmp_path / "out")
    assert list(pandas.read_parquet(tmp_path / "out" / "corrections")["participant"]) == ["p02"]


def test_tables_hold_what_the_sessions_do(dataset: Path) -> None:
    sessions = read_table(dataset, STUDY_SESSIONS).to_pandas().set_index("session_id")
    assert sessions.loc["20261120-080000-0007", "score"] == 57
    assert sessions.loc["20261120-080000-0007", "participant"] == "p07"
    assert sessions.loc["20261120-080000-000c", "condition"] == "after"
    assert len(read_table(dataset, STUDY_STEPS)) == 40
    assert len(read_table(dataset, STUDY_STROKES)) == 400
    assert len(read_recordings(dataset)[0].events) in (0, 1, 2)


def _contents(folder: Path) -> dict[Path, str]:
    return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*.parquet")}


def test_what_is_new_is_appended_and_nothing_rewritten(tmp_path: Path) -> None:
    write_session(tmp_path / "s", document(0))
    build_dataset([tmp_path / "s"], tmp_path / "out")
    before = _contents(tmp_path / "out")
    write_session(tmp_path / "s", document(10))
    result = build_dataset([tmp_path / "s"], tmp_path / "out")
    assert (result.added, result.known, result.remarks) == (1, 1, [])
    after = _contents(tmp_path / "out")
    assert after.items() > before.items()
    assert len(pandas.read_parquet(tmp_path / "out" / "sessions")) == 2
    assert build_dataset([tmp_path / "s"], tmp_path / "out").added == 0
    assert _contents(tmp_path / "out") == after


def test_each_session_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        write_session(tmp_path / "s", document(number))
    read: list[str] = []

    def read_bytes(path: Path) -> bytes:
        read.append(path.name)
        with path.open("rb") as file:
            return file.read()

    monkeypatch.setattr(Path, "read_bytes", read_bytes)
    for added in (3, 0):
        read.clear()
        assert build_dataset([tmp_path / "s"], tmp_path / "out").added == added
        assert read.count("session.json") == 3


def test_a_build_that_was_interrupted_leaves_nothing_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_session(tmp_path / "s", document(0))

    def write_manifest(out: Path, manifest: dict[str, Any]) -> None:
        if manifest["batches"]:
            raise KeyboardInterrupt
        write(out, manifest)

    write = build._write_manifest
    with monkeypatch.context() as patch:
        patch.setattr(build, "_write_manifest", write_manifest)
        with pytest.raises(KeyboardInterrupt):
            build_dataset([tmp_path / "s"], tmp_path / "out")
    assert build_dataset([tmp_path / "s"], tmp_path / "out").added == 1
    assert len(pandas.read_parquet(tmp_path / "out" / "sessions")) == 1


def test_damaged_sessions_are_left_out_with_a_line(tmp_path: Path) -> None:
    write_session(tmp_path / "s", document(0))
    (write_session(tmp_path / "s", document(1)) / "session.json").write_text("{")
    result = build_dataset([tmp_path / "s"], tmp_path / "out")
    assert result.added == 1
    assert len(result.remarks) == 1
    assert "is damaged" in result.remarks[0]


def _recorded(folder: Path, session_id: str, participant: str) -> Path:
    """A session as it is recorded: two strokes, with a journal."""
    made, options = routine(), CoachOptions(step_id="brow")
    who = identity(id=session_id, routine=made, labels={"participant": participant}, options=options)
    recorder, coach = SessionRecorder(who, folder / session_id), LiveCoach(made, options)
    frames = film(Hand().at(PATH[0]).rest(0.4).strokes(2), None)
    for points in map(quantise, frames):
        recorder.take(points, coach.update(points))
    recorder.finish(frames[-1].t_s, complete=True, last=coach.finish(frames[-1].t_s))
    return folder / session_id


def test_fingertips_are_those_of_an_export_whoever_else_is_damaged(tmp_path: Path) -> None:
    first, again, other = (_recorded(tmp_path / "s", name, who) for name, who in (("a", "p1"), ("b", "p2"), ("c", "p1")))
    lines = (again / "frames.jsonl").read_bytes().splitlines(keepends=True)
    (again / "frames.jsonl").write_bytes(b"".join([*lines[:5], b'{"t":0.1,"p":3}\n', *lines[5:]]))
    result = build_dataset([tmp_path / "s"], tmp_path / "out", fingertips=True)
    assert (result.added, len(result.remarks)) == (3, 1)
    assert "frames.jsonl is damaged at line 6" in result.remarks[0]
    assert result.remarks[0].endswith("Its fingertips were left out.")
    assert len(pandas.read_parquet(tmp_path / "out" / "sessions")) == 3
    built = read_table(tmp_path / "out", STUDY_FINGERTIPS)
    wanted = [
        row | {"participant": "p1"}
        for folder in (first, other)
        for row in fingertip_rows(folder.name, session_fingers(folder / "frames.jsonl", read_document(folder)))
    ]
    assert len(wanted) > 100
    assert built.to_pylist() == wanted


def test_bad_folders_are_refused(tmp_path: Path, dataset: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.txt").write_text("mine")
    write_session(tmp_path / "s", document(0))
    for folders, out, said in [
        ([tmp_path / "empty"], tmp_path / "a", "No sessions were found"),
        ([tmp_path / "nowhere"], tmp_path / "a", "There is no folder"),
        ([tmp_path / "s"], tmp_path / "other", "is not a dataset"),
    ]:
        with pytest.raises(FacetrackError, match=said):
            build_dataset(folders, out)
    with pytest.raises(FacetrackError, match="without fingertips"):
        build_dataset([tmp_path / "s"], dataset, fingertips=True)
    with pytest.raises(FacetrackError, match="is not a dataset"):
        summarise(tmp_path / "other")
    assert not (tmp_path / "a").exists()


def test_the_summary_counts_each_participant_once(dataset: Path, tmp_path: Path) -> None:
    made = summarise(dataset)
    people = made.participants.set_index(["participant", "condition"])
    assert people.loc[("p03", "before"), "sessions"] == 2
    assert people.loc[("p03", "before"), "score_mean"] == (53 + 73) / 2
    assert people.loc[("p03", "before"), "score_change"] == pytest.approx(20.0)
    conditions = made.conditions.set_index(["condition", "measure"])
    expected = sum((50 + n + 70 + n) / 2 for n in range(10)) / 10
    assert conditions.loc[("before", "score"), "mean"] == pytest.approx(expected)
    assert conditions.loc[("before", "score"), "low"] < expected < conditions.loc[("before", "score"), "high"]
    assert [path.name for path in write_summary(tmp_path, made)][-1] == "summary.html"
    assert "participants" in (tmp_path / "summary.html").read_text(encoding="utf-8")


def test_unseen_and_skipped_steps_are_counted_apart_and_have_no_figures(tmp_path: Path) -> None:
    steps = [step(), step(id="jawline", status="unseen", score=None), step(id="neck", status="skipped", score=None)]
    write_session(tmp_path / "s", document(0, steps=steps))
    build_dataset([tmp_path / "s"], tmp_path / "out")
    row = summarise(tmp_path / "out").participants.iloc[0]
    assert (row["steps_done"], row["steps_unseen"], row["steps_skipped"], row["steps_partial"]) == (1, 1, 1, 0)


def test_the_intraclass_correlation_is_that_of_the_literature() -> None:
    """Shrout and Fleiss, Psychological Bulletin 86 (1979), table 2: six targets, four judges, ICC(1,1) = .17."""
    ratings = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    groups = pandas.Series([target for target in range(6) for _ in range(4)])
    values = pandas.Series([float(value) for row in ratings for value in row])
    found = intraclass_correlation(groups, values)
    assert found.icc == pytest.approx(0.166, abs=0.001)
    assert (found.low, found.high) == pytest.approx((-0.133, 0.723), abs=0.001)
    constant = intraclass_correlation(groups, values * 0 + 0.1)
    assert constant.icc is None


def test_a_torn_journal_is_read_line_by_line(tmp_path: Path) -> None:
    points = '"p":[[1,2,3,4,5,6,7,8,9,10,11,12,13,null],null],"g":[[1,0,1],null],"palm":[30,null]'
    frame = f'{{"t":1.5,{points},"near":[1,0],"face":1,"hand":[1,0],"px":0.9,"cal":["neutral",1.0]}}'
    whole, torn = tmp_path / "whole", tmp_path / "torn"
    whole.write_text(f'{{"facetrack_journal":1}}\n{frame}\n')
    torn.write_text(f'{{"facetrack_journal":1}}\n{frame}\n{frame[:40]}')
    a, b = read_journal(whole), read_journal(torn)
    for name in ("t_s", "points_mm", "metric"):
        assert pandas.DataFrame(getattr(a, name).reshape(1, -1)).equals(pandas.DataFrame(getattr(b, name).reshape(1, -1)))
    assert a.points_mm.shape == (1, 2, 7, 2)
