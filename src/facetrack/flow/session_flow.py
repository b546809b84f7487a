"""The state machine of a session around the coach. It receives frames, keys and verdicts and returns the screen; it reads no
clock."""

import math
from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetrack.coach.verdict import Verdict
from facetrack.flow.corrected_mistakes import CorrectedMistakes
from facetrack.flow.input.frame_facts import FrameFacts
from facetrack.flow.input.keys import Action, Keys, digit_of
from facetrack.flow.input.palm_gesture import PalmsGesture
from facetrack.flow.input.pauses import LONGEST_ABSENCE_S, Pauses
from facetrack.flow.input.presence import Presence
from facetrack.flow.options import FlowOptions
from facetrack.flow.pages.end_page import EndPage, SessionSummary
from facetrack.flow.pages.intro_pages import IntroPages
from facetrack.flow.pages.light import FaceLight, measure_light
from facetrack.flow.pages.pulse_measuring import RECORDING_MOST_S, PulseMeasuring, PulseWatching
from facetrack.flow.pages.pulse_page import result_page
from facetrack.flow.pointing import NOTHING, Pointer
from facetrack.flow.screen import Page, Screen
from facetrack.flow.speech import Speech
from facetrack.flow.tempo import Beat, PulseRate, beat_of
from facetrack.flow.texts import KEYS, TEXTS, step_ended_text
from facetrack.geometry.face_points import FacePoints
from facetrack.packets import Observation
from facetrack.routine.compiled import CompiledRoutine, CompiledStep

GLOBAL: Final = ("quit", "mute", "help", "screen")
"""Keys that do the same on every page."""
LIGHT_EVERY: Final = 8
"""The light is measured in every eighth frame."""
DEMONSTRATION_S: Final = 12.0
"""How long the demonstration of a new step is shown: one or two repetitions of the mannequin."""
PRAISE_S: Final = 2.5
"""How long praise is shown."""
HELP_S: Final = 12.0
"""How long the list of keys is shown."""
AFTER_END_S: Final = 1.0
"""A recording continues for this long once the routine is finished, so that its last verdict is seen."""
LONGEST_UNANSWERED_S: Final = 300.0
"""A safety page that is not answered for longer ends the session."""


