"""Fingertips and movements from the journal: what the coach saw frame by frame, as tables."""

import csv
import json
import math
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from facetrack.cli.commands.sessions import app
from facetrack.coach import Coach, CoachOptions
from facetrack.coach.strokes.hand_motion import HandTrack
from facetrack.coach.thresholds import Thresholds
from facetrack.geometry.face_points import POINT_NAMES, FacePoints
from facetrack.routine import load_routine
from facetrack.session.document import StepFigures
from facetrack.session.export.finger_motion import Recording, fingers_in_steps, plans_of
from facetrack.session.export.finger_tables import FINGERTIPS, MOVEMENTS
from facetrack.session.export.writer import export
from facetrack.session.history.database import HistoryDatabase
from tests.session.history_fakes import fill
from tests.session.performer import Manner, Performer

STEP = "jawline"


@pytest.fixture(scope="module")
def frames() -> list[FacePoints]:
    """Two hands that stroke along the jaw, with gaps."""
    coach = Coach(load_routine("fascia"), CoachOptions(step_id=STEP))
    return [points for points, _ in Performer(coach, Manner(lost_share=0.05, seed=2), most_s=20.0)]


def _without(points: FacePoints, finger: str) -> FacePoints:
    places = points.points_mm.copy()
    places[0, POINT_NAMES.index(finger)] = np.nan
    return replace(points, points_mm=places)


@pytest.mark.parametrize("unknown", [None, "middle", "ring"])
def test_a_recording_at_once_says_what_the_coach_saw(frames: list[FacePoints], unknown: str | None) -> None:
    """unknown: the left hand's finger whose place is not known for a while."""
    if unknown is not None:
        frames = [_without(points, unknown) if 5.0 < points.t_s % 7.0 < 5.5 else points for points in frames]
    plans, limits = plans_of(load_routine("fascia")), Thresholds()
    row = StepFigures.model_construct(id=STEP, t_start_s=3.0, t_end_s=1e3)
    hands = list(fingers_in_steps(Recording.of(iter(frames)), plans, [row], limits))
    assert [one.hand for one in hands] == ([0, 1] if unknown is None else [0, 0, 1])
    compared = 0
    for one in hands:
        if 2 not in one.fingers:
            continue
        track = HandTrack(one.hand, limits)
        seen = [track.update(frame, one.plan.working_points) for frame in frames if frame.t_s >= 3.0]
        live = [sample for sample in seen if sample is not None]
        assert one.t_s.tolist() == [sample.t_s for sample in live]
        middle = one.fingers.index(2)
        where = np.array([[sample.x, sample.y] for sample in live])
        here = one.plan.fields.at(where)[0]
        velocity = np.array([[sample.vx, sample.vy] for sample in live])
        motion = one.motion
        np.testing.assert_allclose(one.points_mm[:, middle].T, [sample.chart for sample in live], atol=1e-6)
        np.testing.assert_array_equal(motion.side[middle], [sample.side for sample in live])
        np.testing.assert_array_equal(motion.in_zone[middle], one.plan.atlas.member(where, one.plan.step.index))
        np.testing.assert_allclose(motion.speed_mm_s[middle], [sample.speed for sample in live], atol=1e-6)
        np.testing.assert_allclose(motion.progress_mm[middle], here[:, 2], atol=1e-6)
        np.testing.assert_allclose(motion.off_path_mm[middle], here[:, 3], atol=1e-6)
        np.testing.assert_allclose(motion.onward[middle], (velocity * here[:, :2]).sum(axis=1), atol=1e-6)
        compared += len(live)
        assert len(one.movements.length_mm) > 10
        assert (one.movements.off_path_deg[one.movements.point == middle] < 60).sum() >= 4
    assert compared > 800


@pytest.mark.parametrize("form", ["csv", "json"])
def test_an_export_with_fingers(form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACETRACK_DATA_DIR", str(tmp_path / "data"))
    with HistoryDatabase() as store:
        ids = fill(datetime(2026, 11, 20, 12, tzinfo=UTC), 2, store)
    out = tmp_path / "out"
    ran = CliRunner().invoke(app, ["export", "--fingers", "--format", form, "--out", str(out)])
    assert ran.exit_code == 0, ran.output
    for table in (FINGERTIPS, MOVEMENTS):
        with (out / f"{table.name}.{form}").open(encoding="utf-8-sig", newline="") as file:
            rows = json.load(file) if form == "json" else list(csv.DictReader(file))
        assert {row["session_id"] for row in rows} == set(ids)
        assert list(rows[0]) == table.names
        assert {row["hand"] for row in rows} == {"left", "right"}
        assert {row["finger"] for row in rows} <= {"thumb", "index", "middle", "ring", "pinky"}
        assert f"## {table.name}" in (out / "data-dictionary.md").read_text("utf-8")
    plain = tmp_path / "plain"
    assert CliRunner().invoke(app, ["export", "--out", str(plain)]).exit_code == 0
    assert not (plain / "fingertips.csv").exists()


def test_figures_of_a_fingertip_that_moves_evenly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fakes' hands go to and fro through the zone: whatever is exported is of that."""
    monkeypatch.setenv("FACETRACK_DATA_DIR", str(tmp_path / "data"))
    with HistoryDatabase() as store:
        ids = fill(datetime(2026, 11, 20, 12, tzinfo=UTC), 1, store)
        export(store, ids, tmp_path / "out", "json", fingers=True)
    tips = json.loads((tmp_path / "out" / "fingertips.json").read_text("utf-8"))
    for row in tips:
        assert row["speed_mm_s"] >= 0
        assert row["off_path_mm"] >= 0
        assert math.isfinite(row["x_mm"])
        assert row["off_path_deg"] is None or 0 <= row["off_path_deg"] <= 180
        assert (row["side"] == "left") == (row["x_mm"] > 0) or abs(row["x_mm"]) <= Thresholds().tuning.hand.midline_mm
    moves = json.loads((tmp_path / "out" / "movements.json").read_text("utf-8"))
    assert moves
    for row in moves:
        assert row["length_mm"] >= Thresholds().tuning.strokes.shortest_mm
        assert row["peak_mm_s"] >= row["mean_mm_s"]
        assert row["along"] == (row["off_path_deg"] <= 60)
        assert row["in_place"] == (row["zone_share"] >= 0.5)
        assert row["t_end_s"] >= row["t_start_s"]


@pytest.mark.parametrize("lost", ["frames.jsonl", "session.json", ""])
def test_a_session_whose_files_are_lost_is_named_and_the_others_are_exported(
    lost: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FACETRACK_DATA_DIR", str(tmp_path / "data"))
    with HistoryDatabase() as store:
        ids = fill(datetime(2026, 11, 20, 12, tzinfo=UTC), 3, store)
        folder = store.session(ids[1])["folder"]
        if lost:
            (folder / lost).unlink()
        else:
            shutil.rmtree(folder)
        written, problems = export(store, ids, tmp_path / "out", "json", fingers=True)
    assert [one.name for one in written if not one.exists()] == []
    assert ["\n" not in str(one) and str(folder) in str(one) for one in problems] == [True]
    assert {row["session_id"] for row in json.loads((tmp_path / "out" / "sessions.json").read_bytes())} == set(ids)
    tips = json.loads((tmp_path / "out" / "fingertips.json").read_bytes())
    assert {row["session_id"] for row in tips} == {ids[0], ids[2]}
    ran = CliRunner().invoke(app, ["export", "--fingers", "--out", str(tmp_path / "csv")])
    made_anew = lost == "session.json"
    assert ran.exit_code == (0 if made_anew else 1)
    assert (str(folder) in ran.stderr) != made_anew
