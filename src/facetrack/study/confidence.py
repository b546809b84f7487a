"""How sure the intervals of a study are, and Student's part in them."""

from typing import Any, Final

from facetrack.study.libraries import library

CONFIDENCE: Final = 0.95
"""The share of intervals, of figures and of agreement, that hold the true value: what publications usually give."""
UPPER_TAIL: Final = 0.5 + CONFIDENCE / 2
"""Where an interval ends: as much lies above as below it."""


def student_reach(standard_error: Any, count: Any) -> Any:
    """Return how far a mean's interval reaches to either side. count: of values. Numbers or pandas series; NaN stays NaN."""
    return library("scipy.stats").t.ppf(UPPER_TAIL, count - 1) * standard_error
