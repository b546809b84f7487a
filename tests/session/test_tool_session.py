"""A session in which a tool is shown: its edge is in the journal, so it is judged again as it was."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from benchmarks.accuracy.noise import observe
from benchmarks.accuracy.projection import Projected, project
from facetrack.coach import CoachOptions, LiveCoach
from facetrack.coach.verdict import Verdict
from facetrack.geometry.face_points import FacePoints
from facetrack.mannequin import Camera, HeadMotion, Mistake, Style, perform
from facetrack.mannequin.body.tool import Tool
from facetrack.packets import LEFT, Observation
from facetrack.pipeline.judge import Judge
from facetrack.routine import load_routine
from facetrack.session import SessionRecorder
from facetrack.session.folder import JOURNAL_NAME
from facetrack.session.recovery import recover, replay_verdicts
from tests.session.session_fakes import identity

FPS = 15.0
ROUTINE = load_routine("fascia").with_contact("tool")
OPTIONS = CoachOptions(step_id="forehead")


@cache
def seen() -> tuple[list[Observation], Projected]:
    """What the tracker would see of somebody who shows a plate in the left hand, strokes, and then works beside the zone."""
    style = Style(seed=3, order="left", tool=Tool(beyond_mm=32.0, aside_deg=10.0), shows_deg=(40.0, 30.0), variation=0.5)
    performance = perform(ROUTINE.step("forehead"), [Mistake("zone", "left", 21.0, 28.0)], style, seconds=16.0)
    times_s = np.arange(0.0, performance.duration_s, 1.0 / FPS)
    exact = project(performance, times_s, HeadMotion(), Camera())
    return observe(exact, 3), exact


@cache
def judged() -> tuple[list[FacePoints], list[Verdict]]:
    judge = Judge(LiveCoach(ROUTINE, OPTIONS), tools=True)
    points = [judge.locate(one)[0] for one in seen()[0]]
    return points, [judge.coach.update(one) for one in points]


def test_the_edge_is_followed_where_it_touches() -> None:
    points, _ = judged()
    exact = seen()[1]
    assert points[0].edge_mm is None
    known = [k for k, one in enumerate(points) if one.edge_mm is not None and exact.hands.contact[k, LEFT] and one.t_s > 16.0]
    edges = np.array([points[k].edge_mm[LEFT] for k in known])  # type: ignore[index]
    off = np.linalg.norm(edges[:, :2] - exact.hands.working_mm[known, LEFT], axis=1)
    assert np.median(off) < 8.0
    assert np.percentile(off, 95) < 18.0
    assert (edges[:, 2] >= 12.0).all()
    assert (edges[:, 2] <= 25.0).all()


@pytest.mark.parametrize("step", ["forehead", "brow"])
def test_a_hand_at_work_shows_nothing(step: str) -> None:
    """Over the forehead it turns about a place not far from the nose."""
    style = Style(seed=1, order="together", tool=Tool(beyond_mm=45.0, width_mm=80.0, aside_deg=15.0))
    performance = perform(ROUTINE.step(step), (), style, seconds=12.0)
    times_s = np.arange(0.0, performance.duration_s, 1.0 / FPS)
    camera = Camera(distance_mm=560.0)
    observations = observe(project(performance, times_s, HeadMotion(yaw_deg=-7.0), camera), 1)
    judge = Judge(LiveCoach(ROUTINE, OPTIONS), tools=True)
    assert all(judge.locate(one)[0].edge_mm is None for one in observations)


def test_the_place_of_a_shown_tool_is_judged_and_of_another_it_is_not() -> None:
    _, verdicts = judged()
    events = {event.index: event for verdict in verdicts for event in verdict.changed if event.kind == "zone"}
    assert [event.side for event in events.values()] == ["left"]
    unshown = Judge(LiveCoach(ROUTINE, OPTIONS))
    assert not [event for one in seen()[0] for event in unshown.update(one).changed if event.kind == "zone"]


def test_a_journal_gives_the_same_verdicts_again(tmp_path: Path) -> None:
    made = replace(identity(), routine=ROUTINE, options=OPTIONS)
    points, verdicts = judged()
    recorder = SessionRecorder(made, tmp_path)
    for one, verdict in zip(points, verdicts, strict=True):
        recorder.take(one, verdict)
    recorder.close()
    again = list(replay_verdicts(tmp_path / JOURNAL_NAME))[:-1]
    assert [repr(verdict) for _, verdict in again] == [repr(verdict) for verdict in verdicts]
    assert any(one.edge_mm is not None and not np.isnan(one.edge_mm[LEFT, 0]) for one, _ in again)  # type: ignore[union-attr]
    assert recover(tmp_path).steps[0].left is not None
