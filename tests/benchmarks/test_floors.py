"""Scores that may not fall: how floors are kept, and the figures of the small fixed run against theirs."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.accuracy.floors import SCORES, advice, fallen, write_floors
from benchmarks.accuracy.markdown import markdown_of
from benchmarks.accuracy.run import score_all
from benchmarks.accuracy.small import make_small
from benchmarks.accuracy.summary import summarise
from benchmarks.accuracy.table import text_of

RUN = "truth small seed 1"
JOBS = 1


@pytest.fixture(scope="module")
def summary() -> dict[str, Any]:
    """Thirteen cases: about 16 s of CPU."""
    return summarise(list(score_all(make_small(), "truth", JOBS)))


@pytest.mark.slow
def test_the_small_run_keeps_its_floors(summary: dict[str, Any]) -> None:
    broken = fallen(summary, RUN)
    told = "\n".join([*broken, advice("python -m benchmarks.accuracy --level truth --small --seed 1"), text_of(summary)])
    assert not broken, told


@pytest.mark.slow
def test_a_run_is_at_home_above_its_own_floors_and_told_when_it_falls(summary: dict[str, Any], tmp_path: Path) -> None:
    scores = tmp_path / "scores.json"
    write_floors(summary, RUN, scores)
    assert fallen(summary, RUN, scores) == []
    worse = copy.deepcopy(summary)
    worse["ours"]["kinds"]["zone"]["recall"]["share"] = 0.4
    worse["ours"]["false_per_minute"]["rate"] = 9.0
    worse["withheld"]["share"] = float("nan")
    lines = fallen(worse, RUN, scores)
    assert [line.split()[0] for line in lines] == ["false_corrections_per_minute", "zone.recall", "withheld:"]
    assert "0.400" in lines[1]


@pytest.mark.slow
def test_writing_one_run_leaves_the_others(summary: dict[str, Any], tmp_path: Path) -> None:
    scores = tmp_path / "scores.json"
    write_floors(summary, "another", scores)
    write_floors(summary, RUN, scores)
    assert set(json.loads(scores.read_text())["runs"]) == {"another", RUN}
    with pytest.raises(KeyError):
        fallen(summary, "a third", scores)


@pytest.mark.slow
def test_tables_have_a_row_for_each_step_and_condition(summary: dict[str, Any]) -> None:
    machine = {"cores": 2, "cpu": "x86_64", "python": "3.11", "system": "Linux"}
    page = markdown_of({"run": RUN, "level": "truth", "seed": 1, "machine": machine, **summary})
    assert all(f"| {name} |" in page for name in (*summary["by_step"], *summary["by_condition"]))


def test_floors_leave_room_for_chance_on_the_worse_side_only() -> None:
    for run in json.loads(SCORES.read_text(encoding="utf-8"))["runs"].values():
        assert run
        for name, floor in run.items():
            measured = floor["measured"]
            assert floor.get("at_most", measured) >= measured >= floor.get("at_least", measured), name
            assert 0 <= floor.get("at_least", 0) <= 1
