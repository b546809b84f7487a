"""Defines what facetrack and people say about a recording in the same form: mistakes with a kind, a side and times."""

from collections.abc import Iterator
from dataclasses import dataclass

from facetrack.packets import SIDES

Interval = tuple[float, float]
"""Start and end, in s since the recording began."""


@dataclass(frozen=True, slots=True, order=True)
class Event:
    """Describes one mistake on one side: its kind, side, start and end in s since the recording began."""

    kind: str
    side: str
    t_start_s: float
    t_end_s: float


def events_of(kind: str, side: str, t_start_s: float, t_end_s: float) -> Iterator[Event]:
    """Yield an event for each side that it is about: two where side is ``both``."""
    for one in SIDES if side == "both" else (side,):
        yield Event(kind, one, t_start_s, t_end_s)


@dataclass(frozen=True, slots=True)
class Recording:
    """Describes a recording as facetrack judged it.

    participant: whose it is; the session's id where no label says so. withheld: for each side the intervals in which
    it could not be judged.
    """

    name: str
    participant: str
    duration_s: float
    events: tuple[Event, ...]
    withheld: dict[str, tuple[Interval, ...]]


def recording_key(name: str) -> str:
    """Return what two names of the same recording have in common: no folder, no extension, no difference of case."""
    bare = name.replace("\\", "/").rsplit("/", 1)[-1]
    stem, dot, extension = bare.rpartition(".")
    return (stem if dot and extension.isalnum() and len(extension) <= 5 else bare).strip().casefold()
