"""Every figure that the report tells is found in an export, as a reader of both would look for it."""

import csv
import html
import re
from collections import Counter
from pathlib import Path

import pytest

from facetrack.report import write_report
from facetrack.session import add_to_history
from facetrack.session.export.writer import export
from facetrack.session.history.database import HistoryDatabase

Rows = list[dict[str, str]]
NARROW = "\N{NO-BREAK SPACE}"


@pytest.fixture
def tables(session: Path, tmp_path: Path) -> dict[str, Rows]:
    """The export's CSV files, as text."""
    add_to_history(session)
    with HistoryDatabase() as store:
        written, _ = export(store, [store.resolve("last")], tmp_path / "export", "csv")
    read = {}
    for path in written:
        if path.suffix == ".csv":
            with path.open(newline="", encoding="utf-8-sig") as file:
                read[path.stem] = list(csv.DictReader(file))
    return read


@pytest.fixture
def text(session: Path, tables: dict[str, Rows]) -> str:
    assert tables, "in the history first, so that the report has its past"
    return html.unescape(write_report(session).read_text("utf-8"))


def shown_rows(text: str, heading: str) -> list[dict[str, str]]:
    """The cells of the table below a heading, by their labels; the row's own name as ""."""
    table = text.split(f">{heading}</h2>")[1].split("</table>")[0].split("<tbody")[1]
    rows = []
    for row in table.split("<tr")[1:]:
        cells = re.findall(r"<t[hd]([^>]*)>(.*?)</t[hd]>", row, re.DOTALL)
        label = [re.search(r'data-label="([^"]*)"', attributes) for attributes, _ in cells]
        words = [re.sub(r"<svg.*?</svg>|<[^>]*>", "", content, flags=re.DOTALL).strip() for _, content in cells]
        rows.append({found[1] if found else "": word for found, word in zip(label, words, strict=True)})
    return rows


def percent(cell: str) -> str:
    return f"{100 * float(cell):.0f}{NARROW}%" if cell else "–"


def test_the_session(text: str, tables: dict[str, Rows]) -> None:
    (row,) = tables["sessions"]
    assert f'aria-label="Score {row["score"]} of 100"' in text
    unseen = f"{percent(row['withheld'])} of the time could not be judged"
    assert (unseen if float(row["withheld"]) >= 0.005 else "All of it could be judged") in text
    assert (
        f"Face seen {percent(row['face_seen'])}, left hand {percent(row['left_seen'])}, right hand"
        f" {percent(row['right_seen'])} of {row['frames']} frames"
    ) in text
    assert f"Scale {float(row['mm_per_px']):.2f} ± {float(row['mm_per_px_error']):.2f} mm per pixel" in text
    assert f"· {float(row['duration_s']):.0f} s" in text
    assert row["session_id"] in text
    assert "ended before its time" in text
    assert row["complete"] == "FALSE"


def test_the_steps(text: str, tables: dict[str, Rows]) -> None:
    shown = shown_rows(text, "Step by step")
    told = Counter(one["step"] for one in tables["corrections"])
    assert len(shown) == len(tables["steps"]) >= 2
    for step, row in zip(shown, tables["steps"], strict=True):
        assert step["Score"] == (row["score"] or "–")
        assert step["Not judged"] == percent(row["withheld"])
        assert step["Balance"] == percent(row["balance"])
        assert step["Corrections"] == str(told[row["step"]])
        counted = f"{row['left_repetitions']} · {row['right_repetitions']}"
        assert step["Repetitions"].removesuffix(" of 5") in (counted, "by time")


def test_the_corrections(text: str, tables: dict[str, Rows]) -> None:
    shown = shown_rows(text, "All corrections")
    end = tables["sessions"][0]["duration_s"]
    assert len(shown) == len(tables["corrections"]) >= 1
    for one, row in zip(shown, tables["corrections"], strict=True):
        begun = float(row["t_start_s"])
        assert one[""] == row["message"]
        assert one["At"] == f"{int(begun) // 60}:{int(begun) % 60:02d}"
        assert one["For"] in (f"{float(row['t_end_s'] or end) - begun:.1f} s", "at the step's end")
        scale = 100 if row["kind"] == "symmetry" else 1
        assert f"{scale * float(row['value']):.0f}" in one["Measured"]
        assert f"{scale * float(row['limit']):.0f}" in one["Measured"]


def test_the_pictures(text: str, tables: dict[str, Rows]) -> None:
    covered = re.findall(r'Covered: <span class="keep">left ([^,]+),</span> <span class="keep">right ([^<]+)</span>', text)
    assert covered == [(percent(row["left_coverage"]), percent(row["right_coverage"])) for row in tables["steps"]]
    ways = [sum(float(row[f"{side}_path_mm"] or 0) for row in tables["steps"]) / 1000 for side in ("left", "right")]
    assert f"left {ways[0]:.1f} m, right {ways[1]:.1f} m" in text
    strokes = [row for row in tables["strokes"] if row["kind"] in ("along", "across", "against")]
    assert len(re.findall(r'class="dot (?:left|right)"', text)) == len(strokes)
    gaps = [row for row in tables["withheld_intervals"] if float(row["t_end_s"]) - float(row["t_start_s"]) > 0.1]
    assert ('class="gap"' in text) == bool(gaps)
