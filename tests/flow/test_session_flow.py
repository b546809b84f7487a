"""The state machine: from page to page without a key, pauses that end, and an end that comes."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from facetrack.coach.verdict import Cue
from facetrack.flow import FlowOptions, Screen, SessionFlow, session_flow as limits
from facetrack.flow.input.keys import DEBOUNCE_S
from facetrack.flow.input.pauses import LONGEST_ABSENCE_S, LONGEST_PAUSE_S
from facetrack.flow.pages.end_page import WAIT_S, SessionSummary
from facetrack.flow.pages.intro_pages import DURATION_S, advice_of, reading_s
from facetrack.flow.speech import spoken_s
from facetrack.flow.texts import TEXTS, point_text
from facetrack.routine import load_routine
from facetrack.routine.compiled import CompiledStep
from tests.flow import people
from tests.overlay import scenes

FPS = 10.0
ROUTINE = load_routine("fascia")
STEPS = (ROUTINE.step("forehead"), ROUTINE.step("jawline"))
ADVICE_S = sum(reading_s(advice_of(ROUTINE)))
READ_S = DURATION_S + ADVICE_S + 0.5
"""How long it takes until the user is looked for."""
BEFORE_S = READ_S + 12.0
"""How long until the hands are waited for."""


@dataclass
class Session:
    """Drives a flow frame by frame, with a coach that is paused and resumed as it is told."""

    options: FlowOptions = field(default_factory=lambda: FlowOptions(safety=False))
    t_s: float = 0.0
    state: str = "working"
    commands: list[tuple[float, str]] = field(default_factory=list)
    screens: list[Screen] = field(default_factory=list)
    learnt: int = 0
    steps: tuple[CompiledStep, ...] = STEPS

    def __post_init__(self) -> None:
        self.flow = SessionFlow(ROUTINE, self.steps, self.options)
        self.paused = False

    def go(self, seconds: float, face=True, hands=False, palms=False, calibration="neutral", **others) -> "Session":
        for _ in range(max(1, round(seconds * FPS))):
            self.frame(face, hands, palms, calibration, **others)
        return self

    def frame(
        self,
        face=True,
        hands=False,
        palms=False,
        calibration="neutral",
        place_mm=(30.0, 45.0),
        source_error=None,
        known=(False, False),
        hand_mm=None,
        **verdict,
    ) -> Screen:
        left, right = people.palms() if palms else (people.hand((360.0, 330.0)), people.hand((280.0, 330.0), side=1))
        seen = people.observation(self.t_s, face, *((left, right) if hands or palms else (None, None)))
        points = people.points(seen, at_face=(hands, hands), calibration=calibration, place_mm=place_mm)
        if hand_mm is not None:
            points = replace(points, points_mm=np.stack([hand_mm, hand_mm * (-1.0, 1.0)]))
        if any(known):
            points = replace(points, edge_mm=np.where(np.array(known)[:, None], (0.0, 40.0, 12.0), np.nan))
        for command in self.flow.pre_coach(people.GREY, seen, points, source_error):
            self.commands.append((round(self.t_s, 1), command))
            self.paused = {"pause": True, "resume": False}.get(command, self.paused)
        self.learnt += self.flow.learn_face
        said = {"state": "paused" if self.paused else self.state} | verdict
        screen = self.flow.post_coach(people.verdict(self.t_s, **said))
        self.screens.append(screen)
        self.t_s += 1 / FPS
        return screen

    @property
    def pages(self) -> list[str]:
        """Each once, in order."""
        order = [screen.page for screen in self.screens]
        return [page for number, page in enumerate(order) if number == 0 or order[number - 1] != page]

    @property
    def last_page(self) -> str:
        return self.screens[-1].page if self.screens else ""

    @property
    def said(self) -> str:
        return " | ".join(say.words for screen in self.screens for say in screen.utterances)

    @property
    def last(self) -> Screen:
        return self.screens[-1]


def working(**options) -> Session:
    """A session in its first step."""
    session = Session(FlowOptions(safety=False, **options))
    session.go(BEFORE_S + 4.0).go(1.0, hands=True)
    assert session.last.page == "working"
    session.commands.clear()
    session.screens.clear()
    return session


def test_from_the_first_page_to_the_work_without_a_key() -> None:
    session = Session()
    session.go(BEFORE_S).go(3.0, hands=True)
    assert session.pages == ["duration", "advice", "framing", "neutral", "prepare", "working"]
    assert [command for _, command in session.commands] == ["pause", "resume"]
    assert session.commands[0][0] == 0.0
    assert session.learnt == 1
    assert "About 2 minutes, 2 steps" in session.said
    assert session.said.index("hands off your face") < session.said.index("glide") < session.said.index("Forehead. Glide")


def test_who_reads_the_safety_page_hears_how_to_pause_and_what_to_begin_with() -> None:
    """A listener doesn't know the first step yet, nor that there are gestures."""
    session = Session(FlowOptions(safety=True)).go(1.0)
    session.flow.key(ord("x"))
    session.go(BEFORE_S + 4.0)
    assert session.last.page == "prepare"
    assert session.last.ask == "When your hands are ready, begin: Forehead"
    assert session.last.lines[-1] == TEXTS["prepare.pause"]
    assert f"{TEXTS['prepare.pause']} {session.last.ask}." in session.said
    assert TEXTS["prepare.pause"] not in Session().go(BEFORE_S + 4.0).said, "once a day"
    unseen = Session(FlowOptions(safety=True, camera=False)).go(1.0)
    unseen.flow.key(ord("x"))
    assert TEXTS["prepare.pause"] not in unseen.go(BEFORE_S + 4.0).said, "nobody would see the palms"


