"""A few of the moments at which ``python -m benchmarks.faults signals`` strikes."""

import os

import pytest

from benchmarks.faults.signals import sweep

SLOW_S = 20.0
"""For a busy machine; the benchmark holds two seconds."""
SEED = 11


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")
def test_a_signal_at_any_moment_saves_the_session_and_says_nothing_odd() -> None:
    (swept,) = sweep(3, SEED, ["analyze"], SLOW_S)
    assert swept.wrong == [], f"seed {SEED}"
    assert swept.codes[130] >= 1
