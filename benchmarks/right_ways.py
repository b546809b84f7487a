"""Right ways that the articles name, done by several performers: five minutes of each, and every correction in them is false.

``python -m benchmarks.right_ways`` prints them by way: the lips in turn, spirals that begin at the chin, one hand on the nose,
and across the lips from corner to corner. Exact landmarks with errors like the tracker's; no picture.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from benchmarks.accuracy.noise import observe
from benchmarks.accuracy.projection import project
from facetrack.coach import Correction
from facetrack.mannequin import Camera, HeadMotion, Style, perform
from facetrack.pipeline.judge import Judge
from facetrack.routine import load_routine
from facetrack.routine.compiled import CompiledPhase, CompiledStep, MotionType

FPS: Final = 20.0
PERFORMERS: Final = 5
EACH_S: Final = 60.0
CAMERA: Final = Camera(fov_deg=50.0)
CORNER_TO_CORNER_MM: Final = ((-31.0, -65.0), (0.0, -65.0), (31.0, -65.0))


@dataclass(frozen=True)
class Way:
    """How a step is done: what is judged is the step as the routine has it."""

    name: str
    routine: str
    step: str
    hands: Literal["left", "right"] | None = None
    in_turn: bool = False
    from_below: bool = False
    across: MotionType | None = None  # with one hand from corner to corner; a stroke goes back lifted

    def done(self) -> CompiledStep:
        """The step as it is performed."""
        step = load_routine(self.routine).step(self.step)
        upwards = sorted(step.phases, key=lambda phase: float(phase.path_mm[0, 1]))
        phases: tuple[CompiledPhase, ...] = tuple(replace(phase, also=False) for phase in upwards)
        if self.across is not None:
            phases = (replace(step.phases[0], motion=self.across, path_mm=np.array(CORNER_TO_CORNER_MM)),)
        elif not self.from_below:
            phases = step.phases
        return replace(step, index=0, phases=phases, hands=self.hands or step.hands)


def ways() -> Iterator[Way]:
    """All of them."""
    for lip in ("upper-lip", "lower-lip"):
        yield Way(f"lips in turn, {lip}", "japanese", lip, in_turn=True)
    yield Way("spirals from the chin", "japanese", "spiral-out", from_below=True)
    for routine, step in (("japanese", "nose-bridge"), ("japanese", "nostrils"), ("fascia", "nose")):
        yield Way(f"{step} with the left hand", routine, step, hands="left")
        yield Way(f"{step} with the right hand", routine, step, hands="right")
    yield Way("lips corner to corner, to and fro", "fascia", "lips", hands="left", across="back-and-forth")
    yield Way("lips corner to corner, lifted back", "fascia", "lips", hands="left", across="stroke")


def performer(seed: int, in_turn: bool) -> Style:
    """Somebody: people differ in pace, rests, lifts and ways back."""
    rng = np.random.default_rng([seed, 19])
    return Style(
        tempo=float(rng.uniform(0.7, 1.3)),
        pause_s=float(rng.uniform(0.1, 0.8)),
        return_mm_s=float(rng.uniform(90.0, 220.0)),
        return_aside_mm=float(rng.uniform(-20.0, 20.0)),
        lift_mm=tuple(np.sort(rng.uniform(8.0, 40.0, 2)).tolist()),
        variation=0.5,
        also_in_turn=in_turn,
        seed=seed,
    )


def corrections(way: Way, seed: int, seconds: float = EACH_S) -> list[Correction]:
    """What a performer is corrected for."""
    play = perform(way.done(), style=performer(seed, way.in_turn), seconds=seconds)
    times_s = np.arange(0.0, play.duration_s, 1.0 / FPS)
    head = HeadMotion(sway_deg=2.0, sway_mm=4.0, seed=seed)
    judge = Judge.for_routine(load_routine(way.routine), step=way.step)
    last: dict[int, Correction] = {}
    for seen in observe(project(play, times_s, head, CAMERA), seed):
        last |= {event.index: event for event in judge.update(seen).changed}
    return list(last.values())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--ways", nargs="*", default=[], help="only those whose names begin so")
    given = parser.parse_args()
    for way in ways():
        if given.ways and not way.name.startswith(tuple(given.ways)):
            continue
        found = [(seed, event) for seed in range(PERFORMERS) for event in corrections(way, 100 * given.seed + seed)]
        print(f"{way.name}: {len(found)} corrections in {PERFORMERS * EACH_S / 60.0:.0f} minutes", flush=True)
        for seed, event in found:
            print(f"  performer {seed}, {event.t_start_s:5.1f} s: {event.kind} {event.message}", flush=True)


if __name__ == "__main__":
    main()