def test_a_step_is_announced_at_once_even_while_a_page_is_still_being_read() -> None:
    """Who begins early would else hear what to do when it is done."""
    session = Session()
    session.go(BEFORE_S).go(3.0, hands=True)
    announced = [one for screen in session.screens for one in screen.utterances if one.words.startswith("Forehead. ")]
    assert [one.urgent for one in announced] == [True]


def test_the_safety_page_waits_for_a_key_or_palms() -> None:
    for answer in ("key", "palms"):
        session = Session(FlowOptions(safety=True)).go(30.0)
        assert session.pages == ["safety"]
        assert any("ask a professional first" in line for line in session.last.lines)
        assert not session.flow.safety_read
        if answer == "key":
            session.flow.key(ord("x"))
            session.go(0.2)
        else:
            session.go(2.0, palms=True)
        assert session.last.page == "duration"
        assert session.flow.safety_read


def test_nobody_answers_the_safety_page_and_the_session_ends() -> None:
    session = Session(FlowOptions(safety=True)).go(limits.LONGEST_UNANSWERED_S + 1.0)
    assert session.last.over
    assert not session.flow.safety_read


def test_framing_asks_until_it_is_well_and_says_it_aloud() -> None:
    session = Session().go(READ_S + 1.0, face=False)
    assert (session.last.page, session.last.ask) == ("framing", "Come into view")
    assert "Come into view" in session.said
    session.go(3.0)
    assert session.last.page != "framing"


def test_nobody_ever_comes_and_the_session_ends() -> None:
    assert Session().go(LONGEST_ABSENCE_S + 5.0, face=False).last.over


def test_the_neutral_face_is_waited_for_but_not_for_ever() -> None:
    session = Session().go(READ_S + 1.3).go(5.0, calibration="running")
    assert session.last.page == "neutral"
    session.go(12.0, calibration="running")
    assert session.last.page == "prepare"


def test_hands_at_the_face_begin_the_work_and_so_does_waiting() -> None:
    assert Session().go(BEFORE_S + 46.0).last.page == "working"


