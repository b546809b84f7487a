"""Content of the pages about the pulse: while it is measured, and the result."""

import math
from dataclasses import dataclass

from facetrack.flow.pages.pulse_measuring import PulseMeasuring
from facetrack.flow.texts import TEXTS


@dataclass(frozen=True, slots=True)
class PulsePage:
    """Content of a page about the pulse, in the fields of ``intro_pages.IntroPage``."""

    title: str
    lines: tuple[str, ...]
    ask: str
    spoken: str


def measuring_page(measuring: PulseMeasuring) -> PulsePage:
    """Return the page that says what to do now and how long it takes."""
    title = TEXTS["pulse.title"].format(left_s=math.ceil(measuring.watch.left_s))
    fault = measuring.watch.fault
    ask = TEXTS.get(f"pulse.{fault}", TEXTS["pulse.ask"]) if fault is not None else TEXTS["pulse.ask"]
    if math.isnan(measuring.began_s):  # the page has just come
        return PulsePage(title, (), ask, TEXTS["pulse.say"])
    return PulsePage(title, (), ask, "" if fault is None else f"{ask}.")


def result_page(measuring: PulseMeasuring) -> PulsePage:
    """Return the page with the rate, or with the reason why there is none and how the session continues."""
    pulse, reading = measuring.pulse, measuring.reading
    assert reading is not None
    if reading.reason is None and pulse is not None:
        rate = TEXTS["pulse.result"].format(bpm=pulse.bpm)
        return PulsePage(rate, (TEXTS["pulse.note"],), "", f"{rate}.")
    why = TEXTS[f"pulse.why.{reading.reason}"]
    then = TEXTS["pulse.without"] if pulse is None else TEXTS["pulse.typed"].format(bpm=pulse.bpm)
    return PulsePage(TEXTS["pulse.none"], (why, then), "", f"{TEXTS['pulse.none']}. {why}. {then}.")
