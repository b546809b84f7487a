"""docs/seeds.md: every sentence of the articles that asks has a place, every text of the routines comes from somewhere, and
each place is really shown and spoken."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest

from facetrack.flow import FlowOptions, SessionFlow
from facetrack.flow.texts import SAFETY, TEXTS, point_text, points
from facetrack.routine import load_routine
from facetrack.routine.compiled import CompiledRoutine
from tests.docs.pages import TOP
from tests.flow import people
from tests.flow.test_session_flow import Session

PAGE = (TOP / "docs" / "seeds.md").read_text("utf-8")
SEEDS = TOP.parent / "shared" / "seeds"
ARTICLES = {"japanese": "japanese-facial-massage.txt", "fascia": "facial-fascia-massage.txt"}
SENTENCE_ENDS = re.compile(r"(?<=[.!?;:])\s+(?=[A-Z“\"•\-])")


def section(name: str) -> str:
    return PAGE.split(f"\n## {name}\n")[1].split("\n## ")[0]


def rows(name: str) -> list[tuple[list[int], list[str]]]:
    """(numbers of sentences, places) of each row."""
    found = []
    for line in section(name).splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 4 and cells[0][:1].isdigit():
            found.append((numbers(cells[0]), [place.strip() for place in cells[2].split(", ")]))
            assert cells[3], line
    return found


def numbers(text: str) -> list[int]:
    """1, 3-5 as [1, 3, 4, 5]."""
    spans = re.findall(r"(\d+)(?:-(\d+))?", text)
    return [n for low, high in spans for n in range(int(low), int(high or low) + 1)]


def places(routine: CompiledRoutine) -> dict[str, str]:
    """The text of each place of a routine."""
    found = {"safety": SAFETY, "schedule": routine.schedule_say, "concern": routine.concern_say, "tool": routine.with_tool}
    for name, texts in (
        ("advice", routine.advice),
        ("prepare", routine.prepare),
        ("after", routine.after),
        ("caution", (*routine.session_cautions, *routine.area_cautions)),
    ):
        found |= {f"{name} {number}": text for number, text in enumerate(texts, start=1)}
    for step in routine.steps:
        found |= {f"{step.id} {key}": getattr(step, key) for key in ("say", "point", "pressure")}
        found[f"{step.id} tool"] = step.with_tool
    return {place: text for place, text in found.items() if text}


@pytest.mark.parametrize("name", ARTICLES)
def test_each_place_exists_and_each_text_has_one(name: str) -> None:
    known = places(load_routine(name))
    used = {place.removesuffix(" ours") for _, some in rows(name) for place in some if not place.startswith("none: ")}
    assert used - known.keys() == set(), "no such text"
    assert known.keys() - used - {"safety"} == set(), "from nowhere"


@pytest.mark.parametrize("name", ARTICLES)
def test_each_sentence_of_the_articles_is_listed_once(name: str) -> None:
    if not SEEDS.is_dir():
        pytest.skip("the articles are not beside the checkout")
    lines = (line.strip() for line in (SEEDS / ARTICLES[name]).read_text("utf-8").splitlines())
    count = sum(len(SENTENCE_ENDS.split(line)) for line in lines if line)
    rest = section(name).split("ask nothing")[1].split(".")[0]
    listed = sorted([n for some, _ in rows(name) for n in some] + numbers(rest))
    assert listed == list(range(1, count + 1))


@cache
def session(name: str) -> tuple[str, str]:
    """(all that is shown, all that is spoken) in a session of the routine that waits where it may; with a tool if it may."""
    routine = load_routine(name)
    routine = routine.with_contact("tool") if routine.may_use_tool else routine
    made = Session(FlowOptions(safety=True, ask_concern=True))
    made.flow = SessionFlow(routine, routine.steps, made.options)
    made.go(80.0)
    made.flow.key(ord("x"))
    made.go(95.0)
    for step in routine.steps:
        sides = tuple(replace(side, contact=step.contact) for side in people.WORKING.sides)
        counted = {"step": step.index, "target": step.repetitions, "step_elapsed_s": 10.0, "step_left_s": 1.0, "sides": sides}
        made.go(15.0, hands=True, **counted)
        made.frame(hands=True, ended=(replace(people.ended(made.t_s), index=step.index, step_id=step.id),), **counted)
    made.state = "finished"
    made.go(1.0)
    assert made.last.page == "end"
    pages = (text for screen in made.screens for text in (screen.title, *screen.lines, screen.ask))
    return "\n".join([*dict.fromkeys(pages), *_step_pages(routine)]), made.said


def _step_pages(routine: CompiledRoutine) -> Iterator[str]:
    """What ``Panels`` draws of a step."""
    for step in routine.steps:
        yield from (step.say, *points(step, tool=True), TEXTS["pressure"].format(pressure=step.pressure))


@pytest.mark.parametrize("name", ARTICLES)
def test_each_place_is_shown_and_spoken(name: str) -> None:
    shown, spoken = session(name)
    for place, text in places(load_routine(name)).items():
        assert text in shown, place
        assert text in spoken, place


@pytest.mark.parametrize("name", ARTICLES)
def test_the_listeners_transcript_is_of_today_and_leaves_nothing_out(name: str) -> None:
    """What can be done with closed eyes is what is in it; ``python -m scripts.listeners_transcript docs`` makes it anew."""
    heard = (TOP / "docs" / f"heard-{name}.md").read_text("utf-8")
    routine = load_routine(name)
    for part in heard.split("\n## ")[1:]:
        for text in (*routine.advice, *routine.prepare, *routine.after, routine.schedule_say):
            assert text in part
        for step in routine.steps:
            assert f"{step.title}. {step.say}" in part
            alike = sum(point_text(other) == point_text(step) for other in routine.steps)
            assert part.count(f"| {point_text(step)} |") == alike, step.id
            assert f"*{step.id}: done*" in part
    assert all(since_s <= 8 for since_s in _since_a_step_ended(heard.split("\n## ")[1])), "done right, nothing is corrected"
    assert "| correct |" in heard.split("\n## ")[2]
    assert "| mended |" in heard.split("\n## ")[2]


def _since_a_step_ended(part: str) -> Iterator[int]:
    """The seconds of each correction since the last step's end: the film is still in that step, as it can't hear."""
    ended_s = -1000
    for minutes, seconds, tone, words in re.findall(r"^\| (\d+):(\d+) \| (\w*) ?\| (.*) \|$", part, re.MULTILINE):
        t_s = 60 * int(minutes) + int(seconds)
        ended_s = t_s if words.startswith("*") else ended_s
        if tone == "correct":
            yield t_s - ended_s
