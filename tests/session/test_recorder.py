"""The session's folder: whole, as in the contract, and as recovered from its journal."""

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from facetrack.errors import FacetrackError, UsageError
from facetrack.packets import Frame, Observation
from facetrack.pipeline.sinks import FrameResult, RunEnd
from facetrack.session import SessionRecorder, SessionSink, read_frames, recover, replay_verdicts, unfinished
from facetrack.session.document import SessionDocument
from facetrack.session.files import SessionFileError
from facetrack.session.journal.reader import End
from facetrack.session.tables import CORRECTIONS, STEPS, STROKES
from tests.session.journal.test_journal import fill_disk_under
from tests.session.session_fakes import FakeCoach, fake_coach, identity, moving_hands, points, verdict

KEYS = {
    "": "schema_version facetrack_version id routine models settings labels source started_at duration_s complete tracking"
    " steps corrections cues pulse",
    "routine": "id version sha256",
    "source": "kind name",
    "tracking": "frames frames_dropped face_seen left_seen right_seen withheld withheld_intervals gaps calibration mm_per_px"
    " mm_per_px_error fps",
    "steps": "id status t_start_s t_end_s observed_s left right balance mean_acceleration_mm_s2 synchrony withheld score",
    "left": "repetitions strokes path_mm zone_share direction_score pace_mm_s coverage",
    "pace_mm_s": "median p90 in_range_share",
    "corrections": "t_start_s t_end_s step side kind value limit message_id message",
    "cues": "t_s correction shown spoken why_not",
}


def recorded(
    folder: Path | None,
    seconds: float = 8.0,
    skip_at: float | None = None,
    faults: dict[float, str | None] | None = None,
    **changes: Any,
) -> SessionDocument:
    """faults: of the source, by when they begin."""
    waiting = sorted((faults or {}).items())
    recorder = SessionRecorder(identity(), folder, **changes)
    coach = FakeCoach(identity().routine)
    for seen in moving_hands(seconds):
        if skip_at is not None and seen.t_s >= skip_at:
            recorder.command(seen.t_s, "next")
            coach.next(seen.t_s)
            skip_at = None
        while waiting and seen.t_s >= waiting[0][0]:
            recorder.source_error(seen.t_s, waiting.pop(0)[1])
        recorder.take(seen, coach.update(seen))
        last = seen.t_s
    return recorder.finish(last, complete=True, last=coach.finish(last), frames_dropped=2)


def test_session_json_has_every_key_of_the_contract(tmp_path: Path) -> None:
    document = recorded(tmp_path)
    text = (tmp_path / "session.json").read_text("utf-8")
    assert SessionDocument.from_json(text) == document
    written = json.loads(text)
    blocks = {
        "": written,
        "routine": written["routine"],
        "source": written["source"],
        "tracking": written["tracking"],
        "steps": written["steps"][0],
        "left": written["steps"][0]["left"],
        "pace_mm_s": written["steps"][0]["right"]["pace_mm_s"],
        "corrections": written["corrections"][0],
        "cues": written["cues"][0],
    }
    for name, block in blocks.items():
        assert set(KEYS[name].split()) <= set(block), name
    assert document.started_at == "2026-11-20T08:00:00Z"
    assert document.tracking.frames == 240
    assert document.tracking.frames_dropped == 2
    assert 25 < document.tracking.fps < 35
    assert document.pulse is None


