"""Every mistake is made in its window, is of its kind, and of no other."""

import numpy as np
import pytest

from facetrack.mannequin.body.skin_path import skin_length_mm
from facetrack.mannequin.performance.mistakes import (
    BESIDE_MARGIN_MM,
    VARIANTS,
    Mistake,
    Variant,
    displaced_path,
    outside_mm,
    possible_variants,
)
from facetrack.mannequin.performance.motion_segments import RATE_HZ
from facetrack.mannequin.performance.performer import perform
from facetrack.mannequin.performance.script import Performance
from facetrack.mannequin.performance.style import Style
from facetrack.packets import LEFT, RIGHT, Bool, Float
from facetrack.routine.compiled import CompiledStep, Kind
from tests.mannequin.steps import CHEEK_SPIRAL, CUP, FOREHEAD, JAWLINE, NOSTRIL, shipped_steps, step

START_S, END_S = 8.0, 16.0
EVERY = [(kind, variant) for kind, variants in VARIANTS.items() for variant in variants]
LANDING_S = 0.05
"""A hand that comes down or lifts off counts as touching for about this long."""
LONG = {"repetitions": 8}


def erring(one: CompiledStep, kind: Kind, variant: Variant | None, side: str = "left", seed: int = 0) -> Performance:
    order = Mistake(kind, side, START_S, END_S, variant)  # type: ignore[arg-type]
    return perform(one, [order], Style(seed=seed), **LONG)


def inside(performance: Performance) -> Bool:
    (window,) = performance.mistakes
    t_s = performance.tracks.t_s
    return (t_s >= window.t_start_s - LANDING_S) & (t_s < window.t_end_s + LANDING_S)


def contact_speed(performance: Performance, side: int) -> Float:
    speed = np.diff(skin_length_mm(performance.tracks.working_mm[:, side]), prepend=0.0) * RATE_HZ
    return np.where(performance.tracks.contact[:, side], speed, np.nan)


@pytest.mark.parametrize(("kind", "variant"), EVERY)
@pytest.mark.parametrize("side", ["left", "right", "both"])
def test_a_mistake_is_made_once_it_is_due_and_then_ends(kind: Kind, variant: Variant, side: str) -> None:
    (window,) = erring(FOREHEAD, kind, variant, side).mistakes
    assert (window.kind, window.variant) == (kind, variant)
    assert window.side == side
    assert START_S <= window.t_start_s < START_S + 8
    assert window.t_start_s + 1 < window.t_end_s < END_S + 8


@pytest.mark.parametrize(("kind", "variant"), EVERY)
def test_outside_its_window_and_on_the_other_side_all_is_right(kind: Kind, variant: Variant) -> None:
    performance = erring(FOREHEAD, kind, variant, "left")
    wrong = inside(performance)
    (window,) = performance.mistakes
    for stroke in performance.strokes:
        if stroke.side == "right" or stroke.t_end_s <= window.t_start_s or stroke.t_start_s >= window.t_end_s:
            assert stroke.kind not in ("against", "across")
    for side, where in ((LEFT, ~wrong), (RIGHT, np.ones_like(wrong))):
        touching = performance.tracks.contact[:, side] & where
        assert outside_mm(performance.tracks.working_mm[touching, side], FOREHEAD.zone).max() < FOREHEAD.tolerance_mm
        assert np.nanmax(contact_speed(performance, side)[where]) < FOREHEAD.phases[0].pace_mm_s[1] * 1.1


@pytest.mark.parametrize("variant", VARIANTS["direction"])
def test_wrong_directions_are_wrong_strokes_in_contact_in_the_zone_at_a_right_pace(variant: Variant) -> None:
    performance = erring(FOREHEAD, "direction", variant)
    wrong = [s for s in performance.strokes if s.kind == ("across" if variant == "across" else "against")]
    assert len(wrong) >= 2
    path = FOREHEAD.phases[0].path_mm
    along = (path[-1] - path[0]) / np.linalg.norm(path[-1] - path[0])
    for stroke in wrong:
        window = slice(round(stroke.t_start_s * RATE_HZ), round(stroke.t_end_s * RATE_HZ))
        track = performance.tracks.working_mm[window, LEFT]
        shift = track[-1] - track[0]
        assert performance.tracks.lift_mm[window, LEFT].max() == 0
        assert shift @ along / np.linalg.norm(shift) < 0.5  # more than 60 degrees off
        assert stroke.length_mm > 12
        assert outside_mm(track, FOREHEAD.zone).max() < FOREHEAD.tolerance_mm
        assert np.nanmax(contact_speed(performance, LEFT)[window]) < FOREHEAD.phases[0].pace_mm_s[1]


