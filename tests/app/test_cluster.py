"""Recordings on a Dask cluster: results in order, failures as results, and a scheduler that is not there in one line."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from distributed import LocalCluster

from facetrack.app.batch import cluster
from facetrack.app.batch.cluster import analyse_on_cluster
from facetrack.app.batch.job import AnalysisJob, AnalysisResult
from facetrack.app.shutdown import StopSignal
from facetrack.errors import FacetrackError

JOBS = [AnalysisJob(Path(f"clip-{number}.mp4"), "fascia") for number in range(5)]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with LocalCluster(n_workers=1, threads_per_worker=2, processes=False, dashboard_address=":0") as made:
        yield made.scheduler_address


def _judged(job: AnalysisJob, *_: Any) -> AnalysisResult:
    if job.video.name == "clip-3.mp4":
        raise RuntimeError("a fault")
    return AnalysisResult(job.video, job.folder, None, 0, f"{job.video.is_absolute()}")


def test_results_come_in_order_and_a_failure_is_a_result(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "analyse", _judged)
    results = list(analyse_on_cluster(JOBS, address, StopSignal(), lambda _: None))
    assert [one.video for one in results] == [job.video for job in JOBS]
    assert [one.exit_status for one in results] == [0, 0, 0, 1, 0]
    assert results[0].message == "True"  # the worker was given the whole path
    assert results[3].message == "clip-3.mp4 was not judged: RuntimeError: a fault."


def test_what_is_done_is_fetched_while_an_earlier_recording_is_judged(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would be lost, and made again, if its worker died meanwhile."""
    fetched, others_are_here = [], threading.Event()
    outcome = cluster._outcome

    def fetch(job: AnalysisJob, future: Any) -> tuple[AnalysisResult, list[str]]:
        fetched.append(job.video.name)
        if len(fetched) == len(JOBS) - 1:
            others_are_here.set()
        return outcome(job, future)

    def judged(job: AnalysisJob, *_: Any) -> AnalysisResult:
        if job.video.name == "clip-0.mp4":
            assert others_are_here.wait(20.0), "they were not fetched"
        return _judged(job)

    monkeypatch.setattr(cluster, "_outcome", fetch)
    monkeypatch.setattr(cluster, "analyse", judged)
    results = list(analyse_on_cluster(JOBS, address, StopSignal(), lambda _: None))
    assert [one.exit_status for one in results] == [0, 0, 0, 1, 0]
    assert fetched[-1] == "clip-0.mp4"


def test_nothing_is_waited_for_after_an_interruption(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "analyse", _judged)
    stopped = StopSignal()
    monkeypatch.setattr(StopSignal, "__call__", lambda _self: True)
    assert len(list(analyse_on_cluster(JOBS, address, stopped, lambda _: None))) < len(JOBS) + 1


def test_a_scheduler_that_is_not_there_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "CONNECT_TIMEOUT_S", 0.3)
    with pytest.raises(FacetrackError, match=r"No Dask scheduler answers at tcp://127\.0\.0\.1:9") as caught:
        list(analyse_on_cluster(JOBS, "tcp://127.0.0.1:9", StopSignal(), lambda _: None))
    assert "\n" not in str(caught.value)
