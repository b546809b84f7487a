"""Every word of every page and step: large enough where it asks for something, whole, and not over another."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pytest

from facetrack.flow import Screen
from facetrack.flow.input.frame_facts import FrameFacts
from facetrack.flow.options import FlowOptions
from facetrack.flow.pages.intro_pages import IntroPages
from facetrack.flow.texts import KEYS, TEXTS, step_ended_text
from facetrack.overlay import Overlay
from facetrack.overlay.drawing import text
from facetrack.overlay.drawing.layout import Rect
from facetrack.overlay.parts.inset import draw_inset
from facetrack.packets import Frame
from facetrack.routine import load_routine
from facetrack.routine.compiled import CompiledRoutine
from tests.overlay import scenes
from tests.overlay.screens import State, States

SIZES = ((640, 480), (1280, 720), (1920, 1080), (720, 1280))
READABLE = 0.042
"""Of the picture's shorter side. Smaller letters can't be read any more once the picture is a fifth as large: 4 pixels at
640x480."""
BY_THE_WAY = ("foot.", "balance.", "step.place")
"""Ids of texts that ask for nothing, and may be smaller; and so may the keys, which are read at the keyboard."""
DEMONSTRATION = np.zeros((300, 240, 3), np.uint8)
FAULT = "Camera 1 (front) does not answer. Is it plugged in, and does no other program use it? Trying to open it again."


@dataclass(frozen=True)
class Written:
    words: str
    size: int
    rect: Rect


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[Written]:
    """What is written on the picture from now on, and the demonstration's place, with no words."""
    found: list[Written] = []
    put, inset = text.put_text_light, "facetrack.overlay.overlay.draw_inset"

    def noting(image, line, x, baseline, colour, size, weight, align=0.0):
        width = text.width_of(line, size, weight)
        found.append(Written(line, size, (x - round(align * width), baseline - round(0.72 * size), width, round(0.72 * size))))
        put(image, line, x, baseline, colour, size, weight, align)

    def captioned(image, theme, layout, picture, words, rect):
        others = list(found)
        draw_inset(image, theme, layout, picture, words, rect)
        caption = found[-1].rect
        found[:] = [*others, Written("", 0, rect)]
        assert rect[0] <= caption[0], words
        assert caption[0] + caption[2] <= rect[0] + rect[2], words

    monkeypatch.setattr(text, "put_text_light", noting)
    monkeypatch.setattr(inset, captioned)
    return found


def _by_the_way(words: str) -> bool:
    fixed = [TEXTS[key].split("{")[0] for key in TEXTS if key.startswith(BY_THE_WAY)]
    return any(one in words for one in fixed if one) or any(words in pair for pair in KEYS)


def _overlap(first: Rect, second: Rect) -> bool:
    (x, y, wide, tall), (u, v, width, height) = first, second
    return x < u + width and u < x + wide and y < v + height and v < y + tall


def _work(states: States) -> Iterator[State]:
    """A step before and after its first repetition, with a tool, with a mistake that is not said any more; how it may end."""
    step, work, said = states.step, Screen("working", place=(2, 9), session_left_s=260.0), states.verdict()
    fresh = tuple(replace(side, repetitions=0) for side in said.sides)
    silenced = states.verdict(states.correction("zone", "right", "Right: higher, to the bridge of the nose"))
    yield State("fresh", replace(work, demonstration=step.id), replace(said, sides=fresh))
    yield State("begun", replace(work, demonstration=step.id), said)
    yield State("with a tool", work, replace(said, sides=tuple(replace(side, contact="tool") for side in said.sides)))
    yield State("silenced", work, replace(silenced, shown=None))
    for status in ("skipped", "unseen", "partial"):
        yield State(status, replace(work, praise=step_ended_text(status, step.title, 0)), said)


def _pages(states: States, routine: CompiledRoutine) -> Iterator[State]:
    """Every page before the first step, all its parts, and each with a camera's fault."""
    intro, seen = IntroPages(routine, routine.steps, FlowOptions(safety=True, ask_concern=True)), set()
    for quarter_s in range(600):
        facts = replace(states.facts, t_s=0.25 * quarter_s)
        shown = intro.show(facts)
        if shown is None:
            break
        if (shown.page, shown.part) not in seen:
            seen.add((shown.page, shown.part))
            first = routine.steps[0].id if shown.page == "prepare" else None
            screen = Screen(
                shown.page, shown.title, shown.lines, shown.ask, shown.share, shown.left_s, first, session_left_s=312.0
            )
            yield State(shown.page, screen, states.verdict())
        intro.update(facts, None, shown.page == "safety")
    assert {"safety", "duration", "advice", "framing", "neutral", "prepare"} <= {page for page, _ in seen}


