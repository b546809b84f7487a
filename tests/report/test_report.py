"""The report: one file, understandable, true to the tables, and safe with whatever a session holds."""

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from facetrack.app.interaction import summary_words
from facetrack.cli.commands.sessions import app as sessions_app
from facetrack.errors import DamagedInputError, UsageError
from facetrack.report import write_report
from facetrack.report.data import read_report_data
from facetrack.report.face_picture import cell_path
from facetrack.report.page import page
from facetrack.report.stroke_lines import line_kind
from facetrack.report.summary import advice_from, grade, summarise, worst_correction
from facetrack.report.timeline import travelled
from facetrack.routine.library import load_routine
from facetrack.session import add_to_history
from facetrack.session.document import CorrectionEvent, SessionDocument
from facetrack.session.files import SessionFileError
from facetrack.session.folder import read_document
from facetrack.session.history.history import read_strokes
from facetrack.session.tables import step_rows
from tests.session.session_fakes import identity


class Page(HTMLParser):
    """Elements with their attributes; complains of tags that do not match."""

    VOID = frozenset({"meta", "link", "br"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.stack: list[str] = []
        self.feed(text)
        assert self.stack == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop() == tag


def written(folder: Path) -> tuple[str, Page]:
    text = write_report(folder).read_text("utf-8")
    return text, Page(text)


def test_it_is_one_file_that_asks_for_nothing(session: Path) -> None:
    text, parsed = written(session)
    assert (session / "report.html").stat().st_size < 2_000_000
    assert not re.search(r"https?://|@import|url\(", text)
    for tag, attributes in parsed.elements:
        assert tag not in ("script", "img", "iframe", "object", "embed")
        assert "src" not in attributes
        assert attributes.get("href", "data:,") == "data:,"


def test_every_picture_has_words(session: Path) -> None:
    text, parsed = written(session)
    pictures = [attributes for tag, attributes in parsed.elements if tag == "svg" and attributes.get("aria-hidden") != "true"]
    assert len(pictures) >= 5
    ids = [attributes["id"] for _, attributes in parsed.elements if "id" in attributes]
    assert len(set(ids)) == len(ids)
    for picture in pictures:
        assert picture["role"] == "img"
        named = (picture.get("aria-labelledby") or "").split()
        assert picture.get("aria-label") or (named and all(name in ids for name in named))
    assert "nan" not in re.sub(r"<[^>]*>", "", text).lower().split()
    assert "NaN" not in text


def test_it_is_in_one_language_with_headings_in_order(session: Path) -> None:
    _, parsed = written(session)
    assert ("html", {"lang": "en"}) in parsed.elements
    levels = [int(tag[1]) for tag, _ in parsed.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_what_a_user_typed_is_only_text(session: Path) -> None:
    text, _ = written(session)
    assert "<script>" not in text
    assert "&lt;script&gt;" in text


def test_its_figures_are_those_of_the_tables(session: Path) -> None:
    shown = page(read_report_data(session))
    rows = step_rows(read_document(session))
    assert len(rows) == len(shown["steps"]) >= 2
    for step, row in zip(shown["steps"], rows, strict=True):
        assert (step["score"], step["withheld"], step["balance"]) == (row["score"], row["withheld"], row["balance"])
        assert step["repetitions"] == [row["left_repetitions"], row["right_repetitions"]]
    text, _ = written(session)
    for row in rows:
        assert f'<span class="number">{row["score"]}</span>' in text
        assert f"left {100 * row['left_coverage']:.0f}\N{NO-BREAK SPACE}%" in text


def test_it_says_what_to_change(session: Path) -> None:
    shown = page(read_report_data(session))
    kinds = {one.kind for one in read_document(session).corrections}
    assert "direction" in kinds
    assert "Cheeks and cheekbones" in shown["summary"].change
    assert shown["summary"].how


def test_a_kind_that_the_report_has_no_word_for_is_shown_by_its_own(session: Path) -> None:
    data = read_report_data(session)
    grip = data.document.corrections[0].model_copy(update={"kind": "grip", "value": 2.0, "limit": 1.5})
    shown = page(replace(data, document=data.document.model_copy(update={"corrections": (grip,)})))
    (row,) = shown["corrections"]
    assert (row["kind"], row["value"]) == ("grip", "2 (limit 1.5)")
    assert ">G<" in shown["pace"]


def test_wrong_strokes_are_drawn_apart(session: Path) -> None:
    data = read_report_data(session)
    cheeks = next(place for place, step in enumerate(data.document.steps) if step.id == "cheeks")
    kinds = {line.kind for line in data.lines[cheeks]}
    assert "off" in kinds
    lengths = [len(line.points_mm) for line in data.lines[cheeks]]
    assert max(lengths) > 2  # the way itself, not only from start to end
    text, _ = written(session)
    assert 'class="stroke off"' in text


def test_only_what_is_right_in_all_that_is_judged_is_green() -> None:
    routine = load_routine("fascia")
    right = {"step": "cheeks", "kind": "along", "zone_share": 0.9, "mean_mm_s": 40.0}
    for change, kind in (
        ({}, "right"),
        ({"zone_share": 0.1}, "outside"),
        ({"zone_share": 0.1, "kind": "against"}, "outside"),
        ({"kind": "across"}, "off"),
        ({"mean_mm_s": 160.0}, "rushed"),
        ({"step": "brow", "mean_mm_s": 160.0}, "rushed"),
    ):
        assert line_kind(right | change, routine) == kind
    assert line_kind(right | {"mean_mm_s": 160.0}, None) == "right", "without the routine its pace is not known"
    css = (files("facetrack.report") / "templates" / "report.css").read_text(encoding="utf-8")
    green = [rule for rule in css.splitlines() if rule.startswith(".stroke.") and "--good" in rule]
    assert green == [".stroke.right { stroke: var(--good); }"]


def test_the_picture_of_all_steps_shows_nothing_beside_their_areas(session: Path) -> None:
    data = read_report_data(session)
    place = next(iter(data.touched))
    air = (140.0, 90.0, 500.0)
    with_air = replace(data, touched={**data.touched, place: [*data.touched[place], air]})
    assert page(with_air)["whole"] == page(data)["whole"]


@pytest.mark.parametrize(
    ("kind", "message_id", "message", "advice"),
    [
        ("zone", "zone.down", "Lower, to the jaw", "keep your fingers lower, on the jaw"),
        ("zone", "zone.outward", "Left: further out, to the temple", "keep your left fingers further out, on the temple"),
        ("direction", "direction.up", "Upwards along the jaw, to the ear", "stroke upwards along the jaw, to the ear"),
        ("direction", "direction.lift", "Right: lift on the way back", "lift on the way back with your right hand"),
        ("pace", "pace.slower", "Left: slower", "go slower with your left hand"),
        ("symmetry", "symmetry.less", "Left: longer strokes", "make longer strokes on your left side"),
        ("zone", "zone.up", "Higher", "higher"),
    ],
)
def test_what_was_said_becomes_advice(kind: str, message_id: str, message: str, advice: str) -> None:
    assert advice_from(kind, message_id, message) == advice


def test_strokes_drawn_from_the_journal_end_where_the_table_says(session: Path) -> None:
    data = read_report_data(session)
    strokes = [one for one in read_strokes(session) if one["kind"] in ("along", "across", "against")]
    ends = np.array([[one["end_x_mm"], one["end_y_mm"]] for one in strokes])
    for lines in data.lines.values():
        for line in lines:
            assert np.hypot(*(ends - line.points_mm[-1]).T).min() < 8.0


@pytest.mark.parametrize("gone", ["frames.jsonl", "touched.csv", "strokes.csv"])
def test_it_tells_what_is_left_when_a_file_is_gone(session: Path, gone: str) -> None:
    (session / gone).unlink()
    text, _ = written(session)
    assert "Step by step" in text


@pytest.mark.parametrize("end", [b"", b'{"t":1', b'{"t":999.0,"p":[[', b"\0\0\0"])
def test_a_torn_journal_still_gives_a_report(session: Path, end: bytes) -> None:
    journal = session / "frames.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join(lines[:200]) + end)
    assert "Step by step" in written(session)[0]


@pytest.mark.parametrize("steps", [[], None])
def test_an_empty_session_gives_a_report(session: Path, steps: list[Any] | None) -> None:
    document = values(session)
    document["steps"] = [] if steps == [] else [unseen(document["steps"][0])]
    document["score"] = None
    document["corrections"] = document["cues"] = []
    document["tracking"] |= dict.fromkeys(("face_seen", "left_seen", "withheld", "mm_per_px", "mm_per_px_error", "fps"))
    (session / "session.json").write_text(json.dumps(document))
    for name in ("strokes.csv", "touched.csv", "frames.jsonl"):
        (session / name).unlink()
    text, _ = written(session)
    assert "Too little was seen for a score" in text


def values(session: Path) -> dict[str, Any]:
    """The session.json as JSON values, to be changed."""
    document: dict[str, Any] = json.loads((session / "session.json").read_text(encoding="utf-8"))
    return document


def unseen(step: dict[str, Any]) -> dict[str, Any]:
    """The step as if nothing could be judged."""
    side = dict.fromkeys(step["left"]) | {"pace_mm_s": dict.fromkeys(("median", "p90", "in_range_share"))}
    nothing = dict.fromkeys(("balance", "mean_acceleration_mm_s2", "withheld", "score"))
    return step | nothing | {"left": side, "right": side, "status": "unseen", "observed_s": 0.0}


def test_a_session_that_cannot_be_read_is_one_line(session: Path, tmp_path: Path) -> None:
    (session / "session.json").write_text("{")
    with pytest.raises(DamagedInputError):
        write_report(session)
    with pytest.raises(SessionFileError):
        write_report(tmp_path / "nowhere")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_a_device_is_written_into_and_stays_one(session: Path) -> None:
    full = session / "full"
    full.symlink_to("/dev/full")
    with pytest.raises(SessionFileError, match="disk is full"):
        write_report(session, full)
    assert full.is_char_device()


def test_a_report_that_cannot_be_written_is_one_line(session: Path) -> None:
    with pytest.raises(SessionFileError) as caught:
        write_report(session, session / "session.json" / "report.html")
    assert "\n" not in str(caught.value)


def test_the_past_is_shown_for_sessions_of_the_history(session: Path) -> None:
    assert page(read_report_data(session))["trend"] is None
    document = values(session)
    for day in range(10, 20):
        earlier = document | {"id": f"earlier-{day}", "started_at": f"2026-11-{day}T08:00:00Z", "score": 40 + day}
        folder = session.with_name(f"earlier-{day}")
        shutil.copytree(session, folder)
        (folder / "session.json").write_text(json.dumps(earlier))
        add_to_history(folder)
    add_to_history(session)
    shown = page(read_report_data(session))
    assert "11 sessions; the first scored 50, the one before 59" in str(shown["trend"])
    assert shown["steps"][0]["usual"] == document["steps"][0]["score"]
    (session / "session.json").write_text(json.dumps(document | {"score": None}))
    add_to_history(session)
    assert page(read_report_data(session))["trend"] is None  # another session is not taken for this one
    (session / "session.json").write_text(json.dumps(document))
    add_to_history(session)
    Page(write_report(session).read_text("utf-8"))


def test_the_command_takes_an_id_or_a_folder(session: Path, tmp_path: Path) -> None:
    import typer

    from facetrack.cli.commands.report import report

    app = typer.Typer()
    app.command()(report)
    call = CliRunner().invoke
    assert call(app, [str(session)]).stdout.strip() == str(session / "report.html")
    assert isinstance(call(app, ["last"]).exception, UsageError)
    add_to_history(session)
    out = tmp_path / "mine.html"
    assert call(app, ["last", "--out", str(out)]).exit_code == 0
    assert out.read_text("utf-8").startswith("<!DOCTYPE html>")
    assert call(app, [identity().id[:9]]).exit_code == 0
    assert call(sessions_app, ["delete", "last", "--yes"]).exit_code == 0
    assert not session.exists()


def test_grades() -> None:
    assert [grade(score) for score in (None, 100, 90, 89, 75, 50, 49)] == [
        "Too little was seen for a score",
        "Very close to the routine",
        "Very close to the routine",
        "Close to the routine",
        "Close to the routine",
        "Partly as the routine asks",
        "Far from the routine",
    ]


def one_correction(**changes: Any) -> dict[str, Any]:
    made = {"step": "a", "kind": "zone", "t_start_s": 0.0, "t_end_s": 2.0, "message_id": "zone.up", "message": "Higher"}
    return made | {"side": "left"} | changes


def test_the_worst_correction_is_the_one_that_stood_longest() -> None:
    changes: list[dict[str, Any]] = [{}, {"kind": "pace", "t_end_s": None, "message": "Slower"}, {"t_end_s": 3.0}]
    events = [CorrectionEvent(**one_correction(**change)) for change in changes]
    assert worst_correction(events, 4.0) == ("a", "zone", "zone.up", "Higher")
    assert worst_correction(events, 60.0) == ("a", "pace", "zone.up", "Slower")
    assert worst_correction([], 60.0) is None


def test_being_seen_comes_first_when_much_was_withheld(session: Path) -> None:
    document = values(session)
    document["tracking"] |= {
        "withheld": 0.5,
        "withheld_intervals": [{"t_start_s": 0.0, "t_end_s": 9.0, "side": "left", "reason": "face"}],
    }
    said = summarise(SessionDocument.model_validate(document), str, {})
    assert "50 % of the time your face was not in view" in said.change
    assert "whole face" in said.how


def test_nothing_to_change_is_said_plainly(session: Path) -> None:
    document = values(session) | {"score": 90}
    document["corrections"] = []
    document["tracking"]["withheld"] = 0.0
    assert summarise(SessionDocument.model_validate(document), str, {}).change == "Nothing: keep doing it like this."


def test_praise_of_direction_says_most_where_some_was_corrected(session: Path) -> None:
    document = values(session)
    for step in document["steps"]:
        step["left"]["direction_score"] = step["right"]["direction_score"] = 1.0
    praised = [
        summarise(SessionDocument.model_validate(document | {"corrections": corrections}), str, {}).good
        for corrections in ([], [one_correction(kind="pace")], [one_correction(kind="direction")])
    ]
    words = ["Your strokes went the right way."] * 2 + ["Most of your strokes went the right way."]
    assert all(word in good for word, good in zip(words, praised, strict=True))


def test_no_corrections_are_no_praise_by_themselves(session: Path) -> None:
    document = values(session)
    document["corrections"] = []
    document["tracking"]["withheld"] = 0.0
    least = min(document["steps"], key=lambda step: step["score"])["id"]
    assert (
        summarise(SessionDocument.model_validate(document | {"score": 60}), str, {}).change == f"Take more time for “{least}”."
    )
    assert "too little to judge" in summarise(SessionDocument.model_validate(document | {"score": None}), str, {}).change


def test_a_demos_report_says_that_it_is_one(session: Path) -> None:
    assert "A demonstration" not in written(session)[0]
    document = values(session)
    document["source"]["kind"] = "mannequin"
    (session / "session.json").write_text(json.dumps(document))
    assert "A demonstration: these are a drawn person's movements" in written(session)[0]


def test_too_quick_is_said_with_what_the_step_asks_for(session: Path) -> None:
    document = values(session)
    once = document["corrections"][0] | {"kind": "pace", "side": "both", "step": "cheeks", "t_end_s": None}
    for message_id, limit, words in (("pace.slower", 80.0, "asks for at most 80."), ("pace.slower-turns", 2.0, "a second.")):
        document["corrections"] = [once | {"message_id": message_id, "message": "Slower", "limit": limit}]
        assert summarise(SessionDocument.model_validate(document), str, {}).how.endswith(words)


def test_the_legend_does_not_call_both_a_side_and_a_stroke_right(session: Path) -> None:
    assert "right strokes" not in written(session)[0]


def test_a_score_of_some_steps_is_said_to_be_one(session: Path) -> None:
    document = values(session)
    for step in document["steps"]:
        step["status"] = "done"
    count = len(document["steps"])
    (session / "session.json").write_text(json.dumps(document))
    assert "steps done" not in written(session)[0]
    document["steps"][-1]["status"] = "skipped"
    (session / "session.json").write_text(json.dumps(document))
    text, _ = written(session)
    assert f"{count - 1} of {count} steps done." in text
    assert text.count('data-label="Repetitions">–</td>') == 1


def test_the_last_pages_words_are_a_sentence(session: Path) -> None:
    """Of a session with a correction, with none, and without a score."""
    routine, document = load_routine("fascia"), values(session)
    assert summary_words(SessionDocument.model_validate(document), routine, True).change.startswith("Next time: in “")
    document["corrections"], document["tracking"]["withheld"] = [], 0.0
    good = SessionDocument.model_validate(document | {"score": 90})
    assert summary_words(good, routine, True).change == "Next time: keep doing it like this."
    nothing = SessionDocument.model_validate(document | {"score": None})
    assert summary_words(nothing, routine, True).change.startswith("Let more be seen")


def test_a_guided_session_is_not_judged_in_its_report_either(session: Path) -> None:
    document = values(session)
    document["settings"]["guide_only"] = True
    (session / "session.json").write_text(json.dumps(document))
    text, _ = written(session)
    assert "judged nothing" in text
    for words in ("One thing to change", "of 100", "Where your hands were", "All of it could be judged"):
        assert words not in text


def cells_of(path: str, low: np.ndarray, cell: float) -> Iterator[tuple[int, int]]:
    """The cells that a path of ``cell_path`` covers."""
    for x, y, width in re.findall(r"M(\S+) (\S+)h(\S+?)v", path):
        row = round((-float(y) - low[1]) / cell) - 1
        first = round((-float(x) - float(width) - low[0]) / cell)
        yield from ((row, first + n) for n in range(round(float(width) / cell)))


@pytest.mark.parametrize("seed", range(5))
def test_a_cell_path_covers_just_its_cells(seed: int) -> None:
    grid = np.random.default_rng(seed).random((9, 14)) > 0.5
    low = np.array([-14.0, -30.0])
    assert set(cells_of(cell_path(grid, low, 2.0), low, 2.0)) == set(zip(*np.nonzero(grid), strict=True))


def test_travelled_adds_strokes_up_by_window_and_side(session: Path) -> None:
    strokes = read_strokes(session)
    end = read_document(session).duration_s
    sums = travelled(strokes, end, 5.0)
    for side, name in enumerate(("left", "right")):
        mine = [s["length_mm"] for s in strokes if s["side"] == name and s["kind"] in ("along", "across", "against")]
        assert sums[side].sum() == pytest.approx(sum(mine))
