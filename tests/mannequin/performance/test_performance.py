"""Correct performances: every step, in its zone, along its path, at its pace, with real lifts."""

import numpy as np
import pytest

from facetrack.mannequin.body.skin_path import skin_length_mm
from facetrack.mannequin.ground_truth.hands import hands_ground_truth
from facetrack.mannequin.performance.mistakes import outside_mm
from facetrack.mannequin.performance.motion_segments import RATE_HZ
from facetrack.mannequin.performance.performer import perform, perform_steps
from facetrack.mannequin.performance.script import Performance
from facetrack.mannequin.performance.style import Style
from facetrack.packets import LEFT, RIGHT, Float
from facetrack.routine.compiled import CompiledStep
from tests.mannequin.steps import CHEEK_SPIRAL, CUP, FOREHEAD, JAWLINE, NOSTRIL, OWN_STEPS, phase, shipped_steps, step

SIDE = {"left": LEFT, "right": RIGHT}


def samples(start_s: float, end_s: float) -> slice:
    return slice(round(start_s * RATE_HZ), round(end_s * RATE_HZ))


def speeds(performance: Performance, side: int, window: slice) -> Float:
    """mm/s along the skin."""
    return np.diff(skin_length_mm(performance.tracks.working_mm[window, side])) * RATE_HZ


@pytest.mark.parametrize("one", shipped_steps(), ids=lambda s: f"{s.index}-{s.id}")
def test_every_shipped_step_is_worked_in_its_zone(one: CompiledStep) -> None:
    performance = perform(one, repetitions=2)
    tracks = performance.tracks
    touched = tracks.working_mm[tracks.contact]
    assert len(touched) > RATE_HZ
    assert outside_mm(touched, one.zone).max() < one.tolerance_mm
    assert not performance.mistakes
    assert all(r.correct for r in performance.repetitions)
    hands = {"left", "right"} if one.hands not in ("left", "right") else {one.hands}
    assert {s.side for s in performance.strokes} == hands


@pytest.mark.parametrize("one", [*OWN_STEPS, *shipped_steps()], ids=lambda s: f"{s.index}-{s.id}")
def test_pace_is_inside_the_steps_limits(one: CompiledStep) -> None:
    performance = perform(one, repetitions=2)
    for stroke in performance.strokes:
        if stroke.kind != "along" or stroke.phase < 0:
            continue
        movement = one.phases[stroke.phase]
        window = samples(stroke.t_start_s, stroke.t_end_s)
        if movement.motion == "spiral":
            turns_s = stroke.turns / (stroke.t_end_s - stroke.t_start_s)
            assert movement.turns_s[0] * 0.8 < turns_s < movement.turns_s[1]
            continue
        median = np.median(speeds(performance, SIDE[stroke.side], window))
        assert movement.pace_mm_s[0] < median < movement.pace_mm_s[1]


def test_strokes_run_along_the_path_and_returns_are_lifted() -> None:
    performance = perform(FOREHEAD, style=Style(seed=3))
    for stroke in performance.strokes:
        window = samples(stroke.t_start_s, stroke.t_end_s)
        side = SIDE[stroke.side]
        track, lift = performance.tracks.working_mm[window, side], performance.tracks.lift_mm[window, side]
        outward = (track[-1, 0] - track[0, 0]) * (1 if side == LEFT else -1)
        if stroke.kind == "along":
            assert outward > 45
            assert lift.max() == 0
            travelled = skin_length_mm(track)[-1]
            assert abs(travelled - stroke.length_mm) < 0.05 * stroke.length_mm
        if stroke.kind == "return" and stroke.length_mm > 20:
            assert outward < -45
            assert 20 <= lift.max() <= 40
            quick = np.linalg.norm(np.diff(track, axis=0), axis=1).max() * RATE_HZ
            assert quick > 80


def test_nothing_jumps() -> None:
    tracks = perform_steps((FOREHEAD, JAWLINE, CUP), repetitions=2).tracks
    near = ~(tracks.out_of_sight[1:] | tracks.out_of_sight[:-1])
    assert np.linalg.norm(np.diff(tracks.working_mm, axis=0), axis=-1)[near].max() < 600 / RATE_HZ
    assert np.abs(np.diff(tracks.lift_mm, axis=0))[near].max() < 600 / RATE_HZ
    assert np.abs(np.diff(tracks.pointing_rad, axis=0))[near].max() < 6 / RATE_HZ


def test_spirals_turn_and_drift() -> None:
    performance = perform(CHEEK_SPIRAL, repetitions=1)
    stroke = next(s for s in performance.strokes if s.kind == "along" and s.side == "left")
    track = performance.tracks.working_mm[samples(stroke.t_start_s, stroke.t_end_s), LEFT]
    velocity = np.diff(track, axis=0)
    heading = np.unwrap(np.arctan2(velocity[:, 1], velocity[:, 0]))
    assert abs(abs(heading[-20] - heading[20]) / (2 * np.pi) - stroke.turns) < 1.3
    drift = track[-1] - track[0]
    wanted = CHEEK_SPIRAL.phases[0].path_mm[-1] - CHEEK_SPIRAL.phases[0].path_mm[0]
    assert drift @ wanted / np.linalg.norm(drift) / np.linalg.norm(wanted) > 0.98


