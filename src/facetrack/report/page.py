"""Puts the report together and writes it: one HTML file without any outside reference."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
from jinja2 import Environment, PackageLoader, StrictUndefined

from facetrack.flow.texts import steps_done
from facetrack.geometry.chart.zones import zone_distance
from facetrack.inspection.reasons import LOOKS, main_reason
from facetrack.packets import SIDES
from facetrack.report.data import Cell, PastScore, ReportData, read_report_data
from facetrack.report.face_picture import plain_face, step_face, whole_face
from facetrack.report.pulse_section import pulse_section
from facetrack.report.summary import CLOSE, MUCH_UNSEEN, summarise
from facetrack.report.timeline import balance_chart, pace_chart
from facetrack.report.trend_chart import sparkline, trend_chart
from facetrack.routine.compiled import CompiledStep
from facetrack.routine.kinds import KINDS, kind_of
from facetrack.session.document import CorrectionEvent, SessionDocument, StepFigures
from facetrack.session.files import write_whole
from facetrack.session.folder import REPORT_NAME
from facetrack.session.own_files import MARKS, OWN_REPORT
from facetrack.system.own_files import check_writable

STATUSES: Final = {
    "done": "done",
    "partial": "partly done",
    "skipped": "skipped",
    "unseen": "could not be seen",
    "stopped": "broken off",
}
MOST_CORRECTIONS: Final = 200
"""The page lists at most this many corrections; the charts mark all of them, and corrections.csv has all."""


def write_report(folder: Path, out: Path | None = None) -> Path:
    """Write the report of the session in folder, by default into that folder, and return its path.

    Raises UsageError where a file is there that is no report of facetrack's, SessionFileError where it can't be written or the
    session can't be read, DamagedInputError where that is damaged.
    """
    target = out or folder / REPORT_NAME
    check_writable(target, OWN_REPORT, (folder / name for name in MARKS if name != REPORT_NAME))
    write_whole(target, report_html(read_report_data(folder)).encode())
    return target


def report_html(data: ReportData) -> str:
    """Return the whole page as HTML."""
    environment = Environment(
        loader=PackageLoader("facetrack.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["percent"] = percent
    environment.filters["plain"] = plain
    return environment.get_template("report.html").render(page(data))


def page(data: ReportData) -> dict[str, Any]:
    """Collect what the template is given."""
    document = data.document
    past = data.past
    begun = datetime.fromisoformat(document.started_at).astimezone()
    return {
        "document": document,
        "tracking": document.tracking,
        "title": data.routine_title,
        "when": f"{begun.day} {begun:%B %Y}, {begun:%H:%M}",
        "duration": _duration(document.duration_s),
        "drawn": document.source.kind == "mannequin",
        "guided": bool(document.settings.get("guide_only")),
        "summary": summarise(document, data.title, past.usual),
        "not_all_done": _not_all_done(document),
        "unseen_because": LOOKS[main_reason(document)],
        "hint": past.hint,
        "steps": [_step(data, place, step) for place, step in enumerate(document.steps)],
        "faces": [_face(data, place, step) for place, step in enumerate(document.steps) if step.status != "skipped"],
        "whole": _whole(data),
        "pulse": pulse_section(data),
        "pace": pace_chart(document, data.strokes, data.routine, _pace_words(data)) if data.strokes else None,
        "balance": balance_chart(document, data.strokes, _balance_words(data)) if data.strokes else None,
        "corrections": [_correction(data, one) for one in document.corrections[:MOST_CORRECTIONS]],
        "corrections_left": max(0, len(document.corrections) - MOST_CORRECTIONS),
        "letters": [(kind.letter, kind.word) for kind in KINDS.values()],
        "trend": trend_chart(past.scores, _trend_words(past.scores)) if len(past.scores) > 1 else None,
        "much_unseen": MUCH_UNSEEN,
        "close": CLOSE,
        "advice": None if past.hint or data.routine is None else data.routine.schedule_say or None,
        "labels": document.labels,
    }


def _not_all_done(document: SessionDocument) -> str:
    """Return how many steps were done, where some were not: the score is of those that were."""
    done = sum(step.status == "done" for step in document.steps)
    return steps_done(done, len(document.steps)) if done < len(document.steps) else ""


def percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.0f}\N{NO-BREAK SPACE}%"


def plain(value: float | None) -> str:
    return "–" if value is None else f"{value:.0f}"


def _duration(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole // 60} min {whole % 60:02d} s" if whole >= 60 else f"{whole} s"


def _step(data: ReportData, place: int, step: StepFigures) -> dict[str, Any]:
    compiled = _compiled(data, step.id)
    scores = data.past.steps.get(step.id, [])
    corrections = Counter(one.step for one in data.document.corrections)
    history = [*scores, step.score] if step.score is not None else scores
    return {
        "place": place + 1,
        "title": data.title(step.id),
        "status": STATUSES.get(step.status, step.status),
        "score": step.score,
        "usual": data.past.usual.get(step.id),
        "spark": sparkline(history) if len(history) > 1 else None,
        "withheld": step.withheld,
        "repetitions": [side.repetitions for side in step.sides],
        "target": compiled.repetitions if compiled else None,
        "by_time": compiled is not None and compiled.repetitions is None and not any(side.repetitions for side in step.sides),
        "balance": step.balance,
        "corrections": corrections[step.id],
    }


def _compiled(data: ReportData, step_id: str) -> CompiledStep | None:
    steps = data.routine.steps if data.routine is not None else ()
    return next((step for step in steps if step.id == step_id), None)


def _face(data: ReportData, place: int, step: StepFigures) -> dict[str, Any]:
    cells, lines = data.touched.get(place, []), data.lines.get(place, [])
    compiled = _compiled(data, step.id)
    covered = [
        f"{name} {percent(side.coverage)}" for name, side in zip(SIDES, step.sides, strict=True) if side.coverage is not None
    ]
    wrong = sum(line.kind != "right" for line in lines)
    words = f"Area covered: {', '.join(covered) or 'not known'}. {len(lines)} strokes drawn, {wrong} of them not right."
    name = f"face-{place}"
    if compiled is not None:
        svg = step_face(name, compiled, cells, lines, words)
    else:
        svg = plain_face(name, data.title(step.id), cells, lines, words)
    return {"place": place + 1, "title": data.title(step.id), "svg": svg, "step": step}


def _whole(data: ReportData) -> dict[str, Any] | None:
    cells = [cell for place, some in data.touched.items() for cell in _in_its_area(data, place, some)]
    if not cells:
        return None
    left, right = (sum(figures.path_mm or 0.0 for figures in data.document.of_side(side)) / 1000 for side in SIDES)
    words = f"Way travelled on the skin: left {left:.1f} m, right {right:.1f} m."
    return {"svg": whole_face("face-whole", cells, words), "words": words}


def _in_its_area(data: ReportData, place: int, cells: Sequence[Cell]) -> Sequence[Cell]:
    """Leave out what fingers passed over beside a step's area: other fingers than the working one, on their way in the air."""
    step = _compiled(data, data.document.steps[place].id) if place < len(data.document.steps) else None
    if step is None or not cells:
        return cells
    places = np.array(cells)[:, :2]
    off_mm = zone_distance(np.stack([np.abs(places[:, 0]), places[:, 1]], axis=-1), step.zone)
    return [cell for cell, away in zip(cells, off_mm, strict=True) if away <= step.tolerance_mm]


