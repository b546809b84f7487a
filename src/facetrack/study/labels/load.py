"""Reads files of labels, whatever program wrote them, and checks them against the recordings that they are about."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final

from facetrack.study.event import Event, Recording, recording_key
from facetrack.study.labels.boris import is_boris, read_boris
from facetrack.study.labels.elan import read_eaf, read_tab_delimited
from facetrack.study.labels.mapping import understand
from facetrack.study.labels.row import LabelError, LabelTable

SUFFIXES: Final = (".eaf", ".csv", ".tsv", ".txt")
LEEWAY_S: Final = 2.0
"""A label may end this long after its recording: players and containers differ about the last frames."""

Labels = dict[str, list[Event]]
"""For each labelled recording, by its key, the mistakes that a person saw; no mistakes where it was labelled as right."""


def load_labels(path: Path, codes: Mapping[str, str], recordings: Sequence[Recording]) -> Labels:
    """Read a file of labels, or a folder of them, of any of these recordings.

    Raises LabelError, in one line that names the file, for what can't be read, for words that mean nothing, for recordings that
    are not there, for labels of one kind and side that overlap, and for times beyond their recording.
    """
    known = {recording_key(one.name): one for one in recordings}
    labels: Labels = {}
    for file in _files(path):
        try:
            found = _events(file, _read(file), codes, known)
            for key, events in found.items():
                if key in labels and file.parent == path:
                    raise LabelError(f"{known[key].name} is labelled in another file of the folder too.")
                _check(events, known[key])
                labels[key] = sorted(events)
        except LabelError as error:
            raise LabelError(f"{file}: {error}") from error
    return labels


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    files = sorted(one for one in path.iterdir() if one.suffix.casefold() in SUFFIXES)
    if not files:
        raise LabelError(f"{path} holds no labels: no file with {', '.join(SUFFIXES)}.")
    return files


def _read(path: Path) -> LabelTable:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise LabelError(f"It can't be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise LabelError("It is not text in UTF-8. Export it as UTF-8.") from error
    if path.suffix.casefold() == ".eaf" or text.lstrip().startswith("<?xml"):
        return read_eaf(text)
    return read_boris(text) if is_boris(text) else read_tab_delimited(text)


def _events(file: Path, table: LabelTable, codes: Mapping[str, str], known: Mapping[str, Recording]) -> Labels:
    """Sort the labels by recording. A name that no recording has is tried as the file's own: clip.eaf is about clip."""
    found: Labels = defaultdict(list)
    own = recording_key(file.name)

    def key_of(name: str | None) -> str:
        key = own if name is None else recording_key(name)
        if key in known:
            return key
        if own in known:
            return own
        raise LabelError(f"It is about {name or file.stem!r}, and none of the {len(known)} recordings has that name.")

    for name in table.recordings or ((None,) if not table.rows else ()):
        found[key_of(name)] = []
    for row in table.rows:
        key = key_of(row.recording)
        found[key] += understand(row, codes)
    return dict(found)


def _check(events: Iterable[Event], recording: Recording) -> None:
    end_s = recording.duration_s + LEEWAY_S
    ordered = sorted(events)
    for event in ordered:
        about = f"{event.kind} {event.side} at {event.t_start_s:.2f} s in {recording.name}"
        if event.t_end_s < event.t_start_s or event.t_start_s < -LEEWAY_S:
            raise LabelError(f"{about} ends before it begins, or begins before the recording.")
        if event.t_end_s > end_s:
            unit = " Are its times milliseconds?" if event.t_end_s / 1000 <= end_s else ""
            raise LabelError(f"{about} ends at {event.t_end_s:.1f} s; the recording lasts {recording.duration_s:.1f} s.{unit}")
    for first, second in pairwise(ordered):
        if (first.kind, first.side) == (second.kind, second.side) and second.t_start_s < first.t_end_s:
            raise LabelError(
                f"Two labels of {first.kind} {first.side} in {recording.name} overlap, at {second.t_start_s:.2f} s."
            )
