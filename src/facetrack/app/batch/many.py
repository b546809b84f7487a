"""Analyses many recordings, in this process or in several; the results do not depend on which."""

from collections.abc import Callable, Iterator, Sequence

from facetrack.app.batch.analyze import analyse
from facetrack.app.batch.job import AnalysisJob, AnalysisResult
from facetrack.app.batch.process_pool import analyse_in_processes
from facetrack.app.notify import Listener, ignore
from facetrack.app.shutdown import StopSignal


def analyse_all(
    jobs: Sequence[AnalysisJob],
    workers: int,
    stop: StopSignal,
    progress: Callable[[int, float], None] = lambda _job, _share: None,
    notify: Listener = ignore,
) -> Iterator[AnalysisResult]:
    """Give results in the order of the jobs. After an interruption the running ones are saved and the others not begun.

    progress: receives the number of a job and the share of it that has been read. notify: receives what goes wrong on the way.
    """
    if workers > 1 and len(jobs) > 1:
        yield from analyse_in_processes(jobs, min(workers, len(jobs)), stop, progress, notify)
        return
    for number, job in enumerate(jobs):
        if stop():
            return
        yield analyse(job, stop, lambda share, number=number: progress(number, share), notify)  # type: ignore[misc]
