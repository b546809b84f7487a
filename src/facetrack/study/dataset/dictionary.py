"""Writes the data dictionary that lies in a dataset."""

from typing import Final

from facetrack.study.dataset.tables import STUDY_TABLES

DICTIONARY_NAME: Final = "data-dictionary.md"
_TITLES: Final = "| column | type | unit | meaning | null when |\n|---|---|---|---|---|"
_HEAD: Final = """\
# Data dictionary of this dataset

One folder for each table, in Parquet, partitioned by participant (`participant=p07/`). Join tables by `session_id`, and
strokes with steps by `step_place` as well. Left and right are the user's own; times are seconds since the recording began.
A missing figure is null. `dataset.json` says which facetrack built each batch; `docs/metrics.md` of facetrack says how each
figure is computed.
"""


def study_dictionary() -> str:
    """Return the dictionary as Markdown: each table, what one row is, and its columns."""
    parts = [_HEAD]
    for table in STUDY_TABLES:
        parts.append(f"## {table.name}\n\nOne row is {table.one_row}.\n\n{_TITLES}")
        parts += [f"| `{one.name}` | {one.type} | {one.unit} | {one.meaning} | {one.missing} |" for one in table.columns]
        parts.append("")
    return "\n".join(parts)
