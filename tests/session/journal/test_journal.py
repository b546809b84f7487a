"""The journal gives back what it was given, whatever happens to it."""

import json
import math
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from hypothesis.extra.numpy import arrays

from facetrack.errors import DamagedInputError, FacetrackError, UsageError
from facetrack.geometry.face_points import FacePoints
from facetrack.geometry.quantisation import quantise
from facetrack.session.files import SessionFileError
from facetrack.session.journal.reader import Command, decode_record, header_of, read_frames, read_identity, read_records
from facetrack.session.journal.writer import JournalWriter, encode_frame
from tests.session.session_fakes import identity, moving_hands, points

BYTES_A_RECORD = 555  # 60 MB an hour at 30 frames a second


def numbers(shape: tuple[int, ...], low: float, high: float) -> st.SearchStrategy[np.ndarray]:
    return arrays(np.float64, shape, elements=st.one_of(st.just(math.nan), st.floats(low, high)))


FRAMES = st.builds(
    FacePoints,
    t_s=st.floats(0, 1e5),
    points_mm=numbers((2, 7, 2), -1e4, 1e4),
    metric_tensor=numbers((2, 3), -10, 10),
    palm_mm=numbers((2,), 0, 1e3),
    near_face=arrays(np.bool_, 2),
    face_seen=st.booleans(),
    hand_seen=arrays(np.bool_, 2),
    mm_per_px=st.one_of(st.just(math.nan), st.floats(0.01, 10)),
    calibration=st.sampled_from(["running", "neutral", "partial", "canonical"]),
    calibrated_share=st.floats(0, 1),
)


def assert_same(a: FacePoints, b: FacePoints) -> None:
    """To the last bit; NaN equals NaN."""
    for name in FacePoints.__slots__:
        one, other = getattr(a, name), getattr(b, name)
        if isinstance(one, np.ndarray):
            assert one.dtype == other.dtype
            assert one.shape == other.shape
            assert one.tobytes() == other.tobytes() or np.array_equal(one, other, equal_nan=True), name
        else:
            assert one == other or (math.isnan(one) and math.isnan(other)), name


@settings(deadline=None)
@given(FRAMES)
def test_a_quantised_frame_comes_back_exactly(frame: FacePoints) -> None:
    quantised = quantise(frame)
    assert_same(decode_record(json.loads(encode_frame(quantised))), quantised)


@settings(deadline=None)
@given(FRAMES)
def test_quantising_is_idempotent_and_stays_within_half_a_step(frame: FacePoints) -> None:
    quantised = quantise(frame)
    assert_same(quantise(quantised), quantised)
    assert np.nanmax(np.abs(quantised.points_mm - frame.points_mm), initial=0.0) <= 0.005 + 1e-9
    assert np.array_equal(np.isnan(quantised.points_mm), np.isnan(frame.points_mm))


def test_an_infinity_is_missing() -> None:
    assert np.isnan(points(0.0, palm_mm=np.array([np.inf, 1.0])).palm_mm[0])


def test_a_routine_survives_the_header(tmp_path: Path) -> None:
    made = identity()
    with_journal(tmp_path, 0)
    read = read_identity(tmp_path / "frames.jsonl")
    assert header_of(read, "0.1.0") == header_of(made, "0.1.0")
    assert isinstance(read.routine.steps[0].judge, frozenset)
    np.testing.assert_array_equal(read.routine.steps[0].zone[0], made.routine.steps[0].zone[0])
    assert math.isnan(read.routine.steps[0].phases[0].turns_s[0])


def with_journal(folder: Path, frames: int) -> list[FacePoints]:
    writer = JournalWriter(folder / "frames.jsonl", header_of(identity(), "0.1.0"))
    made = list(moving_hands(frames / 30))
    for frame in made:
        writer.append_frame(frame)
    writer.close()
    return made


def test_replay_gives_every_frame(tmp_path: Path) -> None:
    made = with_journal(tmp_path, 90)
    read = list(read_frames(tmp_path / "frames.jsonl"))
    assert len(read) == len(made) == 90
    for one, other in zip(read, made, strict=True):
        assert_same(one, other)


def test_a_record_is_small_enough(tmp_path: Path) -> None:
    frame = points(
        3599.966667, points_mm=np.full((2, 7, 2), -123.45), metric_tensor=np.full((2, 3), -1.0234), mm_per_px=0.71234
    )
    assert len(encode_frame(frame)) <= BYTES_A_RECORD
    with_journal(tmp_path, 300)
    assert (tmp_path / "frames.jsonl").stat().st_size / 300 <= BYTES_A_RECORD


