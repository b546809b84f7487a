"""Numbers of the rules that docs/judgement.md and docs/metrics.md repeat are those of the code."""

from pathlib import Path

import pytest

from facetrack.coach.thresholds import Thresholds
from tests.docs.pages import TOP

LIMITS = Thresholds()
TUNING = LIMITS.tuning
JUDGEMENT = {
    f"has reached {LIMITS.zone.onset_s:g} s and the point stays outside for another {TUNING.zone.confirm_s:g} s",
    f"inside for {LIMITS.zone.release_s:g} s",
    f"has left the face for {TUNING.zone.gone_s:g} s",
    f"Beside the head ({TUNING.zone.head_half_mm:g} mm from the midline",
    f"strokes of {TUNING.strokes.shortest_mm:g} mm and more in contact are more than {LIMITS.off_path_deg:g} degrees off",
    f"or strokes for {LIMITS.direction.onset_s:g} s in all",
    f"median speed over the last {LIMITS.pace.onset_s:g} s of stroking",
    f"strokes within {TUNING.pace.oldest_s:g} s are enough",
    f"only {TUNING.hand.steep_seen_share:g} of the speed counts",
    f"median of the last {LIMITS.pace.release_s:g} s is within the limit",
    f"stays within {TUNING.symmetry.still_extent_mm:g} mm for {LIMITS.symmetry.onset_s:g} s while the other",
    f"the other side works, and for {TUNING.symmetry.late_s:g} s more",
    f"the {LIMITS.symmetry.onset_s:g} s are {TUNING.symmetry.turns_ratio * LIMITS.symmetry.onset_s:g} s",
    f"over {LIMITS.balance_window_s:g} s ({TUNING.symmetry.turns_ratio * LIMITS.balance_window_s:g} s where the sides take",
    f"must last for {TUNING.symmetry.lasts_s:g} s",
    f"must have stroked at least {TUNING.symmetry.least_path_mm:g} mm",
    f"that fits its last {TUNING.hand.velocity_window_s:g} s best ({TUNING.hand.pace_velocity_window_s:g} s for pace",
    f"of right stroking over {TUNING.direction.release_mm:g} mm",
    f"less than {100 * LIMITS.balance_share:g} % of the other's path",
    f"within {TUNING.feedback.relapse_s:g} s of a mend",
    f"the step waits up to {TUNING.steps.waits_for_side_s:g} s",
    f"moves less than {100 * TUNING.symmetry.moved_share:g} % in all",
    f"For {TUNING.steps.settle_s:g} s after a change of step",
    f"not said again within {TUNING.feedback.again_s:g} s",
}
METRICS = {
    f"the time in which it moves ({TUNING.segments.moving_mm_s:g} mm/s and more)",
    f"(the median over {LIMITS.pace.onset_s:g} s; of spirals in turns a second)",
}


def words(page: Path) -> str:
    return " ".join(page.read_text("utf-8").split())


@pytest.mark.parametrize(("page", "phrases"), [("judgement.md", JUDGEMENT), ("metrics.md", METRICS)])
def test_the_rules_numbers_on_the_pages_are_the_codes(page: str, phrases: set[str]) -> None:
    text = words(TOP / "docs" / page)
    assert {phrase for phrase in phrases if phrase not in text} == set()
