"""Defines the tables of a session and what every column means: for the CSV files, the exports and the data dictionary."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from facetrack.routine.kinds import KINDS
from facetrack.session.rounding import round_for_output

if TYPE_CHECKING:
    from facetrack.session.document import SessionDocument, StepFigures
    from facetrack.session.metrics.session import SessionMetrics, StepStroke

ColumnType = Literal["text", "integer", "number", "boolean"]


@dataclass(frozen=True, slots=True)
class Column:
    """Describes a column. missing: when it is null (an empty cell); "" if never."""

    name: str
    type: ColumnType
    unit: str
    meaning: str
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    one_row: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]


SESSION_ID: Final = Column("session_id", "text", "", "the session's id")
STEP_PLACE: Final = Column("step_place", "integer", "", "the step's place in the session, from 0 (a step may come twice)")


def _side_columns(side: str) -> tuple[Column, ...]:
    def column(name: str, kind: ColumnType, unit: str, meaning: str, missing: str) -> Column:
        return Column(f"{side}_{name}", kind, unit, f"the user's {side} side: {meaning}", missing)

    unseen, still = "the side was never judged in this step", "no stroking was seen"
    return (
        column("repetitions", "integer", "", "repetitions counted", unseen),
        column("strokes", "integer", "", "strokes in contact that could be judged", unseen),
        column("path_mm", "number", "mm", "path travelled in contact", unseen),
        column("zone_share", "number", "0..1", "share of the time in contact inside the zone", "no contact was judged"),
        column("direction_score", "number", "0..1", "mean cosine to the path, by length", "no stroke had a direction"),
        column("pace_median_mm_s", "number", "mm/s", "median speed while stroking", still),
        column("pace_p90_mm_s", "number", "mm/s", "speed that 90 % of the stroking stays below", still),
        column("pace_in_range_share", "number", "0..1", "share of the stroking within the step's range", still),
        column("coverage", "number", "0..1", "share of the zone's area passed over", "never judged, or a tool"),
        column("mean_acceleration_mm_s2", "number", "mm/s^2", "mean acceleration in contact", "no contact was judged"),
        column("approximate_entropy", "number", "nats", "irregularity of the acceleration", "under 10 s of contact"),
    )


SESSIONS: Final = Table(
    "sessions",
    "one session",
    (
        SESSION_ID,
        Column("routine", "text", "", "the routine's id"),
        Column("routine_version", "integer", "", "the routine's version"),
        Column("routine_sha256", "text", "", "hash of the routine's file"),
        Column("facetrack_version", "text", "", "version of facetrack that judged it"),
        Column("started_at", "text", "UTC", "start, ISO 8601"),
        Column("duration_s", "number", "s", "from the first frame to the last"),
        Column("complete", "boolean", "", "false: interrupted, cut off, or from a damaged source"),
        Column("source_kind", "text", "", "camera, video or mannequin"),
        Column("source_name", "text", "", "the camera's or the file's name"),
        Column("frames", "integer", "", "number of frames judged"),
        Column("frames_dropped", "integer", "", "number of frames that a live source skipped", "finished from its journal"),
        Column("face_seen", "number", "0..1", "share of frames in which the face was seen", "there was no frame"),
        Column("left_seen", "number", "0..1", "share of frames in which the user's left hand was seen", "there was no frame"),
        Column("right_seen", "number", "0..1", "share of frames in which the user's right hand was seen", "there was no frame"),
        Column("withheld", "number", "0..1", "share of the steps' time that could not be judged", "no step began"),
        Column("calibration", "text", "", "neutral, partial or canonical", "calibration had not ended"),
        Column("mm_per_px", "number", "mm/px", "scale at the face", "no face was seen"),
        Column(
            "mm_per_px_error", "number", "mm/px", "its standard error, larger where the two irises disagree", "no face was seen"
        ),
        Column("fps", "number", "1/s", "frames a second", "fewer than two frames"),
        Column("score", "integer", "0..100", "mean of the steps' scores, weighted by the time observed", "no step has one"),
        Column("pulse_bpm", "number", "1/min", "pulse at rest before the first step", "not measured or typed"),
        Column("pulse_source", "text", "", "camera or typed", "not measured or typed"),
        Column("pulse_confidence", "number", "0..1", "confidence of the measurement", "not measured"),
        Column(
            "pulse_synchrony", "number", "0..1", "how well strokes and turns kept to its beat", "no pulse, no tempo, or too few"
        ),
    ),
)

STEPS: Final = Table(
    "steps",
    "one step of one session",
    (
        SESSION_ID,
        STEP_PLACE,
        Column("step", "text", "", "the step's id in the routine"),
        Column(
            "status",
            "text",
            "",
            "done, partial (time up before its repetitions), skipped, unseen or stopped",
        ),
        Column("t_start_s", "number", "s", "start, since the session's source began"),
        Column("t_end_s", "number", "s", "end, since the session's source began"),
        Column("observed_s", "number", "s", "time in which every side that the step needs could be judged"),
        *_side_columns("left"),
        *_side_columns("right"),
        Column(
            "balance",
            "number",
            "0..1",
            "the shorter of the two sides' paths / the longer one",
            "one-handed, or a side was not seen",
        ),
        Column(
            "mean_acceleration_mm_s2",
            "number",
            "mm/s^2",
            "mean acceleration of the working points in contact",
            "no contact judged",
        ),
        Column(
            "synchrony", "number", "0..1", "how well its movements kept to the pulse's beat", "no pulse, no tempo, or too few"
        ),
        Column(
            "withheld",
            "number",
            "0..1",
            "share of the time since the first hand was seen that could not be judged",
            "no hand was seen",
        ),
        Column("score", "integer", "0..100", "how closely the visible movements followed the routine", "too little was seen"),
    ),
)

STROKES: Final = Table(
    "strokes",
    "one movement (of a spiral: one pass of its drift along the path) of one side, lifted returns and uncertain ones included",
    (
        SESSION_ID,
        STEP_PLACE,
        Column("step", "text", "", "the step's id in the routine"),
        Column("side", "text", "", "half of the user's face: left or right"),
        Column("hand", "text", "", "the user's hand: left or right"),
        Column("t_start_s", "number", "s", "start, since the session's source began"),
        Column("t_end_s", "number", "s", "end, since the session's source began"),
        Column("length_mm", "number", "mm", "length along the skin"),
        Column("mean_mm_s", "number", "mm/s", "mean speed"),
        Column("peak_mm_s", "number", "mm/s", "highest speed"),
        Column(
            "off_path_deg",
            "number",
            "degrees",
            "angle between the stroke (a spiral's drift) and the path",
            "it has no direction",
        ),
        Column("straightness", "number", "0..1", "displacement over length"),
        Column("turning_rad", "number", "rad", "signed turning, counter-clockwise as seen by the camera is positive"),
        Column("zone_share", "number", "0..1", "share of its time inside the zone", "not known"),
        Column("contact_share", "number", "0..1", "share of its time in contact", "not known"),
        Column("kind", "text", "", "along, across, against, return (lifted) or uncertain (not judged)"),
        Column("counted", "boolean", "", "whether it is one of the step's repetitions"),
        Column("start_x_mm", "number", "mm", "where it began, chart: to the user's left"),
        Column("start_y_mm", "number", "mm", "where it began, chart: up"),
        Column("end_x_mm", "number", "mm", "where it ended, chart: to the user's left"),
        Column("end_y_mm", "number", "mm", "where it ended, chart: up"),
    ),
)

CORRECTIONS: Final = Table(
    "corrections",
    "one correction, from when it was raised to when it was withdrawn",
    (
        SESSION_ID,
        Column("correction", "integer", "", "its place in the session's list, from 0"),
        Column("step", "text", "", "the step's id in the routine"),
        Column("side", "text", "", "left, right or both"),
        Column("kind", "text", "", f"one of: {', '.join(KINDS)}"),
        Column("t_start_s", "number", "s", "raised, since the session's source began"),
        Column("t_end_s", "number", "s", "withdrawn, since the session's source began", "still open when the session ended"),
        Column(
            "value",
            "number",
            "of the kind",
            "what was measured: mm, degrees, mm/s or turns/s, share",
            "symmetry: no paths to compare",
        ),
        Column("limit", "number", "of the kind", "the limit that it is compared with"),
        Column("message_id", "text", "", "the message's id, for translators"),
        Column("message", "text", "", "the message in the session's language"),
        Column("shown", "boolean", "", "whether it was shown on the screen"),
        Column("spoken", "boolean", "", "whether it was spoken"),
    ),
)

WITHHELD_INTERVALS: Final = Table(
    "withheld_intervals",
    "one interval in which a side that the step needed could not be judged",
    (
        SESSION_ID,
        Column("interval", "integer", "", "its place in the session's list, from 0"),
        Column("t_start_s", "number", "s", "start, since the session's source began"),
        Column("t_end_s", "number", "s", "end, since the session's source began"),
        Column("side", "text", "", "left or right"),
        Column(
            "reason",
            "text",
            "",
            "why: face, hand, contact, covered, calibration, frame-rate, picture, person; tool: the place only",
        ),
    ),
)

TOUCHED: Final = Table(
    "touched",
    "one cell of 2 mm of the face that a finger or palm touched in one step",
    (
        SESSION_ID,
        STEP_PLACE,
        Column("step", "text", "", "the step's id in the routine"),
        Column("x_mm", "number", "mm", "the cell's centre, chart: to the user's left"),
        Column("y_mm", "number", "mm", "the cell's centre, chart: up"),
        Column("seconds", "number", "s", "time of contact, all fingers together"),
    ),
)

TABLES: Final = (SESSIONS, STEPS, STROKES, CORRECTIONS, WITHHELD_INTERVALS)
"""The history holds these tables, and an export gives them. Labels are further columns of an export's sessions, label_<key>."""

