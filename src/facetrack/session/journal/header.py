"""Says who and what a session is: fixed when it begins, and the first line of its journal."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from facetrack.coach.thresholds import CoachOptions
from facetrack.routine.compiled import CompiledRoutine


@dataclass(frozen=True, slots=True)
class SessionIdentity:
    """Identifies a session.

    started_at: with a time zone. models: name -> SHA-256. settings: thresholds and filters, as JSON values.
    options: the coach's, so that a session that was cut off can be judged again from its journal.
    """

    id: str
    routine: CompiledRoutine
    models: Mapping[str, str]
    settings: Mapping[str, Any]
    labels: Mapping[str, str]
    source_kind: str
    source_name: str
    started_at: datetime
    options: CoachOptions = field(default_factory=CoachOptions)

    def __post_init__(self) -> None:
        if self.started_at.tzinfo is None:
            raise ValueError("started_at needs a time zone")


def new_session_id(started_at: datetime) -> str:
    """Return an id that sorts by time and is unique by its end: ``20261120-080000-7f3a``."""
    return f"{started_at.astimezone(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"


def utc_text(moment: datetime) -> str:
    """Return a moment as ``2026-11-20T08:00:00Z``."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