@pytest.mark.parametrize("cut", [1, 20, 300])
def test_a_torn_last_line_is_passed_over(tmp_path: Path, cut: int) -> None:
    made = with_journal(tmp_path, 10)
    journal = tmp_path / "frames.jsonl"
    journal.write_bytes(journal.read_bytes()[:-cut])
    assert [frame.t_s for frame in read_frames(journal)] == [frame.t_s for frame in made[:-1]]


def test_damage_further_up_is_told_after_what_comes_before(tmp_path: Path) -> None:
    with_journal(tmp_path, 10)
    journal = tmp_path / "frames.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    lines[6] = b'{"t":1,"p":[[1,2' + lines[6][16:]
    journal.write_bytes(b"".join(lines))
    read = []
    with pytest.raises(DamagedInputError, match="line 7"):
        read.extend(frame.t_s for frame in collect(journal, read))
    assert len(read) == 5


def collect(journal: Path, into: list[float]) -> list[FacePoints]:
    for frame in read_frames(journal):
        into.append(frame.t_s)
    return []


@pytest.mark.parametrize(
    ("content", "error", "says"),
    [
        (b"", DamagedInputError, "no whole header"),
        (b'{"facetrack_journal": 1', DamagedInputError, "no whole header"),
        (b"hello\n", DamagedInputError, "first line is damaged"),
        (b'{"a": 1}\n', DamagedInputError, "not a facetrack journal"),
        (b'{"facetrack_journal": 99}\n', FacetrackError, "newer"),
        (b'{"facetrack_journal": 1, "session": {}}\n', DamagedInputError, "header"),
    ],
)
def test_a_bad_header_is_told_in_one_line(tmp_path: Path, content: bytes, error: type[FacetrackError], says: str) -> None:
    journal = tmp_path / "frames.jsonl"
    journal.write_bytes(content)
    with pytest.raises(error, match=says) as caught:
        read_identity(journal)
    assert "\n" not in str(caught.value)


def test_a_header_whose_options_are_none_is_damaged(tmp_path: Path) -> None:
    header = header_of(identity(), "0.1.0")
    header["session"]["options"] = ["nose"]
    JournalWriter(tmp_path / "frames.jsonl", header).close()
    with pytest.raises(DamagedInputError, match="header"):
        read_identity(tmp_path / "frames.jsonl")


def test_commands_stand_among_the_frames(tmp_path: Path) -> None:
    writer = JournalWriter(tmp_path / "frames.jsonl", header_of(identity(), "0.1.0"))
    writer.append_frame(points(0.0))
    writer.append({"t": 0.5, "command": "next"})
    writer.append_frame(points(1.0))
    writer.close()
    kinds = [type(record) for record in read_records(tmp_path / "frames.jsonl")]
    assert kinds == [FacePoints, Command, FacePoints]


def test_a_journal_in_use_is_refused(tmp_path: Path) -> None:
    writer = JournalWriter(tmp_path / "frames.jsonl", header_of(identity(), "0.1.0"))
    writer.append_frame(points(0.0))
    with pytest.raises(UsageError, match="in use"):
        JournalWriter(tmp_path / "frames.jsonl", {}, replace=True)
    writer.close()
    assert len(list(read_frames(tmp_path / "frames.jsonl"))) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_a_full_disk_is_told_and_what_was_flushed_stays(tmp_path: Path) -> None:
    journal = tmp_path / "frames.jsonl"
    writer = JournalWriter(journal, header_of(identity(), "0.1.0"))
    for i in range(20):
        writer.append_frame(points(i / 30))
    fill_disk_under(writer)
    with pytest.raises(SessionFileError, match="disk is full") as caught:
        writer.append_frame(points(1.0))
    assert "\n" not in str(caught.value)
    with pytest.raises(SessionFileError, match="disk is full"):
        writer.append_frame(points(2.0))
    writer.close()
    assert len(list(read_frames(journal))) == 20


def fill_disk_under(writer: JournalWriter) -> None:
    """From now on what the writer writes goes to /dev/full."""
    full = os.open("/dev/full", os.O_RDWR)
    os.dup2(full, writer._file.fileno())
    os.close(full)


def test_a_deleted_folder_is_noticed_and_its_journal_rescued(tmp_path: Path) -> None:
    folder = tmp_path / "session"
    folder.mkdir()
    writer = JournalWriter(folder / "frames.jsonl", header_of(identity(), "0.1.0"))
    writer.append_frame(points(0.0))
    shutil.rmtree(folder)
    writer._sync()  # what the syncing thread does once a second
    with pytest.raises(SessionFileError, match="disappeared"):
        writer.append_frame(points(1.0))
    assert writer.rescue()
    writer.close()
    assert [frame.t_s for frame in read_frames(folder / "frames.jsonl")] == [0.0]