class SessionFlow:
    """Decides, frame by frame, what the coach is commanded (``pre_coach``) and what the user sees and hears (``post_coach``).

    steps: the session's steps in their order, second passes included. pulse_watching: measures the pulse where that is wanted.
    """

    def __init__(
        self,
        routine: CompiledRoutine,
        steps: tuple[CompiledStep, ...],
        options: FlowOptions | None = None,
        pulse_watching: PulseWatching | None = None,
    ) -> None:
        self._routine, self._steps, self._options = routine, steps, options or FlowOptions()
        self._typed = None if math.isnan(self._options.bpm) else PulseRate(self._options.bpm, "typed")
        self._measuring = PulseMeasuring(pulse_watching, self._typed) if pulse_watching is not None else None
        self._intro = IntroPages(routine, steps, self._options, self._measuring) if self._options.interactive else None
        self._end_page = EndPage(routine, steps, self._options)
        self._keys, self._palms, self._presence, self._speech = Keys(), PalmsGesture(), Presence(), Speech()
        self._pointer, self._pointing, self._corrected = Pointer(), NOTHING, CorrectedMistakes()
        self._light: FaceLight | None = None
        self._frames = 0
        self._facts: FrameFacts | None = None
        self._source_error: str | None = None
        self._pauses = Pauses(self._speech)
        self._last_answer_s = math.nan
        self._page: Page = "working"
        self._step: int | None = None
        self._beats: dict[tuple[int, float], Beat | None] = {}
        self._steps_ended = 0
        self._step_since_s = self._praise_until_s = self._help_until_s = -math.inf
        self._praise = ""
        self._shown: set[str] = set()
        self._announced_page: tuple[Page, int] | None = None
        self._finished_s = math.nan
        self.muted = False
        self.over = False
        self.safety_read = False
        self.concern: tuple[str, ...] | None = None
        """Ids of the steps that the user wants to do once more, if that was asked in this session."""
        self.learn_face = False
        """Ask the geometry to learn the user's face from now on."""

    @property
    def known_steps(self) -> frozenset[str]:
        """Steps that need no demonstration any more: known before, done, or their demonstration was seen."""
        return self._options.known | self._shown | set(self._end_page.done)

    @property
    def asks_for_tool(self) -> bool:
        """Whether the user is asked to show a tool now."""
        return self._intro is not None and self._intro.page == "tool"

    @property
    def report_wanted(self) -> bool:
        """Whether the user asked for the report on the last page."""
        return self._end_page.report_wanted

    def set_summary(self, summary: Callable[[], SessionSummary]) -> None:
        """Take the function that sums the session up for its last page."""
        self._end_page.summary = summary

    @property
    def pulse(self) -> PulseRate | None:
        """The measured pulse once there is a reading; until then, and without a reading, the entered one; None if there is
        neither."""
        measured = None if self._measuring is None else self._measuring.pulse
        return measured or self._typed

    @property
    def beat(self) -> Beat | None:
        """The beat of the running step, if the step follows the pulse and the pulse is known."""
        pulse = self.pulse
        if pulse is None or self._step is None or self._pauses.by is not None:
            return None
        step_and_rate = (self._step, pulse.bpm)
        if step_and_rate not in self._beats:
            self._beats[step_and_rate] = beat_of(self._routine.steps[self._step], pulse.bpm)
        return self._beats[step_and_rate]

    def key(self, code: int) -> None:
        """Process a key."""
        self._keys.press(code)

    # -- before the coach ----------------------------------------------------------------------------------------------

    def pre_coach(
        self, image_bgr: NDArray[np.uint8], observation: Observation, points: FacePoints, source_error: str | None = None
    ) -> tuple[str, ...]:
        """Process a frame and return the commands for the coach that hold from this frame on.

        points.t_s must rise. source_error: why there is no picture, or None.
        """
        facts = FrameFacts.of(observation, points)
        first = self._facts is None
        self._facts = facts
        self._look_at_light(image_bgr, facts)
        self._measure(image_bgr, observation)
        palms = self._palms.update(observation, facts.t_s)
        self._handle_source_error(source_error)
        if source_error is None:
            self._presence.update(facts)
        pressed = self._keys.taken(facts.t_s)
        commands = ["pause"] if first and self._intro is not None else []
        commands += self._handle_global_keys(pressed, facts.t_s)
        others = [(key, action) for key, action in pressed if action not in GLOBAL]
        self.learn_face = False
        if self._intro is not None:
            commands += self._handle_intro_input(self._intro, facts, others, palms)
        elif self._page == "end":
            commands += self._handle_end_input(others, palms, facts.t_s)
        else:
            commands += self._handle_working_input(others, palms, facts.t_s)
        return tuple(commands)

    def _handle_source_error(self, source_error: str | None) -> None:
        if source_error is not None and source_error != self._source_error:
            self._speech.say(source_error, "pause", urgent=True)
        elif source_error is None and self._source_error is not None:
            self._presence = Presence()  # nobody was looked for meanwhile
        self._source_error = source_error

    def _look_at_light(self, image_bgr: NDArray[np.uint8], facts: FrameFacts) -> None:
        looks = self._intro is not None and self._intro.page == "framing"
        if looks and facts.face_box_px is not None and self._frames % LIGHT_EVERY == 0:
            self._light = measure_light(image_bgr, facts.face_box_px)
        self._frames += 1

    def _measure(self, image_bgr: NDArray[np.uint8], observation: Observation) -> None:
        if self._measuring is None:
            return
        if self._intro is None and not self._options.interactive:
            knew = self._measuring.reading is not None
            self._measuring.update(image_bgr, observation, RECORDING_MOST_S)
            if self._measuring.reading is not None and not knew:
                self._speech.say(result_page(self._measuring).spoken, "ask")
        elif self._intro is not None and self._intro.page == "pulse":
            self._measuring.update(image_bgr, observation)

    def _handle_global_keys(self, pressed: list[tuple[int, Action]], t_s: float) -> list[str]:
        commands = []
        for _, action in pressed:
            if action == "quit":
                self.over = True
            elif action == "help":
                self._help_until_s = -math.inf if t_s < self._help_until_s else t_s + HELP_S
            elif action == "mute":
                self.muted = not self.muted
                commands.append("mute" if self.muted else "unmute")
        return commands

    def _handle_intro_input(
        self, intro: IntroPages, facts: FrameFacts, pressed: list[tuple[int, Action]], palms: bool
    ) -> list[str]:
        reading = intro.page == "safety"
        go_on = bool(pressed) or palms
        digits = [digit for key, _ in pressed if (digit := digit_of(key)) is not None]
        there = facts.face_box_px is not None or not self._options.camera
        if go_on or math.isnan(self._last_answer_s) or (there and not reading):
            self._last_answer_s = facts.t_s
        self.over |= facts.t_s - self._last_answer_s > (LONGEST_UNANSWERED_S if reading else LONGEST_ABSENCE_S)
        intro.update(facts, self._light, go_on, digits, any(action == "pulse" for _, action in pressed))
        self.learn_face = intro.learn_face
        self.safety_read |= reading and intro.page != "safety"
        if intro.page is not None:
            return []
        if intro.concern is not None:
            self.concern = self._end_page.concern = intro.concern
        self._intro = None
        return ["resume"]

    def _handle_working_input(self, pressed: list[tuple[int, Action]], palms: bool, t_s: float) -> list[str]:
        commands: list[str] = []
        for _, action in pressed:
            if action in ("pause", "pulse", "report"):
                commands += self._pauses.toggle("key", t_s)
            elif action == "skip":
                commands += [*self._pauses.end(), "skip"]
            elif action == "again":
                commands.append("again")
        if palms:
            commands += self._pauses.toggle("palms", t_s)
        away = self._presence.away and self._options.interactive and self._options.camera
        commands += self._pauses.follow(away, self._source_error is not None and self._options.camera, t_s)
        self.over |= self._pauses.too_long(t_s)
        return commands

    def _handle_end_input(self, pressed: list[tuple[int, Action]], palms: bool, t_s: float) -> list[str]:
        step = self._end_page.again(pressed, palms)
        if step is not None:
            self._page, self._finished_s = "working", math.nan
            return [f"again:{step.id}"]
        gone = self._presence.away and self._options.camera
        self.over |= self._end_page.leaves(pressed, t_s) or gone
        return []

    # -- after the coach -----------------------------------------------------------------------------------------------

    def post_coach(self, verdict: Verdict) -> Screen:
        """Return the screen of the frame that ``pre_coach`` was given."""
        assert self._facts is not None
        t_s = verdict.t_s
        self._end_page.follow(verdict)
        if self._intro is not None:
            return self._intro_screen(self._intro, t_s)
        if verdict.state == "finished":
            return self._finished_screen(verdict)
        self._follow_step(verdict)
        return self._working_screen(verdict)

    def _intro_screen(self, intro: IntroPages, t_s: float) -> Screen:
        assert self._facts is not None
        shown = intro.show(self._facts)
        assert shown is not None
        if self._announced_page != (shown.page, shown.part):
            self._announced_page = (shown.page, shown.part)
            self._speech.page(shown.spoken, t_s)
        elif shown.page in ("framing", "pulse"):
            self._speech.ask(shown.spoken, t_s)
        demonstration = self._steps[0].id if shown.page == "prepare" and self._steps[0].id not in self._options.known else None
        return self._screen(
            shown.page,
            t_s,
            title=shown.title,
            lines=shown.lines,
            ask=shown.ask,
            share=shown.share,
            left_s=shown.left_s,
            demonstration=demonstration,
            session_left_s=self._left_s(None),
        )

    def _follow_step(self, verdict: Verdict) -> None:
        """Handle the begin and end of a step: praise, announcement, demonstration."""
        t_s = verdict.t_s
        for end in verdict.ended:
            self._steps_ended += 1
            # What the step's end withdraws was wrong until then.
            right = all(event.t_end_s != t_s or event.t_start_s == t_s for event in verdict.changed)
            praised = self._options.judging or end.status != "done"
            self._praise = (
                step_ended_text(end.status, self._routine.steps[end.index].title, end.index, right) if praised else ""
            )
            self._praise_until_s = t_s + PRAISE_S
            self._step = None
        if verdict.step >= 0 and verdict.state == "working":
            if self._step is None and not verdict.ended:
                self._step, self._step_since_s = verdict.step, t_s
                self._corrected.begin_step()
                before = self._praise if t_s < self._praise_until_s else ""
                beat = self.beat
                self._speech.step_begins(self._routine.steps[verdict.step], before, beat.words if beat is not None else "")
            step = self._routine.steps[verdict.step]
            self._pointing = self._pointer.update(verdict, step)
            self._corrected.update(verdict)
            if not verdict.ended:  # nothing is said of a step that is over
                self._speech.follow(verdict, step, self._pointing.words)
            if self._corrected.corrected:
                self._speech.sound("mended")
            if self._corrected.praised:
                self._praise, self._praise_until_s = TEXTS["mended"], t_s + PRAISE_S
                self._speech.say(TEXTS["mended"], "praise")

    def _working_screen(self, verdict: Verdict) -> Screen:
        t_s = verdict.t_s
        if self._pauses.by is not None:
            asks = "paused.key" if self._options.camera else "paused.key-unseen"
            ask = TEXTS["paused.away" if self._pauses.by == "away" else asks]
            step = self._routine.steps[verdict.step] if verdict.step >= 0 else None
            title = step.title if step is not None else self._routine.title
            return self._screen(
                "paused", t_s, title=TEXTS["paused.title"], lines=(title,), ask=ask, session_left_s=self._left_s(verdict)
            )
        return self._screen(
            "working",
            t_s,
            demonstration=self._demonstration(t_s),
            praise=self._praise if t_s < self._praise_until_s else "",
            pointing=self._pointing,
            hint=self._speech.lasting_hint(verdict),
            session_left_s=self._left_s(verdict),
        )

    def _demonstration(self, t_s: float) -> str | None:
        if self._step is None:
            return None
        step = self._routine.steps[self._step]
        if not self._options.camera:
            return step.id
        if step.id in self._options.known | self._shown:
            return None
        if t_s - self._step_since_s < DEMONSTRATION_S:
            return step.id
        self._shown.add(step.id)
        return None

    def _finished_screen(self, verdict: Verdict) -> Screen:
        t_s, page = verdict.t_s, self._end_page
        if math.isnan(self._finished_s):
            self._finished_s = t_s
            page.begin(t_s)
            self._speech.say(page.spoken, "praise" if page.done else "go")
        if not self._options.interactive:
            self.over |= t_s - self._finished_s >= AFTER_END_S
            return self._screen("end", t_s, title=page.title, lines=page.lines)
        self._page = "end"
        return self._screen(
            "end",
            t_s,
            title=page.title,
            lines=page.lines,
            ask=page.ask,
            left_s=page.left_s(t_s),
        )

    def _left_s(self, verdict: Verdict | None) -> float:
        """Return how long the remaining steps take at their planned times."""
        planned = [step.planned_s for step in self._steps[self._steps_ended :]]
        elapsed = 0.0 if verdict is None or not planned else min(verdict.step_elapsed_s, planned[0])
        return sum(planned) - elapsed

    def _screen(self, page: Page, t_s: float, **fields: object) -> Screen:
        place = min(self._steps_ended + (page in ("working", "paused")), len(self._steps))
        return Screen(
            page=page,
            palms=self._palms.share,
            place=(place, len(self._steps)),
            keys=(KEYS if self._options.camera else KEYS[:-1]) if t_s < self._help_until_s else (),
            muted=self.muted,
            utterances=self._speech.take(t_s),
            over=self.over,
            no_camera=not self._options.camera,
            pulse=self.pulse,
            beat=self.beat if page == "working" else None,
            **fields,  # type: ignore[arg-type]
        )
