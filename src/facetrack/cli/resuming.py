"""What was analysed before, with the same content on the same terms, is not analysed again.

Beside the session lies a note of what it was made of and with. Without it (the analysis was interrupted, or the recording is
damaged) a recording is analysed anew.
"""

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from facetrack import __version__
from facetrack.errors import FacetrackError

if TYPE_CHECKING:
    from facetrack.cli.analysis import Job
    from facetrack.routine.compiled import CompiledRoutine


def terms_of(job: "Job", routine: "CompiledRoutine") -> dict[str, Any]:
    """All that a result depends on, as JSON values; the recording by its content. Raises FacetrackError if it can't be read."""
    from facetrack.coach import CoachOptions
    from facetrack.session.serialization import to_json
    from facetrack.tracking import ensure_models

    try:
        with job.video.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise FacetrackError(f"{job.video} can't be read ({error.strerror}). Check its permissions.") from error
    terms = {
        "facetrack_version": __version__,
        "recording": {"name": job.video.name, "sha256": content},
        "routine": routine.sha256,
        "models": ensure_models().hashes,
        "settings": CoachOptions(step_id=job.step).as_settings(),
        "labels": job.labels,
        "input_mirrored": job.input_mirrored,
        "saved": job.save,
    }
    plain: dict[str, Any] = json.loads(json.dumps(to_json(terms)))
    return plain


def done_before(folder: Path, terms: dict[str, Any]) -> dict[str, Any] | None:
    """The whole session that was made there on the same terms; None where there is none."""
    from facetrack.session.folder import DOCUMENT_NAME, TERMS_NAME

    try:
        if json.loads((folder / TERMS_NAME).read_bytes()) != terms:
            return None
        document: dict[str, Any] = json.loads((folder / DOCUMENT_NAME).read_bytes())
    except (OSError, ValueError):
        return None
    return document if document.get("complete") is True else None


def note_done(folder: Path, terms: dict[str, Any]) -> None:
    """The session in folder is whole, and was made on these terms. Raises FacetrackError where that can't be written."""
    from facetrack.session.files import write_whole
    from facetrack.session.folder import TERMS_NAME

    write_whole(folder / TERMS_NAME, json.dumps(terms, indent=1).encode())
