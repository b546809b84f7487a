"""What a test, or a fixture of its module, does to this process's environment and import path ends with it."""

import os
import sys

import pytest

from facetrack.system.processes import leave_out_current_folder

LEFT_BEHIND = "FACETRACK_LEFT_BEHIND"
"""Stands for what the command line sets, which may be set already where the tests run."""


def _leave_behind(value: str) -> None:
    leave_out_current_folder()
    os.environ[LEFT_BEHIND] = value
    sys.path.append(LEFT_BEHIND)


@pytest.fixture(scope="module")
def of_the_module() -> None:
    _leave_behind("by a fixture")


@pytest.mark.parametrize("turn", ["first", "second", "third"])
def test_nothing_is_left_behind_by_the_test_before(turn: str, request: pytest.FixtureRequest) -> None:
    """The first is dirtied by the module's fixture, the second by itself; both must be clean again for the next."""
    assert LEFT_BEHIND not in os.environ
    assert LEFT_BEHIND not in sys.path
    if turn == "first":
        request.getfixturevalue("of_the_module")
    _leave_behind("by a test")
