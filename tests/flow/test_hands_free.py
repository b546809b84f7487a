"""The mannequin goes through a whole session, from the first page to the end, without a key; nobody's pixels needed."""

import numpy as np
import pytest

from benchmarks import hands_free
from facetrack.mannequin import Performance
from facetrack.pipeline.sinks import FrameResult

AGAIN_S = 6.0
"""Contract: the same kind of correction is not shown or spoken again sooner."""
STEPS = ("nose-bridge", "upper-eyelids")


@pytest.fixture(scope="module")
def session() -> tuple[list[FrameResult], Performance]:
    routine = hands_free.chosen("japanese", STEPS)
    play = hands_free.performance(routine)
    return hands_free.session(routine, play), play


def _screens(results: list[FrameResult]):
    return [(result.frame.t_s, result.screen) for result in results if result.screen is not None]


def test_every_page_and_every_step_is_reached_without_a_key(session) -> None:
    results, _ = session
    pages = [screen.page for _, screen in _screens(results)]
    assert [page for n, page in enumerate(pages) if n == 0 or pages[n - 1] != page] == [
        "duration",
        "advice",
        "framing",
        "neutral",
        "prepare",
        "working",
        "end",
    ]
    ends = [(end.step_id, end.status) for result in results for end in result.verdict.ended]
    assert ends == [(step, "done") for step in STEPS]
    assert [command for result in results for command in result.commands] == ["pause", "resume"]
    assert results[-1].screen.over, "it ended by itself"


def test_the_work_begins_when_the_hands_come(session) -> None:
    results, play = session
    begins_s = next(result.frame.t_s for result in results if result.verdict.state == "working")
    assert abs(begins_s - play.spans[0].t_start_s) < 1.0
    assert {result.verdict.step for result in results if result.frame.t_s < begins_s} == {-1}


def test_each_step_is_announced_demonstrated_and_praised(session) -> None:
    results, play = session
    said = " | ".join(say.words for _, screen in _screens(results) for say in screen.utterances)
    for step in play.steps:
        assert f"{step.title}. {step.say}" in said
    assert "Well done" in said
    shown = {screen.demonstration for _, screen in _screens(results)}
    assert shown == {None, *STEPS}
    assert any(screen.praise for _, screen in _screens(results))


def test_each_correction_is_shown_and_spoken_once_per_hold_time(session) -> None:
    results, play = session
    cues = [result.verdict.cue for result in results if result.verdict.cue is not None and result.verdict.cue.shown]
    events = {event.index: event for result in results for event in result.verdict.changed}
    assert {events[cue.correction].kind for cue in cues} >= {mistake.kind for mistake in play.mistakes}
    assert all(cue.spoken for cue in cues)
    spoken = [(t_s, say.words) for t_s, screen in _screens(results) for say in screen.utterances if say.tone == "correct"]
    assert [t_s for t_s, _ in spoken] == pytest.approx([cue.t_s for cue in cues], abs=1e-4), "each, in the same frame, once"
    by_kind: dict[str, list[float]] = {}
    for cue in cues:
        by_kind.setdefault(events[cue.correction].kind, []).append(cue.t_s)
    assert all(np.diff(times).min(initial=AGAIN_S) >= AGAIN_S for times in by_kind.values())
    for cue in cues:
        lasting = [t for t in results if t.verdict.shown is not None and t.verdict.shown.index == cue.correction]
        assert lasting, "what is spoken is on the screen"
