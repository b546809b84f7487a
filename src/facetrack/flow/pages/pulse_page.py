"""What the pages of the pulse say: while it is measured, and what came of it."""

import math
from dataclasses import dataclass

from facetrack.flow.pages.pulse_measuring import PulseMeasuring
from facetrack.flow.words import WORDS


@dataclass(frozen=True, slots=True)
class PulseWords:
    """As ``opening.OpeningPage``'s."""

    title: str
    lines: tuple[str, ...]
    ask: str
    spoken: str


def measuring_words(measuring: PulseMeasuring) -> PulseWords:
    """What is asked for now, and how long it takes."""
    title = WORDS["pulse.title"].format(left_s=math.ceil(measuring.watch.left_s))
    fault = measuring.watch.fault
    ask = WORDS.get(f"pulse.{fault}", WORDS["pulse.ask"]) if fault is not None else WORDS["pulse.ask"]
    if math.isnan(measuring.began_s):  # the page has just come
        return PulseWords(title, (), ask, WORDS["pulse.say"])
    return PulseWords(title, (), ask, "" if fault is None else f"{ask}.")


def told_words(measuring: PulseMeasuring) -> PulseWords:
    """The rate, or why there is none and how it goes on."""
    pulse, reading = measuring.pulse, measuring.reading
    assert reading is not None
    if reading.reason is None and pulse is not None:
        rate = WORDS["pulse.told"].format(bpm=pulse.bpm)
        return PulseWords(rate, (WORDS["pulse.note"],), "", f"{rate}.")
    why = WORDS[f"pulse.why.{reading.reason}"]
    then = WORDS["pulse.without"] if pulse is None else WORDS["pulse.typed"].format(bpm=pulse.bpm)
    return PulseWords(WORDS["pulse.none"], (why, then), "", f"{WORDS['pulse.none']}. {why}. {then}.")
