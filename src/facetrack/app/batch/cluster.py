"""Analyses recordings on the machines of a Dask cluster: one task for each recording. All must see the same files."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib import import_module
from typing import Any, Final

from facetrack.app.batch.analyze import analyse
from facetrack.app.batch.job import AnalysisJob, AnalysisResult
from facetrack.app.notify import Listener
from facetrack.app.shutdown import StopSignal
from facetrack.errors import FacetrackError

CONNECT_TIMEOUT_S: Final = 10.0
RETRIES: Final = 2
"""A recording whose worker has died is begun again this many times, on another."""
POLL_INTERVAL_S: Final = 0.2


def analyse_on_cluster(
    jobs: Sequence[AnalysisJob], address: str, stop: StopSignal, notify: Listener
) -> Iterator[AnalysisResult]:
    """Give results in the order of the jobs. After an interruption those that are done are given, and the others cancelled.

    address: of the scheduler, such as ``tcp://10.0.0.1:8786``; ``tls://`` uses the certificates of Dask's configuration.

    Raises FacetrackError where the extra is not installed, or the scheduler does not answer.
    """
    client = _connect(address)
    stop.defer()
    try:
        waiting = {n: client.submit(_work, _absolute(job), pure=False, retries=RETRIES) for n, job in enumerate(jobs)}
        for result, remarks in _outcomes(jobs, waiting, stop):
            for remark in remarks:
                notify(remark)
            yield result
        client.cancel(list(waiting.values()))
    finally:
        client.close()


def _connect(address: str) -> Any:
    try:
        distributed = import_module("distributed")
    except ImportError as error:
        raise FacetrackError("--cluster needs Dask: pip install 'facetrack[cluster]'.") from error
    try:
        return distributed.Client(address, timeout=CONNECT_TIMEOUT_S, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise FacetrackError(
            f"No Dask scheduler answers at {address} ({error}). Is it running, and the address right?"
        ) from error


def _absolute(job: AnalysisJob) -> AnalysisJob:
    """Return a job whose paths mean the same from any folder."""
    return replace(job, video=job.video.absolute(), folder=job.folder and job.folder.absolute(), alone=False)


def _work(job: AnalysisJob) -> tuple[AnalysisResult, list[str]]:
    """Analyse a recording on a worker; returns what is to be reported too."""
    remarks: list[str] = []
    return analyse(job, StopSignal(), lambda _share: None, remarks.append), remarks


def _outcomes(
    jobs: Sequence[AnalysisJob], waiting: dict[int, Any], stop: StopSignal
) -> Iterator[tuple[AnalysisResult, list[str]]]:
    """Yield what became of the jobs in their order, but fetch each as soon as it is done: a worker's results die with it.

    waiting: the futures by number; those that are fetched are taken out.
    """
    fetched: dict[int, tuple[AnalysisResult, list[str]]] = {}
    for number in range(len(jobs)):
        while number in waiting and not stop():
            for done in [n for n, future in waiting.items() if future.done()]:
                fetched[done] = _outcome(jobs[done], waiting.pop(done))
            if number in waiting:
                _wait(waiting[number])
        if number in fetched:
            yield fetched.pop(number)


def _wait(future: Any) -> None:
    with contextlib.suppress(TimeoutError):
        future.exception(timeout=POLL_INTERVAL_S)


def _outcome(job: AnalysisJob, future: Any) -> tuple[AnalysisResult, list[str]]:
    """Return a finished task's result under the names that the user gave; a task that failed becomes one."""
    error = future.exception()
    if error is None:
        result, remarks = future.result()
        return replace(result, video=job.video), remarks
    killed = type(error).__name__ == "KilledWorker"
    why = "its worker died again and again (out of memory?)" if killed else f"{type(error).__name__}: {error}"
    return AnalysisResult(job.video, job.folder, None, 1, f"{job.video} was not judged: {why}."), []
