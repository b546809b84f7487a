"""What people read calls a kind of judgement by one word: area and balance, not zone and symmetry, which are ids."""

import re

import pytest

from facetrack.coach.feedback.messages import HINTS, symmetry_message, totals_message
from facetrack.flow.texts import KEYS, SAFETY, TEXTS
from facetrack.inspection.reasons import LOOKS, REMEDIES
from facetrack.inspection.remarks import REMARKS
from facetrack.routine import load_routine
from facetrack.routine.kinds import KINDS
from tests.docs.pages import TOP

_ID = re.compile(r"\b(zones?|symmetr\w+|evenness|unevenness)\b", re.IGNORECASE)
_MARKUP = re.compile(r"\{[{%].*?[%}]\}|<style.*?</style>|<script.*?</script>|<[^>]*>", re.DOTALL)
TEMPLATE = TOP / "src" / "facetrack" / "report" / "templates" / "report.html"


def routine_texts(name: str) -> list[str]:
    routine = load_routine(name)
    return [
        *routine.advice,
        *routine.prepare,
        *routine.after,
        *(f"{step.title} {step.say} {step.point}" for step in routine.steps),
    ]


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param([SAFETY, *TEXTS.values(), *(words for _, words in KEYS)], id="pages"),
        pytest.param([*HINTS.values(), *REMARKS.values(), *LOOKS.values(), *REMEDIES.values()], id="unseen"),
        pytest.param([symmetry_message(True)[1], symmetry_message(False)[1], totals_message()[1]], id="corrections"),
        pytest.param([kind.word for kind in KINDS.values()], id="kinds"),
        pytest.param(routine_texts("japanese") + routine_texts("fascia"), id="routines"),
        pytest.param([_MARKUP.sub(" ", TEMPLATE.read_text("utf-8"))], id="report"),
    ],
)
def test_no_id_of_a_kind_is_among_the_words(texts: list[str]) -> None:
    assert len("".join(texts)) > 20
    assert [text for text in texts if _ID.search(text)] == []


def test_the_readmes_table_uses_the_words_of_the_reports() -> None:
    rows = re.findall(r"^\| (\w+) (?:\(`(\w+)` in files\) )?\|", (TOP / "README.md").read_text("utf-8"), re.MULTILINE)
    assert {name or word: word for word, name in rows if (name or word) in KINDS} == {n: k.word for n, k in KINDS.items()}
