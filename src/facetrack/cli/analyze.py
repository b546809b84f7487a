"""facetrack analyze: recordings, judged as live but as fast as the machine can."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from facetrack.cli.options import (
    DEFAULT_ROUTINE,
    InputMirroredOption,
    LabelOption,
    OutOption,
    StepOption,
    labels_from,
    routine_with,
)

if TYPE_CHECKING:
    from facetrack.cli.analysis import Analysed

MOST: Final = 8
"""Workers, unless more are asked for: each takes some 300 MB."""


def analyze(
    videos: Annotated[list[Path], typer.Argument(metavar="VIDEO...", help="Recordings of a massage.")],
    routine: Annotated[str, typer.Option(metavar="ID", help="A routine's id or file.")] = DEFAULT_ROUTINE,
    step: StepOption = None,
    out: OutOption = None,
    workers: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help=f"Videos judged at the same time. Default: one a core, at most {MOST}."),
    ] = None,
    json_out: Annotated[bool, typer.Option("--json", help="One JSON object a video on stdout, nothing else there.")] = False,
    save: Annotated[bool, typer.Option("--save", help="Into the history, as a live session.")] = False,
    input_mirrored: InputMirroredOption = False,
    label: LabelOption = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Also what was analysed before.")] = False,
) -> None:
    """Judge recordings as fast as this computer can.

    With --out, one video's session goes into that folder, those of several into folders in it, named like the videos. What
    lies there already, made of the same content with the same settings, is taken from there (so an analysis that was
    interrupted can go on); any other is replaced. Without --out and --save nothing is kept.
    """
    labels = labels_from(label)
    routine_with(routine, [step] if step else [])  # wrong names are told before anything is read

    from facetrack.cli.analysis import Job, analyse_all, session_folders, worst
    from facetrack.cli.progress import RecordingsBar, progress_wanted
    from facetrack.cli.stopping import INTERRUPTED, stopping
    from facetrack.cli.streams import write_error
    from facetrack.system.cores import usable_cores

    alone = len(videos) == 1
    jobs = [
        Job(video, routine, step, folder, save, labels, input_mirrored, fresh, alone)
        for video, folder in zip(videos, session_folders(videos, out), strict=True)
    ]
    bar = RecordingsBar([_size(video) for video in videos], progress_wanted())
    codes: list[int] = []
    kept = 0
    with stopping() as stop:
        try:
            for number, analysed in enumerate(analyse_all(jobs, workers or min(usable_cores(), MOST), stop, bar.reached)):
                bar.done(number)
                _show(analysed, json_out)
                codes.append(analysed.code)
                kept += analysed.kept
                if out is None and not save and write_error(sys.stdout):  # nobody reads results that are not kept either
                    break
        finally:
            bar.wipe()
        _say_kept(kept, len(jobs))
        if stop():  # of some there may be no results
            codes.append(INTERRUPTED)
    raise typer.Exit(worst(codes))


def _size(video: Path) -> float:
    try:
        return video.stat().st_size
    except OSError:  # told when it is read
        return 0.0


def _say_kept(kept: int, recordings: int) -> None:
    from facetrack.cli.words import say

    if not kept:
        return
    which = "The recording was" if recordings == 1 else f"{kept} of {recordings} recordings were"
    say(f"{which} analysed before, with the same content and settings, and taken from there. --fresh analyses anew.")


def _show(analysed: "Analysed", json_out: bool) -> None:
    from facetrack.cli.summary import print_summary
    from facetrack.cli.words import say

    if analysed.document is not None and json_out:
        typer.echo(json.dumps(analysed.document, allow_nan=False))
    elif analysed.document is not None:
        typer.echo(f"{analysed.video}")
        print_summary(analysed.document, analysed.folder)
    if analysed.message:
        say(analysed.message)
