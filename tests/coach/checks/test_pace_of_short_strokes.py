"""Which movements count as stroking beside a long stroke: half of its length does, a fifth is a hand that settles or sways."""

import pytest

from tests.coach.checks.test_pace import end, new_check, take
from tests.coach.synthetic import segment

LONG_MM = 100.0
CALM_MM_S, RUSHED_MM_S = 50.0, 130.0


@pytest.mark.parametrize(("share", "wrong"), [(0.45, True), (0.2, False)])
def test_rush_in_short_movements_after_a_long_calm_stroke(share: float, wrong: bool) -> None:
    check, now = new_check(), 3.0
    lengths = [(LONG_MM, CALM_MM_S), *[(share * LONG_MM, RUSHED_MM_S)] * 3]
    for length_mm, mm_s in lengths:
        made = segment(length_mm=length_mm, time_s=length_mm / mm_s, end_s=now)
        end(check, made)
        take(check, None, now)
        now += 0.6
    assert check.wrong == wrong
