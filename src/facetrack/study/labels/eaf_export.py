"""Writes facetrack's corrections as ELAN files, alone or under the labels of a person."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from facetrack.errors import UsageError
from facetrack.session.document import SessionDocument
from facetrack.session.own_files import write_results
from facetrack.study.event import events_of, recording_key
from facetrack.study.labels.eaf_document import TIERS, Mark, add_tiers, document_bytes, new_document
from facetrack.study.labels.row import LabelError

_PREFIX: Final = "facetrack"


def export_eaf(documents: Sequence[SessionDocument], out: Path, labels: Path | None = None) -> list[Path]:
    """Write an .eaf for each session into out, named like its recording, and return the files.

    labels: a folder of .eaf files; where one has the recording's name its tiers come first. Raises FacetrackError for files
    that can't be read or written, UsageError where out is that folder, holds other files of these names (people may have
    labelled in them), or two sessions have the same recording.
    """
    if labels is not None and out.exists() and labels.exists() and out.samefile(labels):
        raise UsageError(f"{out} holds the labels: choose another folder with --out.")
    known = {} if labels is None else {recording_key(path.name): path for path in sorted(labels.glob("*.eaf"))}
    contents: dict[str, bytes] = {}
    for one in documents:
        name = f"{Path(one.source.name).stem or one.id}.eaf"
        if name in contents:
            raise UsageError(f"Two sessions are of {one.source.name}: name the one to export.")
        root = _root(known.get(recording_key(one.source.name)), one.source.name)
        add_tiers(root, _tiers(one))
        contents[name] = document_bytes(root)
    return write_results(out, contents, known.values())


def _root(path: Path | None, media: str) -> Element:
    if path is None:
        return new_document(media, (), author=_PREFIX)
    try:
        return ElementTree.fromstring(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, ElementTree.ParseError) as error:
        raise LabelError(f"{path} is not an ELAN file ({error}).") from error


def _tiers(document: SessionDocument) -> dict[str, list[Mark]]:
    """Return the corrections by tier, and what was withheld."""
    tiers: dict[str, list[Mark]] = {f"{_PREFIX} {name}": [] for name in TIERS}
    end_s = document.duration_s
    for one in document.corrections:
        for event in events_of(one.kind, one.side, one.t_start_s, end_s if one.t_end_s is None else one.t_end_s):
            tier = tiers.setdefault(f"{_PREFIX} {event.kind} {event.side}", [])
            tier.append((event.t_start_s, event.t_end_s, one.message))
    for gap in document.tracking.withheld_intervals:
        tiers.setdefault(f"{_PREFIX} withheld {gap.side}", []).append((gap.t_start_s, gap.t_end_s, gap.reason))
    return tiers
