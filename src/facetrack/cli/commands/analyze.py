"""facetrack analyze: judge recordings as live, but as fast as the machine can."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from facetrack.cli.options import (
    DEFAULT_ROUTINE,
    ContactOption,
    InputMirroredOption,
    KeepLandmarksOption,
    LabelOption,
    OutOption,
    StepOption,
    expand_patterns,
    labels_from,
)
from facetrack.errors import UsageError

if TYPE_CHECKING:
    from facetrack.app.batch.job import AnalysisResult

MAX_DEFAULT_WORKERS: Final = 8
"""Largest number of workers unless more are asked for: each takes about 300 MB."""


def analyze(
    videos: Annotated[
        list[Path], typer.Argument(metavar="VIDEO...", help="Recordings of a massage.", callback=expand_patterns)
    ],
    routine: Annotated[str, typer.Option(metavar="ID", help="A routine's id or file.")] = DEFAULT_ROUTINE,
    step: StepOption = None,
    out: OutOption = None,
    workers: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="N", help=f"Videos judged at the same time. Default: one a core, at most {MAX_DEFAULT_WORKERS}."
        ),
    ] = None,
    json_out: Annotated[bool, typer.Option("--json", help="One JSON object a video on stdout, nothing else there.")] = False,
    save: Annotated[bool, typer.Option("--save", help="Enter them into the history, as live sessions are.")] = False,
    contact: ContactOption = None,
    input_mirrored: InputMirroredOption = False,
    label: LabelOption = None,
    label_table: Annotated[
        Path | None,
        typer.Option(
            "--labels", metavar="FILE", help="Labels from a CSV file, a line a video: file,participant,condition,start."
        ),
    ] = None,
    keep_landmarks: KeepLandmarksOption = False,
    shard: Annotated[
        str | None, typer.Option("--shard", metavar="I/N", help="Only part I of N, for N machines that share the work.")
    ] = None,
    cluster: Annotated[
        str | None, typer.Option("--cluster", metavar="ADDRESS", help="Judge on the machines of this Dask scheduler.")
    ] = None,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Analyse again even if a result exists.")] = False,
) -> None:
    """Judge recordings as fast as this computer can.

    With --out, one video's session goes into that folder, those of several into folders in it, named like the videos. What
    lies there already, made of the same content with the same settings, is taken from there (so an analysis that was
    interrupted can continue); any other of a recording is replaced. Without --out and --save nothing is kept.
    """
    labels = labels_from(label)
    part, parts = _shard(shard)

    from facetrack.routine.library import routine_with

    # wrong names are reported before anything is read
    routine_with(routine, [step] if step else []).with_contact(contact.value if contact else None)

    from facetrack.app.batch.job import AnalysisJob, in_shard, most_severe, session_folders
    from facetrack.app.batch.label_table import RecordingLabels, labels_of, read_label_table
    from facetrack.app.batch.many import analyse_all
    from facetrack.app.shutdown import INTERRUPTED, stop_on_signals
    from facetrack.cli.console import print_message
    from facetrack.cli.progress import BatchProgressBar, fetch_missing_models
    from facetrack.session.files import look_before_writing
    from facetrack.session.folder import LANDMARKS_NAME, sessions_dir
    from facetrack.session.own_files import check_session_folder
    from facetrack.system.cores import usable_cores
    from facetrack.system.streams import write_error

    alone = len(videos) == 1
    folders = session_folders(videos, out)
    inputs = [*videos, Path(routine), *([label_table] if label_table else [])]
    for folder in filter(None, folders):
        check_session_folder(folder, inputs, replace=True)
    place = sessions_dir() if save and out is None else out
    if place is not None:
        look_before_writing(place)
    if keep_landmarks:
        if out is None and not save:
            raise UsageError("--keep-landmarks needs a place to keep them: --out or --save.")
        print_message(f"Landmarks of face and hands are kept beside each session, as numbers ({LANDMARKS_NAME}).")
    described = [RecordingLabels(labels)] * len(videos)
    if label_table is not None:
        described = labels_of(videos, read_label_table(label_table), labels, label_table)
    jobs = [
        AnalysisJob(
            video,
            routine,
            step,
            folder,
            save,
            one.labels,
            one.started_at,
            input_mirrored,
            keep_landmarks,
            not no_cache,
            alone,
            contact.value if contact else None,
        )
        for video, folder, one in zip(videos, folders, described, strict=True)
    ]
    jobs = in_shard(jobs, part, parts)
    workers = workers or min(usable_cores(), MAX_DEFAULT_WORKERS)
    statuses: list[int] = []
    from_cache = 0
    with stop_on_signals() as stop:
        fetch_missing_models()  # once, before the workers would
        with BatchProgressBar([_size(job.video) for job in jobs]) as bar:
            if cluster is None:
                results = analyse_all(jobs, workers, stop, bar.update, print_message)
            else:
                from facetrack.app.batch.cluster import analyse_on_cluster

                results = analyse_on_cluster(jobs, cluster, stop, print_message)
            for number, result in enumerate(results):
                bar.done(number)
                _show(result, json_out)
                statuses.append(result.exit_status)
                from_cache += result.from_cache
                if out is None and not save and write_error(sys.stdout):  # nobody reads results that are not kept either
                    break
        _report_cache(from_cache, len(jobs))
        if stop():  # some recordings may have no results
            statuses.append(INTERRUPTED)
    raise typer.Exit(most_severe(statuses))


def _shard(text: str | None) -> tuple[int, int]:
    """Read I/N. Raises UsageError."""
    part, slash, parts = (text or "1/1").partition("/")
    if not (slash and part.isdecimal() and parts.isdecimal() and 1 <= int(part) <= int(parts)):
        raise UsageError(f"--shard {text!r} is not I/N with I from 1 to N, for example --shard 2/3.")
    return int(part), int(parts)


def _size(video: Path) -> float:
    try:
        return video.stat().st_size
    except OSError:  # reported when it is read
        return 0.0


def _report_cache(from_cache: int, recordings: int) -> None:
    from facetrack.cli.console import print_message

    if not from_cache:
        return
    which = "The recording was" if recordings == 1 else f"{from_cache} of {recordings} recordings were"
    print_message(
        f"{which} analysed before, with the same content and settings; that result was taken. --no-cache analyses anew."
    )


def _show(result: "AnalysisResult", json_out: bool) -> None:
    from facetrack.cli.console import print_message
    from facetrack.cli.summary import print_summary

    if result.document is not None and json_out:
        typer.echo(result.document.to_json())
    elif result.document is not None:
        typer.echo(f"{result.video}")
        print_summary(result.document, result.folder, result.message)
    if result.message:
        print_message(result.message)