def test_warming_the_cream_before_the_chest_does_not_begin_the_work() -> None:
    session = Session().go(BEFORE_S).go(5.0, hands=True, place_mm=(15.0, -190.0))
    assert session.last.page == "prepare"
    session.go(1.0, hands=True)
    assert session.last.page == "working"


@pytest.mark.parametrize("key", [ord(" "), ord("x"), 65361, 13])
def test_any_key_pauses_and_goes_on(key: int) -> None:
    session = working()
    session.flow.key(key)
    session.go(3.0, hands=True)
    assert session.last.page == "paused"
    session.flow.key(key)
    session.go(1.0, hands=True)
    assert session.last.page == "working"
    assert [command for _, command in session.commands] == ["pause", "resume"]
    assert "Paused." in session.said


def test_an_elbow_on_the_space_bar_is_one_key() -> None:
    session = working()
    for _ in range(20):
        session.flow.key(ord(" "))
        session.frame(hands=True)
    session.go(DEBOUNCE_S + 0.2, hands=True)
    assert [command for _, command in session.commands] == ["pause"]


def test_palms_pause_and_resume() -> None:
    session = working().go(2.0, palms=True)
    assert session.last.page == "paused"
    session.go(1.0).go(2.0, palms=True)
    assert [command for _, command in session.commands] == ["pause", "resume"]


def test_leaving_pauses_and_coming_back_resumes() -> None:
    session = working().go(1.0).go(4.0, face=False)
    assert session.last.page == "paused"
    assert session.last.ask == "Come back into view to continue"
    session.go(1.0)
    assert session.last.page == "working"
    assert [command for _, command in session.commands] == ["pause", "resume"]


def test_who_paused_by_key_and_leaves_stays_paused() -> None:
    session = working()
    session.flow.key(ord(" "))
    session.go(5.0, face=False).go(3.0)
    assert session.last.page == "paused"


def test_a_recording_does_not_wait_for_who_leaves() -> None:
    session = Session(FlowOptions(interactive=False)).go(1.0, hands=True).go(10.0, face=False)
    assert session.pages == ["working"]
    assert session.commands == []


@pytest.mark.parametrize(
    ("pause", "longest_s"),
    [({"face": False}, LONGEST_ABSENCE_S + 3.0), ({}, LONGEST_PAUSE_S)],
    ids=["away", "key"],
)
def test_no_pause_lasts_for_ever(pause: dict, longest_s: float) -> None:
    session = working().go(1.0)
    if not pause:
        session.flow.key(ord(" "))
    session.go(longest_s - 5.0, **pause)
    assert not session.last.over
    session.go(8.0, **pause)
    assert session.last.over


def test_keys_for_everything() -> None:
    session = working()
    for key in "nam":
        session.flow.key(ord(key))
        session.go(0.3, hands=True)
    assert [command for _, command in session.commands] == ["skip", "again", "mute"]
    assert session.last.muted
    session.flow.key(ord("h"))
    assert len(session.frame(hands=True).keys) > 4
    session.go(limits.HELP_S + 1.0, hands=True)
    assert session.last.keys == ()
    session.flow.key(ord("q"))
    assert session.frame(hands=True).over


def test_skipping_in_a_pause_goes_on() -> None:
    session = working()
    session.flow.key(ord(" "))
    session.go(1.0, hands=True)
    session.flow.key(ord("n"))
    session.go(0.2, hands=True)
    assert [command for _, command in session.commands] == ["pause", "resume", "skip"]


@pytest.mark.parametrize(
    ("status", "word"), [("done", "Well done"), ("skipped", "Forehead: skipped"), ("unseen", "Forehead: I could not see it")]
)
def test_a_word_after_each_step_and_what_comes_next(status: str, word: str) -> None:
    session = working().go(2.0, hands=True)
    session.frame(hands=True, ended=(people.ended(session.t_s, status),))
    assert session.last.praise == word
    session.go(1.0, hands=True, step=2)
    assert session.last.praise == word
    assert f"{word}. Jawline" in session.said
    session.go(limits.PRAISE_S, hands=True, step=2)
    assert session.last.praise == ""
    assert session.last.place == (2, 2)