@pytest.mark.parametrize(("name", "table"), [("steps", STEPS), ("strokes", STROKES), ("corrections", CORRECTIONS)])
def test_tables_have_their_columns_and_rows(tmp_path: Path, name: str, table: Any) -> None:
    document = recorded(tmp_path)
    with (tmp_path / f"{name}.csv").open(newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == table.names
    assert all(row["session_id"] == document.id for row in rows)
    expected = {"steps": 2, "strokes": 14, "corrections": len(document.corrections)}[name]
    assert len(rows) == expected
    if name == "steps":
        assert float(rows[0]["left_path_mm"]) == document.steps[0].left.path_mm


def test_what_could_not_be_had_is_null_and_an_empty_cell(tmp_path: Path) -> None:
    recorder = SessionRecorder(identity(), tmp_path)
    recorder.take(points(0.0), verdict(0.0, step=-1, state="calibrating"))
    document = recorder.finish(0.0, complete=True, frames_dropped=None)
    assert document.tracking.frames_dropped is None
    assert document.tracking.fps is None
    assert document.steps == ()
    assert "NaN" not in (tmp_path / "session.json").read_text("utf-8")


def test_nothing_is_kept_without_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert recorded(None) == recorded(tmp_path / "kept")
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


@pytest.mark.parametrize("skip_at", [None, 2.0])
def test_recovery_gives_what_was_judged_live(tmp_path: Path, skip_at: float | None) -> None:
    document = recorded(tmp_path, skip_at=skip_at, faults={3.0: "The camera is lost.", 4.0: None})
    (gap,) = document.tracking.gaps
    assert gap.model_dump() == {
        "t_start_s": pytest.approx(3.0, abs=0.05),
        "t_end_s": pytest.approx(4.0, abs=0.05),
        "reason": "The camera is lost.",
    }
    files = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    for name in files:
        if name != "frames.jsonl":
            (tmp_path / name).unlink()
    assert recover(tmp_path, fake_coach) == document
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == files


def test_replay_gives_the_same_verdicts(tmp_path: Path) -> None:
    recorded(tmp_path)
    coach = FakeCoach(identity().routine)
    frames = list(moving_hands(8.0))
    live = [repr(coach.update(seen)) for seen in frames]
    *again, (end, last) = replay_verdicts(tmp_path / "frames.jsonl", fake_coach)
    assert [repr(said) for _, said in again] == live
    assert isinstance(end, End)
    assert (end.t_s, end.complete) == (frames[-1].t_s, True)
    assert repr(last) == repr(coach.finish(end.t_s))


@pytest.mark.parametrize("tail", [b"", b'{"t":', b'{"end": {}}\n', b"odd\n"], ids=["none", "torn", "empty end", "damaged"])
def test_a_session_without_an_end_is_ended_at_its_last_frame(tail: bytes, tmp_path: Path) -> None:
    recorded(tmp_path, 6.0)
    journal = tmp_path / "frames.jsonl"
    journal.write_bytes(b"".join(journal.read_bytes().splitlines(keepends=True)[:91]) + tail)
    *frames, (end, last) = replay_verdicts(journal, fake_coach)
    assert len(frames) == 90
    assert end == End(frames[-1][0].t_s, complete=False, frames_dropped=None)
    assert last.ended


def test_a_session_cut_off_is_finished_and_marked(tmp_path: Path) -> None:
    recorded(tmp_path / "a", 6.0)
    journal = (tmp_path / "a" / "frames.jsonl").read_bytes().splitlines(keepends=True)
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "frames.jsonl").write_bytes(b"".join(journal[:100]) + journal[100][:50])
    (tmp_path / "c").mkdir()
    assert unfinished(tmp_path) == [tmp_path / "b"]
    document = recover(tmp_path / "b", fake_coach)
    assert document.complete is False
    assert document.tracking.frames == 99
    assert document.tracking.frames_dropped is None
    assert document.duration_s == pytest.approx(98 / 30, abs=1e-3)
    assert unfinished(tmp_path) == []


def test_a_running_session_is_not_touched(tmp_path: Path) -> None:
    recorder = SessionRecorder(identity(), tmp_path / "a")
    recorder.take(points(0.0), verdict(0.0))
    assert unfinished(tmp_path) == []
    with pytest.raises(UsageError, match="still being recorded"):
        recover(tmp_path / "a", fake_coach)
    recorder.close()
    assert unfinished(tmp_path) == [tmp_path / "a"]


def test_damage_in_the_middle_keeps_what_comes_before(tmp_path: Path) -> None:
    recorded(tmp_path, 4.0)
    journal = tmp_path / "frames.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    lines[61] = b"\x00\xff garbage\n"
    journal.write_bytes(b"".join(lines))
    document = recover(tmp_path, fake_coach)
    assert (document.complete, document.tracking.frames) == (False, 60)
    assert journal.read_bytes() == b"".join(lines)


def test_an_earlier_session_is_replaced_only_when_asked(tmp_path: Path) -> None:
    recorded(tmp_path)
    before = (tmp_path / "session.json").read_bytes()
    with pytest.raises(UsageError, match="already holds a session"):
        recorded(tmp_path)
    assert (tmp_path / "session.json").read_bytes() == before
    (tmp_path / "report.html").write_text('<meta name="generator" content="facetrack 0.1.0">of the earlier one')
    (tmp_path / "notes.txt").write_text("mine")
    recorded(tmp_path, 4.0, replace=True)
    assert not (tmp_path / "report.html").exists()
    assert (tmp_path / "notes.txt").exists()
    assert len(list(read_frames(tmp_path / "frames.jsonl"))) == 120


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(SessionFileError, match="--out"):
        SessionRecorder(identity(), tmp_path / "a")
    tmp_path.chmod(0o700)


