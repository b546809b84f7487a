"""What the mannequin plays in the demo, and how what it did wrong compares with what it was told."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import typer

from facetrack.cli.summary import table

if TYPE_CHECKING:
    from facetrack.coach.verdict import Side
    from facetrack.mannequin import Mistake, MistakeWindow, Performance
    from facetrack.routine.compiled import CompiledRoutine, CompiledStep, Kind

FILM_FPS: Final = 16.0
"""Half as many frames to draw and to judge as at a webcam's 30, and still a flowing picture."""
CAMERA_FOV_DEG: Final = 50.0
"""The mannequin's camera looks a little closer than a webcam, so that the face fills the picture."""
NEUTRAL_S: Final = 2.5
"""Before the hands come: the coach learns the face in two of them."""
BEGIN_S: Final = 2.0
"""When the coach has learnt the face, and the first step begins."""
STEPS_S: Final = (14.3, 16.3)
"""Work in the first and in the second step, finished to the end of a repetition: four to six of them."""
LEAVE_S: Final = 0.5
"""After a step's last touch, when the hands are on their way out, the coach goes on."""
TOLD_WITHIN_S: Final = 1.5
"""The public contract: a correction is raised within this of its evidence, and withdrawn within this of the mend."""


@dataclass(frozen=True, slots=True)
class Slip:
    """A mistake of the play: in the step's repetition of that number, from 0, and as many after it as begin in lasting_s."""

    kind: "Kind"
    side: "Side"
    repetition: int
    lasting_s: float = 0.0


WHOLE_STEP_S: Final = 1000.0
ONE_SIDE_SHORT: Final = Slip("symmetry", "left", 0, WHOLE_STEP_S)
"""Where one side may follow the other they are compared at the step's end, so that one must fall short all along."""
ONE_SIDE_IDLE: Final = Slip("symmetry", "left", 2, 3.0)
SLIPS: Final[tuple[tuple[Slip, ...], ...]] = (
    (Slip("direction", "right", 2),),
    (Slip("pace", "both", 1, 4.5), Slip("zone", "both", 4)),
)
"""Of the first and of the second step; symmetry comes to the first."""


def timed(routine: "CompiledRoutine", play: "Performance") -> "CompiledRoutine":
    """The routine with steps that end by time, when the mannequin has done them: it can't wait for the coach, being a film."""
    seconds: dict[int, float] = {}
    begin_s = BEGIN_S
    for span in play.spans:
        end_s = span.t_end_s + LEAVE_S
        seconds.setdefault(play.steps[span.step].index, end_s - begin_s)
        begin_s = end_s
    steps = tuple(replace(step, repetitions=None, seconds=seconds[step.index]) for step in routine.steps)
    return replace(routine, steps=steps)


def demo_performance(routine: "CompiledRoutine", again: tuple[str, ...] = ()) -> "Performance":
    """Both hands together, with mistakes in each step but none the second time. Always the same one."""
    from facetrack.mannequin import Mistake, Style, perform_steps

    style = Style(order="together")
    shown = [*routine.steps, *(routine.step(name) for name in again)]
    steps = [replace(step, repetitions=None, seconds=STEPS_S[index % len(STEPS_S)]) for index, step in enumerate(shown)]

    def play(mistakes: "list[Mistake]") -> "Performance":
        return perform_steps(steps, mistakes, style, neutral_s=NEUTRAL_S)

    mistakes: list[Mistake] = []
    for index, step in enumerate(routine.steps):
        for slip in _slips(step, index):
            # When a repetition begins depends on the mistakes before it.
            so_far = play(mistakes)
            side = "right" if slip.side == "right" else "left"
            starts_s = [one.t_start_s for one in so_far.repetitions if (one.step, one.side) == (index, side)]
            if starts_s:
                start_s = starts_s[min(slip.repetition, len(starts_s) - 1)]
                end_s = min(start_s + slip.lasting_s, so_far.spans[index].t_end_s)
                mistakes.append(Mistake(slip.kind, slip.side, start_s, end_s))
    return play(mistakes)


def _slips(step: "CompiledStep", index: int) -> list[Slip]:
    """Those of SLIPS that the step allows."""
    from facetrack.mannequin import possible_variants

    slips = list(SLIPS[index % len(SLIPS)])
    if index % len(SLIPS) == 0:
        slips.append(ONE_SIDE_SHORT if step.hands == "either" else ONE_SIDE_IDLE)
    if step.hands in ("left", "right"):
        slips = [replace(slip, side=step.hands) for slip in slips]
    return [slip for slip in slips if slip.kind in step.judge and possible_variants(step, slip.kind)]


def answers(correction: dict[str, Any], window: "MistakeWindow", performance: "Performance") -> bool:
    """Whether a correction is that of a mistake: its kind, step and side, and raised in time."""
    if correction["kind"] != window.kind or correction["step"] != performance.steps[window.step].id:
        return False
    if "both" not in (correction["side"], window.side) and correction["side"] != window.side:
        return False
    if correction["message_id"] == "symmetry.totals":  # told at the step's end
        return True
    in_time: bool = window.t_start_s <= correction["t_start_s"] <= _mended_s(window, performance) + TOLD_WITHIN_S
    return in_time


def _mended_s(window: "MistakeWindow", performance: "Performance") -> float:
    """When the right movement after a mistake begins: until then nothing shows that it is over."""
    right = [
        stroke.t_start_s
        for stroke in performance.strokes
        if stroke.kind in ("along", "hold") and stroke.t_start_s >= window.t_end_s and window.side in (stroke.side, "both")
    ]
    return min(right, default=window.t_end_s)


def print_mistakes(performance: "Performance", document: dict[str, Any]) -> None:
    """On stdout: each mistake that was made until the session's end and its correction, then the corrections that none had
    asked for."""
    made = [window for window in performance.mistakes if window.t_start_s < document["duration_s"]]
    rows = [("mistake", "step", "side", "from", "to", "told at", "with the words")]
    corrections = document["corrections"]
    asked: set[int] = set()
    told = 0
    for window in made:
        step = performance.steps[window.step].id
        found = [number for number, one in enumerate(corrections) if answers(one, window, performance)]
        asked.update(found)
        told += bool(found)
        answer = (_seconds(corrections[found[0]]["t_start_s"]), corrections[found[0]]["message"]) if found else ("not told", "")
        rows.append((window.kind, step, window.side, _seconds(window.t_start_s), _seconds(window.t_end_s), *answer))
    if made:
        typer.echo("\n".join(f"  {line}" for line in table(rows, right=False)))
    unasked = [one for number, one in enumerate(corrections) if number not in asked]
    typer.echo(f"Mistakes told: {told} of {len(made)}; corrections of what was right: {len(unasked)}")
    for one in unasked:
        typer.echo(f"  {one['kind']}, {one['step']}, {one['side']}, {_seconds(one['t_start_s'])}: {one['message']}")


def _seconds(t_s: float) -> str:
    return f"{t_s:.1f} s"