def test_a_demonstration_until_the_step_is_known() -> None:
    session = working()
    assert session.go(1.0, hands=True).last.demonstration == "forehead"
    session.go(limits.DEMONSTRATION_S, hands=True)
    assert session.last.demonstration is None
    assert session.flow.known_steps == {"forehead"}
    assert working(known=frozenset({"forehead"})).go(1.0, hands=True).last.demonstration is None


def test_nothing_is_shown_or_said_of_a_step_that_is_over() -> None:
    session = working().go(1.0, hands=True)
    now = session.t_s
    late = replace(
        scenes.correction(side="left", kind="symmetry", message="Left: a few more strokes"), t_start_s=now, t_end_s=now
    )
    cue = Cue(now, late.index, shown=True, spoken=True, why_not=None)
    session.frame(hands=True, changed=(late,), cue=cue, ended=(people.ended(now),))
    session.go(4.0, hands=True, step=2)
    assert "a few more strokes" not in session.said
    assert session.last.pointing.words == ""


def test_what_is_unseen_for_long_is_said() -> None:
    session = working().go(20.0, hands=True, hint_id="unseen.left", hint="I can't see your left hand")
    assert session.said.count("I can't see your left hand") == 1


def test_a_request_to_lift_is_said_at_once_as_often_as_the_coach_makes_it() -> None:
    session = working()
    for _ in range(2):
        session.go(3.0, hands=True, hint_id="unseen.lift-left", hint="Lift it off and back").go(7.0, hands=True)
    assert session.said.count("Lift it off and back") == 2


def test_all_advice_is_shown_and_spoken_a_line_at_a_time_before_the_first_step() -> None:
    for name in ("fascia", "japanese"):
        routine = load_routine(name)
        session = Session()
        session.flow = SessionFlow(routine, routine.steps, session.options)
        session.go(80.0, face=False)
        shown = [screen for screen in session.screens if screen.page == "advice"]
        advice = [*routine.advice, *filter(None, [routine.schedule_say])]
        assert list(advice_of(routine)) == advice
        assert list(dict.fromkeys(line for screen in shown for line in screen.lines)) == advice
        assert all(len(screen.lines) == 1 for screen in shown)
        assert [session.said.count(line) for line in advice] == [1] * len(advice)
        begins_s = [n / FPS for n, screen in enumerate(session.screens) for say in screen.utterances if say.words in advice]
        assert all(
            after - before >= spoken_s(line) - 0.2 for before, after, line in zip(begins_s, begins_s[1:], advice, strict=False)
        )


def _counted(done: int) -> tuple:
    return tuple(
        scenes.side(hand, here, repetitions=done) for hand, here in zip(("left", "right"), scenes.HERE_MM, strict=True)
    )


@pytest.mark.parametrize("name", ["fascia", "japanese"])
def test_each_steps_point_is_spoken_once_when_the_first_repetition_is_done_and_nothing_is_being_said(name: str) -> None:
    routine = load_routine(name)
    for step in routine.steps:
        session = Session(FlowOptions(interactive=False))
        session.flow = SessionFlow(routine, (step,), session.options)
        counted = {"target": step.repetitions, "step": step.index}
        session.go(3.0, hands=True, sides=_counted(0), step_elapsed_s=0.0, step_left_s=step.seconds or float("nan"), **counted)
        assert point_text(step) not in session.said
        begun = session.t_s
        session.go(20.0, hands=True, sides=_counted(1), **counted)
        said_s = [
            n / FPS for n, screen in enumerate(session.screens) for say in screen.utterances if say.words == point_text(step)
        ]
        assert len(said_s) == 1, step.id
        announced = next(say.words for screen in session.screens for say in screen.utterances)
        assert said_s[0] >= max(begun, spoken_s(announced)) - 0.2
        assert step.point in point_text(step)
        assert step.pressure in point_text(step)


