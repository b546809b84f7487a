"""Labels of many recordings from a table, and shards of them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from facetrack.app.batch.job import AnalysisJob, in_shard
from facetrack.app.batch.label_table import labels_of, read_label_table
from facetrack.errors import UsageError


def _table(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "labels.csv"
    path.write_bytes(text.encode("utf-8-sig"))
    return path


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_as_spreadsheets_save_it_is_read(tmp_path: Path, delimiter: str) -> None:
    text = "file,participant,start,condition\r\nclips/a.mp4,p01,2026-11-20T09:00+01:00,before\r\nb.mp4,p02,,\r\n"
    found = read_label_table(_table(tmp_path, text.replace(",", delimiter)))
    assert found["a.mp4"].labels == {"participant": "p01", "condition": "before"}
    assert found["a.mp4"].started_at == datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
    assert found["b.mp4"].labels == {"participant": "p02"}
    assert found["b.mp4"].started_at is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name,participant\na.mp4,p01\n", "no column 'file'"),
        ("file,participant\na.mp4,p01\na.mp4,p02\n", "names a.mp4 twice, at line 3"),
        ("file,start\na.mp4,yesterday\n", "line 2: start 'yesterday'"),
    ],
)
def test_what_is_wrong_with_a_table_is_said_in_a_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said) as caught:
        read_label_table(_table(tmp_path, text))
    assert "\n" not in str(caught.value)


def test_every_video_must_be_in_the_table_and_no_label_twice(tmp_path: Path) -> None:
    path = _table(tmp_path, "file,participant\na.mp4,p01\n")
    table = read_label_table(path)
    videos = [Path("x/a.mp4")]
    assert labels_of(videos, table, {"site": "1"}, path)[0].labels == {"site": "1", "participant": "p01"}
    with pytest.raises(UsageError, match=r"no line for b\.mp4"):
        labels_of([Path("b.mp4")], table, {}, path)
    with pytest.raises(UsageError, match="participant is in"):
        labels_of(videos, table, {"participant": "p09"}, path)


@pytest.mark.parametrize("parts", [1, 2, 3, 7])
def test_shards_together_are_all_jobs_and_none_twice(parts: int) -> None:
    jobs = [AnalysisJob(Path(f"{number}.mp4"), "fascia") for number in range(5)]
    shards = [in_shard(jobs, part, parts) for part in range(1, parts + 1)]
    assert sorted((one.video for some in shards for one in some), key=str) == [one.video for one in jobs]