Row = dict[str, Any]


def session_row(document: "SessionDocument") -> Row:
    """Return a document as one row, without its steps, strokes and corrections."""
    tracking = document.tracking.model_dump(include=set(SESSIONS.names))
    own = document.model_dump(include={"facetrack_version", "started_at", "duration_s", "complete", "score"})
    row: Row = {"session_id": document.id, "source_kind": document.source.kind, "source_name": document.source.name}
    row |= {"routine": document.routine.id, "routine_version": document.routine.version}
    row |= {"routine_sha256": document.routine.sha256}
    pulse = document.pulse
    pulse_row = {
        f"pulse_{name}": None if pulse is None else getattr(pulse, name)
        for name in ("bpm", "source", "confidence", "synchrony")
    }
    return row | own | tracking | pulse_row


def step_rows(document: "SessionDocument") -> list[Row]:
    """Return the steps of a document as rows."""
    return [_step_row(document.id, place, step) for place, step in enumerate(document.steps)]


def _step_row(session_id: str, place: int, step: "StepFigures") -> Row:
    row: Row = {"session_id": session_id, "step_place": place, "step": step.id}
    row |= step.model_dump(exclude={"id", "left", "right"})
    for name, side in (("left", step.left), ("right", step.right)):
        figures = side.model_dump(exclude={"pace_mm_s"}) | {
            "pace_median_mm_s": side.pace_mm_s.median,
            "pace_p90_mm_s": side.pace_mm_s.p90,
            "pace_in_range_share": side.pace_mm_s.in_range_share,
        }
        row |= {f"{name}_{figure}": value for figure, value in figures.items()}
    return row


