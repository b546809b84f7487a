"""Processes that judge recordings, each one after the other. Nothing of a result depends on which process made it."""

import contextlib
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from multiprocessing.synchronize import Event
from typing import Final

from facetrack.cli.analysis import Analysed, Job, analyse
from facetrack.cli.stopping import SIGNALS, Stop
from facetrack.cli.streams import tolerate_lost_streams

LOOK_S: Final = 0.1
"""How often a waiting parent looks whether it was interrupted."""
SAVE_S: Final = 1.5
"""How long workers may take to save after an interruption; then they are ended. A session that was cut off has its journal."""
LEAVE_S: Final = 5.0
"""For idle workers to end."""

Report = Callable[[int, float], None]


class _SharedStop(Stop):
    """A worker's: the parent decides, since a Ctrl-C may reach only the parent, or all at once."""

    def __init__(self, event: Event) -> None:
        super().__init__()
        self._event = event

    def __call__(self) -> bool:
        return self._event.is_set()


def _serve(line: Connection, event: Event) -> None:
    """A worker's life: a job comes, shares of it and its result go back, until the line is closed."""
    tolerate_lost_streams()
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    with contextlib.suppress(EOFError, OSError):  # the parent has gone
        while True:
            line.send(_result(line.recv(), _SharedStop(event), line.send))


def _result(job: Job, stop: Stop, report: Callable[[float], None]) -> Analysed | None:
    """None for a job that was not begun."""
    try:
        return None if stop() else analyse(job, stop, report)
    except KeyboardInterrupt:
        return None
    except Exception as error:  # the others go on
        words = f"Something unexpected went wrong with {job.video.name} ({type(error).__name__}: {error})."
        return Analysed(job.video, job.folder, None, 1, f"{words} Run it alone with --debug to see where.")


@dataclass(slots=True)
class _Worker:
    """job: the number of the one it has, None while it is idle."""

    process: SpawnProcess
    line: Connection
    job: int | None = None


class _Crew:
    """The workers, and which of them has what."""

    def __init__(self, jobs: Sequence[Job], report: Report) -> None:
        # Spawned: forking a process in which MediaPipe or OpenCV have threads hangs.
        self._context = get_context("spawn")
        self._jobs, self._report = jobs, report
        self._event = self._context.Event()
        self._workers: list[_Worker] = []
        self._next = 0
        self.done: dict[int, Analysed | None] = {}

    def hire(self) -> None:
        ours, theirs = self._context.Pipe()
        with _signals_held():
            process = self._context.Process(target=_serve, args=(theirs, self._event), daemon=True)
            process.start()
        theirs.close()
        self._workers.append(_Worker(process, ours))

    def hand_out(self) -> None:
        """Every idle worker gets the next job."""
        for worker in self._workers:
            if worker.job is None and self._next < len(self._jobs):
                with contextlib.suppress(OSError):  # it has died: seen when it is listened to
                    worker.line.send(self._jobs[self._next])
                worker.job, self._next = self._next, self._next + 1

    @property
    def busy(self) -> bool:
        return any(worker.job is not None for worker in self._workers)

    def listen(self) -> None:
        """To those that have a job, for a moment."""
        busy = {worker.line: worker for worker in self._workers if worker.job is not None}
        for line in wait(list(busy), LOOK_S):
            worker = busy[line]  # type: ignore[index]
            assert worker.job is not None
            try:
                told = worker.line.recv()
            except (EOFError, OSError):
                self._bury(worker, worker.job)
                continue
            if isinstance(told, float):
                self._report(worker.job, told)
            else:
                self.done[worker.job], worker.job = told, None

    def _bury(self, worker: _Worker, number: int) -> None:
        job = self._jobs[number]
        words = f"{job.video} was not judged: its process was ended from outside (out of memory?). Try fewer --workers."
        self.done[number] = Analysed(job.video, job.folder, None, 1, words)
        self._workers.remove(worker)
        worker.line.close()
        worker.process.join()
        if self._next < len(self._jobs) and not self._event.is_set():
            self.hire()

    def stop(self) -> None:
        """No more jobs; those that run are saved."""
        self._event.set()
        self._next = len(self._jobs)

    def dismiss(self, patience_s: float) -> None:
        """Ends all of them: those that are still there after patience_s by force."""
        self._event.set()
        for worker in self._workers:
            worker.line.close()
        until_s = time.monotonic() + patience_s
        for worker in self._workers:
            worker.process.join(max(until_s - time.monotonic(), 0.0))
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()


@contextlib.contextmanager
def _signals_held() -> Iterator[None]:
    """Processes begun within the block are born deaf to signals; this one hears them when it ends."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def in_processes(jobs: Sequence[Job], workers: int, stop: Stop, report: Report) -> Iterator[Analysed]:
    """Results in the order of the jobs. After an interruption the running ones are saved and the others not begun."""
    stop.graceful = True  # the workers save their sessions, and are waited for
    crew, patience_s = _Crew(jobs, report), LEAVE_S
    shown = 0
    stopped_s: float | None = None
    try:
        for _ in range(workers):
            crew.hire()
        while shown < len(jobs):
            if stop() and stopped_s is None:
                stopped_s = time.monotonic()
                crew.stop()
            crew.hand_out()
            if not crew.busy or (stopped_s is not None and time.monotonic() - stopped_s > SAVE_S):
                break
            crew.listen()
            while shown in crew.done:
                result = crew.done.pop(shown)
                shown += 1
                if result is not None:
                    yield result
        yield from (result for _, result in sorted(crew.done.items()) if result is not None)
    except BaseException:
        patience_s = 0.0
        raise
    finally:
        crew.dismiss(0.0 if stopped_s is not None else patience_s)
