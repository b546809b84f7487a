"""Commands that learn and that make studies, wrongly called: one line, the right exit code, nothing written."""

from pathlib import Path

import pytest

from tests.cli.commands import facetrack


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["routines", "learn", "--out", "new.toml"], "Name recordings, or a camera"),
        (["routines", "learn", "a.mp4", "--camera", "0", "--out", "new.toml"], "one of the two"),
        (["routines", "learn", "a.mp4", "--out", "there.toml"], "is not overwritten"),
        (["study", "build", "nowhere", "--out", "dataset"], "There is no folder nowhere"),
        (["study", "summary", "."], "is not a dataset"),
        (["study", "agree", ".", "labels.txt"], "is not a dataset and holds no sessions"),
        (["analyze", "a.mp4", "--shard", "4/3"], "is not I/N"),
        (["analyze", "a.mp4", "--labels", "nowhere.csv"], "can't be read"),
        (["sessions", "export", "--under", "labels"], "--under is for --format elan"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_calls_are_one_line_with_exit_code_2(
    arguments: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "there.toml").write_text("mine")
    monkeypatch.chdir(tmp_path)
    ran = facetrack(capsys, *arguments)
    assert ran.code == 2, ran.err
    assert said in ran.said
    assert [path.name for path in tmp_path.iterdir()] == ["there.toml"]
