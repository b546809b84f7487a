"""Defines the result of a check."""

from dataclasses import dataclass
from typing import Literal

State = Literal["good", "degraded", "missing", "unknown"]
"""good; degraded (works, but less well); missing (can't work); unknown (could not be checked)."""


@dataclass(frozen=True, slots=True)
class Check:
    """Result of one check."""

    name: str
    state: State
    found: str  # what was found, in words
    advice: str = ""  # what to do about it; "" if nothing has to be done
