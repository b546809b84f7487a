"""Writes the script of the demo: what the mannequin performs, and which correction belongs to which of its mistakes."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from facetrack.coach.verdict import Side
    from facetrack.mannequin import Mistake, MistakeWindow, Performance
    from facetrack.routine.compiled import CompiledRoutine, CompiledStep, Kind
    from facetrack.session.document import CorrectionEvent, CueEvent

FILM_FPS: Final = 16.0
"""The film's frame rate: half as many frames to draw and to judge as at a webcam's 30, and still a flowing picture."""
CAMERA_FOV_DEG: Final = 50.0
"""The field of view of the mannequin's camera: a little narrower than a webcam's, so that the face fills the picture."""
NEUTRAL_S: Final = 2.5
"""Time before the hands come; the coach learns the face within two seconds of it."""
GOES_ON_S: Final = 3.5
"""A step that waits for its lesser side ends only when the hands are at work on the next, which then begins so late."""
STEPS_S: Final = (14.3, 16.3)
"""Time of work in the first and in the second step; the last repetition, of four to six, is finished."""
LAST_TOUCH_S: Final = 0.3
"""A step is due this long before its last touch: while the hands are still at the face, so that they can be spoken to."""
CORRECTED_WITHIN_S: Final = 1.5
"""Time within which a correction is raised after its evidence, and withdrawn after the mend, by the public contract."""


@dataclass(frozen=True, slots=True)
class ScriptedMistake:
    """A mistake that the mannequin makes on purpose."""

    kind: "Kind"
    side: "Side"
    repetition: int  # the repetition of the step that it is made in, from 0
    lasting_s: float = 0.0  # later repetitions that begin within this time have it too


WHOLE_STEP_S: Final = 1000.0
"""A time longer than any step."""
ONE_SIDE_SHORT: Final = ScriptedMistake("symmetry", "left", 0, WHOLE_STEP_S)
"""The mistake for steps that compare the sides at their end, as one may follow the other: one falls short throughout."""
ONE_SIDE_IDLE: Final = ScriptedMistake("symmetry", "left", 2, 3.0)
"""The mistake for steps that work both sides at once."""
MISTAKES: Final[tuple[tuple[ScriptedMistake, ...], ...]] = (
    (ScriptedMistake("direction", "right", 2),),
    (ScriptedMistake("pace", "both", 1, 4.5), ScriptedMistake("zone", "both", 4)),
)
"""The mistakes of the first and of the second step; one of symmetry is added to the first."""


def with_fixed_durations(routine: "CompiledRoutine", play: "Performance") -> "CompiledRoutine":
    """Make the steps end by time, when the mannequin has done them: being a film it can't wait for the coach."""
    seconds: dict[int, float] = {}
    late_s = 0.0
    for span in play.spans:  # a step's clock stands still while no hand is at the face
        step = play.steps[span.step]
        seconds.setdefault(step.index, span.t_end_s - span.t_start_s - LAST_TOUCH_S - late_s)
        late_s = GOES_ON_S if step.hands == "either" else 0.0
    steps = tuple(
        replace(step, repetitions=None, seconds=seconds[step.index], planned_s=seconds[step.index]) for step in routine.steps
    )
    return replace(routine, steps=steps)


def demo_performance(routine: "CompiledRoutine", again: tuple[str, ...] = ()) -> "Performance":
    """Perform the steps with both hands together, with mistakes but in second passes. It is always the same performance."""
    from facetrack.mannequin import Mistake, Style, perform_steps

    style = Style(order="together")
    shown = [*routine.steps, *(routine.step(name) for name in again)]
    steps = [replace(step, repetitions=None, seconds=STEPS_S[index % len(STEPS_S)]) for index, step in enumerate(shown)]

    def play(mistakes: "list[Mistake]") -> "Performance":
        return perform_steps(steps, mistakes, style, neutral_s=NEUTRAL_S)

    mistakes: list[Mistake] = []
    for index, step in enumerate(routine.steps):
        for scripted in _mistakes_of(step, index):
            # When a repetition begins depends on the mistakes before it.
            so_far = play(mistakes)
            side = "right" if scripted.side == "right" else "left"
            starts_s = [one.t_start_s for one in so_far.repetitions if (one.step, one.side) == (index, side)]
            if starts_s:
                start_s = starts_s[min(scripted.repetition, len(starts_s) - 1)]
                end_s = min(start_s + scripted.lasting_s, so_far.spans[index].t_end_s)
                mistakes.append(Mistake(scripted.kind, scripted.side, start_s, end_s))
    return play(mistakes)


def _mistakes_of(step: "CompiledStep", index: int) -> list[ScriptedMistake]:
    """List the scripted mistakes that the step allows."""
    from facetrack.mannequin import possible_variants

    scripted = list(MISTAKES[index % len(MISTAKES)])
    if index % len(MISTAKES) == 0:
        scripted.append(ONE_SIDE_SHORT if step.hands == "either" else ONE_SIDE_IDLE)
    if step.hands in ("left", "right"):
        scripted = [replace(one, side=step.hands) for one in scripted]
    return [one for one in scripted if one.kind in step.judge and possible_variants(step, one.kind)]


def matches(correction: "CorrectionEvent", window: "MistakeWindow", performance: "Performance") -> bool:
    """Check whether a correction belongs to a mistake: the same kind, step and side, and raised in time."""
    if correction.kind != window.kind or correction.step != performance.steps[window.step].id:
        return False
    if "both" not in (correction.side, window.side) and correction.side != window.side:
        return False
    if correction.message_id == "symmetry.totals":  # raised at the step's end
        return True
    return window.t_start_s <= correction.t_start_s <= _corrected_s(window, performance) + CORRECTED_WITHIN_S


def in_time(correction: int, cues: "Sequence[CueEvent]", window: "MistakeWindow", performance: "Performance") -> bool:
    """Check whether a correction, by its place in the session, was shown while something could still be done about it."""
    shown_s = [cue.t_s for cue in cues if cue.correction == correction and cue.shown]
    return bool(shown_s) and min(shown_s) <= _corrected_s(window, performance)


def _corrected_s(window: "MistakeWindow", performance: "Performance") -> float:
    """Return when right movement begins after a mistake: until then nothing shows that it is over."""
    right = [
        stroke.t_start_s
        for stroke in performance.strokes
        if stroke.kind in ("along", "hold") and stroke.t_start_s >= window.t_end_s and window.side in (stroke.side, "both")
    ]
    return min(right, default=window.t_end_s)
