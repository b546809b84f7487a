"""Many recordings, one after the other or in several processes; the results do not depend on which."""

import contextlib
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from facetrack.cli.line import Wish, conduct
from facetrack.cli.options import routine_with
from facetrack.cli.progress import ProgressSink, progress_wanted
from facetrack.cli.stopping import SIGNALS, Stop
from facetrack.errors import DamagedInputError, FacetrackError

if TYPE_CHECKING:
    from facetrack.capture import FrameSource

LOOK_S: Final = 0.1
"""How often a waiting parent looks whether it was interrupted."""
SEVERITY: Final = (0, 3, 1, 2, 130)
"""Exit codes from harmless to worst."""


@dataclass(frozen=True, slots=True)
class Job:
    """One recording. The routine travels by name: a worker process reads it itself."""

    video: Path
    routine: str
    step: str | None
    folder: Path | None
    save: bool
    labels: dict[str, str]
    input_mirrored: bool


@dataclass(frozen=True, slots=True)
class Analysed:
    """As ``line.Done``, fit to travel between processes."""

    video: Path
    folder: Path | None
    document: dict[str, Any] | None
    code: int
    message: str | None


def worst(codes: Sequence[int]) -> int:
    """The exit code for all of them."""
    return max(codes, key=lambda code: SEVERITY.index(code) if code in SEVERITY else 2, default=0)


def session_folders(videos: Sequence[Path], out: Path | None) -> list[Path | None]:
    """One video's session is ``out`` itself; several get folders in it, named like the videos and told apart by a number."""
    if out is None or len(videos) == 1:
        return [out for _ in videos]
    folders: list[Path | None] = []
    taken: set[str] = set()
    for video in videos:
        name, number = video.stem, 1
        while name.casefold() in taken:
            number += 1
            name = f"{video.stem}-{number}"
        taken.add(name.casefold())
        folders.append(out / name)
    return folders


def analyse(job: Job, stop: Stop) -> Analysed:
    """One recording. A FacetrackError becomes part of the result, so that the others go on.

    A damaged one of which no frame can be read gives a partial session without figures; the history has no use for it.
    """
    try:
        routine = routine_with(job.routine, [job.step] if job.step else [])
        source, readable = _source(job)
        keep = job.save and readable
        wish = Wish(routine, folder=job.folder, history=keep, step=job.step, labels=job.labels, replace=True)
        sinks = [ProgressSink(source.info)] if progress_wanted() and readable else []
        done = conduct(source, wish, stop, sinks=sinks)
    except FacetrackError as error:
        return Analysed(job.video, job.folder, None, error.exit_code, str(error))
    if done.error is not None and not isinstance(done.error, FacetrackError):
        raise done.error
    return Analysed(job.video, done.folder, done.document, done.code, done.message)


def _source(job: Job) -> tuple["FrameSource", bool]:
    """The recording's frames, and whether there are any. Raises FacetrackError for what is no recording."""
    from facetrack.capture import UnmirroredSource, UnreadableSource, VideoSource

    try:
        source: FrameSource = VideoSource(job.video)
    except DamagedInputError as error:
        return UnreadableSource(job.video, error), False
    return (UnmirroredSource(source) if job.input_mirrored else source), True


def analyse_all(jobs: Sequence[Job], workers: int, stop: Stop) -> Iterator[Analysed]:
    """Results in the order of the jobs. After an interruption the running ones are saved and the others not begun."""
    if workers > 1 and len(jobs) > 1:
        yield from _in_processes(jobs, min(workers, len(jobs)), stop)
        return
    for job in jobs:
        if stop():
            return
        yield analyse(job, stop)


_stop_event: Event | None = None


class _SharedStop(Stop):
    """A worker's: the parent decides, since a Ctrl-C may reach only the parent, or all at once."""

    def __call__(self) -> bool:
        return _stop_event is not None and _stop_event.is_set()


def _begin_worker(event: Event) -> None:
    global _stop_event
    _stop_event = event
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def _work(job: Job) -> Analysed | None:
    try:
        return analyse(job, _SharedStop())
    except KeyboardInterrupt:  # before it had begun
        return None


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


def _in_processes(jobs: Sequence[Job], workers: int, stop: Stop) -> Iterator[Analysed]:
    # Spawned: forking a process in which MediaPipe or OpenCV have threads hangs.
    stop.graceful = True  # the workers save their sessions, and are waited for
    context = get_context("spawn")
    event = context.Event()
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_begin_worker, initargs=(event,)) as pool:
        with _signals_held():
            futures: list[Future[Analysed | None]] = [pool.submit(_work, job) for job in jobs]
        for future in futures:
            while not future.done():
                wait([future], timeout=LOOK_S)
                if stop():
                    event.set()
            try:
                result = future.result()
            except BrokenProcessPool as error:
                raise FacetrackError(
                    "A worker process was ended from outside (out of memory?). Try fewer --workers."
                ) from error
            if result is not None:
                yield result
