"""The numbers that docs/judgement.md and the glossary promise are those that the coach judges by."""

import math
import re
from pathlib import Path

import pytest

from facetrack.coach import Thresholds
from facetrack.routine.kinds import KINDS

DOCS = Path(__file__).parents[2] / "docs"
PAGE = re.sub(r"\s+", " ", (DOCS / "judgement.md").read_text(encoding="utf-8"))
LIMITS = Thresholds()
TUNING = LIMITS.tuning


def percent(share: float) -> str:
    return f"{100.0 * share:g} %"


@pytest.mark.parametrize(
    "promise",
    [
        f"has reached {LIMITS.zone.onset_s:g} s and the point stays outside for another {TUNING.zone.confirm_s:g} s",
        f"has been inside for {LIMITS.zone.release_s:g} s",
        f"strokes of {TUNING.strokes.shortest_mm:g} mm and more in contact are more than {LIMITS.off_path_deg:g} degrees off",
        f"two in a row or for {LIMITS.direction.onset_s:g} s",
        f"at least {LIMITS.off_path_range_mm[0]:g}, at most {LIMITS.off_path_range_mm[1]:g} mm",
        f"the correction stays open for {LIMITS.stays_open_s:g} s",
        f"seen again within {LIMITS.same_within_s:g} s",
        f"within {TUNING.feedback.both_within_s:g} s of each other",
        f"it is said again after {TUNING.feedback.again_s:g} s",
        f"the median speed over the last {LIMITS.pace.onset_s:g} s of stroking",
        f"the median of the last {LIMITS.pace.release_s:g} s is within the limit",
        f"it stays within {TUNING.symmetry.still_extent_mm:g} mm for {LIMITS.symmetry.onset_s:g} s while the other side works",
        f"over {LIMITS.balance_window_s:g} s, or two strokes if these take longer, "
        f"it strokes less than {percent(LIMITS.balance_share)} of the other's path",
        f"For {TUNING.steps.settle_s:g} s after a change of step nothing is corrected",
        f"the same kind not again within {TUNING.feedback.again_s:g} s",
        f"least-squares slope over {TUNING.hand.velocity_window_s:g} s",
    ],
)
def test_what_the_page_says_is_what_the_coach_does(promise: str) -> None:
    assert promise in PAGE


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("two in a row", (LIMITS.off_path_strokes, 2)),
        ("silence after three of a kind in a step", (TUNING.feedback.times, 3)),
        ("more than one and a half times the strokes'", (round(math.exp(TUNING.contact.quick_ratio), 1), 1.5)),
        ("Gaps up to a quarter of a second are bridged", (TUNING.hand.gap_s, 0.25)),
        ("by priority (zone, direction, pace, symmetry)", (tuple(KINDS), ("zone", "direction", "pace", "symmetry"))),
    ],
)
def test_and_so_are_the_numbers_in_words(words: str, value: tuple[object, object]) -> None:
    assert words in PAGE
    assert value[0] == value[1]