def test_lifted_returns_of_reversed_strokes_run_the_right_way() -> None:
    performance = erring(FOREHEAD, "direction", "against")
    (window,) = performance.mistakes
    returns = [
        s
        for s in performance.strokes
        if s.side == "left" and s.kind == "return" and window.t_start_s < s.t_start_s < window.t_end_s - 1 and s.length_mm > 30
    ]
    assert returns
    for stroke in returns:
        track = performance.tracks.working_mm[round(stroke.t_start_s * RATE_HZ) : round(stroke.t_end_s * RATE_HZ), LEFT]
        assert track[-1, 0] > track[0, 0] + 40


def test_wrong_zone_is_outside_by_more_than_the_tolerance_and_ten() -> None:
    performance = erring(FOREHEAD, "zone", None)
    (window,) = performance.mistakes
    working = (performance.tracks.t_s >= window.t_start_s) & (performance.tracks.t_s < window.t_end_s)
    wrong = working & performance.tracks.contact[:, LEFT]
    distance = outside_mm(performance.tracks.working_mm[wrong, LEFT], FOREHEAD.zone)
    assert distance.min() > FOREHEAD.tolerance_mm + BESIDE_MARGIN_MM - 3 - 0.5  # a hand wavers
    assert {s.kind for s in performance.strokes} <= {"along", "return", "rest"}


@pytest.mark.parametrize("one", [FOREHEAD, JAWLINE, NOSTRIL], ids=lambda s: s.id)
def test_rushing_is_two_to_three_times_the_limit(one: CompiledStep) -> None:
    performance = erring(one, "pace", None, "both")
    (window,) = performance.mistakes
    limit = one.phases[0].pace_mm_s[1]
    for stroke in performance.strokes:
        if stroke.kind == "along" and window.t_start_s <= stroke.t_start_s < window.t_end_s:
            mean = stroke.length_mm / (stroke.t_end_s - stroke.t_start_s)
            assert 2.0 * limit < mean < 3.0 * limit


def test_rushed_spirals_turn_too_fast() -> None:
    performance = erring(CHEEK_SPIRAL, "pace", None, "both")
    (window,) = performance.mistakes
    limit = CHEEK_SPIRAL.phases[0].turns_s[1]
    turned = [
        s.turns / (s.t_end_s - s.t_start_s)
        for s in performance.strokes
        if s.turns and window.t_start_s <= s.t_start_s < window.t_end_s
    ]
    assert turned
    assert min(turned) > 1.5 * limit


def test_an_idle_side_is_still_on_the_face_while_the_other_works() -> None:
    performance = erring(FOREHEAD, "symmetry", "idle", "right")
    wrong = inside(performance)
    assert performance.tracks.contact[wrong, RIGHT].mean() > 0.95
    assert np.ptp(performance.tracks.working_mm[wrong, RIGHT], axis=0).max() < 4
    assert np.nanmax(contact_speed(performance, LEFT)[wrong]) > 20
    assert wrong.sum() / RATE_HZ > 4


def test_a_short_side_travels_less_than_45_percent() -> None:
    performance = erring(FOREHEAD, "symmetry", "short", "left")
    (window,) = performance.mistakes
    length = {
        side: np.mean(
            [
                s.length_mm
                for s in performance.strokes
                if s.side == side and s.kind == "along" and window.t_start_s <= s.t_start_s < window.t_end_s
            ]
        )
        for side in ("left", "right")
    }
    assert length["left"] < 0.45 * length["right"]


@pytest.mark.parametrize("one", shipped_steps(), ids=lambda s: f"{s.index}-{s.id}")
def test_every_possible_mistake_of_every_step_is_made(one: CompiledStep) -> None:
    both = Style(order="together")
    for kind in one.judge:
        for variant in possible_variants(one, kind):
            performance = perform(one, [Mistake(kind, "left", 5.0, 9.0, variant)], both, repetitions=4)
            assert [(m.kind, m.variant) for m in performance.mistakes] == [(kind, variant)]
            assert any(not r.correct for r in performance.repetitions)
            assert any(r.correct for r in performance.repetitions)


def test_steps_know_which_mistakes_they_have_no_room_for() -> None:
    assert possible_variants(NOSTRIL, "direction") == ()
    assert possible_variants(CHEEK_SPIRAL, "direction") == ("against",)
    assert possible_variants(step("one", *FOREHEAD.phases, hands="left"), "symmetry") == ()
    assert possible_variants(CUP, "pace") == ("rushed",)
    everywhere = step("everywhere", *FOREHEAD.phases, zone=(np.array([[-200.0, -300], [200, -300], [200, 200], [-200, 200]]),))
    assert possible_variants(everywhere, "zone") == ()
    assert displaced_path(everywhere, FOREHEAD.phases[0].path_mm) is None


def test_distances_to_polygons() -> None:
    square = np.array([[10.0, 0], [20, 0], [20, 10], [10, 10]])
    points = np.array([[15.0, 5], [25, 5], [15, -3], [-15, 5], [23, 14]])
    np.testing.assert_allclose(outside_mm(points, [square]), [0, 5, 3, 0, 5])
