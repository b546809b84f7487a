"""Describes the analysis of a recording, and its result."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from facetrack.routine.compiled import ContactPart
from facetrack.session.document import SessionDocument

SEVERITY: Final = (0, 3, 1, 2, 130)
"""Exit statuses from harmless to worst."""

Progress = Callable[[float], None]
"""Receives the share of a recording that has been read."""


@dataclass(frozen=True, slots=True)
class AnalysisJob:
    """Describes one recording to analyse. The routine travels by name: a worker process reads it itself."""

    video: Path
    routine: str
    step: str | None = None
    folder: Path | None = None
    save: bool = False
    labels: dict[str, str] | None = None
    started_at: datetime | None = None  # when the recording was made; None: not known, so that the time of its analysis stands
    input_mirrored: bool = False
    landmarks: bool = False  # keep the landmarks of face and hands beside the journal
    use_cache: bool = True  # take an earlier analysis of the same content with the same settings, where there is one
    alone: bool = True  # no other recording is analysed at the same time, so that face and hands may have a core each
    contact: ContactPart | None = None  # what touches the skin, in steps that allow it; None: what is seen


@dataclass(frozen=True, slots=True)
class AnalysisResult:
    """Says how an analysis went, like ``SessionResult``, but can be sent between processes."""

    video: Path
    folder: Path | None
    document: SessionDocument | None
    exit_status: int
    message: str | None
    from_cache: bool = False  # whether it was taken from an earlier analysis


def most_severe(statuses: Sequence[int]) -> int:
    """Pick the exit status that stands for all."""
    return max(statuses, key=lambda status: SEVERITY.index(status) if status in SEVERITY else 2, default=0)


def in_shard(jobs: "Sequence[AnalysisJob]", part: int, parts: int) -> "list[AnalysisJob]":
    """Return every parts-th job, so that the parts together are all of them. part: from 1 to parts."""
    return list(jobs[part - 1 :: parts])


def session_folders(videos: Sequence[Path], out: Path | None) -> list[Path | None]:
    """Choose each video's folder: ``out`` itself for one; for several, folders in it with the videos' names, numbered where
    those are equal."""
    if out is None or len(videos) == 1:
        return [out for _ in videos]
    folders: list[Path | None] = []
    taken: set[str] = set()
    for video in videos:
        name, number = video.stem, 1
        while name.casefold() in taken:
            number += 1
            name = f"{video.stem}-{number}"
        taken.add(name.casefold())
        folders.append(out / name)
    return folders
