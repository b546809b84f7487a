"""Writes what a listener hears in a whole session of each routine, done right and with mistakes, as docs/heard-*.md.

    python -m scripts.listeners_transcript docs

The mannequin performs from exact landmarks with errors like the tracker's, and needs no pictures. Nobody presses a key.
"""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks import hands_free
from facetrack.flow.pages.intro_pages import advice_of, reading_s
from facetrack.flow.speech import spoken_s
from facetrack.flow.texts import SAFETY
from facetrack.mannequin import Mistake, Performance, perform_steps
from facetrack.pipeline.sinks import FrameResult
from facetrack.routine.compiled import CompiledRoutine

ROUTINES = ("japanese", "fascia")
MISTAKEN_FROM_S, MISTAKEN_S = 4.0, 7.0
"""Into every second step, in turn one of each kind: where it begins, and how long it lasts."""


def performance(routine: CompiledRoutine, mistaken: bool) -> Performance:
    """Perform the whole routine as often and as long as it asks, with a mistake in every second step or none."""
    opening_s = hands_free.OPENING_S + sum(reading_s(advice_of(routine)))

    def play(mistakes: Sequence[Mistake]) -> Performance:
        return perform_steps(routine.steps, mistakes, hands_free.STYLE, neutral_s=opening_s)

    mistakes: list[Mistake] = []
    for index, step in enumerate(routine.steps if mistaken else ()):
        kinds = [kind for kind in hands_free.kinds_for(index, step) if index % 2 == 0]
        if kinds:
            start_s = play(mistakes).spans[index].t_start_s + MISTAKEN_FROM_S
            side = "left" if kinds[0] == "symmetry" else "both" if index % 4 else "right"
            mistakes.append(Mistake(kinds[0], side, start_s, start_s + MISTAKEN_S))
    return play(mistakes)


def heard(results: Sequence[FrameResult]) -> Iterator[str]:
    """Yield a line for every utterance: when, which tone, which words; and one for every step that ends."""
    for result in results:
        assert result.screen is not None
        for end in result.verdict.ended:
            yield f"| {clock(result.frame.t_s)} | | *{end.step_id}: {end.status}* |"
        for one in result.screen.utterances:
            yield f"| {clock(result.frame.t_s)} | {one.tone} | {one.words or '(only the tone)'} |"


def clock(t_s: float) -> str:
    """Write 75.25 as 1:15."""
    return f"{int(t_s) // 60}:{int(t_s) % 60:02d}"


def page(routine: CompiledRoutine) -> str:
    """Make the whole page of a routine."""
    warned_s = spoken_s(SAFETY)
    parts = [
        f"# {routine.title}, heard with closed eyes\n",
        "Everything that is said aloud in a whole session, with its time and its tone. The mannequin does the massage, nobody\n"
        "presses a key, and each step ends about when the mannequin has done it. The mannequin is a film and can't hear:\n"
        "now and then it still does the step before, and is corrected for that. Once a day the safety page comes first. It is\n"
        f"spoken ({warned_s:.0f} s and the routine's cautions) and waits for both open palms or a key; how to pause is\n"
        "said before the first step then.\n\n"
        "The film has timed steps and keeps no session. A person also hears 'One more' before the last repetition of a step\n"
        "that counts three or more, and at the end the score, the one thing to change and the key for the report.\n\n"
        "`python -m scripts.listeners_transcript docs` makes this page.\n",
    ]
    for title, mistaken in (("Done right", False), ("With mistakes", True)):
        play = performance(routine, mistaken)
        results = hands_free.session(routine, play)
        parts.append(f"## {title}\n\n| at | tone | words |\n|---|---|---|\n" + "\n".join(heard(results)) + "\n")
    return "\n".join(parts)


def main() -> None:
    """Write the pages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    for name in ROUTINES:
        path = folder / f"heard-{name}.md"
        path.write_text(page(hands_free.chosen(name)), encoding="utf-8", newline="\n")
        print(path)


if __name__ == "__main__":
    main()
