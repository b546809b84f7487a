"""Reads labels of many recordings from a table: a line for each file."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from facetrack.errors import UsageError

FILE: Final = "file"
START: Final = "start"
_DELIMITERS: Final = ",;\t"


@dataclass(frozen=True, slots=True)
class RecordingLabels:
    """Holds what a table says of a recording. started_at: when it was made; None: not said."""

    labels: dict[str, str]
    started_at: datetime | None = None


def read_label_table(path: Path) -> dict[str, RecordingLabels]:
    """Read a CSV file with the columns ``file`` and perhaps ``start`` (ISO 8601); every other column is a label.

    Returns what it says by the file's name, without its folder. An empty cell is no label. Raises UsageError, in one line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UsageError(f"{path} can't be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not text in UTF-8. Save it as CSV UTF-8.") from error
    first = text.partition("\n")[0]
    table = csv.DictReader(text.splitlines(), delimiter=max(_DELIMITERS, key=first.count))
    titles = [title.strip() for title in table.fieldnames or ()]
    if FILE not in titles:
        raise UsageError(
            f"{path} has no column {FILE!r}. Its first line must name the columns: file,participant,condition,start."
        )
    table.fieldnames = titles
    found: dict[str, RecordingLabels] = {}
    for number, row in enumerate(table, 2):
        cells = {name: (row[name] or "").strip() for name in titles if name}
        name = Path(cells.pop(FILE)).name
        if name in found:
            raise UsageError(f"{path} names {name} twice, at line {number} again.")
        start = _time(cells.pop(START, ""), path, number)
        found[name] = RecordingLabels({key: text for key, text in cells.items() if text}, start)
    return found


def labels_of(
    videos: Sequence[Path], table: Mapping[str, RecordingLabels], common: Mapping[str, str], path: Path
) -> list[RecordingLabels]:
    """Return each video's labels: the table's and those common to all. Raises UsageError where a video is not in the table,
    or a label is in both."""
    missing = [video.name for video in videos if video.name not in table]
    if missing:
        more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
        raise UsageError(f"{path} has no line for {', '.join(missing[:3])}{more}.")
    chosen = [table[video.name] for video in videos]
    for one in chosen:
        for key in one.labels.keys() & common.keys():
            raise UsageError(f"The label {key} is in {path} and in --label: leave one out.")
    return [RecordingLabels({**common, **one.labels}, one.started_at) for one in chosen]


def _time(cell: str, path: Path, number: int) -> datetime | None:
    if not cell:
        return None
    try:
        return datetime.fromisoformat(cell).astimezone(UTC)
    except ValueError:
        raise UsageError(f"{path}, line {number}: start {cell!r} is not a time like 2026-11-20T08:00.") from None
