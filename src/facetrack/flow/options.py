"""What a session's flow is to be."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FlowOptions:
    """waits: somebody is there who can be waited for: pages before the first step and after the last, and leaving the frame
        pauses. A recording has neither.
    safety: show the safety page. judging: False for guide-only, which needs no framing and no neutral face.
    camera: there is a picture of the user.
    measure_pulse: first, at rest. bpm: a pulse that the user knows; NaN: none.
    known: steps that need no demonstration. concern: steps to offer a second time at the end, most wanted first.
    """

    waits: bool = True
    safety: bool = True
    judging: bool = True
    camera: bool = True
    measure_pulse: bool = False
    bpm: float = math.nan
    known: frozenset[str] = frozenset()
    concern: tuple[str, ...] = ()