def test_back_and_forth_goes_both_ways_in_contact() -> None:
    strokes = [s for s in perform(NOSTRIL, repetitions=3).strokes if s.side == "left" and s.kind == "along"]
    assert len(strokes) == 6


def test_phases_come_in_order() -> None:
    performance = perform(CUP, repetitions=2)
    phases = [s.phase for s in performance.strokes if s.side == "right" and s.kind in ("along", "hold")]
    assert phases == [0, 1, 0, 1]


def test_the_beginning_is_a_bare_face() -> None:
    performance = perform(FOREHEAD, neutral_s=3.0)
    early = performance.at(np.linspace(0, 2.9, 30))
    assert early.out_of_sight.all()
    assert not early.contact.any()
    assert performance.spans[0].t_start_s > 3.0


def test_repetitions_and_seconds_are_kept() -> None:
    assert len(perform(FOREHEAD, repetitions=4).repetitions) == 8
    timed = perform(FOREHEAD, seconds=10.0)
    assert 10.0 <= timed.spans[0].t_end_s - timed.spans[0].t_start_s < 16.0


def test_equal_seeds_give_equal_performances_and_others_differ() -> None:
    first, again, other = (perform(JAWLINE, style=Style(seed=seed)) for seed in (7, 7, 8))
    np.testing.assert_array_equal(first.tracks.working_mm, again.tracks.working_mm)
    assert first.strokes == again.strokes
    assert (
        first.tracks.working_mm.shape != other.tracks.working_mm.shape
        or (first.tracks.working_mm != other.tracks.working_mm).any()
    )


def test_either_hand_works_one_side_after_the_other() -> None:
    one = step("either", *FOREHEAD.phases, hands="either")
    contact = perform(one).tracks.contact
    assert contact.any(axis=0).all()
    assert not contact.all(axis=1).any()
    together = perform(one, style=Style(order="together")).tracks.contact
    assert together.all(axis=1).any()


def test_alternating_hands_take_turns() -> None:
    performance = perform(step("alternate", *FOREHEAD.phases, hands="alternate"))
    strokes = {side: [s for s in performance.strokes if s.side == side and s.kind == "along"] for side in ("left", "right")}
    assert len(strokes["left"]) == len(strokes["right"]) == 3
    for left in strokes["left"]:
        for right in strokes["right"]:
            assert left.t_end_s <= right.t_start_s or right.t_end_s <= left.t_start_s


def test_one_handed_steps_leave_the_other_hand_out() -> None:
    performance = perform(step("left-only", *FOREHEAD.phases, hands="left"))
    assert performance.tracks.out_of_sight[:, RIGHT].all()


def test_hands_out_of_phase() -> None:
    performance = perform(FOREHEAD, style=Style(phase_lag=0.5, variation=0.0))
    left, right = (
        [s.t_start_s for s in performance.strokes if s.side == side and s.kind == "along"] for side in ("left", "right")
    )
    assert right[0] - left[0] > 1.0


def test_two_hands_stay_clear_of_each_other_at_the_midline() -> None:
    one = step("nose", phase("stroke", (0, 5), (0, -25)))
    working = perform(one).tracks.working_mm
    assert working[:, LEFT, 0].min() > 5
    assert working[:, RIGHT, 0].max() < -5


def test_truth_of_all_fingertips_follows_the_working_point() -> None:
    performance = perform(FOREHEAD, repetitions=2)
    truth = hands_ground_truth(performance, np.arange(0, performance.duration_s, 0.1))
    touching = truth.contact[:, LEFT]
    error = np.linalg.norm(truth.points_mm[touching, LEFT, 2] - truth.working_mm[touching, LEFT], axis=1)
    assert error.max() < 1.2
    neighbours = np.linalg.norm(truth.points_mm[touching, LEFT][:, [1, 3]] - truth.points_mm[touching, LEFT][:, 2:3], axis=-1)
    assert 22 < np.median(neighbours) < 31


def test_sampling_between_and_beyond_the_time_base() -> None:
    performance = perform(FOREHEAD, repetitions=1)
    at = performance.at(np.array([-1.0, 2.0 + 0.5 / RATE_HZ, 1e6]))
    base = performance.tracks
    np.testing.assert_allclose(at.working_mm[1], base.working_mm[2 * RATE_HZ : 2 * RATE_HZ + 2].mean(axis=0))
    np.testing.assert_array_equal(at.working_mm[0], base.working_mm[0])
    np.testing.assert_array_equal(at.working_mm[2], base.working_mm[-1])
