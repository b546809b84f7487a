"""A live session of the real command line whose camera fails: told, gone on from, marked, and nothing lost."""

import itertools
import os
from pathlib import Path

import pytest

from facetrack.session import replay_verdicts
from tests.faults.live import Live

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the commanded camera is locked as POSIX does it")
TOLD = {
    "unplugged": "gives no pictures",
    "blocked": "does not answer",
    "frozen": "one and the same picture",
    "shutter": "shows only black",
}
"""benchmarks/faults.py goes through all of them, with a clock."""
SLOW = 8.0
"""Times slower than the promised second may a busy machine be."""


@pytest.mark.slow
def test_each_fault_is_told_and_the_session_goes_on(tmp_path: Path, no_terminal: dict[str, str]) -> None:
    with Live(tmp_path, no_terminal, "--headless") as live:
        for state, words in TOLD.items():
            live.frames(8)
            assert live.told(words, live.set(state)) < SLOW
            skip = len(live.journal())
            back_s = live.set("good")
            assert live.told("is back", back_s) < SLOW
            assert live.picture(back_s, skip) < SLOW
        for size in ("smaller", "portrait", "good"):
            live.set(size)
            live.frames(4)
        live.told(TOLD["blocked"], live.set("blocked"))
        live.marked()
        assert live.stop() < SLOW, "a camera that is away can be left"
    assert live.process.returncode == 130
    assert live.said.count("is back") >= len(TOLD)
    assert "Traceback" not in live.said
    tracking = live.document()["tracking"]
    marked = [next(state for state, words in TOLD.items() if words in gap["reason"]) for gap in tracking["gaps"]]
    assert set(marked) == set(TOLD)
    assert len(marked) > len(TOLD)
    assert all(gap["t_start_s"] < gap["t_end_s"] for gap in tracking["gaps"])
    times = [record.t_s for record, _ in replay_verdicts(live.out / "frames.jsonl")]
    assert len(times) == tracking["frames"] + 1, "the last is the end"
    assert max(after - before for before, after in itertools.pairwise(times)) < SLOW
    assert live.document()["duration_s"] == pytest.approx(times[-1], abs=0.01)


@pytest.mark.slow
def test_a_second_facetrack_leaves_the_first_alone(tmp_path: Path, no_terminal: dict[str, str]) -> None:
    (tmp_path / "second").mkdir()
    with Live(tmp_path, no_terminal, "--headless", blind=True) as first:
        first.frames(5)
        with Live(tmp_path / "second", no_terminal, "--headless", state=first.state, blind=True) as second:
            assert second.process.wait(60) == 1
        assert "used by another program" in second.said
        assert second.said.count("\n") == 0
        assert not second.out.exists()
        first.frames(5)
        first.stop()
    assert first.process.returncode == 130
    assert first.document()["tracking"]["gaps"] == []