def test_a_folder_that_is_a_file_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("mine")
    for folder in (tmp_path / "a", tmp_path / "a" / "b", Path("/proc/nowhere")):
        with pytest.raises(FacetrackError) as caught:
            SessionRecorder(identity(), folder)
        assert "\n" not in str(caught.value)
        assert str(folder) in str(caught.value)
    assert (tmp_path / "a").read_text() == "mine"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_a_disk_that_fills_up_is_told_once_and_the_session_kept(tmp_path: Path) -> None:
    recorder = SessionRecorder(identity(), tmp_path)
    coach = FakeCoach(identity().routine)
    frames = list(moving_hands(4.0))
    for seen in frames[:60]:
        recorder.take(seen, coach.update(seen))
    assert recorder._journal is not None
    fill_disk_under(recorder._journal)
    with pytest.raises(SessionFileError, match="disk is full"):
        recorder.take(frames[60], coach.update(frames[60]))
    for seen in frames[61:]:
        recorder.take(seen, coach.update(seen))
    document = recorder.finish(frames[-1].t_s, complete=True)
    assert document.complete is False
    assert document.tracking.frames == 120
    assert SessionDocument.from_json((tmp_path / "session.json").read_bytes()) == document
    assert len(list(read_frames(tmp_path / "frames.jsonl"))) == 60


def test_a_folder_that_disappears_is_made_again(tmp_path: Path) -> None:
    folder = tmp_path / "a"
    recorder = SessionRecorder(identity(), folder)
    for i in range(30):
        recorder.take(points(i / 30), verdict(i / 30))
    shutil.rmtree(folder)
    recorder.finish(1.0, complete=True)
    assert len(list(read_frames(folder / "frames.jsonl"))) == 30
    assert (folder / "session.json").exists()


def frame_result(t_s: float) -> FrameResult:
    frame = Frame(np.zeros((2, 2, 3), np.uint8), t_s, 0)
    return FrameResult(frame, Observation.empty(t_s, (2, 2)), points(t_s), None, verdict(t_s), 0.0)


def test_the_sink_finishes_the_session(tmp_path: Path) -> None:
    sink = SessionSink(SessionRecorder(identity(), tmp_path))
    for i in range(10):
        sink.on_frame(frame_result(i / 10))
    sink.finish(RunEnd(verdict(0.9), complete=True, corruption=None, dropped=3))
    sink.close()
    assert sink.document is not None
    assert sink.document.complete is True
    assert json.loads((tmp_path / "session.json").read_text("utf-8"))["tracking"]["frames_dropped"] == 3


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_the_sink_saves_what_it_can_when_the_disk_is_full(tmp_path: Path) -> None:
    sink = SessionSink(SessionRecorder(identity(), tmp_path))
    for i in range(10):
        sink.on_frame(frame_result(i / 10))
    assert sink.recorder._journal is not None
    fill_disk_under(sink.recorder._journal)
    with pytest.raises(SessionFileError):
        sink.on_frame(frame_result(1.0))
    sink.close()
    document = SessionDocument.from_json((tmp_path / "session.json").read_bytes())
    assert document.complete is False
    assert document.steps


RECORD_FOR_EVER = """
import sys
from pathlib import Path
sys.path.insert(0, {root!r})
from tests.session.session_fakes import FakeCoach, identity, moving_hands
from facetrack.session import SessionRecorder
recorder = SessionRecorder(identity(), Path({folder!r}))
coach = FakeCoach(identity().routine)
for i, seen in enumerate(moving_hands(1e6)):
    recorder.take(seen, coach.update(seen))
    print(i + 1, flush=True)
"""


@pytest.mark.parametrize("after", [1, 37, 211])
def test_a_killed_session_loses_no_record(tmp_path: Path, after: int) -> None:
    script = RECORD_FOR_EVER.format(root=str(Path(__file__).parents[2]), folder=str(tmp_path / "s"))
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if int(line) >= after:
                break
        process.send_signal(signal.SIGKILL)
        told = max([after, *(int(line) for line in process.stdout if line.endswith("\n"))])
    document = recover(tmp_path / "s", fake_coach)
    assert document.complete is False
    assert document.tracking.frames >= told


def test_the_identity_wants_a_time_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        replace(identity(), started_at=identity().started_at.replace(tzinfo=None))
