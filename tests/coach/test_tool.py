"""A tool in the hand: its movement is judged, and the place only where every place that it could touch is wrong."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from facetrack.coach import CoachOptions
from facetrack.coach.coach import Coach
from facetrack.errors import FacetrackError
from facetrack.geometry.face_points import KNUCKLE, MIDDLE_TIP, PALM, FacePoints
from facetrack.packets import LEFT, RIGHT
from facetrack.routine.compiled import ContactPart
from facetrack.routine.library import load_routine
from facetrack.session.journal.reader import decode_record
from facetrack.session.journal.writer import encode_frame
from facetrack.session.metrics.session import SessionMetrics
from tests.coach.synthetic import Hand, Told, film

FASCIA = load_routine("fascia")
WITH_TOOL = FASCIA.with_contact("tool")
FOREHEAD = [tuple(point) for point in FASCIA.step("forehead").asked[0].path_mm.tolist()]


def holding(points: FacePoints, away_mm: tuple[float, float], edge_mm: float = math.nan) -> FacePoints:
    """Hands whose fingertips were where the edges of their tools now are; the knuckles are so far from there.

    edge_mm: how closely the edge is known, where the tool was shown.
    """
    moved = points.points_mm.copy()
    edges = np.full((2, 3), np.nan)
    for side, sign in ((LEFT, 1.0), (RIGHT, -1.0)):
        edge = moved[side, MIDDLE_TIP].copy()
        knuckle = edge + np.array(away_mm) * (sign, 1.0)
        back = (knuckle - edge) / np.hypot(*away_mm)
        moved[side] = knuckle - 5.0 * back
        moved[side, KNUCKLE], moved[side, PALM] = knuckle, knuckle + 45.0 * back
        edges[side] = (*edge, edge_mm)
    return replace(points, points_mm=moved, edge_mm=None if math.isnan(edge_mm) else edges)


def judged(frames: list[FacePoints], step: str = "forehead") -> Told:
    coach = Coach(WITH_TOOL, CoachOptions(step_id=step))
    return Told(coach, [coach.update(points) for points in frames])


@pytest.mark.parametrize("away_mm", [(45.0, -40.0), (0.0, -60.0), (60.0, 10.0)])
def test_right_strokes_with_a_tool_are_counted_and_not_corrected(away_mm: tuple[float, float]) -> None:
    hand = Hand().strokes(6, FOREHEAD, mm_s=35.0)
    told = judged([holding(points, away_mm) for points in film(hand, hand, seed=1)])
    assert told.corrections == []
    assert min(side.repetitions for side in told.verdicts[-1].sides) >= 5
    seen = [side for verdict in told.verdicts for side in verdict.sides if side.hand is not None]
    assert all(side.in_zone is None and side.zone_withheld and side.contact == "tool" for side in seen)
    assert all(side.withheld is None for side in seen), "only the place is withheld"


def test_the_hands_own_movement_shows_wrong_directions_and_rush() -> None:
    back, rushed = Hand().strokes(5, FOREHEAD[::-1], mm_s=35.0), Hand().strokes(8, FOREHEAD, mm_s=170.0)
    for hand, kind in ((back, "direction"), (rushed, "pace")):
        told = judged([holding(points, (45.0, -40.0)) for points in film(hand, hand, seed=2)])
        assert told.of(kind)
        assert not told.of("zone")


@pytest.mark.parametrize(("mm_s", "rushed"), [(92.0, False), (115.0, True)])
def test_a_hand_that_turns_about_its_tool_may_be_a_little_quicker(mm_s: float, rushed: bool) -> None:
    """The limit is 80 mm/s: with fingertips both are rushed."""
    hand = Hand().strokes(8, FOREHEAD, mm_s=mm_s)
    frames = film(hand, hand, seed=2)
    bare = Coach(FASCIA, CoachOptions(step_id="forehead"))
    assert Told(bare, [bare.update(points) for points in frames]).of("pace")
    assert bool(judged([holding(points, (45.0, -40.0)) for points in frames]).of("pace")) == rushed


def test_a_place_is_wrong_only_where_every_place_in_reach_is() -> None:
    jaw = [(15.0, -95.0), (65.0, -70.0)]
    hand = Hand().strokes(5, jaw, mm_s=35.0)
    told = judged([holding(points, (30.0, -50.0)) for points in film(hand, hand, seed=3)])
    assert [event.side for event in told.of("zone")] == ["both"]
    cheek = Hand().strokes(5, [(20.0, -30.0), (60.0, -10.0)], mm_s=35.0)
    told = judged([holding(points, (30.0, -30.0)) for points in film(cheek, cheek, seed=3)])
    assert not told.of("zone"), "a longer tool could reach the forehead from there"


@pytest.mark.parametrize("hidden", [(KNUCKLE,), (PALM,), (KNUCKLE, PALM)])
def test_parts_of_the_hand_may_have_no_place(hidden: tuple[int, ...]) -> None:
    """Round the side of the head some points of a hand are placed and others are not."""
    hand = Hand().strokes(3, FOREHEAD, mm_s=35.0)
    frames = [holding(points, (45.0, -40.0)) for points in film(hand, hand, seed=8)]
    for points in frames[60:120]:
        points.points_mm[:, hidden] = np.nan
    told = judged(frames)
    assert not told.of("zone")
    assert min(side.repetitions for side in told.verdicts[-1].sides) >= 2


def test_a_tool_that_was_shown_is_judged_at_its_edge() -> None:
    cheek = Hand().strokes(5, [(20.0, -50.0), (50.0, -45.0)], mm_s=35.0)
    told = judged([holding(points, (30.0, -30.0), 12.0) for points in film(cheek, cheek, seed=4)])
    assert [event.side for event in told.of("zone")] == ["both"]
    right = Hand().strokes(5, FOREHEAD, mm_s=35.0)
    frames = [holding(points, (30.0, -60.0), 12.0) for points in film(right, right, seed=4)]
    told = judged(frames)
    assert told.corrections == []
    assert told.verdicts[60].sides[LEFT].in_zone is True
    assert np.allclose(told.verdicts[60].sides[LEFT].working_mm, frames[60].edge_mm[LEFT, :2])  # type: ignore[index]
    vague = judged([holding(points, (30.0, -30.0), 26.0) for points in film(cheek, cheek, seed=4)])
    assert not vague.of("zone"), "known less closely than 25 mm it is not judged"


def test_figures_of_a_place_that_was_not_known_are_missing_and_say_why() -> None:
    hand = Hand().strokes(3, FOREHEAD, mm_s=35.0)
    coach, metrics = Coach(WITH_TOOL, CoachOptions(step_id="forehead")), SessionMetrics(WITH_TOOL)
    for points in (holding(frame, (45.0, -40.0)) for frame in film(hand, hand, seed=5)):
        metrics.add(points, coach.update(points))
    metrics.finish(coach.finish(points.t_s))
    figures = metrics.step_runs[-1].figures()
    assert figures.left is not None
    assert figures.left.zone_share is None or math.isnan(figures.left.zone_share)
    assert figures.left.strokes is not None
    assert figures.left.strokes >= 2


@pytest.mark.parametrize(("routine_id", "contact"), [("fascia", "palms"), ("japanese", "tool"), ("fascia", "tol")])
def test_a_contact_that_no_step_has_is_refused_with_those_there_are(routine_id: str, contact: ContactPart) -> None:
    routine = load_routine(routine_id)
    with pytest.raises(FacetrackError, match=contact) as caught:
        routine.with_contact(contact)
    assert all(part in str(caught.value) for step in routine.steps for part in step.contacts)
    assert "\n" not in str(caught.value)


def test_the_journal_keeps_the_edge() -> None:
    hand = Hand().strokes(1, FOREHEAD)
    frames = film(hand, hand, seed=6)
    for points in (frames[40], holding(frames[40], (30.0, -30.0), 12.0)):
        record = json.loads(encode_frame(points))
        again = decode_record(record)
        assert isinstance(again, FacePoints)
        assert (again.edge_mm is None) == (points.edge_mm is None)
        if points.edge_mm is not None and again.edge_mm is not None:
            assert np.allclose(again.edge_mm, points.edge_mm)