def test_the_point_waits_for_a_correction_that_is_being_said() -> None:
    session = working().go(8.0, hands=True, sides=_counted(0))
    event = scenes.correction()
    cue = Cue(session.t_s, event.index, shown=True, spoken=True, why_not=None)
    session.frame(hands=True, sides=_counted(1), corrections=(event,), changed=(event,), cue=cue, shown=event)
    session.go(1.0, hands=True, sides=_counted(1))
    assert point_text(STEPS[0]) not in session.said
    session.go(4.0, hands=True, sides=_counted(1))
    assert session.said.count(point_text(STEPS[0])) == 1


def test_the_last_repetition_is_announced() -> None:
    session = working()
    sides = tuple(scenes.side(hand, here, repetitions=4) for hand, here in zip(("left", "right"), scenes.HERE_MM, strict=True))
    session.go(3.0, hands=True, sides=sides)
    assert session.said.count("One more.") == 1


def at_the_end(**options) -> Session:
    session = working(**options).go(1.0, hands=True)
    session.frame(hands=True, ended=(people.ended(session.t_s),))
    session.state = "finished"
    return session.go(1.0)


def test_the_end_page_asks_and_ends_by_itself() -> None:
    session = at_the_end()
    assert session.last.page == "end"
    assert session.last.lines == ("1 of 2 steps done",), "no area of concern, so none is offered"
    assert session.last.ask == TEXTS["end.none"]
    assert not session.last.over
    session.go(WAIT_S)
    assert session.last.over


def test_the_end_says_the_score_the_one_thing_to_change_and_where_the_report_is() -> None:
    session = working()
    session.flow.set_summary(lambda: SessionSummary("Score 84 of 100: close to the routine", "Next time: slower", report=True))
    session.frame(hands=True, ended=(people.ended(session.t_s),))
    session.state = "finished"
    session.go(1.0)
    lines = list(session.last.lines)
    assert lines[1:4] == ["Score 84 of 100: close to the routine", "Next time: slower", TEXTS["end.report"]]
    assert f"Score 84 of 100: close to the routine. Next time: slower. {TEXTS['end.report-say']}" in session.said
    session.flow.key(ord("r"))
    session.go(0.2)
    assert session.last.over
    assert session.flow.report_wanted


def test_nothing_is_praised_where_nothing_was_done() -> None:
    session = working()
    session.frame(hands=True, ended=(people.ended(session.t_s, "partial"),))
    assert session.last.praise == "Forehead: partly done"
    session.state = "finished"
    session.go(1.0)
    assert "Well done" not in (session.said, session.last.title)
    wrong = replace(scenes.correction(kind="zone"), t_start_s=0.5)
    session = working()
    session.frame(hands=True, changed=(replace(wrong, t_end_s=session.t_s),), ended=(people.ended(session.t_s),))
    assert session.last.praise == "Forehead is over", "what was wrong until the end is not praised"


def test_areas_of_concern_are_asked_for_once_and_offered_at_the_end() -> None:
    routine = load_routine("japanese")

    def asked() -> Session:
        session = Session(FlowOptions(safety=False, ask_concern=True))
        session.flow = SessionFlow(routine, routine.steps, session.options)
        while session.last_page != "concern":
            session.frame()
        return session

    session = asked()
    assert routine.concern_say in session.last.lines
    for digit in "35":
        session.flow.key(ord(digit))
        session.go(1.0)
    assert session.last.page == "concern"
    session.go(15.0).go(12.0, hands=True)
    assert session.flow.concern == ("upper-eyelids", "lower-eyelids", "cheeks")
    session.state = "finished"
    assert "2  Lower eyelids" in session.go(1.0).last.lines
    none = asked().go(40.0).go(12.0, hands=True)
    assert none.flow.concern == ()
    none.state = "finished"
    assert TEXTS["end.again"] not in none.go(1.0).last.lines
    assert "concern" not in Session(FlowOptions(safety=False, ask_concern=True)).go(BEFORE_S).pages, "fascia asks for none"


