"""What the articles allow is right: lips in turn, spirals from the chin, one hand on the nose, across the lips, knuckles."""

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from benchmarks.accuracy.noise import observe
from benchmarks.accuracy.projection import project
from benchmarks.right_ways import corrections, ways
from facetrack.coach import CoachOptions
from facetrack.coach.coach import Coach
from facetrack.coach.touch.grip import Grip
from facetrack.geometry.face_points import INDEX_TIP, KNUCKLE, MIDDLE_TIP, PALM, POINT_NAMES, FacePoints
from facetrack.mannequin import Camera, HeadMotion, Style, perform
from facetrack.packets import LEFT, RIGHT, SIDES
from facetrack.pipeline.judge import Judge
from facetrack.routine.compiled import CompiledRoutine, ContactPart
from facetrack.routine.library import load_routine
from tests.coach.synthetic import NOBODY, WAY, Hand, Told, film, step

JAPANESE, FASCIA = load_routine("japanese"), load_routine("fascia")
UPPER, LOWER = ([tuple(point) for point in JAPANESE.step(lip).asked[0].path_mm.tolist()] for lip in ("upper-lip", "lower-lip"))


def judged(routine: CompiledRoutine, step: str, frames: list[FacePoints]) -> Told:
    coach = Coach(routine, CoachOptions(step_id=step))
    return Told(coach, [coach.update(points) for points in frames])


def in_turn(rounds: int) -> Hand:
    hand = Hand().at(UPPER[0])
    for _ in range(rounds):
        hand.go(*UPPER[1:], mm_s=30.0).rest(0.1).back(LOWER[0], mm_s=110.0).rest(0.15)
        hand.go(*LOWER[1:], mm_s=30.0).rest(0.1).back(UPPER[0], mm_s=110.0).rest(0.15)
    return hand


@pytest.mark.parametrize("step", ["upper-lip", "lower-lip"])
def test_the_lips_in_turn_are_right_in_both_steps_and_every_stroke_counts(step: str) -> None:
    told = judged(JAPANESE, step, film(in_turn(8), in_turn(8), seed=2))
    assert told.corrections == []
    counts = [side.repetitions for side in told.verdicts[-1].sides]
    assert all(14 <= count <= 16 for count in counts), counts


@pytest.mark.parametrize("step", ["upper-lip", "lower-lip"])
def test_one_lip_alone_is_right_and_inwards_is_wrong_on_either(step: str) -> None:
    own = UPPER if step == "upper-lip" else LOWER
    right = Hand().at(own[0])
    for _ in range(6):
        right.go(*own[1:], mm_s=30.0).rest(0.1).back(own[0], mm_s=110.0).rest(0.15)
    assert judged(JAPANESE, step, film(right, right, seed=1)).corrections == []
    for lip in (UPPER, LOWER):
        inwards = Hand().at(lip[-1])
        for _ in range(8):
            inwards.go(*lip[-2::-1], mm_s=25.0).rest(0.1).back(lip[-1], mm_s=110.0).rest(0.15)
        assert [event.kind for event in judged(JAPANESE, step, film(inwards, inwards)).of("direction")]


ALSO = [step.id for step in JAPANESE.steps if any(phase.also for phase in step.phases) and step.repetitions]


@pytest.mark.parametrize("step", ALSO)
@pytest.mark.parametrize("in_turn", [False, True])
def test_what_is_right_as_well_changes_no_count(step: str, in_turn: bool) -> None:
    """Strokes and lifted returns, with errors like the tracker's: a second path must not blur where they end."""
    play = perform(JAPANESE.step(step), style=Style(variation=0.5, also_in_turn=in_turn), seconds=14.0)
    times_s = np.arange(0.0, play.duration_s, 1 / 15)
    judge = Judge.for_routine(JAPANESE, step=step)
    for seen, t_s in zip(observe(project(play, times_s, HeadMotion(), Camera(fov_deg=50.0)), 3), times_s, strict=True):
        verdict = judge.update(replace(seen, t_s=float(t_s)))
    for side, judged_side in zip(SIDES, verdict.sides, strict=True):
        done = sum(one.side == side for one in play.repetitions)
        assert abs(judged_side.repetitions - done) <= 1, side