def _draw(state: State, routine: CompiledRoutine, size_wh: tuple[int, int], fault: str | None = None) -> None:
    frame = Frame(scenes.frame(size_wh).image_bgr, 1.0, 0, source_error=fault)
    shown = DEMONSTRATION if state.screen.demonstration else None
    alone = state.screen.no_camera
    fit = None if alone else scenes.PlainFit(size_wh)
    Overlay().draw(frame, scenes.observation(size_wh), scenes.points(), fit, state.verdict, routine, state.screen, shown)


def _check(found: list[Written], size_wh: tuple[int, int], name: str, readable: float) -> None:
    for number, one in enumerate(found):
        x, y, width, height = one.rect
        inside = x >= 0 and y >= 0 and x + width <= size_wh[0] and y + height <= size_wh[1]
        assert inside, (name, size_wh, one)
        large = one.size >= readable * min(size_wh) or not one.words or _by_the_way(one.words)
        assert large, (name, size_wh, one.words, one.size / min(size_wh))
        for other in found[:number]:
            assert not _overlap(one.rect, other.rect), (name, size_wh, one, other)


@pytest.mark.parametrize("size_wh", SIZES, ids=str)
@pytest.mark.parametrize("name", ["japanese", "fascia"])
def test_every_order_is_large_whole_and_over_nothing(name: str, size_wh: tuple[int, int], written: list[Written]) -> None:
    routine = load_routine(name)
    facts, places = FrameFacts.of(scenes.observation(size_wh), scenes.points()), np.array(scenes.HERE_MM)
    states = [States(routine, step.id, facts, places) for step in routine.steps]
    shown = [(state, None) for one in states for state in _work(one)]
    shown += [(state, fault) for state in _pages(states[0], routine) for fault in (None, FAULT)]
    shown += [(state, fault) for state in states[0].all() for fault in (None, FAULT) if state.name != "help"]
    for state, fault in shown:
        if fault and (state.screen.page == "working" or state.screen.no_camera):
            continue  # a camera's fault pauses, and is then said over the pause
        written.clear()
        _draw(state, routine, size_wh, fault)
        _check(written, size_wh, f"{name} {state.name} {fault or ''}", 0.0 if fault else READABLE)


def test_the_keys_hide_the_words_that_they_cover() -> None:
    """They lie over the step's sentence for a while."""
    routine = load_routine("fascia")
    facts, places = FrameFacts.of(scenes.observation(), scenes.points()), np.array(scenes.HERE_MM)
    states = States(routine, "cheeks", facts, places)
    with_keys = next(state for state in states.all() if state.name == "help")
    frame, seen, fit = scenes.frame(), scenes.observation(), scenes.PlainFit((640, 480))

    def drawn(praise: str) -> np.ndarray:
        screen = replace(with_keys.screen, praise=praise)
        return Overlay().draw(frame, seen, scenes.points(), fit, with_keys.verdict, routine, screen).copy()

    sentence, praise = drawn(""), drawn("Nicely done")
    np.testing.assert_array_equal(sentence[320:350, 200:440], praise[320:350, 200:440])
    assert (sentence[320:350, :100] != praise[320:350, :100]).any(), "beside the keys the sentence stands there"


def test_time_left_is_on_a_dark_ground_on_pages_that_show_the_user() -> None:
    states = States(load_routine("fascia"), "cheeks", FrameFacts.of(scenes.observation(), scenes.points()), np.zeros((2, 2)))
    again = next(state for state in states.learning() if state.name == "shown again")
    frame = scenes.frame()
    frame.image_bgr[:] = 220
    nobody, points = scenes.observation(), scenes.points()
    drawn, timeless = (
        Overlay().draw(frame, nobody, points, None, again.verdict, states.routine, screen).astype(int)
        for screen in (again.screen, replace(again.screen, left_s=float("nan")))
    )
    rows, columns = np.nonzero((drawn != timeless).any(axis=-1))
    written = drawn[rows.min() : rows.max(), columns.min() : columns.max()]
    assert np.median(written) < 90
    assert written.max() > 200
