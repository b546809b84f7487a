"""Reuses an earlier analysis of a recording if nothing that it depends on has changed.

A note of all that it depends on lies beside each session. Where there is none (the analysis was interrupted, or the recording
is damaged) the recording is analysed again.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

from facetrack import __version__
from facetrack.app.batch.code_hash import judging_hash
from facetrack.app.batch.job import AnalysisJob
from facetrack.coach import CoachOptions
from facetrack.errors import FacetrackError
from facetrack.routine.compiled import CompiledRoutine
from facetrack.session.document import SessionDocument
from facetrack.session.files import write_whole
from facetrack.session.folder import CACHE_KEY_NAME, read_document
from facetrack.session.serialization import to_json
from facetrack.tracking import ensure_models


def cache_key(job: AnalysisJob, routine: CompiledRoutine) -> dict[str, Any]:
    """Collect all that a result depends on, as JSON values. Raises FacetrackError if the recording can't be read."""

    try:
        with job.video.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise FacetrackError(f"{job.video} can't be read ({error.strerror}). Check its permissions.") from error
    key = {
        "facetrack_version": __version__,
        "code": judging_hash(),
        "recording": {"name": job.video.name, "sha256": content},
        "routine": routine.sha256,
        "models": ensure_models().hashes,
        "settings": CoachOptions(step_id=job.step).as_settings(),
        "labels": job.labels or {},
        "started_at": job.started_at and job.started_at.isoformat(),
        "contact": job.contact,
        "input_mirrored": job.input_mirrored,
        "landmarks": job.landmarks,
        "saved": job.save,
    }
    plain: dict[str, Any] = json.loads(json.dumps(to_json(key)))
    return plain


def load_cached(folder: Path, key: dict[str, Any]) -> SessionDocument | None:
    """Read the whole session in folder if it was made with the same key; else None."""

    try:
        if json.loads((folder / CACHE_KEY_NAME).read_bytes()) != key:
            return None
        document = read_document(folder)
    except (OSError, ValueError, FacetrackError):
        return None
    return document if document.complete else None


def store_key(folder: Path, key: dict[str, Any]) -> None:
    """Note what the whole session in folder depends on. Raises FacetrackError where that can't be written."""

    write_whole(folder / CACHE_KEY_NAME, json.dumps(key, indent=1).encode())