@pytest.mark.parametrize("phase", range(4))
def test_spirals_may_begin_anywhere(phase: int) -> None:
    path = [tuple(point) for point in JAPANESE.step("spiral-out").phases[phase].path_mm.tolist()]
    hand = Hand().at(path[0])
    for _ in range(3):
        for before, after in pairwise(path):
            length = float(np.hypot(*np.subtract(after, before)))
            hand.spiral(after, seconds=length / 10.0, turns_s=1.0, radius=8.0)
        hand.rest(0.1).back(path[0], mm_s=150.0).rest(0.2)
    told = judged(JAPANESE, "spiral-out", film(hand, hand, seed=phase))
    assert told.corrections == []


@pytest.mark.parametrize(("routine", "step"), [(JAPANESE, "nose-bridge"), (FASCIA, "nose"), (JAPANESE, "nostrils")])
@pytest.mark.parametrize("hand", [LEFT, RIGHT])
def test_one_hand_will_do_on_the_nose(routine: CompiledRoutine, step: str, hand: int) -> None:
    path = [tuple(point) for point in routine.step(step).asked[0].path_mm.tolist()]
    made = Hand().at(path[0])
    target = routine.step(step).repetitions or 0
    for _ in range(target + 2):
        made.go(*path[1:], mm_s=30.0).rest(0.1)
        made = made.go(*path[-2::-1], mm_s=30.0).rest(0.1) if step == "nostrils" else made.back(path[0], mm_s=140.0).rest(0.1)
    hands = (made, NOBODY) if hand == LEFT else (NOBODY, made)
    single = replace(routine, steps=(replace(routine.step(step), index=0),))
    coach = Coach(single)
    told = Told(coach, [coach.update(points) for points in film(*hands, seed=4)])
    assert told.corrections == []
    assert [end.status for end in told.ended] == ["done"], "the other side is not waited for"
    assert not any(side.withheld for verdict in told.verdicts[60:] for side in verdict.sides if side.needed)


def across_the_lips(rounds: int, lifted: bool) -> list[FacePoints]:
    """One hand from the right corner to the left one, and back, in contact or lifted."""
    hand = Hand().at((-31.0, -65.0))
    for _ in range(rounds):
        hand.go((0.0, -65.0), (31.0, -65.0), mm_s=30.0).rest(0.15)
        hand = hand.back((-31.0, -65.0), mm_s=150.0) if lifted else hand.go((0.0, -65.0), (-31.0, -65.0), mm_s=30.0)
        hand.rest(0.15)
    return film(hand, None, seed=5)


@pytest.mark.parametrize("lifted", [False, True])
def test_across_the_lips_from_corner_to_corner_either_way(lifted: bool) -> None:
    told = judged(FASCIA, "lips", across_the_lips(6, lifted))
    assert told.corrections == []
    assert max(side.repetitions for side in told.verdicts[-1].sides) >= 5


def test_a_lifted_way_back_across_the_lips_is_not_rushed() -> None:
    """On either half of the face it is one of two movements, and as long as the stroke."""
    (way,) = [one for one in ways() if one.name == "lips corner to corner, lifted back"]
    assert corrections(way, 102, seconds=8.0) == []


def as_fist(points: FacePoints) -> FacePoints:
    """The same hand with curled fingers: its knuckle where its fingertip was."""
    moved = points.points_mm.copy()
    knuckle, palm = WAY[KNUCKLE], WAY[PALM]
    for side, sign in ((LEFT, 1.0), (RIGHT, -1.0)):
        here = moved[side, POINT_NAMES.index("middle")].copy()
        flip = np.array([sign, 1.0])
        moved[side, KNUCKLE] = here
        moved[side, PALM] = here + (palm - knuckle) * flip
        for finger in range(KNUCKLE):
            moved[side, finger] = here + 0.6 * (palm - knuckle) * flip
    return replace(points, points_mm=moved)


