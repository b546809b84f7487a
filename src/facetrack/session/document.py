"""Defines session.json as types, as docs/metrics.md describes it. It is written and read here and nowhere else.

Every figure is rounded to the decimals that its error allows; a missing one is None here and null in the file.
"""

import json
import math
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from facetrack.errors import FacetrackError
from facetrack.routine.compiled import Kind
from facetrack.routine.kinds import KINDS

SCHEMA_VERSION: Final = 2
CHANGED_IN_2: Final = ("balance", "mean_acceleration_mm_s2", "approximate_entropy")
"""These figures of a step and of its sides are None where version 1 is read, because they meant something else there.

``balance`` could lose a part of a path, and is now made of the judged strokes. The other two used the change of speed, and now
use the acceleration vector.
"""


def _rounded(decimals: int) -> BeforeValidator:
    def tidy(value: Any) -> Any:
        if not isinstance(value, float):
            return value
        return round(value, decimals) if math.isfinite(value) else None

    return BeforeValidator(tidy)


Time = Annotated[float, _rounded(3)]
Seconds = Annotated[float | None, _rounded(3)]
Millimetres = Annotated[float | None, _rounded(1)]
Rounded3 = Annotated[float | None, _rounded(3)]
Scale = Annotated[float | None, _rounded(5)]
SideName = Literal["left", "right"]


class _Part(BaseModel):
    """Tolerates fields that it does not know: a later facetrack may have written more."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class RoutineReference(_Part):
    """Names the routine that was done. sha256: of its file."""

    id: str
    version: int
    sha256: str


class Source(_Part):
    """Names where the pictures came from. kind: camera, video or mannequin."""

    kind: str
    name: str


class WithheldInterval(_Part):
    """Says when a side that the step needed could not be judged, and why."""

    t_start_s: Time
    t_end_s: Time
    side: SideName
    reason: str


class SourceGap(_Part):
    """Says when the source gave no picture of the user. reason: the words that were shown."""

    t_start_s: Time
    t_end_s: Time
    reason: str


class Remark(_Part):
    """Holds what was said once of the source's pictures, such as that they look mirrored. id: of ``message``."""

    t_s: Time
    id: str
    message: str


class Tracking(_Part):
    """Says how well the user was seen. Shares are of the frames, withheld of the steps' time."""

    frames: int
    frames_dropped: int | None = None
    face_seen: Rounded3 = None
    left_seen: Rounded3 = None
    right_seen: Rounded3 = None
    withheld: Rounded3 = None
    withheld_intervals: tuple[WithheldInterval, ...] = ()
    gaps: tuple[SourceGap, ...] = ()
    remarks: tuple[Remark, ...] = ()
    calibration: str | None = None
    mm_per_px: Scale = None
    mm_per_px_error: Scale = None
    fps: Annotated[float | None, _rounded(2)] = None


class Pace(_Part):
    """Holds speeds in mm/s while stroking, and the share of that time within the step's range."""

    median: Millimetres = None
    p90: Millimetres = None
    in_range_share: Rounded3 = None


class SideFigures(_Part):
    """Holds the figures of one side in one step; all None where it was never judged."""

    repetitions: int | None = None
    strokes: int | None = None
    path_mm: Millimetres = None
    zone_share: Rounded3 = None
    direction_score: Rounded3 = None
    pace_mm_s: Pace = Pace()
    coverage: Rounded3 = None
    mean_acceleration_mm_s2: Millimetres = None
    approximate_entropy: Rounded3 = None


class StepFigures(_Part):
    """Holds one step as it was done; a routine's step may come twice. score: 0 to 100.

    status: done (its repetitions, or its time), partial (the time was up before), skipped (nobody did it), unseen (it could not
    be judged) or stopped. Skipped and unseen steps have no score.
    """

    id: str
    status: str
    t_start_s: Time
    t_end_s: Time
    observed_s: Time
    left: SideFigures
    right: SideFigures
    balance: Rounded3 = None
    mean_acceleration_mm_s2: Millimetres = None
    synchrony: Rounded3 = None
    withheld: Rounded3 = None
    score: int | None = None

    @property
    def sides(self) -> tuple[SideFigures, SideFigures]:
        """Return the left and the right side's figures."""
        return self.left, self.right


class CorrectionEvent(_Part):
    """Holds one correction. t_end_s: when the mistake was mended; None if it never was. value, limit: what was measured and
    what is allowed, in the unit of the kind."""

    t_start_s: Time
    t_end_s: Seconds = None
    step: str
    side: Literal["left", "right", "both"]
    kind: Annotated[Kind, Field(json_schema_extra={"enum": list(KINDS)})]
    value: Rounded3 = None
    limit: Rounded3 = None
    message_id: str
    message: str

    def lasted_s(self, duration_s: float) -> float:
        """Return how long it stood, in s: to the session's end where it stayed open."""
        return (duration_s if self.t_end_s is None else self.t_end_s) - self.t_start_s


class CueEvent(_Part):
    """Says what reached the user of a correction. correction: its place in the list. why_not: why it was not spoken."""

    t_s: Time
    correction: int
    shown: bool
    spoken: bool
    why_not: str | None = None


class PulseFigures(_Part):
    """Holds the user's pulse at rest and how well the movements kept to its beat. source: camera or typed."""

    bpm: Annotated[float, _rounded(3)]
    source: str
    confidence: Rounded3 = None
    synchrony: Rounded3 = None


class SessionDocument(_Part):
    """Holds all of session.json. started_at: ISO 8601, UTC. settings: the thresholds and filters that it was judged with."""

    schema_version: int = SCHEMA_VERSION
    facetrack_version: str
    id: str
    routine: RoutineReference
    models: dict[str, str]
    settings: dict[str, Any]
    labels: dict[str, str]
    source: Source
    started_at: str
    duration_s: Time
    complete: bool
    tracking: Tracking
    score: int | None = None
    steps: tuple[StepFigures, ...]
    corrections: tuple[CorrectionEvent, ...]
    cues: tuple[CueEvent, ...]
    pulse: PulseFigures | None = None

    def of_side(self, side: SideName) -> list[SideFigures]:
        """Return the figures of one side, step by step."""
        return [step.left if side == "left" else step.right for step in self.steps]

    def to_json(self, indent: int | None = None) -> str:
        """Return the document as JSON, on one line unless an indent is given."""
        return self.model_dump_json(indent=indent)

    @classmethod
    def from_json(cls, text: str | bytes) -> "SessionDocument":
        """Read a session.json of any version up to SCHEMA_VERSION.

        Raises FacetrackError where a newer facetrack wrote it, ValueError, KeyError or TypeError where it is damaged.
        """
        document = json.loads(text)
        version = document["schema_version"]
        if version > SCHEMA_VERSION:
            raise FacetrackError(f"It was written by a newer facetrack (schema {version}). Update facetrack to read it.")
        if version < 2:
            for step in document["steps"]:
                for block in (step, step["left"], step["right"]):
                    block.update(dict.fromkeys(CHANGED_IN_2))
        return cls.model_validate(document)


def rounded_or_none(value: float) -> int | None:
    """Return value as a whole number; None where it is NaN."""
    return None if math.isnan(value) else round(value)


def schema_text() -> str:
    """Return the JSON Schema of session.json, as in ``docs/session.schema.json``."""
    return json.dumps(SessionDocument.model_json_schema(), indent=2) + "\n"


if __name__ == "__main__":
    print(schema_text(), end="")
