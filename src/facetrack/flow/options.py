"""Settings of a session's flow."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FlowOptions:
    """How a session is presented."""

    # Whether somebody is there who can be waited for: then there are pages before the first step and after the last, and
    # leaving the frame pauses. A recording has neither.
    interactive: bool = True
    safety: bool = True  # whether to show the safety page
    judging: bool = True  # False for a guide-only session, which needs no framing and no face at rest
    camera: bool = True  # whether there is a picture of the user
    measure_pulse: bool = False  # whether to measure the pulse at rest before the first step
    bpm: float = math.nan  # the pulse that the user entered; NaN for none
    known: frozenset[str] = frozenset()  # ids of steps that need no demonstration
    concern: tuple[str, ...] = ()  # ids of steps to offer for a second pass at the end
    ask_concern: bool = False  # whether to ask for them first, where the routine does
