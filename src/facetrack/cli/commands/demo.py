"""facetrack demo: coach a drawn person, who performs two steps with mistakes made on purpose, through the whole pipeline."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from facetrack.cli.commands.run import reason_for_no_window, report_missing_window
from facetrack.cli.console import console_notifier, exit_status, print_line
from facetrack.cli.options import SessionOptions, with_session_options

if TYPE_CHECKING:
    from facetrack.app.session_config import SessionConfig
    from facetrack.mannequin import Performance
    from facetrack.routine.compiled import CompiledRoutine
    from facetrack.session.document import SessionDocument

DEMO_ROUTINE: Final = "fascia"
SHOWN_STEPS: Final = ("forehead", "jawline")
FOLDER: Final = Path("out") / "demo"
PLAYBACK_RATE: Final = 1.7
"""Rate at which a window shows the film: 25 s of watching. The film is judged by its own times."""


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

    from facetrack.routine.library import routine_with
    from facetrack.session.own_files import check_session_folder

    repeated = options.repeated
    chosen = _shortened(options.fitted(routine_with(routine, options.named_steps)), options.step, repeated)
    if not options.no_save:
        check_session_folder(options.out or FOLDER, [Path(routine)], replace=options.out is None)
        from facetrack.session.files import look_before_writing

        look_before_writing(options.out or FOLDER)
    missing = reason_for_no_window(options.headless)
    window = missing is None
    report_missing_window(missing)

    from facetrack.app.session_runner import run_session
    from facetrack.app.shutdown import stop_on_signals
    from facetrack.capture import FlippedSource, FrameSource, VideoSource
    from facetrack.cli.progress import fetch_missing_models
    from facetrack.cli.summary import print_summary
    from facetrack.mannequin.demo_script import demo_performance
    from facetrack.overlay.playback_sink import PlaybackRateSink

    performance = demo_performance(chosen, repeated)
    source: FrameSource = VideoSource(_film(performance), kind="mannequin")
    if options.input_mirrored:
        source = FlippedSource(FlippedSource(source))  # a camera that mirrors, and what is done about it
    config = _config(chosen, performance, options, window)
    folder = config.storage.folder
    sinks = [PlaybackRateSink(PLAYBACK_RATE)] if window else []
    with stop_on_signals() as stop:
        fetch_missing_models()
        result = run_session(config, source, notify=console_notifier(), stop=stop, sinks=sinks)
        if result.document is not None:
            print_summary(result.document, None)
            if not options.guide_only:
                print_mistakes(performance, result.document)
        if result.document is not None and folder is not None:
            _print_files(folder)
    raise typer.Exit(exit_status(result))


def _config(routine: "CompiledRoutine", performance: "Performance", options: SessionOptions, window: bool) -> "SessionConfig":
    from facetrack.app.session_config import JudgingConfig, PresentationConfig, SessionConfig, StorageConfig
    from facetrack.flow import FlowOptions
    from facetrack.mannequin.demo_script import with_fixed_durations

    folder = None if options.no_save else options.out or FOLDER
    flow = FlowOptions(
        interactive=False,
        measure_pulse=options.measure_pulse,
        bpm=options.pulse,
        known=frozenset(step.id for step in routine.steps),
    )
    return SessionConfig(
        JudgingConfig(with_fixed_durations(routine, performance), options.step, options.repeated, options.guide_only),
        StorageConfig(
            folder,
            replace=options.out is None,
            video=folder is not None,
            landmarks=options.keep_landmarks,
            labels=options.labels,
        ),
        PresentationConfig(window, mirrored=not options.no_mirror, voice=window and options.voice is not False, flow=flow),
    )


def _shortened(routine: "CompiledRoutine", step: str | None, again: tuple[str, ...]) -> "CompiledRoutine":
    """Keep the one or two steps of the routine that are shown, and those that are shown again."""
    from dataclasses import replace

    first: tuple[str, ...] = SHOWN_STEPS if step is None else (step,)
    if not any(one.id in first for one in routine.steps):
        first = tuple(one.id for one in sorted(routine.steps, key=lambda one: one.optional)[:2])
    wanted = [one for one in routine.steps if one.id in (*first, *again)]
    return replace(routine, steps=tuple(replace(one, index=index) for index, one in enumerate(wanted)))


def _film(performance: "Performance") -> Path:
    """Render the performance to a video file, or take it from the cache."""
    from facetrack.cli.progress import ProgressBar
    from facetrack.mannequin import Camera, Scene, render_clip
    from facetrack.mannequin.demo_script import CAMERA_FOV_DEG, FILM_FPS

    announced = False

    def progress(done: int, total: int) -> None:
        nonlocal announced
        if not announced:
            print_line("Drawing the mannequin once; the next demo begins at once.")
            announced = True
        bar.reached(done, total)

    scene = Scene(camera=Camera(fov_deg=CAMERA_FOV_DEG))
    with ProgressBar("Drawing") as bar:
        return render_clip(performance, scene, fps=FILM_FPS, progress=progress)


def _print_files(folder: Path) -> None:
    """Write the report, and print where everything is. Raises FacetrackError where it can't be written."""
    from facetrack.report import write_report
    from facetrack.session.folder import DOCUMENT_NAME, VIDEO_NAME

    report = write_report(folder)
    for what, path in (("Annotated video", folder / VIDEO_NAME), ("Session", folder / DOCUMENT_NAME), ("Report", report)):
        if path.exists():
            typer.echo(f"{what}: {path}")


def print_mistakes(performance: "Performance", document: "SessionDocument") -> None:
    """Print each mistake that was made until the session's end with its correction, then the false corrections.

    What was shown only when the mistake was over is late.
    """
    from facetrack.cli.summary import table
    from facetrack.mannequin.demo_script import in_time, matches
    from facetrack.routine.kinds import kind_of

    made = [window for window in performance.mistakes if window.t_start_s < document.duration_s]
    rows = [("mistake", "step", "side", "from", "to", "detected at", "with the words")]
    corrections = document.corrections
    matched: set[int] = set()
    detected = late = 0
    for window in made:
        step = performance.steps[window.step].id
        found = [number for number, one in enumerate(corrections) if matches(one, window, performance)]
        matched.update(found)
        detected += bool(found)
        answer = (_seconds(corrections[found[0]].t_start_s), corrections[found[0]].message) if found else ("missed", "")
        if found and not any(in_time(number, document.cues, window, performance) for number in found):
            late += 1
            answer = (f"{answer[0]}, late", answer[1])
        rows.append(
            (kind_of(window.kind).word, step, window.side, _seconds(window.t_start_s), _seconds(window.t_end_s), *answer)
        )
    if made:
        typer.echo("\n".join(f"  {line}" for line in table(rows, right=False)))
    false = [one for number, one in enumerate(corrections) if number not in matched]
    told_late = f", {late} of them too late to mend" if late else ""
    typer.echo(f"Mistakes detected: {detected} of {len(made)}{told_late}; false corrections: {len(false)}")
    for one in false:
        typer.echo(f"  {kind_of(one.kind).word}, {one.step}, {one.side}, {_seconds(one.t_start_s)}: {one.message}")


def _seconds(t_s: float) -> str:
    return f"{t_s:.1f} s"
