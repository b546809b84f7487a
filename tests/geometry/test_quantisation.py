"""Points at the journal's resolution: the nearest decimal fraction, as JSON holds it."""

import math

import numpy as np
import pytest

from facetrack.geometry.quantisation import rounded, rounded_number

SEED = 5


@pytest.mark.parametrize("decimals", [2, 3, 4, 5, 6])
def test_a_number_becomes_the_nearest_decimal_fraction(decimals: int) -> None:
    values = np.random.default_rng(SEED).uniform(-200.0, 200.0, 500)
    wanted = [round(value, decimals) for value in values.tolist()]
    assert rounded(values, 10.0**decimals).tolist() == wanted, f"seed {SEED}"
    assert [rounded_number(value, decimals) for value in values.tolist()] == wanted, f"seed {SEED}"
    assert rounded(rounded(values, 10.0**decimals), 10.0**decimals).tolist() == wanted


def test_infinite_is_unknown_and_minus_nothing_is_nothing() -> None:
    found = rounded(np.array([math.inf, -math.inf, math.nan, -0.001]), 100.0)
    assert np.isnan(found[:3]).all()
    assert math.copysign(1.0, found[3]) == 1.0
    assert all(math.isnan(rounded_number(value, 2)) for value in (math.inf, -math.inf, math.nan))
    assert math.copysign(1.0, rounded_number(-0.001, 2)) == 1.0
