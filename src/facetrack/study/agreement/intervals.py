"""Gives intervals for figures of a study, by leaving one participant out at a time."""

from collections.abc import Callable, Mapping
from typing import Final, TypeVar

import numpy as np

from facetrack.study.confidence import student_reach

FEWEST_PARTICIPANTS: Final = 3
"""With fewer participants no interval is given."""

Part = TypeVar("Part")


def jackknife(parts: Mapping[str, Part], figure: Callable[[list[Part]], float | None]) -> tuple[float, float] | None:
    """Return the interval of a figure, from what it is without each participant in turn.

    parts: what each participant contributes. figure: computes the figure from some of them; None where it has no value.

    None where there are too few participants, or the figure has no value without one of them.

    B. Efron and C. Stein, The jackknife estimate of variance, Annals of Statistics 9 (1981), 586-596; with Student's t, since
    participants are few.
    """
    count = len(parts)
    whole = figure(list(parts.values()))
    without = [figure([part for name, part in parts.items() if name != left_out]) for left_out in parts]
    known = [value for value in without if value is not None]
    if count < FEWEST_PARTICIPANTS or whole is None or len(known) < count:
        return None
    spread = float(np.sqrt((count - 1) / count * np.sum((np.asarray(known) - np.mean(known)) ** 2)))
    reach = float(student_reach(spread, count))
    return whole - reach, whole + reach
