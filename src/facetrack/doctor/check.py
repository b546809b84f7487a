"""What a look at one thing found."""

from dataclasses import dataclass
from typing import Literal

State = Literal["good", "degraded", "missing", "unknown"]


@dataclass(frozen=True, slots=True)
class Check:
    """state: good; worse (it works, less well); missing (it can't work); unknown (could not be looked at).

    found: in words. do: what to do about it, "" where nothing has to be.
    """

    name: str
    state: State
    found: str
    advice: str = ""