def test_a_fist_is_followed_at_its_knuckles_where_knuckles_are_right() -> None:
    path = [tuple(point) for point in FASCIA.step("cheeks").asked[0].path_mm.tolist()]
    hand = Hand().strokes(8, path, mm_s=35.0)
    frames = film(hand, hand, seed=6)
    fists = [as_fist(points) for points in frames]
    for seen in (frames, fists):
        told = judged(FASCIA, "cheeks", seen)
        assert told.corrections == []
        assert min(side.repetitions for side in told.verdicts[-1].sides) >= 7
    fingers_only = replace(FASCIA, steps=tuple(replace(step, or_contact=()) for step in FASCIA.steps))
    at_knuckle, at_tip = (
        judged(one, "cheeks", fists[30:61]).verdicts[-1].sides[0].working_mm for one in (FASCIA, fingers_only)
    )
    assert np.hypot(*(at_knuckle - fists[60].points_mm[LEFT, KNUCKLE])) < 3.0
    assert np.hypot(*(at_knuckle - at_tip)) > 10.0


def bent(ratio: float) -> list[list[float]]:
    """A hand whose middle fingertip is so many times as far from the palm as its middle joint."""
    points = [[0.0, 0.0]] * 7
    points[KNUCKLE], points[PALM], points[MIDDLE_TIP] = [0.0, 10.0], [0.0, 0.0], [0.0, 10.0 * ratio]
    return points


def seen_as(contact: tuple[ContactPart, ...], ratios: list[float], seconds: float = 1.0, shown: bool = False) -> list[str]:
    """What a hand touches with, shape after shape, each held for so long."""
    grip, allowed = Grip(), replace(step(), contact=contact[0], or_contact=contact[1:])
    said = []
    for k, ratio in enumerate(ratios):
        for t_s in (2.0 * k, 2.0 * k + 0.5 * seconds, 2.0 * k + seconds):
            part = grip.update(bent(ratio), shown, allowed, t_s)
        said.append(part)
    return said


def test_a_hand_that_points_works_with_its_index_finger_and_holds_no_tool() -> None:
    """Of real hands at work below the eyes: the index finger paints, the others lie in the palm."""

    def pointing(points: FacePoints) -> FacePoints:
        moved = points.points_mm.copy()
        for side in (LEFT, RIGHT):
            index, palm = moved[side, MIDDLE_TIP].copy(), moved[side, PALM]
            moved[side, INDEX_TIP] = index
            moved[side, KNUCKLE] = palm + 0.6 * (index - palm)
            moved[side, MIDDLE_TIP] = palm + 0.3 * (index - palm)
        return replace(points, points_mm=moved)

    path = [tuple(point) for point in FASCIA.step("under-eyes").asked[0].path_mm.tolist()]
    hand = Hand().strokes(8, path, mm_s=35.0)
    told = judged(FASCIA, "under-eyes", [pointing(points) for points in film(hand, hand, seed=7)])
    assert told.corrections == []
    assert {side.contact for verdict in told.verdicts for side in verdict.sides if side.hand} == {"fingertips"}
    assert min(side.repetitions for side in told.verdicts[-1].sides) >= 7


def test_a_grip_does_not_flicker() -> None:
    ways = {1.6: "fingertips", 0.95: "fingertips", 0.5: "knuckles"}
    assert seen_as(("fingertips", "knuckles"), list(ways)) == list(ways.values())
    shapes = [0.5, 0.95, 1.05, math.nan, 1.2, 0.9]
    assert seen_as(("fingertips", "knuckles"), shapes) == ["knuckles"] * 4 + ["fingertips"] * 2
    assert seen_as(("fingertips", "knuckles"), [1.6, 0.5], seconds=0.2) == ["fingertips"] * 2, "a hand that turns looks curled"


def test_a_hand_between_stretched_and_fist_may_hold_a_tool() -> None:
    allowed: tuple[ContactPart, ...] = ("fingertips", "knuckles", "tool")
    assert seen_as(allowed, [1.6, 1.35, 1.1, 1.35, 1.5]) == ["fingertips"] * 2 + ["tool"] * 2 + ["fingertips"]
    assert seen_as(allowed, [0.5, 1.0, 1.2]) == ["knuckles", "knuckles", "tool"]
    assert seen_as(("fingertips", "tool"), [0.5]) == ["tool"]
    assert seen_as(allowed, [1.6], shown=True) == ["tool"], "what was shown is known, however the hand looks"
    assert seen_as(("fingertips",), [0.5, 1.0], shown=True) == ["fingertips"] * 2, "where only fingertips are right"
