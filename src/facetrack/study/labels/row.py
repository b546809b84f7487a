"""Defines a label as the programs write it, before its words are understood."""

from dataclasses import dataclass

from facetrack.errors import FacetrackError


class LabelError(FacetrackError):
    """Says what is wrong with a file of labels."""


@dataclass(frozen=True, slots=True)
class LabelRow:
    """Holds one annotation.

    recording: the media file that it is about, or None where the file does not say. texts: everything that may name its kind
    or side (tier, participant, subject, modifiers). value: the annotation's own text.
    """

    recording: str | None
    value: str
    texts: tuple[str, ...]
    t_start_s: float
    t_end_s: float


@dataclass(frozen=True, slots=True)
class LabelTable:
    """Holds the annotations of one file. recordings: all that it is about, those without any annotation too."""

    rows: tuple[LabelRow, ...]
    recordings: tuple[str, ...] = ()
