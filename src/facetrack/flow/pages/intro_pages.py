"""The pages before the first step: safety, duration, advice, framing and light, the face at rest, the pulse, the cream, and the
tool."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from facetrack.flow.input.frame_facts import FrameFacts
from facetrack.flow.options import FlowOptions
from facetrack.flow.pages.concern_page import ConcernPage
from facetrack.flow.pages.framing import framing_fault, neck_needed
from facetrack.flow.pages.light import FaceLight
from facetrack.flow.pages.pulse_measuring import RESULT_SHOWN_S, PulseMeasuring
from facetrack.flow.pages.pulse_page import measuring_page, result_page
from facetrack.flow.pages.tool_page import ToolPage
from facetrack.flow.screen import Page
from facetrack.flow.speech import spoken_s
from facetrack.flow.texts import SAFETY, TEXTS, duration_text
from facetrack.routine.compiled import CompiledRoutine, CompiledStep

DURATION_S: Final = 4.0
"""How long the page with the routine's duration is shown, or longer where it takes longer to say."""
ADVICE_LEAST_S: Final = 3.5
"""How long a line of advice is shown, or longer where it takes longer to say."""
GOOD_S: Final = 1.2
"""How long framing and light must be good."""
FAULT_S: Final = 0.4
"""A fault that lasts for less than this is ignored."""
FRAMING_MOST_S: Final = 30.0
"""After this time the session continues with whatever framing there is, provided that a face is seen."""
NEUTRAL_LEAST_S: Final = 1.0
"""Shortest time for which the face at rest is asked for."""
NEUTRAL_MOST_S: Final = 15.0
"""Longest time for which the face at rest is asked for."""
PREPARE_LEAST_S: Final = 5.0
"""Shortest time to read, or hear, what to prepare."""
PREPARE_MOST_S: Final = 45.0
"""Longest time to prepare."""
PREPARE_UNSEEN_S: Final = 20.0
"""Longest time to prepare where no camera can see that the hands are ready."""
AT_FACE_S: Final = 0.4
"""Hands that have been at the first step's place for this long are ready."""
READY_MM: Final = 25.0
"""How near to the first step's zone hands count as ready. Hands that warm the cream before the chest are farther away."""

BETWEEN: Final = " · "
"""Parts the cautions of the safety page, which have to be large enough to be read."""


@dataclass(frozen=True, slots=True)
class IntroPage:
    """Content of a page, in ``Screen``'s fields of the same names."""

    page: Page
    title: str
    lines: tuple[str, ...]
    ask: str
    spoken: str  # what a listener should hear of the page, once
    share: float = math.nan
    left_s: float = math.nan
    part: int = 0  # of a page that speaks several times: which part this is


def advice_of(routine: CompiledRoutine) -> tuple[str, ...]:
    """Return all that a routine advises before its first step, how often to massage included.

    What is for a tool is for who chose one.
    """
    with_tool = routine.with_tool if any(step.contact == "tool" for step in routine.steps) else ""
    return tuple(filter(None, (*routine.advice, with_tool, routine.schedule_say)))


def reading_s(advice: tuple[str, ...]) -> list[float]:
    """Return how long each line of advice is shown, in seconds."""
    return [max(ADVICE_LEAST_S, spoken_s(line)) for line in advice]


