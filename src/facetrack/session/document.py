"""session.json: what was done, as contract and docs/metrics.md define it."""

import json
import math
from typing import Any, Final

from facetrack import __version__
from facetrack.coach.verdict import Correction, Cue
from facetrack.session.journal.header import SessionIdentity, utc_text
from facetrack.session.metrics.session import SessionMetrics
from facetrack.session.rounding import presentable
from facetrack.session.serialization import to_json

SCHEMA_VERSION: Final = 1


def session_document(
    identity: SessionIdentity,
    metrics: SessionMetrics,
    *,
    duration_s: float,
    complete: bool,
    frames_dropped: int | None,
) -> dict[str, Any]:
    """All of session.json, as JSON values. duration_s: s; frames_dropped: None where unknown."""
    corrections = metrics.corrections
    places = {correction.index: place for place, correction in enumerate(corrections)}
    dropped = math.nan if frames_dropped is None else frames_dropped
    document = {
        "schema_version": SCHEMA_VERSION,
        "facetrack_version": __version__,
        "id": identity.id,
        "routine": {"id": identity.routine.id, "version": identity.routine.version, "sha256": identity.routine.sha256},
        "models": dict(identity.models),
        "settings": to_json(identity.settings),
        "labels": dict(identity.labels),
        "source": {"kind": identity.source_kind, "name": identity.source_name},
        "started_at": utc_text(identity.started_at),
        "duration_s": duration_s,
        "complete": complete,
        "tracking": metrics.tracking.row(metrics.withheld(), dropped),
        "score": metrics.score(),
        "steps": metrics.step_rows(),
        "corrections": [_correction(correction) for correction in corrections],
        "cues": [_cue(cue, places) for cue in metrics.cues if cue.correction in places],
        "pulse": metrics.pulse_row(),
    }
    settings = document["settings"]
    neat: dict[str, Any] = presentable(document)
    return neat | {"settings": settings}


def _correction(correction: Correction) -> dict[str, Any]:
    return {
        "t_start_s": correction.t_start_s,
        "t_end_s": correction.t_end_s,
        "step": correction.step_id,
        "side": correction.side,
        "kind": correction.kind,
        "value": correction.value,
        "limit": correction.limit,
        "message_id": correction.message_id,
        "message": correction.message,
    }


def _cue(cue: Cue, places: dict[int, int]) -> dict[str, Any]:
    return {
        "t_s": cue.t_s,
        "correction": places[cue.correction],
        "shown": cue.shown,
        "spoken": cue.spoken,
        "why_not": cue.why_not,
    }


def json_bytes(document: dict[str, Any]) -> bytes:
    """The file's content: indented, UTF-8, no NaN."""
    return (json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode()
