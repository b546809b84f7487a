"""The names of a session's files, and where sessions are kept."""

from pathlib import Path
from typing import Final

from facetrack.paths import data_dir

JOURNAL_NAME: Final = "frames.jsonl"
DOCUMENT_NAME: Final = "session.json"
TABLE_NAMES: Final = ("steps.csv", "strokes.csv", "corrections.csv", "touched.csv")
REPORT_NAME: Final = "report.html"
VIDEO_NAME: Final = "annotated.mp4"
OWN_FILES: Final = (JOURNAL_NAME, DOCUMENT_NAME, *TABLE_NAMES, REPORT_NAME, VIDEO_NAME)
"""All that facetrack may have put there; a user's --out folder can hold other things, which are never touched."""


def sessions_dir() -> Path:
    """Where sessions that enter the history are kept, a folder each, named by id."""
    return data_dir() / "sessions"