def _correction(data: ReportData, one: CorrectionEvent) -> dict[str, Any]:
    lasted_s = one.lasted_s(data.document.duration_s)
    return {
        "at": f"{int(one.t_start_s) // 60}:{int(one.t_start_s) % 60:02d}",
        "lasted": f"{lasted_s:.1f} s" if lasted_s > 0 else "at the step's end",
        "step": data.title(one.step),
        "side": {"both": "both sides"}.get(one.side, one.side),
        "kind": kind_of(one.kind).word,
        "message": one.message,
        "value": _value(data, one),
    }


def _value(data: ReportData, one: CorrectionEvent) -> str:
    """Return what was measured against what is allowed."""
    value, limit = one.value, one.limit
    if value is None or limit is None:
        return ""
    kind, compiled = kind_of(one.kind), _compiled(data, one.step)
    spiral = compiled is not None and any(phase.motion == "spiral" for phase in compiled.phases)
    figures = kind.figures_of_spirals if spiral and kind.figures_of_spirals else kind.figures
    return figures.format(value=value, limit=limit, value_percent=100 * value, limit_percent=100 * limit)


def _pace_words(data: ReportData) -> str:
    medians = {
        side: [one.pace_mm_s.median for one in data.document.of_side(side) if one.pace_mm_s.median is not None]
        for side in SIDES
    }
    said = [f"{side} {min(values):.0f} to {max(values):.0f}" for side, values in medians.items() if values]
    raised = sum(one.kind == "pace" for one in data.document.corrections)
    return f"Median speeds of the steps in mm/s: {', '.join(said) or 'not known'}. Corrections of the pace: {raised}."


def _balance_words(data: ReportData) -> str:
    known = [f"{data.title(step.id)} {percent(step.balance)}" for step in data.document.steps if step.balance is not None]
    return f"Balance of the steps, the shorter path over the longer: {', '.join(known) or 'not known'}."


def _trend_words(scores: Sequence[PastScore]) -> str:
    first, before, this = (round(scores[at].score) for at in (0, -2, -1))
    return f"{len(scores)} sessions; the first scored {first}, the one before {before}, this one {this}."
