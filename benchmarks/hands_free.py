"""A whole session without a key: the mannequin goes from the first page to the end, with mistakes in each step.

``python -m benchmarks.hands_free japanese`` does all steps of a routine, from exact landmarks with errors like the tracker's;
``--pixels`` renders and tracks every frame, in a window where there is a display. It prints what was reached, shown and spoken.
"""

import argparse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from benchmarks.accuracy.noise import observe
from benchmarks.accuracy.projection import project
from facetrack.capture.source import SourceInfo
from facetrack.coach import CoachOptions, LiveCoach
from facetrack.flow import FlowOptions, SessionFlow
from facetrack.flow.pages.intro_pages import advice_of, reading_s
from facetrack.mannequin import Camera, HeadMotion, Mistake, Performance, Scene, Style, perform_steps, possible_variants
from facetrack.packets import Frame, Observation
from facetrack.pipeline.judge import Judge
from facetrack.pipeline.pipeline import Pipeline
from facetrack.pipeline.sinks import FrameResult, RunEnd, Sink
from facetrack.routine import load_routine
from facetrack.routine.compiled import CompiledRoutine, CompiledStep, Kind

FPS = 20.0
OPENING_S = 14.0
"""Until the hands come, after the advice: how long it takes, framing, the face at rest and what to prepare."""
STEP_S = 14.0
AFTER_S = 40.0
"""For the end page, which ends by itself."""
FIRST_MISTAKE_S, LASTING_S = 5.0, 4.0
RUSHED_S = 8.0
"""A rushed hand rests between its strokes: so long it takes until it has stroked for the 1.5 s that pace is judged by."""
KINDS = ("zone", "pace", "direction", "symmetry")
STYLE = Style(order="together", variation=0.5)
CAMERA = Camera(fov_deg=50.0)


class Film:
    """A camera's frames without a picture worth looking at."""

    corruption = None
    frames_dropped = 0
    frame_available = False

    def __init__(self, times_s: np.ndarray) -> None:
        self.times_s = times_s
        self.info = SourceInfo("camera", "mannequin", CAMERA.size_wh, FPS, None)

    def frames(self) -> Iterator[Frame]:
        width, height = CAMERA.size_wh
        grain = np.random.default_rng(1).integers(100, 160, (height, width, 3), np.uint8)  # grey alone is no picture
        for index, t_s in enumerate(self.times_s):
            yield Frame(np.roll(grain, index, axis=0), float(t_s), index)

    def close(self) -> None:
        pass


@dataclass
class Seen:
    """A tracker that knows what will be there."""

    observations: list[Observation]
    model_hashes: dict[str, str] = field(default_factory=dict)
    at: int = 0
    spare_s: float = 0.0

    def update(self, _frame: Frame, _following: Callable[[], Frame | None]) -> Observation:
        self.at += 1
        return self.observations[self.at - 1]


class Watcher:
    """Keeps everything but the pictures."""

    name = "The watcher"

    def __init__(self) -> None:
        self.results: list[FrameResult] = []

    def on_frame(self, result: FrameResult) -> None:
        self.results.append(replace(result, frame=Frame(np.empty((0, 0, 3), np.uint8), result.frame.t_s, result.frame.index)))

    def finish(self, end: RunEnd) -> None:
        pass

    def close(self) -> None:
        pass


def chosen(name: str, steps: Sequence[str] = ()) -> CompiledRoutine:
    """The routine, or these steps of it."""
    whole = load_routine(name)
    wanted = [whole.step(step) for step in steps] or list(whole.steps)
    return replace(whole, steps=tuple(replace(step, index=index) for index, step in enumerate(wanted)))


def timed(routine: CompiledRoutine, play: Performance) -> CompiledRoutine:
    """Steps that end when the mannequin has done them: a film can't wait for the coach."""
    # A step's clock stands still while no hand is at the face: between two steps.
    steps = [
        replace(step, repetitions=None, seconds=span.t_end_s - span.t_start_s)
        for step, span in zip(routine.steps, play.spans, strict=True)
    ]
    return replace(routine, steps=tuple(steps))


def performance(routine: CompiledRoutine) -> Performance:
    """Each step right but for one mistake, of the kinds in turn as far as a step allows them."""

    def play(mistakes: Sequence[Mistake]) -> Performance:
        return perform_steps(
            routine.steps, mistakes, STYLE, neutral_s=OPENING_S + sum(reading_s(advice_of(routine))), seconds=STEP_S
        )

    mistakes: list[Mistake] = []
    for index, step in enumerate(routine.steps):
        kind = next(iter(kinds_for(index, step)))
        side = "left" if kind == "symmetry" else "both"
        start_s = play(mistakes).spans[index].t_start_s + FIRST_MISTAKE_S
        mistakes.append(Mistake(kind, side, start_s, start_s + (RUSHED_S if kind == "pace" else LASTING_S)))
    return play(mistakes)


