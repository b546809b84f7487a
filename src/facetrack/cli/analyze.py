"""facetrack analyze: recordings, judged as live but as fast as the machine can."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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


def analyze(
    videos: Annotated[list[Path], typer.Argument(metavar="VIDEO...", help="Recordings of a massage.")],
    routine: Annotated[str, typer.Option(metavar="ID", help="A routine's id or file.")] = DEFAULT_ROUTINE,
    step: StepOption = None,
    out: OutOption = None,
    workers: Annotated[int, typer.Option(min=1, metavar="N", help="Videos judged at the same time.")] = 1,
    json_out: Annotated[bool, typer.Option("--json", help="One JSON object a video on stdout, nothing else there.")] = False,
    save: Annotated[bool, typer.Option("--save", help="Into the history, as a live session.")] = False,
    input_mirrored: InputMirroredOption = False,
    label: LabelOption = None,
) -> None:
    """Judge recordings as fast as this computer can.

    With --out, one video's session goes into that folder, those of several into folders in it, named like the videos. An
    earlier analysis there is replaced. Without --out and --save nothing is kept.
    """
    labels = labels_from(label)
    routine_with(routine, [step] if step else [])  # wrong names are told before anything is read

    from facetrack.cli.analysis import Job, analyse_all, session_folders, worst
    from facetrack.cli.stopping import stopping

    jobs = [
        Job(video, routine, step, folder, save, labels, input_mirrored)
        for video, folder in zip(videos, session_folders(videos, out), strict=True)
    ]
    with stopping() as stop:
        codes = []
        for analysed in analyse_all(jobs, workers, stop):
            _show(analysed, json_out)
            codes.append(analysed.code)
    raise typer.Exit(worst(codes))


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
