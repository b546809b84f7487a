"""Compares labels that people made with facetrack and with each other, and writes the result."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from facetrack import __version__
from facetrack.errors import UsageError
from facetrack.session.own_files import write_results
from facetrack.session.tables import rows_as_csv
from facetrack.study.agreement.compare import Comparison, compare_people, compare_with_facetrack
from facetrack.study.agreement.intervals import FEWEST_PARTICIPANTS
from facetrack.study.agreement.matching import TOLERANCE_S
from facetrack.study.agreement.tally import GRID_S
from facetrack.study.confidence import CONFIDENCE
from facetrack.study.dataset.read import read_recordings
from facetrack.study.labels.load import load_labels
from facetrack.study.labels.mapping import read_mapping
from facetrack.study.page import study_page

_NOTES: Final = (
    f"Two events are the same mistake if kind and side are equal and their onsets lie within {TOLERANCE_S:g} s;"
    " each is matched once.",
    f"Kappa compares the accounts every {GRID_S:g} s. What facetrack withheld is left out when it is compared, and its share"
    " is stated.",
    f"Low and high: {100 * CONFIDENCE:.0f} % intervals by leaving out one participant at a time"
    f" ({FEWEST_PARTICIPANTS} participants or more).",
)
SHOWN: Final = (
    "kind", "side", "first", "second", "matched", "recall", "recall_low", "recall_high", "precision", "precision_low",
    "precision_high", "delay_s", "kappa", "kappa_low", "kappa_high", "prevalence_first", "prevalence_second", "withheld",
)  # fmt: skip
"""The columns of the page's tables."""


def agree(folder: Path, labels: Sequence[Path], mapping: Path | None) -> list[Comparison]:
    """Compare two people's labels first, where there are two, then facetrack with each.

    folder: a dataset, or sessions. labels: one or two files or folders. Raises FacetrackError, in one line, for bad input.
    """
    codes = read_mapping(mapping)
    recordings = read_recordings(folder)
    accounts = [load_labels(path, codes, recordings) for path in labels]
    names = [path.name or str(path) for path in labels]
    if len(set(names)) < len(names):
        names = [str(path) for path in labels]
    made = [compare_with_facetrack(name, some, recordings) for name, some in zip(names, accounts, strict=True)]
    if len(accounts) == 2:
        people = compare_people((names[0], names[1]), (accounts[0], accounts[1]), recordings)
        if not people.recordings:
            raise UsageError("No recording is labelled in both: compare facetrack with each of them alone.")
        made.insert(0, people)
    return made


def agreement_document(comparisons: Sequence[Comparison]) -> dict[str, Any]:
    """Return the result as JSON values: what was compared, how, and the figures by kind and side."""
    return {
        "facetrack_version": __version__,
        "onset_tolerance_s": TOLERANCE_S,
        "grid_s": GRID_S,
        "confidence": CONFIDENCE,
        "comparisons": [
            {
                "first": one.first,
                "second": one.second,
                "recordings": one.recordings,
                "participants": one.participants,
                "remarks": list(one.remarks),
                "rows": [row.as_dict() for row in one.rows],
            }
            for one in comparisons
        ],
    }


def write_agreement(out: Path, comparisons: Sequence[Comparison], inputs: Iterable[Path] = ()) -> list[Path]:
    """Write agreement.json, agreement.csv and agreement.html into out, and return them. Raises UsageError where that would
    replace one of the inputs or a file of another kind, and SessionFileError."""
    contents = {
        "agreement.json": json.dumps(agreement_document(comparisons), indent=1, ensure_ascii=False).encode(),
        "agreement.csv": _csv(comparisons),
        "agreement.html": _page(comparisons).encode(),
    }
    return write_results(out, contents, inputs)


def _csv(comparisons: Sequence[Comparison]) -> bytes:
    rows = [{"of": one.first, "by": one.second} | row.as_dict() for one in comparisons for row in one.rows]
    return rows_as_csv(list(rows[0]), rows)


def _page(comparisons: Sequence[Comparison]) -> str:
    tables = {
        f"{one.second} against {one.first} ({one.recordings} recordings, {one.participants} participants)": (
            SHOWN,
            [[row.as_dict()[name] for name in SHOWN] for row in one.rows],
        )
        for one in comparisons
    }
    notes = [*_NOTES, *(remark for one in comparisons for remark in one.remarks)]
    return study_page("Agreement on what was wrong", notes, tables)
