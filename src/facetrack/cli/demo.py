"""facetrack demo: a drawn person performs two steps, makes mistakes on purpose, and is coached through the whole real line."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from facetrack.cli.options import LabelOption, OutOption, StepOption, labels_from, routine_with
from facetrack.cli.run import window_wanted
from facetrack.cli.words import say_plain
from facetrack.errors import UsageError

if TYPE_CHECKING:
    from facetrack.mannequin import Performance
    from facetrack.routine.compiled import CompiledRoutine

DEMO_ROUTINE: Final = "fascia"
SHOWN_STEPS: Final = ("forehead", "jawline")
FOLDER: Final = Path("out") / "demo"


def demo(
    routine: Annotated[str, typer.Argument(metavar="ROUTINE", help="A routine's id or file.")] = DEMO_ROUTINE,
    step: StepOption = None,
    headless: Annotated[bool, typer.Option("--headless", help="No window.")] = False,
    out: OutOption = None,
    no_save: Annotated[bool, typer.Option("--no-save", help="Keep nothing.")] = False,
    no_mirror: Annotated[bool, typer.Option("--no-mirror", help="Show the picture unmirrored.")] = False,
    label: LabelOption = None,
) -> None:
    """Watch the mannequin being coached: two steps (fascia: forehead and jawline) with some mistakes.

    Session and annotated video go to out/demo, which each demo replaces, or where --out says; never into the history. With a
    display it plays in a window at its own pace, without one as fast as it goes.
    """
    if no_save and out is not None:
        raise UsageError("--no-save keeps nothing: leave out --out.")
    labels = labels_from(label)
    chosen = _shortened(routine_with(routine, [step] if step else []), step)
    window = window_wanted(headless)

    from facetrack.capture import VideoSource
    from facetrack.cli.demo_play import demo_performance, print_mistakes
    from facetrack.cli.line import ANNOTATED, Wish, conduct
    from facetrack.cli.stopping import stopping
    from facetrack.cli.summary import print_summary

    performance = demo_performance(chosen)
    source = VideoSource(_film(performance), paced=window, kind="mannequin")
    folder = None if no_save else out or FOLDER
    wish = Wish(
        chosen,
        folder=folder,
        step=step,
        labels=labels,
        window=window,
        video=folder is not None,
        mirrored=not no_mirror,
        replace=out is None,
    )
    with stopping() as stop:
        done = conduct(source, wish, stop)
        if done.document is not None:
            print_summary(done.document, None)
            print_mistakes(performance, done.document)
        if folder is not None and (folder / ANNOTATED).exists():
            typer.echo(f"Session and annotated video ({ANNOTATED}) are in {folder}")
    raise typer.Exit(done.exit_code())


def _shortened(routine: "CompiledRoutine", step: str | None) -> "CompiledRoutine":
    """The routine with the one or two steps that are shown."""
    from dataclasses import replace

    wanted = [one for one in routine.steps if one.id in (SHOWN_STEPS if step is None else (step,))]
    wanted = wanted or [one for one in routine.steps if not one.optional][:2]
    return replace(routine, steps=tuple(replace(one, index=index) for index, one in enumerate(wanted)))


def _film(performance: "Performance") -> Path:
    """The performance as a video file, from the cache if it was drawn before."""
    from facetrack.cli.demo_play import FILM_FPS
    from facetrack.cli.progress import progress_wanted, show_share, wipe
    from facetrack.mannequin import render_clip

    told = False

    def progress(done: int, total: int) -> None:
        nonlocal told
        if not told:
            say_plain("Drawing the mannequin once; the next demo begins at once.")
            told = True
        if progress_wanted():
            show_share("Drawing", done / total)

    clip = render_clip(performance, fps=FILM_FPS, progress=progress)
    if told and progress_wanted():
        wipe()
    return clip.video