def kinds_for(index: int, step: CompiledStep) -> list[Kind]:
    """The kinds of mistakes that can be made in a step, another one first in each."""
    kinds = dict.fromkeys([*KINDS[index % len(KINDS) :], *KINDS])
    return [kind for kind in kinds if kind in step.judge and possible_variants(step, kind)]


def session(routine: CompiledRoutine, play: Performance) -> list[FrameResult]:
    """Every result of the session, from exact landmarks with noise. Raises what broke the pipeline."""
    return run_flow(timed(routine, play), play, lambda times_s: observe(project(play, times_s, HeadMotion(), CAMERA), 3))


def run_flow(
    routine: CompiledRoutine, play: Performance, observed: Callable[[np.ndarray], list[Observation]]
) -> list[FrameResult]:
    """Every result of a live session in which the tracker sees what observed says of times (N,); the last is held."""
    times_s = np.arange(0.0, play.duration_s + AFTER_S, 1.0 / FPS)
    held = observed(np.minimum(times_s, play.duration_s))
    seen = [replace(one, t_s=float(t_s)) for one, t_s in zip(held, times_s, strict=True)]
    watcher = Watcher()
    flow, coach = SessionFlow(routine, routine.steps, FlowOptions(safety=False)), LiveCoach(routine, CoachOptions(voice=True))
    outcome = Pipeline(Film(times_s), Seen(seen), Judge(coach), [watcher], live=True, flow=flow).run()
    if outcome.error is not None:
        raise outcome.error
    return watcher.results


def session_of_pixels(routine: CompiledRoutine, play: Performance, folder: Path) -> list[FrameResult]:
    """The same, rendered and tracked, through the command's own line; in a window where there is a display."""
    from facetrack.app.session_config import JudgingConfig, PresentationConfig, SessionConfig, StorageConfig
    from facetrack.app.session_runner import run_session
    from facetrack.capture import VideoSource
    from facetrack.mannequin import render_clip
    from facetrack.overlay import display_missing

    film = render_clip(play, Scene(camera=CAMERA), fps=16.0)
    watcher, made = Watcher(), timed(routine, play)
    sinks: list[Sink] = [watcher]
    window = display_missing() is None
    config = SessionConfig(
        JudgingConfig(made),
        StorageConfig(folder, replace=True, video=True),
        PresentationConfig(window, voice=True, flow=FlowOptions(safety=False)),
        live=True,
    )
    ended = run_session(config, VideoSource(film, paced=window, kind="mannequin"), sinks=sinks)
    if ended.error is not None:
        raise ended.error
    return watcher.results


def tell(results: list[FrameResult], play: Performance) -> None:
    """What was reached, shown and spoken."""
    before = None
    events = {event.index: event for result in results for event in result.verdict.changed}
    for result in results:
        screen = result.screen
        assert screen is not None
        if screen.page != before:
            print(f"{result.frame.t_s:7.1f} s  page {screen.page}")
        before = screen.page
        for end in result.verdict.ended:
            print(f"{result.frame.t_s:7.1f} s  {end.step_id}: {end.status}")
        for say in screen.utterances:
            print(f"{result.frame.t_s:7.1f} s  says: {say.words}")
    keys = [command for result in results for command in result.commands if command not in ("pause", "resume")]
    cues = [result.verdict.cue for result in results if result.verdict.cue is not None and result.verdict.cue.shown]
    told = {(events[cue.correction].kind, events[cue.correction].step_id) for cue in cues}
    made = {(mistake.kind, play.steps[mistake.step].id) for mistake in play.mistakes}
    done = sum(end.status == "done" for result in results for end in result.verdict.ended)
    print(f"keys: {len(keys)}; steps done: {done} of {len(play.steps)}; mistakes shown: {len(made & told)} of {len(made)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("routine", nargs="?", default="japanese")
    parser.add_argument("--steps", nargs="*", default=[])
    parser.add_argument("--pixels", action="store_true")
    parser.add_argument("--out", type=Path, default=Path("out") / "hands-free")
    given = parser.parse_args()
    routine = chosen(given.routine, given.steps)
    play = performance(routine)
    tell(session_of_pixels(routine, play, given.out) if given.pixels else session(routine, play), play)


if __name__ == "__main__":
    main()
