"""Writes the data dictionary from the tables themselves: docs/data-dictionary.md, and a copy in every export.

``python -m facetrack.session.export.data_dictionary > docs/data-dictionary.md`` writes it anew.
"""

from facetrack.session.export.finger_tables import FINGERTIPS, MOVEMENTS
from facetrack.session.tables import TABLES, TOUCHED, Table

_HEAD = """\
# Data dictionary

The tables of an export (`facetrack sessions export --format csv|json|parquet`) and of a session's folder, column by column.
`docs/metrics.md` says how each figure is computed.

- CSV: UTF-8 with a byte order mark (Python reads it with `encoding="utf-8-sig"`), comma, a header line, decimal points, `TRUE`
  and `FALSE`; an empty cell is a figure that could not be had. A text that a spreadsheet would run as a formula, because it
  begins with `=`, `+`, `-`, `@`, a tab or a line break, has an apostrophe before it.
- JSON: an array of objects with the same names; null where a figure could not be had.
- Parquet: typed columns; each field's metadata has its unit and meaning.
- Left and right are the user's own. Times count from the first frame. Lengths and speeds are the user's millimetres of skin;
  `x_mm`, `y_mm` are the canonical face's: origin between the inner eye corners, x to the user's left, y up.
- Labels (`--label KEY=VALUE`) are further columns of `sessions`, named `label_KEY`.
- `session.json` has `schema_version` 2 (its JSON Schema: `session.schema.json`). Version 2 changed the meaning of three
  figures, which are therefore null where a session of version 1 is read. `mean_acceleration_mm_s2` and `approximate_entropy`
  used the change of speed, and now use the acceleration vector. `balance` could lose a part of a path, and is now the sum of
  the judged strokes.
- Join tables by `session_id`, and strokes with steps by `step_place` as well.
- The dataset of a study (`facetrack study build`) has these tables with further columns (participant, condition, hashes of what
  they were made with). The dataset's own `data-dictionary.md` lists all of them.
"""

_JOURNAL = """\
## frames.jsonl

The journal in a session's folder, from which the session can be judged again: one JSON object per line. The first line is the
header (the session's identity, the routine and the coach's settings); each line after it is a frame:

| key | unit | meaning |
|---|---|---|
| `t` | s | time since the source began |
| `p` | mm | each hand: x, y of the tips of thumb to pinky, the middle knuckle and the palm; null: unknown |
| `g` | | left and right: the first fundamental form (E, F, G) of the user's skin at the middle fingertip |
| `palm` | mm | left and right: the palm's image size at the face's depth; larger is nearer to the camera |
| `near` | 0, 1 | left and right: whether the hand is over or close to the face |
| `face` | 0, 1 | whether the face was seen |
| `hand` | 0, 1 | left and right: whether the hand was seen |
| `px` | mm/px | scale at the face |
| `cal` | | how the user's neutral face is known, and the calibration's progress (0..1) |
| `edge` | mm | left and right: x, y and tolerance of the edge of a tool that was shown; null or left out: not known |
| `eyes` | 0..1 | how far the widths of the two irises differ, which makes the scale uncertain by as much; left out: not known |

Other lines may stand between frames. `{"t": s, "command": name}` is a command of the user's that takes effect from the next
frame on (`pause`, `resume`, `skip`, `again`, `again:STEP`, `mute`, `unmute`). `{"t": s, "fault": words}` means that the
camera is lost or black from the next frame on (null: no longer). `{"t": s, "pulse": {...}}` is the user's pulse, once known.
The last line of a finished session is `{"end": {...}}`. Points are rounded to 0.01 mm before the coach sees them, so a replay
gives the same verdicts.
"""


def dictionary_text() -> str:
    """Return the whole document as Markdown."""
    kept = "It is in every session's folder, but not in exports."
    asked = "Exports have this table only with `--fingers`; it is computed from the journal."
    parts = [_HEAD, *(_section(table) for table in TABLES)]
    parts += [_section(FINGERTIPS, asked), _section(MOVEMENTS, asked), _section(TOUCHED, kept), _JOURNAL]
    return "\n".join(parts)


def _section(table: Table, note: str = "") -> str:
    lines = [f"## {table.name}", "", f"Each row is {table.one_row}. {note}".rstrip(), ""]
    lines += ["| column | type | unit | meaning | empty when |", "|---|---|---|---|---|"]
    lines += [f"| `{c.name}` | {c.type} | {c.unit} | {c.meaning} | {c.missing or 'never'} |" for c in table.columns]
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    print(dictionary_text(), end="")
