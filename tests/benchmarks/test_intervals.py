"""Confidence intervals against published values."""

import math

import pytest

from benchmarks.accuracy.intervals import poisson, wilson


def test_wilson_agrees_with_newcombe_1998() -> None:
    """Newcombe, Statistics in Medicine 17, table I, method 3."""
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=1e-4)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=1e-4)
    assert wilson(1, 29) == pytest.approx((0.0061, 0.1718), abs=1e-4)


def test_poisson_agrees_with_exact_tables() -> None:
    """Garwood's limits as tabulated by Ulm 1990."""
    assert poisson(0, 1.0) == pytest.approx((0.0, 3.689), abs=1e-3)
    assert poisson(1, 1.0) == pytest.approx((0.0253, 5.572), abs=1e-3)
    assert poisson(10, 1.0) == pytest.approx((4.795, 18.391), abs=1e-3)
    assert poisson(100, 10.0) == pytest.approx((8.136, 12.163), abs=1e-3)


def test_nothing_seen_has_no_interval() -> None:
    assert all(math.isnan(end) for end in (*wilson(0, 0), *poisson(0, 0.0)))
