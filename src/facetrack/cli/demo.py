"""facetrack demo: a drawn person performs two steps, makes mistakes on purpose, and is coached through the whole real line."""

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from facetrack.cli.options import SessionOptions, routine_with, with_session_options
from facetrack.cli.run import say_without_window, window_missing
from facetrack.cli.words import say_plain

if TYPE_CHECKING:
    from facetrack.mannequin import Performance
    from facetrack.routine.compiled import CompiledRoutine

DEMO_ROUTINE: Final = "fascia"
SHOWN_STEPS: Final = ("forehead", "jawline")
FOLDER: Final = Path("out") / "demo"
SHOWN_TIMES: Final = 1.7
"""A window shows the film so many times as fast as it was played: 25 s of watching. The judgement sees the film's own times."""


@with_session_options
def demo(
    routine: Annotated[str, typer.Argument(metavar="ROUTINE", help="A routine's id or file.")] = DEMO_ROUTINE,
    *,
    options: SessionOptions,
) -> None:
    """Watch a drawn person being coached.

    The mannequin does two steps (of fascia forehead and jawline) with some mistakes. Annotated video, session and report go to
    out/demo, which each demo replaces, or where --out says; never into the history. With a display it plays in a window, a
    little quicker than life, without one as fast as it goes.
    """
    options.check()
    repeated = options.repeated
    chosen = _shortened(routine_with(routine, options.named_steps), options.step, repeated)
    missing = window_missing(options.headless)
    window = missing is None
    say_without_window(missing)

    from facetrack.capture import FlippedSource, FrameSource, VideoSource
    from facetrack.cli.demo_play import demo_performance, print_mistakes, timed
    from facetrack.cli.line import Wish, conduct
    from facetrack.cli.pace import PaceSink
    from facetrack.cli.stopping import stopping
    from facetrack.cli.summary import print_summary
    from facetrack.flow import FlowOptions

    performance = demo_performance(chosen, repeated)
    source: FrameSource = VideoSource(_film(performance), kind="mannequin")
    if options.input_mirrored:
        source = FlippedSource(FlippedSource(source))  # a camera that mirrors, and what is done about it
    folder = None if options.no_save else options.out or FOLDER
    wish = Wish(
        timed(chosen, performance),
        folder=folder,
        step=options.step,
        again=repeated,
        labels=options.labels,
        window=window,
        video=folder is not None,
        mirrored=not options.no_mirror,
        replace=options.out is None,
        flow=FlowOptions(
            waits=False,
            measure_pulse=options.measure_pulse,
            bpm=math.nan if options.bpm is None else options.bpm,
            known=frozenset(step.id for step in chosen.steps),
        ),
        voice=window and options.voice is not False,
        guide=options.guide_only,
    )
    with stopping() as stop:
        done = conduct(source, wish, stop, sinks=[PaceSink(SHOWN_TIMES)] if window else [])
        if done.document is not None:
            print_summary(done.document, None)
            if not options.guide_only:
                print_mistakes(performance, done.document)
        if done.document is not None and folder is not None:
            _print_files(folder)
    raise typer.Exit(done.exit_code())


def _shortened(routine: "CompiledRoutine", step: str | None, again: tuple[str, ...]) -> "CompiledRoutine":
    """The routine with the one or two steps that are shown, and those that are shown again."""
    from dataclasses import replace

    first: tuple[str, ...] = SHOWN_STEPS if step is None else (step,)
    if not any(one.id in first for one in routine.steps):
        first = tuple(one.id for one in sorted(routine.steps, key=lambda one: one.optional)[:2])
    wanted = [one for one in routine.steps if one.id in (*first, *again)]
    return replace(routine, steps=tuple(replace(one, index=index) for index, one in enumerate(wanted)))


def _film(performance: "Performance") -> Path:
    """The performance as a video file, from the cache if it was drawn before."""
    from facetrack.cli.demo_play import CAMERA_FOV_DEG, FILM_FPS
    from facetrack.cli.progress import progress_wanted, show_share, wipe
    from facetrack.mannequin import Camera, Scene, render_clip

    told = False

    def progress(done: int, total: int) -> None:
        nonlocal told
        if not told:
            say_plain("Drawing the mannequin once; the next demo begins at once.")
            told = True
        if progress_wanted():
            show_share("Drawing", done / total)

    scene = Scene(camera=Camera(fov_deg=CAMERA_FOV_DEG))
    clip = render_clip(performance, scene, fps=FILM_FPS, progress=progress)
    if told and progress_wanted():
        wipe()
    return clip.video


def _print_files(folder: Path) -> None:
    """Writes the report, and says where everything is. Raises FacetrackError where it can't be written."""
    from facetrack.report import write_report
    from facetrack.session.folder import DOCUMENT_NAME, VIDEO_NAME

    report = write_report(folder)
    for what, path in (("Annotated video", folder / VIDEO_NAME), ("Session", folder / DOCUMENT_NAME), ("Report", report)):
        if path.exists():
            typer.echo(f"{what}: {path}")
