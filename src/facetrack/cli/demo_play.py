"""What the mannequin plays in the demo, and how what it did wrong compares with what it was told."""

from typing import TYPE_CHECKING, Any, Final

import typer

from facetrack.cli.summary import table

if TYPE_CHECKING:
    from facetrack.coach.verdict import Side
    from facetrack.mannequin import Mistake, MistakeWindow, Performance
    from facetrack.routine.compiled import CompiledRoutine, Kind

FILM_FPS: Final = 24.0
"""As the cinema's: a fifth less to draw and to watch than at a webcam's 30."""
STEP_S: Final = 15.0
"""Each step's share of the demo: time for some right repetitions, two mistakes, and more right ones. At the end of the first
step the coach has counted its five, so that both go on to the next one together."""
ONE_REPETITION_S: Final = 0.5
RUSHED_S: Final = 5.0
"""Some quick strokes: pace is judged over 1.5 s of stroking."""
MISTAKES: Final[tuple[tuple[tuple["Kind", "Side", float, float], ...], ...]] = (
    (("direction", "right", 3.0, ONE_REPETITION_S), ("pace", "both", 9.5, RUSHED_S)),
    (("zone", "left", 3.0, ONE_REPETITION_S), ("direction", "both", 8.0, ONE_REPETITION_S)),
)
"""Of the first and the second step: kind, side, from when in the step, and for how long repetitions are wrong."""
TOLD_WITHIN_S: Final = 1.5
"""The public contract: a correction is raised within this of its evidence."""


def demo_performance(routine: "CompiledRoutine") -> "Performance":
    """Both hands together, at a comfortable pace, with mistakes in each step. Always the same one."""
    from facetrack.mannequin import Mistake, Style, perform_steps, possible_variants

    style = Style(order="together")

    def play(mistakes: "list[Mistake]") -> "Performance":
        return perform_steps(routine.steps, mistakes, style, neutral_s=3.0, seconds=STEP_S)

    mistakes: list[Mistake] = []
    for index, step in enumerate(routine.steps):
        # When a step begins depends on the mistakes before it.
        start_s = play(mistakes).spans[index].t_start_s
        for kind, side, after_s, lasting_s in MISTAKES[index % len(MISTAKES)]:
            if possible_variants(step, kind):
                mistakes.append(Mistake(kind, side, start_s + after_s, start_s + after_s + lasting_s))
    return play(mistakes)


def answer_to(window: "MistakeWindow", step: str, corrections: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The first correction of that kind, step and side that was raised for a mistake."""
    for correction in corrections:
        same = correction["kind"] == window.kind and correction["step"] == step
        sided = "both" in (correction["side"], window.side) or correction["side"] == window.side
        if same and sided and window.t_start_s <= correction["t_start_s"] <= window.t_end_s + TOLD_WITHIN_S:
            return correction
    return None


def print_mistakes(performance: "Performance", document: dict[str, Any]) -> None:
    """On stdout: each injected mistake and its correction, and the corrections that nothing had asked for."""
    asked: list[int] = []
    rows = [("mistake", "step", "side", "from", "to", "told after", "with the words")]
    for window in performance.mistakes:
        step = performance.steps[window.step].id
        answer = answer_to(window, step, document["corrections"])
        told, words = "not told", ""
        if answer is not None:
            told, words = f"{answer['t_start_s'] - window.t_start_s:.1f} s", answer["message"]
        times = (f"{window.t_start_s:.1f} s", f"{window.t_end_s:.1f} s")
        rows.append((window.kind, step, window.side, *times, told, words))
        asked += [n for n, correction in enumerate(document["corrections"]) if _answers(correction, window, step)]
    for line in table(rows, right=False):
        typer.echo(f"  {line}")
    unasked = len(document["corrections"]) - len(set(asked))
    typer.echo(f"Corrections of what was right: {unasked}")


def _answers(correction: dict[str, Any], window: "MistakeWindow", step: str) -> bool:
    return answer_to(window, step, [correction]) is not None
