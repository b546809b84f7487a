"""Analyses recordings in processes of their own. Nothing in a result depends on which process made it."""

import contextlib
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Final

from facetrack.app.batch.analyze import analyse
from facetrack.app.batch.job import AnalysisJob, AnalysisResult
from facetrack.app.notify import Listener
from facetrack.app.shutdown import SIGNALS, StopSignal
from facetrack.system.processes import how_it_ended
from facetrack.system.streams import tolerate_lost_streams

POLL_INTERVAL_S: Final = 0.1
"""How often a waiting parent checks whether it was interrupted."""
SAVE_TIMEOUT_S: Final = 1.5
"""Time that workers have to save after an interruption; then they are killed. A session that was cut off has its journal."""
SHUTDOWN_TIMEOUT_S: Final = 5.0
"""Time that idle workers have to end; then they are killed."""

JobProgress = Callable[[int, float], None]
"""Receives the number of a job and the share of it that has been read."""


class _ParentStop(StopSignal):
    """Stops a worker. The parent decides, since a Ctrl-C may reach only the parent, or all processes at once.

    Whatever comes while there is a job means that, also the connection's end. A semaphore would want shared memory.
    """

    def __init__(self, connection: Connection) -> None:
        super().__init__()
        self._connection = connection

    def __call__(self) -> bool:
        try:
            return self._connection.poll()
        except OSError:
            return True


def _serve(connection: Connection) -> None:
    """Receive jobs, send back their progress (a number), messages (text) and results, until something else comes."""
    tolerate_lost_streams()
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    with contextlib.suppress(EOFError, OSError):  # the parent has gone
        while isinstance(job := connection.recv(), AnalysisJob):
            connection.send(_result(job, _ParentStop(connection), connection.send))


def _result(job: AnalysisJob, stop: StopSignal, send: Callable[[float | str], None]) -> AnalysisResult | None:
    """Analyse a job; None if it is not to begin."""
    try:
        return None if stop() else analyse(job, stop, send, send)
    except Exception as error:  # the others go on
        message = f"Something unexpected went wrong with {job.video.name} ({type(error).__name__}: {error})."
        return AnalysisResult(job.video, job.folder, None, 1, f"{message} Run it alone with --debug to see where.")


@dataclass(slots=True)
class _Worker:
    process: SpawnProcess
    connection: Connection
    job: int | None = None  # the number of its job; None while it is idle


class _ProcessPool:
    """Hands jobs to worker processes. Where one dies its job fails and the others continue."""

    def __init__(self, jobs: Sequence[AnalysisJob], progress: JobProgress, notify: Listener) -> None:
        # Spawned: forking a process in which MediaPipe or OpenCV have threads hangs.
        self._context = get_context("spawn")
        self._jobs, self._progress, self._notify = jobs, progress, notify
        self._stopped = False
        self._workers: list[_Worker] = []
        self._next = 0
        self.done: dict[int, AnalysisResult | None] = {}

    def start_worker(self) -> None:
        """Start one more process."""
        ours, theirs = self._context.Pipe()
        with _signals_held():
            process = self._context.Process(target=_serve, args=(theirs,), daemon=True)
            process.start()
        theirs.close()
        self._workers.append(_Worker(process, ours))

    def dispatch(self) -> None:
        """Give every idle worker the next job."""
        for worker in self._workers:
            if worker.job is None and self._next < len(self._jobs):
                with contextlib.suppress(OSError):  # it has died: noticed when it is polled
                    worker.connection.send(self._jobs[self._next])
                worker.job, self._next = self._next, self._next + 1

    @property
    def busy(self) -> bool:
        """Whether any worker has a job."""
        return any(worker.job is not None for worker in self._workers)

    def poll(self) -> None:
        """Wait a moment for messages of the workers that have a job."""
        busy = {worker.connection: worker for worker in self._workers if worker.job is not None}
        for connection in wait(list(busy), POLL_INTERVAL_S):
            worker = busy[connection]  # type: ignore[index]
            assert worker.job is not None
            try:
                message = worker.connection.recv()
            except (EOFError, OSError):
                self._handle_dead_worker(worker, worker.job)
                continue
            if isinstance(message, float):
                self._progress(worker.job, message)
            elif isinstance(message, str):
                self._notify(message)
            else:
                self.done[worker.job], worker.job = message, None

    def _handle_dead_worker(self, worker: _Worker, number: int) -> None:
        job = self._jobs[number]
        self._workers.remove(worker)
        worker.connection.close()
        worker.process.join()
        message = f"{job.video} was not judged: {how_it_ended(worker.process.exitcode)}."
        self.done[number] = AnalysisResult(job.video, job.folder, None, 1, message)
        if self._next < len(self._jobs) and not self._stopped:
            self.start_worker()

    def stop(self) -> None:
        """Begin no more jobs and save those that run."""
        self._stopped = True
        self._next = len(self._jobs)
        for worker in self._workers:
            with contextlib.suppress(OSError):  # it has died: noticed when it is polled
                worker.connection.send(None)

    def shutdown(self, timeout_s: float) -> None:
        """End all workers; kill those that are still there after the timeout."""
        for worker in self._workers:
            worker.connection.close()
        until_s = time.monotonic() + timeout_s
        for worker in self._workers:
            worker.process.join(max(until_s - time.monotonic(), 0.0))
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()


@contextlib.contextmanager
def _signals_held() -> Iterator[None]:
    """Hold signals back until the block ends. Processes that are started within it ignore them from their beginning."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def analyse_in_processes(
    jobs: Sequence[AnalysisJob], workers: int, stop: StopSignal, progress: JobProgress, notify: Listener
) -> Iterator[AnalysisResult]:
    """Give results in the order of the jobs. After an interruption the running ones are saved and the others not begun."""
    stop.defer()  # the workers save their sessions, and are waited for
    pool, timeout_s = _ProcessPool(jobs, progress, notify), SHUTDOWN_TIMEOUT_S
    given = 0
    stopped_s: float | None = None
    try:
        for _ in range(workers):
            pool.start_worker()
        while given < len(jobs):
            if stop() and stopped_s is None:
                stopped_s = time.monotonic()
                pool.stop()
            pool.dispatch()
            if not pool.busy or (stopped_s is not None and time.monotonic() - stopped_s > SAVE_TIMEOUT_S):
                break
            pool.poll()
            while given in pool.done:
                result = pool.done.pop(given)
                given += 1
                if result is not None:
                    yield result
        yield from (result for _, result in sorted(pool.done.items()) if result is not None)
    except BaseException:
        timeout_s = 0.0
        raise
    finally:
        pool.shutdown(0.0 if stopped_s is not None else timeout_s)