class IntroPages:
    """Shows one page after the other. ``page`` is None once the work can begin."""

    def __init__(
        self,
        routine: CompiledRoutine,
        steps: tuple[CompiledStep, ...],
        options: FlowOptions,
        measuring: PulseMeasuring | None = None,
    ) -> None:
        self._routine, self._steps = routine, steps
        lowest_mm = min((float(zone[:, 1].min()) for step in steps for zone in step.zone), default=0.0)
        self._neck = neck_needed(lowest_mm)
        pages: list[Page] = ["safety"] if options.safety else []
        pages += ["duration"]
        self._advice = advice_of(routine)
        pages += ["advice"] if self._advice else []
        self._concern = ConcernPage(routine, steps)
        pages += ["concern"] if options.ask_concern and routine.concern_say else []
        self.concern: tuple[str, ...] | None = None
        """Ids of the steps that the user wants to do once more, when that has been asked."""
        if options.judging and options.camera:
            pages += ["framing", "neutral"]
        self._measuring = measuring
        self._paced = any(step.tempo is not None for step in steps)
        if measuring is not None and options.camera and options.measure_pulse:
            pages += ["pulse", "pulse-result"]
        self._hands_tell = options.camera
        self._tells_pause = options.safety and options.camera
        self._prepare_s = PREPARE_MOST_S if options.camera else PREPARE_UNSEEN_S
        self._tool = ToolPage(steps)
        self._left: list[Page] = [*pages, "prepare"]
        self._left += ["tool"] if options.judging and options.camera else []
        self._since_s = self._at_face_since_s = self._fault_since_s = math.nan
        self._good_since_s = math.nan
        self._fault: str | None = None
        self.learn_face = False
        """True in the frame with which the neutral face begins: what was learnt of it before is to be forgotten."""

    @property
    def page(self) -> Page | None:
        return self._left[0] if self._left else None

    @property
    def offers_pulse(self) -> bool:
        """Whether the page about the hands offers a beat: there are steps for one, and the pulse is not known."""
        return self._paced and self._measuring is not None and self._measuring.reading is None and self._measuring.typed is None

    def update(
        self, facts: FrameFacts, light: FaceLight | None, go_on: bool, digits: list[int] | None = None, pulse: bool = False
    ) -> None:
        """Process a frame. go_on: whether a key was pressed or both palms were held up; digits: the keys that are digits.

        pulse: whether the key was pressed that asks for a beat.
        """
        if math.isnan(self._since_s):
            self._since_s = facts.t_s
        page = self.page
        self.learn_face = False
        if page == "concern":
            self._concern.press(digits or [], facts.t_s)
            self.concern = self._concern.chosen
            go_on = go_on and not digits
        if page == "prepare" and pulse and self.offers_pulse:
            self._left[:0] = ["pulse", "pulse-result"]
            self._since_s = facts.t_s
            return
        if page is not None and (self._over(page, facts, light) or go_on):
            if page == "pulse" and self._measuring is not None:
                self._measuring.give_up()
            self._go_on(facts)
            self.learn_face = self.page == "neutral"

    def _go_on(self, facts: FrameFacts) -> None:
        self._left.pop(0)
        if self.page == "tool" and not self._tool.offered(facts):
            self._left.pop(0)
        self._since_s = facts.t_s

    def _over(self, page: Page, facts: FrameFacts, light: FaceLight | None) -> bool:
        waited_s = facts.t_s - self._since_s
        if page == "duration":
            return waited_s >= max(DURATION_S, spoken_s(self._duration_spoken()))
        if page == "advice":
            return self._advice_at(waited_s) >= len(self._advice)
        if page == "concern":
            return self._concern.left_s(facts.t_s) <= 0.0
        if page == "framing":
            return self._framed(facts, light) or (waited_s >= FRAMING_MOST_S and facts.face_box_px is not None)
        if page == "neutral":
            known = facts.calibration != "running" and waited_s >= NEUTRAL_LEAST_S
            return known or waited_s >= NEUTRAL_MOST_S
        if page == "pulse":
            return self._measuring is None or self._measuring.reading is not None
        if page == "pulse-result":
            return waited_s >= RESULT_SHOWN_S
        if page == "prepare":
            return self._hands_ready(facts, waited_s) or waited_s >= self._prepare_s
        if page == "tool":
            self._tool.update(facts)
            return self._tool.over(facts, waited_s)
        return False

    def _framed(self, facts: FrameFacts, light: FaceLight | None) -> bool:
        fault = framing_fault(facts, light, self._neck)
        if fault is None:
            self._fault_since_s = math.nan
            self._good_since_s = facts.t_s if math.isnan(self._good_since_s) else self._good_since_s
            if facts.t_s - self._good_since_s >= FAULT_S:
                self._fault = None
            return facts.t_s - self._good_since_s >= GOOD_S
        self._good_since_s = math.nan
        self._fault_since_s = facts.t_s if math.isnan(self._fault_since_s) else self._fault_since_s
        if facts.t_s - self._fault_since_s >= FAULT_S or fault == "framing.no-face":
            self._fault = fault
        return False

    def _hands_ready(self, facts: FrameFacts, waited_s: float) -> bool:
        if not self._hands_tell or not self._at_first_step(facts):
            self._at_face_since_s = math.nan
            return False
        self._at_face_since_s = facts.t_s if math.isnan(self._at_face_since_s) else self._at_face_since_s
        return waited_s >= PREPARE_LEAST_S and facts.t_s - self._at_face_since_s >= AT_FACE_S

    def _at_first_step(self, facts: FrameFacts) -> bool:
        """Check whether any point of a hand is in the box around the first step's zone, on either side."""
        zone = np.concatenate(self._steps[0].zone)
        x, y = np.abs(facts.points_mm[..., 0]), facts.points_mm[..., 1]
        low, high = zone[:, 1].min() - READY_MM, zone[:, 1].max() + READY_MM
        return bool(((x < np.abs(zone[:, 0]).max() + READY_MM) & (y > low) & (y < high)).any())

    def show(self, facts: FrameFacts) -> IntroPage | None:
        """Return the content of the page in this frame."""
        page = self.page
        waited_s = 0.0 if math.isnan(self._since_s) else facts.t_s - self._since_s
        if page == "safety":
            lines, ask = self._safety_lines(), TEXTS["safety.ask" if self._hands_tell else "safety.ask-unseen"]
            spoken = ". ".join(line.replace(BETWEEN, ". ").rstrip(".") for line in (TEXTS["safety.title"], *lines, ask))
            return IntroPage(page, TEXTS["safety.title"], lines, ask, f"{spoken}.")
        if page == "duration":
            return IntroPage(page, self._routine.title, (self._how_long(),), "", self._duration_spoken())
        if page == "advice":
            number = min(self._advice_at(waited_s), len(self._advice) - 1)
            line, place = self._advice[number], TEXTS["advice.place"].format(number=number + 1, count=len(self._advice))
            return IntroPage(page, f"{TEXTS['advice.title']}: {place}", (line,), "", line, part=number)
        if page == "concern":
            asked, left_s = self._concern, self._concern.left_s(facts.t_s)
            return IntroPage(page, TEXTS["concern.title"], asked.lines, TEXTS["concern.ask"], asked.spoken, left_s=left_s)
        if page == "framing":
            ask = TEXTS[self._fault] if self._fault else TEXTS["framing.good"]
            share = 0.0 if math.isnan(self._good_since_s) else (facts.t_s - self._good_since_s) / GOOD_S
            return IntroPage(page, TEXTS["framing.title"], (), ask, ask if self._fault else "", share)
        if page == "neutral":
            ask = TEXTS["neutral.ask"]
            return IntroPage(page, TEXTS["neutral.title"], (), ask, f"{ask}.", facts.calibrated_share)
        if page == "pulse" and self._measuring is not None:
            words = measuring_page(self._measuring)
            return IntroPage(page, words.title, words.lines, words.ask, words.spoken, self._measuring.share)
        if page == "pulse-result" and self._measuring is not None:
            words = result_page(self._measuring)
            return IntroPage(page, words.title, words.lines, words.ask, words.spoken)
        if page == "prepare":
            ask = TEXTS["prepare.ask"].format(step=self._steps[0].title)
            offer = (TEXTS["prepare.beat"],) if self.offers_pulse else ()
            pause = (TEXTS["prepare.pause"],) if self._tells_pause else ()
            lines = (*self._routine.prepare, *offer, *pause)
            left_s = max(0.0, self._prepare_s - waited_s)
            return IntroPage(page, TEXTS["prepare.title"], lines, ask, " ".join((*lines, f"{ask}.")), left_s=left_s)
        if page == "tool":
            tool = self._tool
            return IntroPage(page, TEXTS["tool.title"], (), tool.ask, tool.spoken, part=tool.part)
        return None

    def _how_long(self) -> str:
        return duration_text(sum(step.planned_s for step in self._steps), len(self._steps))

    def _duration_spoken(self) -> str:
        return f"{self._routine.title}. {self._how_long()}."

    def _advice_at(self, waited_s: float) -> int:
        """Return which line of advice is shown; their number once all have been."""
        return int(np.searchsorted(np.cumsum(reading_s(self._advice)), waited_s, side="right"))

    def _safety_lines(self) -> tuple[str, ...]:
        lines = [SAFETY]
        for key, cautions in (("not-today", self._routine.session_cautions), ("areas", self._routine.area_cautions)):
            if cautions:
                lines.append(f"{TEXTS[f'safety.{key}']} {BETWEEN.join(cautions)}")
        return tuple(lines)
