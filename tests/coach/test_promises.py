"""The numbers that the pages promise are those that the coach judges by."""

from pathlib import Path

import pytest

from facetrack.coach import Thresholds
from facetrack.routine.kinds import KINDS

DOCS = Path(__file__).parents[2] / "docs"
LIMITS = Thresholds()
TUNING = LIMITS.tuning
BALANCE, IN_TURN = TUNING.symmetry, TUNING.symmetry.turns_ratio


def percent(share: float) -> str:
    return f"{100.0 * share:g} %"


JUDGEMENT = (
    f"that fits its last {TUNING.hand.velocity_window_s:g} s best ({TUNING.hand.pace_velocity_window_s:g} s for pace",
    f"has reached {LIMITS.zone.onset_s:g} s and the point stays outside for another {TUNING.zone.confirm_s:g} s",
    f"has been inside for {LIMITS.zone.release_s:g} s",
    f"has left the face for {TUNING.zone.gone_s:g} s",
    f"Beside the head ({TUNING.zone.head_half_mm:g} mm from the midline",
    f"strokes of {TUNING.strokes.shortest_mm:g} mm and more in contact are more than {LIMITS.off_path_deg:g} degrees off",
    f"at least {LIMITS.off_path_range_mm[0]:g}, at most {LIMITS.off_path_range_mm[1]:g} mm",
    f"strokes for {LIMITS.direction.onset_s:g} s in all",
    f"of right stroking over {TUNING.direction.release_mm:g} mm",
    f"the median speed over the last {LIMITS.pace.onset_s:g} s of stroking",
    f"strokes within {TUNING.pace.oldest_s:g} s are enough",
    f"only {TUNING.hand.steep_seen_share:g} of the speed counts",
    f"the median of the last {LIMITS.pace.release_s:g} s is within the limit",
    f"stays within {BALANCE.still_extent_mm:g} mm for {LIMITS.symmetry.onset_s:g} s while the other side works",
    f"the other side works, and for {BALANCE.late_s:g} s more",
    f"the {LIMITS.symmetry.onset_s:g} s are {IN_TURN * LIMITS.symmetry.onset_s:g} s",
    f"over {LIMITS.balance_window_s:g} s ({IN_TURN * LIMITS.balance_window_s:g} s where the sides take turns)",
    f"less than {percent(LIMITS.balance_share)} of the other's path",
    f"moves less than {percent(BALANCE.moved_share)} in all",
    f"must last for {BALANCE.lasts_s:g} s, and the other side must have stroked at least {BALANCE.least_path_mm:g} mm",
    f"the step waits up to {TUNING.steps.waits_for_side_s:g} s",
    f"within {TUNING.feedback.both_within_s:g} s of each other",
    f"For {TUNING.steps.settle_s:g} s after a change of step",
    f"the correction stays open for {LIMITS.stays_open_s:g} s",
    f"seen again within {LIMITS.same_within_s:g} s",
    f"within {TUNING.feedback.relapse_s:g} s of a mend",
    f"it is said again after {TUNING.feedback.again_s:g} s",
    f"not said again within {TUNING.feedback.again_s:g} s",
)
METRICS = (
    f"the time in which it moves ({TUNING.segments.moving_mm_s:g} mm/s and more)",
    f"(the median over {LIMITS.pace.onset_s:g} s; of spirals in turns a second)",
)
ROUTINES = (f"counts from two fifths of the path ({TUNING.repetitions.least_share:g})",)


@pytest.mark.parametrize(
    ("page", "promise"),
    [
        (page, promise)
        for page, promises in (("judgement.md", JUDGEMENT), ("metrics.md", METRICS), ("routines.md", ROUTINES))
        for promise in promises
    ],
)
def test_what_the_page_says_is_what_the_coach_does(page: str, promise: str) -> None:
    assert promise in " ".join((DOCS / page).read_text(encoding="utf-8").split())


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("two in a row", (LIMITS.off_path_strokes, 2)),
        ("after three of a kind in a step nothing more is said", (TUNING.feedback.times, 3)),
        ("after one movement in four", (TUNING.contact.changes_share, 0.25)),
        ("Gaps up to a quarter of a second are bridged", (TUNING.hand.gap_s, 0.25)),
        ("by priority (zone, direction, pace, symmetry)", (tuple(KINDS), ("zone", "direction", "pace", "symmetry"))),
    ],
)
def test_and_so_are_the_numbers_in_words(words: str, value: tuple[object, object]) -> None:
    assert words in " ".join((DOCS / "judgement.md").read_text(encoding="utf-8").split())
    assert value[0] == value[1]
