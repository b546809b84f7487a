"""Writes what a person needs to label recordings: files for ELAN, a project for BORIS, and a mapping to change."""

import json
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import Any, Final

from facetrack.packets import SIDES
from facetrack.routine.kinds import KINDS
from facetrack.session.own_files import write_results
from facetrack.study.labels.eaf_document import TIERS, document_bytes, new_document

_AUTHOR: Final = "facetrack"
_MEANINGS: Final = {
    "zone": "The fingertips work outside the step's area.",
    "direction": "The fingertips stroke off the step's direction, on the skin.",
    "pace": "The strokes are faster than the step allows.",
    "symmetry": "This side gets clearly less than the other.",
}
_MAPPING: Final = """\
# Translates the words of your labels into those of facetrack: zone, direction, pace, symmetry; left, right, both;
# "ignore" for labels that are none of a mistake. A kind and a side may stand together: "zone left".
[codes]
"wrong place" = "zone"
"""
_BORIS_FORMAT: Final = "7.0"


def write_templates(folder: Path, videos: Sequence[Path]) -> list[Path]:
    """Write the files into folder, and return them: for each video an .eaf; without videos a template (.etf).

    Raises UsageError where other files have these names, such as those that somebody has labelled in, and SessionFileError.
    """
    eaf = {f"{video.stem}.eaf": new_document(video.name, TIERS, author=_AUTHOR) for video in videos}
    documents = eaf or {"facetrack.etf": new_document(None, TIERS, author=_AUTHOR)}
    contents = {name: document_bytes(root) for name, root in documents.items()}
    contents["facetrack.boris"] = json.dumps(_boris_project(), indent=1).encode()
    contents["mapping.toml"] = _MAPPING.encode()
    return write_results(folder, contents, videos)


def _boris_project() -> dict[str, Any]:
    """Return a project of BORIS with our kinds as behaviours (one for each side, as state events)."""
    behaviours = [
        {
            "type": "State event",
            "key": str(number),
            "code": f"{kind} {side}",
            "description": _MEANINGS[kind],
            "category": kind,
            "modifiers": {},
            "excluded": "",
            "coding map": "",
        }
        for number, (kind, side) in enumerate(product(KINDS, SIDES), 1)
    ]
    return {
        "project_name": "facetrack",
        "project_date": "",
        "project_description": "Mistakes in a facial self-massage",
        "project_format_version": _BORIS_FORMAT,
        "time_format": "s",
        "subjects_conf": {},
        "behaviors_conf": {str(number): one for number, one in enumerate(behaviours)},
        "behavioral_categories": list(KINDS),
        "independent_variables": {},
        "coding_map": {},
        "behaviors_coding_map": [],
        "observations": {},
        "converters": {},
    }
