"""The numbers that docs/judgement.md and the glossary promise are those that the coach judges by."""

import re
from pathlib import Path

import pytest

from facetrack.coach import Thresholds
from facetrack.routine.compiled import KINDS

DOCS = Path(__file__).parents[2] / "docs"
PAGE = re.sub(r"\s+", " ", (DOCS / "judgement.md").read_text(encoding="utf-8"))
LIMITS = Thresholds()


def percent(share: float) -> str:
    return f"{100.0 * share:g} %"


@pytest.mark.parametrize(
    "promise",
    [
        f"for {LIMITS.zone_raise_s:g} s in all, and stays outside for another {LIMITS.stands_s:g} s",
        f"it is inside for {LIMITS.zone_mend_s:g} s",
        f"strokes of {LIMITS.shortest_stroke_mm:g} mm and more in contact are more than {LIMITS.off_path_deg:g} degrees off",
        f"two in a row or for {LIMITS.off_path_s:g} s",
        f"This must last {LIMITS.stands_s:g} s",
        f"the median speed over the last {LIMITS.pace_window_s:g} s of stroking",
        f"the median of the last {LIMITS.pace_mend_s:g} s is within the limit",
        f"one stays within {LIMITS.still_extent_mm:g} mm for {LIMITS.still_raise_s:g} s while the other works",
        f"less than {percent(LIMITS.balance_least)} of the other's path over {LIMITS.balance_window_s:g} s or two strokes",
        f"For {LIMITS.settle_s:g} s after a change of step nothing is corrected",
        f"the same kind not again within {LIMITS.cue_again_s:g} s",
        f"least-squares slope over {LIMITS.velocity_window_s:g} s",
    ],
)
def test_what_the_page_says_is_what_the_coach_does(promise: str) -> None:
    assert promise in PAGE


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("two in a row", (LIMITS.off_path_strokes, 2)),
        ("silence after three of a kind in a step", (LIMITS.cues_a_kind, 3)),
        ("more than one and a half times as fast", (LIMITS.quicker, 1.5)),
        ("Gaps up to a quarter of a second are bridged", (LIMITS.gap_s, 0.25)),
        ("by priority (zone, direction, pace, symmetry)", (KINDS, ("zone", "direction", "pace", "symmetry"))),
    ],
)
def test_and_so_are_the_numbers_in_words(words: str, value: tuple[object, object]) -> None:
    assert words in PAGE
    assert value[0] == value[1]