def stroke_rows(session_id: str, strokes: "Iterable[StepStroke]") -> list[Row]:
    """Return strokes as rows."""
    return [_stroke_row(session_id, one) for one in strokes]


def _stroke_row(session_id: str, one: "StepStroke") -> Row:
    stroke = one.stroke
    row: Row = {"session_id": session_id, "step_place": one.place, "step": one.step_id}
    same = [name for name in STROKES.names if hasattr(stroke, name)]
    row |= {name: getattr(stroke, name) for name in same}
    row["start_x_mm"], row["start_y_mm"] = stroke.start_mm
    row["end_x_mm"], row["end_y_mm"] = stroke.end_mm
    neat: Row = round_for_output(row)
    return neat


def touched_rows(session_id: str, metrics: "SessionMetrics") -> list[Row]:
    """Return where the hands were in contact, step by step, as rows."""
    return [
        {
            "session_id": session_id,
            "step_place": place,
            "step": step_run.step.id,
            "x_mm": x,
            "y_mm": y,
            "seconds": round(seconds, 2),
        }
        for place, step_run in enumerate(metrics.step_runs)
        for x, y, seconds in step_run.coverage.cells()
    ]


def correction_rows(document: "SessionDocument") -> list[Row]:
    """Return the corrections of a document, with what reached the user of each, as rows."""
    shown = {cue.correction for cue in document.cues if cue.shown}
    spoken = {cue.correction for cue in document.cues if cue.spoken}
    return [
        {"session_id": document.id, "correction": place, **one.model_dump(), "shown": place in shown, "spoken": place in spoken}
        for place, one in enumerate(document.corrections)
    ]


def withheld_rows(document: "SessionDocument") -> list[Row]:
    """Return the withheld intervals of a document as rows."""
    intervals = document.tracking.withheld_intervals
    return [{"session_id": document.id, "interval": place, **one.model_dump()} for place, one in enumerate(intervals)]


FORMULA_SIGNS: Final = tuple("=+-@\t\r\n＝＋－＠")
"""Signs with which a text would be a formula to a spreadsheet that opens the CSV file, full-width ones included."""


def csv_bytes(table: Table, rows: Iterable[Row]) -> bytes:
    """Return a table as CSV, as ``rows_as_csv`` does."""
    return rows_as_csv(table.names, rows)


def rows_as_csv(names: Sequence[str], rows: Iterable[Row]) -> bytes:
    """Return columns of rows as CSV, RFC 4180, with a header line; null is an empty cell; booleans are TRUE and FALSE.

    UTF-8 with a byte order mark, without which Excel takes it for another encoding. A text that a spreadsheet would take for a
    formula has an apostrophe before it; ``cell_text`` gives it back.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([_cell(name) for name in names])
    for row in rows:
        writer.writerow([_cell(row[name]) for name in names])
    return text.getvalue().encode("utf-8-sig", "backslashreplace")


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, str) and value.lstrip("'").startswith(FORMULA_SIGNS):
        return f"'{value}"
    return "" if value is None else value


def cell_text(cell: str) -> str:
    """Return the text that ``csv_bytes`` wrote as this cell."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(FORMULA_SIGNS) else cell