@pytest.mark.parametrize("answer", ["palms", "1"])
def test_any_area_once_more(answer: str) -> None:
    session = at_the_end(concern=("jawline",))
    if answer == "palms":
        session.go(2.0, palms=True)
    else:
        session.flow.key(ord(answer))
        session.go(0.2)
    assert session.commands[-1][1] == "again:jawline"
    session.state = "working"
    assert session.go(1.0, hands=True, step=2).last.page == "working"


@pytest.mark.parametrize("how", ["key", "leaving"])
def test_the_end_page_is_left_by_key_and_by_leaving(how: str) -> None:
    session = at_the_end()
    if how == "key":
        session.flow.key(ord("x"))
    session.go(3.0, face=how == "key")
    assert session.last.over


def test_a_recording_ends_soon_after_its_routine() -> None:
    session = Session(FlowOptions(interactive=False)).go(1.0, hands=True)
    session.state = "finished"
    session.go(0.5)
    assert not session.last.over
    session.go(1.0)
    assert session.last.over


def test_without_a_camera_the_guide_begins_by_itself() -> None:
    session = Session(FlowOptions(safety=False, judging=False, camera=False)).go(BEFORE_S + 20.0, face=False)
    assert session.pages == ["duration", "advice", "prepare", "working"]
    assert session.last.no_camera
    assert session.last.demonstration == "forehead"
    assert not session.last.over


@pytest.mark.parametrize("seed", range(6))
def test_whatever_happens_the_coach_is_paused_and_resumed_in_turn(seed: int) -> None:
    rng = np.random.default_rng(seed)
    session = Session(FlowOptions(safety=bool(seed % 2)))
    acts: list[Callable[[], object]] = [
        lambda: session.flow.key(int(rng.integers(0, 300))),
        lambda: session.go(2.0, palms=True),
        lambda: session.go(3.0, face=False),
        lambda: session.go(2.0, hands=True),
        lambda: session.go(1.0),
    ]
    for _ in range(60):
        acts[rng.integers(len(acts))]()
        session.frame()
        if session.last.over:
            break
    asked = [command for _, command in session.commands if command in ("pause", "resume")]
    assert asked[::2] == ["pause"] * len(asked[::2])
    assert asked[1::2] == ["resume"] * len(asked[1::2])


LOST = "The camera gives no pictures. Trying to open it again."


def test_a_lost_camera_pauses_at_once_and_its_return_goes_on() -> None:
    session = working()
    lost_s = round(session.t_s, 1)
    session.go(30.0, face=False, source_error=LOST)
    assert session.said == f"{LOST} | Paused until the camera is back."
    assert session.last.page == "paused"
    back_s = round(session.t_s, 1)
    session.go(0.2, face=False).go(1.0, hands=True)
    assert session.commands == [(lost_s, "pause"), (back_s, "resume")], "nobody was away meanwhile"
    assert session.last.page == "working"


def test_keys_do_not_go_on_without_a_camera_and_q_still_ends() -> None:
    session = working()
    session.go(1.0, face=False, source_error=LOST)
    session.flow.key(ord(" "))
    session.go(1.0, face=False, source_error=LOST)
    assert [name for _, name in session.commands] == ["pause"]
    session.flow.key(ord("q"))
    session.go(0.1, face=False, source_error=LOST)
    assert session.flow.over


def test_a_camera_that_is_lost_before_the_first_step_is_told_too() -> None:
    session = Session()
    session.go(1.0).go(2.0, face=False, source_error=LOST)
    assert LOST in session.said
