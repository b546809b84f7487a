"""Every page and state of a live session, for goldens, speed and the pictures of the docs."""

import math
from dataclasses import dataclass, replace
from typing import Any

from facetrack.coach.feedback.messages import one_sided
from facetrack.coach.verdict import Correction, SideVerdict, StepEnd, Verdict
from facetrack.flow import Beat, Screen
from facetrack.flow.input.frame_facts import FrameFacts
from facetrack.flow.options import FlowOptions
from facetrack.flow.pages.end_page import EndPage, SessionSummary
from facetrack.flow.pages.intro_pages import IntroPages
from facetrack.flow.pointing import Arrow, Pointer, Pointing
from facetrack.flow.texts import KEYS, TEXTS
from facetrack.packets import LEFT, Float
from facetrack.routine.compiled import CompiledRoutine

NAN = math.nan


@dataclass(frozen=True)
class State:
    """A picture to draw. bare: on a frame without hands. demonstration: shown in the picture."""

    name: str
    screen: Screen
    verdict: Verdict
    recording: bool = False
    bare: bool = False


class States:
    """Of a routine, in one of its steps. facts: of a frame without hands. places_mm: (2, 2) each hand's on the chart."""

    def __init__(self, routine: CompiledRoutine, step_id: str, facts: FrameFacts, places_mm: Float) -> None:
        self.routine, self.step, self.facts, self.places_mm = routine, routine.step(step_id), facts, places_mm

    def verdict(self, *shown: Correction, **changes: Any) -> Verdict:
        sides = tuple(
            SideVerdict(True, None, hand, place, True, True, True, 34.0, 1.0, 8.0, 34.0, count, path)
            for hand, place, count, path in zip(("left", "right"), self.places_mm, (3, 2), (210.0, 180.0), strict=True)
        )
        first = shown[0] if shown else None
        target = self.step.repetitions
        plain = Verdict(
            8.0, "working", self.step.index, 0, sides, 0.86, shown, (), first, None, (), (), 9.0, NAN, target, None, None
        )  # fmt: skip
        return replace(plain, **changes)

    def correction(self, kind: str, side: str, words: str) -> Correction:
        return Correction(0, self.step.id, side, kind, 7.0, None, 1.0, 1.0, f"{kind}.x", words)  # type: ignore[arg-type]

    def unseen(self) -> Verdict:
        said = self.verdict(hint_id="unseen.left", hint="I can't see your left hand")
        sides = list(said.sides)
        sides[LEFT] = replace(sides[LEFT], withheld="hand", hand=None, pace=NAN)
        return replace(said, sides=tuple(sides))

    def opening(self) -> list[State]:
        opening = IntroPages(self.routine, self.routine.steps, FlowOptions())
        found = []
        for number in range(6):
            shown = opening.show(self.facts) if opening.page else None
            if shown is None:
                break
            inset = self.step.id if shown.page == "prepare" else None
            screen = Screen(
                shown.page, shown.title, shown.lines, shown.ask, shown.share, shown.left_s, inset, session_left_s=312.0
            )
            if shown.page == "framing":
                found += [
                    State(fault, replace(screen, ask=TEXTS[fault], share=0.0), self.verdict(), bare=True)
                    for fault in ("framing.closer", "light.dark", "framing.neck")
                ]
            if shown.page == "neutral":
                screen = replace(screen, share=0.6)
            found.append(State(shown.page, screen, self.verdict(), bare=True))
            opening.update(replace(self.facts, t_s=float(number)), None, True)
        return found

    def pulse(self) -> list[State]:
        """While it is measured, what came of it, a step's beat, just after a tick; and the tool's page."""
        asked = Screen("pulse", TEXTS["pulse.title"].format(left_s=12), (), TEXTS["pulse.ask"], 0.4, session_left_s=312.0)
        told = Screen("pulse-result", TEXTS["pulse.result"].format(bpm=64.3), (TEXTS["pulse.note"],), session_left_s=312.0)
        why = (TEXTS["pulse.why.exposure"], TEXTS["pulse.without"])
        beat = Beat(1.0, 2, 0.5, True, "One turn every 2 beats")
        work = Screen("working", place=(2, 9), session_left_s=260.0, beat=beat)
        return [
            State("pulse", asked, self.verdict(), bare=True),
            State("pulse moving", replace(asked, ask=TEXTS["pulse.motion"]), self.verdict(), bare=True),
            State("pulse told", told, self.verdict(), bare=True),
            State("pulse none", replace(told, title=TEXTS["pulse.none"], lines=why), self.verdict(), bare=True),
            State("tool", Screen("tool", TEXTS["tool.title"], (), TEXTS["tool.ask"], session_left_s=312.0), self.verdict()),
            State("beat", work, self.verdict()),
            self._pointed(
                "beat corrected",
                work,
                self.verdict(self.correction("direction", "right", one_sided("right", self.step.asked[0].way))),
            ),
        ]

    def _pointed(self, name: str, screen: Screen, verdict: Verdict) -> State:
        """A state with the arrows that a session would show."""
        return State(name, replace(screen, pointing=Pointer().update(verdict, self.step)), verdict)

    def all(self) -> list[State]:
        """Each page and state once, in the order of a session."""
        named, words = self.verdict, self.correction
        work = Screen("working", place=(2, 9), session_left_s=260.0)
        paused = Screen("paused", TEXTS["paused.title"], (self.step.title,), TEXTS["paused.key"], session_left_s=260.0)
        end_page = EndPage(self.routine, self.routine.steps, FlowOptions(concern=("jawline", "neck")))
        score = TEXTS["end.score"].format(score=84, grade="close to the routine")
        end_page.summary = lambda: SessionSummary(
            score, 'Next time: in "Jawline and chin", keep your fingers lower, on the jaw.', True
        )
        done = tuple(StepEnd(step.index, step.id, "done", 0.0, 9.0, 0.0) for step in self.routine.steps)
        end_page.follow(named(ended=done))
        end_page.begin(0.0)
        end = Screen("end", end_page.title, end_page.lines, end_page.ask, left_s=17.0)
        fast = named(words("pace", "both", "Slower"))
        fast = replace(fast, sides=tuple(replace(side, pace=88.0) for side in fast.sides))
        less = named(words("symmetry", "left", "Left: longer strokes"))
        less = replace(less, sides=(replace(less.sides[0], path_mm=80.0), less.sides[1]))
        aim = self.step.zone[1].mean(axis=0)
        here = named().sides[0].working_mm
        aimed = Pointing(f"Left: lower, to the {self.step.zone_names[1]}", (Arrow(here, aim, arrives=True), None))
        alone = replace(work, demonstration=self.step.id, no_camera=True)
        nothing = [replace(side, needed=False, repetitions=0, path_mm=0.0, pace=NAN) for side in named().sides]
        guided = named(target=None, step_left_s=21.0, sides=tuple(nothing))
        return [
            *self.opening(),
            *self.pulse(),
            State("working", work, named()),
            State("demonstration", replace(work, demonstration=self.step.id), named()),
            self._pointed("direction", work, named(words("direction", "right", one_sided("right", self.step.asked[0].way)))),
            State("zone", replace(work, pointing=aimed), named(words("zone", "left", aimed.words))),
            State("pace", work, fast),
            self._pointed("symmetry", work, less),
            State("unseen", replace(work, muted=True, hint="I can't see your left hand"), self.unseen()),
            State("silenced", work, replace(named(words("zone", "left", aimed.words)), shown=None)),
            State("praise", replace(work, praise="Nicely done"), named()),
            State("recording", work, named(), recording=True),
            State("palms", replace(work, palms=0.6), named()),
            State("paused", paused, named(state="paused")),
            State("away", replace(paused, ask=TEXTS["paused.away"]), named(state="paused"), bare=True),
            State("help", replace(work, keys=KEYS), named()),
            State("guide", alone, guided, bare=True),
            State("guide's hands", self._alone(), named(), bare=True),
            State("end", end, named(state="finished"), bare=True),
            *self.learning(),
        ]

    def _alone(self) -> Screen:
        """The page about the hands where there is no camera."""
        ask = TEXTS["prepare.ask"].format(step=self.step.title)
        lines, first = self.routine.prepare, self.step.id
        return Screen("prepare", TEXTS["prepare.title"], lines, ask, left_s=18.0, demonstration=first, no_camera=True)

    def learning(self) -> list[State]:
        """While a routine is shown that is to be learnt."""
        ask = TEXTS["learn.ask"]
        showing = Screen("showing", TEXTS["learn.step"].format(number=2), ask=ask)
        shown = Screen("shown", TEXTS["learn.kept"].format(number=2), ask=TEXTS["learn.again"], share=0.6)
        again = Screen("showing", TEXTS["learn.once-more"].format(number=2), ask=ask, left_s=7.0, palms=0.4)
        screens = {"showing": showing, "shown": shown, "shown again": again}
        return [State(name, screen, self.verdict(), bare=True) for name, screen in screens.items()]
