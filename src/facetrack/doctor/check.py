"""Defines the result of a check."""

from dataclasses import dataclass
from typing import Literal

from facetrack.errors import FacetrackError

State = Literal["good", "degraded", "missing", "unknown"]
"""good; degraded (works, but less well); missing (can't work); unknown (could not be checked)."""


@dataclass(frozen=True, slots=True)
class Check:
    """Result of one check."""

    name: str
    state: State
    found: str  # what was found, in words
    advice: str = ""  # what to do about it; "" if nothing has to be done


def said(error: FacetrackError) -> tuple[str, str]:
    """Split an error, whose first sentence says what happened and whose last what to do, into what was found and advice."""
    found, _, advice = str(error).replace("\n", "; ").rpartition(". ")
    return (found, advice) if found else (advice, "")
