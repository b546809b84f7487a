"""One recording judged, and many, one after the other or in several processes; the results do not depend on which."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from facetrack.cli.line import Wish, conduct
from facetrack.cli.options import routine_with
from facetrack.cli.progress import ProgressSink
from facetrack.cli.stopping import Stop
from facetrack.errors import DamagedInputError, FacetrackError

if TYPE_CHECKING:
    from facetrack.capture import FrameSource

SEVERITY: Final = (0, 3, 1, 2, 130)
"""Exit codes from harmless to worst."""

Report = Callable[[float], None]
"""Is told what share of a recording has been read."""


@dataclass(frozen=True, slots=True)
class Job:
    """One recording. The routine travels by name: a worker process reads it itself.

    fresh: also where an analysis of the same content with the same settings is there. alone: no other recording is judged, so
    that face and hands may have a core each.
    """

    video: Path
    routine: str
    step: str | None
    folder: Path | None
    save: bool
    labels: dict[str, str]
    input_mirrored: bool
    fresh: bool = False
    alone: bool = True


@dataclass(frozen=True, slots=True)
class Analysed:
    """As ``line.Done``, fit to travel between processes. kept: it had been done before, and was taken from there."""

    video: Path
    folder: Path | None
    document: dict[str, Any] | None
    code: int
    message: str | None
    kept: bool = False


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


def analyse(job: Job, stop: Stop, report: Report) -> Analysed:
    """One recording. A FacetrackError becomes part of the result, so that the others go on.

    A damaged one of which no frame can be read gives a partial session without figures; the history has no use for it.
    """
    from facetrack.cli.resuming import done_before, note_done, terms_of

    try:
        routine = routine_with(job.routine, [job.step] if job.step else [])
        source, readable = _source(job)
        terms = terms_of(job, routine) if job.folder is not None and readable else None
        if terms is not None and job.folder is not None and not job.fresh:
            before = done_before(job.folder, terms)
            if before is not None:
                source.close()
                return Analysed(job.video, job.folder, before, 0, None, kept=True)
        wish = Wish(
            routine,
            folder=job.folder,
            history=job.save and readable,
            step=job.step,
            labels=job.labels,
            replace=True,
            two_threads=None if job.alone else False,
        )
        done = conduct(source, wish, stop, sinks=[ProgressSink(source.info, report)] if readable else [])
        if terms is not None and done.folder is not None and done.code == 0:
            note_done(done.folder, terms)
    except FacetrackError as error:
        return Analysed(job.video, job.folder, None, error.exit_code, str(error))
    if done.error is not None and not isinstance(done.error, FacetrackError):
        raise done.error
    return Analysed(job.video, done.folder, done.document, done.code, done.message)


def _source(job: Job) -> tuple["FrameSource", bool]:
    """The recording's frames, and whether there are any. Raises FacetrackError for what is no recording."""
    from facetrack.capture import EmptySource, FlippedSource, VideoSource

    try:
        source: FrameSource = VideoSource(job.video)
    except DamagedInputError as error:
        return EmptySource(job.video, error), False
    return (FlippedSource(source) if job.input_mirrored else source), True


def analyse_all(
    jobs: Sequence[Job], workers: int, stop: Stop, report: Callable[[int, float], None] = lambda _job, _share: None
) -> Iterator[Analysed]:
    """Results in the order of the jobs. After an interruption the running ones are saved and the others not begun.

    report: is told the number of a job and what share of it has been read.
    """
    if workers > 1 and len(jobs) > 1:
        from facetrack.cli.workers import in_processes

        yield from in_processes(jobs, min(workers, len(jobs)), stop, report)
        return
    for number, job in enumerate(jobs):
        if stop():
            return
        yield analyse(job, stop, lambda share, number=number: report(number, share))  # type: ignore[misc]
