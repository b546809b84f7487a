"""Hands drawn as points: who is left and who is right, whatever order and labels they come with."""

from dataclasses import dataclass

import numpy as np
import pytest

from facetrack.packets import LEFT, RIGHT, Float
from facetrack.tracking.hands.association import FORGET_S, HandAssociator
from facetrack.tracking.hands.request import Detection
from tests.tracking.seats import Seats

FPS = 30.0
FACE_WIDTH = 150.0
FACE = np.zeros((478, 3))
FACE[:, 0] = np.linspace(320 - FACE_WIDTH / 2, 320 + FACE_WIDTH / 2, 478)
FACE[:, 1] = 200.0
FACE[234], FACE[454], FACE[168] = (245, 200, 0), (395, 200, 0), (320, 190, 0)
NO_FACE = np.full((478, 3), np.nan)


def left_hand() -> Float:
    """A user's left hand seen from its back, fingers up, wrist at the origin; px."""
    fingers = [(45, -60), (30, -90), (8, -95), (-14, -90), (-33, -80)]
    points = [(0.0, 0.0)]
    for x, y in fingers:
        points += [(x * s, y * s) for s in (0.55, 0.9, 1.1, 1.3)]
    return np.column_stack([np.array(points), np.zeros(21)])


def hand(side: int, x: float, y: float) -> Float:
    shape = left_hand() * ([1, 1, 1] if side == LEFT else [-1, 1, 1])
    return shape + np.array([x, y, 0.0])


@dataclass
class Seen:
    side: int
    x: float
    y: float = 330.0
    left_score: float | None = None

    @property
    def score(self) -> float:
        return self.left_score if self.left_score is not None else (0.95 if self.side == LEFT else 0.05)


def run(
    frames: list[list[Seen]], face: Float = FACE, associator: HandAssociator | None = None, start_s: float = 0.0
) -> list[Float]:
    associator, seats = associator or HandAssociator(), Seats()
    out = []
    for k, seen in enumerate(frames):
        hands = np.array([hand(s.side, s.x, s.y) for s in seen]).reshape(-1, 21, 3)
        out.append(associator.update(start_s + k / FPS, seats.taken(hands, np.array([s.score for s in seen])), face))
    return out


def wrist_x(observed: Float) -> tuple[float, float]:
    return float(observed[LEFT, 0, 0]), float(observed[RIGHT, 0, 0])


def reported(observed: list[Float], side: int) -> list[bool]:
    return [not bool(np.isnan(frame[side, 0, 0])) for frame in observed]


def test_two_hands_in_any_order_keep_their_names() -> None:
    pair = [Seen(LEFT, 400), Seen(RIGHT, 240)]
    observed = run([pair if k % 3 else pair[::-1] for k in range(30)])
    assert all(wrist_x(frame) == (400, 240) for frame in observed[1:])


@pytest.mark.parametrize("label", [0.02, 0.98])
def test_both_called_the_same_are_told_apart_by_the_half_of_the_face(label: float) -> None:
    observed = run([[Seen(LEFT, 400, left_score=label), Seen(RIGHT, 240, left_score=label)]] * 10)
    assert wrist_x(observed[-1]) == (400, 240)


def test_hands_that_cross_keep_their_names_though_labels_say_nothing_at_the_crossing() -> None:
    frames = []
    for k in range(60):
        shift = 200 * k / 59
        label = None if k < 15 or k > 50 else 0.5
        frames.append(
            [Seen(LEFT, 420 - shift, left_score=label), Seen(RIGHT, 220 + shift, left_score=label)][:: 1 if k % 2 else -1]
        )
    observed = run(frames)
    for k in range(1, 60):
        assert wrist_x(observed[k]) == (420 - 200 * k / 59, 220 + 200 * k / 59), k


def test_a_single_hand_that_crosses_the_midline_stays_itself() -> None:
    observed = run([[Seen(LEFT, 420 - 4 * k, left_score=None if k < 20 else 0.5)] for k in range(60)])
    assert all(np.isnan(frame[RIGHT]).all() for frame in observed)
    assert wrist_x(observed[-1])[0] == 420 - 4 * 59


def test_a_label_that_errs_for_a_second_changes_no_name() -> None:
    observed = run([[Seen(LEFT, 330, left_score=0.1 if 10 <= k < 44 else 0.95)] for k in range(60)])
    assert not any(np.isnan(frame[LEFT]).any() for frame in observed[1:])


def test_a_wrong_first_label_is_mended_quickly() -> None:
    observed = run([[Seen(RIGHT, 330, left_score=0.9 if k == 0 else 0.03)] for k in range(15)])
    assert all(np.isnan(frame[LEFT]).all() for frame in observed[6:])
    assert not np.isnan(observed[-1][RIGHT]).any()


def test_one_hand_found_twice_is_one_hand() -> None:
    frames = [[Seen(LEFT, 400), Seen(LEFT, 404, 333, left_score=0.3)]] * 10
    for frame in run(frames)[1:]:
        assert np.isnan(frame[RIGHT]).all()
        assert not np.isnan(frame[LEFT]).any()


def test_hands_laid_on_one_another_are_two_if_they_were_seen_apart() -> None:
    apart = [[Seen(LEFT, 375 - 5 * k), Seen(RIGHT, 265 + 5 * k)] for k in range(11)]
    observed = run([*apart, *[[Seen(RIGHT, 315), Seen(LEFT, 325)]] * 30])
    assert wrist_x(observed[-1]) == (325, 315)
    assert all(reported(observed, LEFT)[1:])
    assert all(reported(observed, RIGHT)[1:])


def test_a_find_of_one_frame_is_not_reported_off_the_face_or_with_a_doubtful_name() -> None:
    observed = run([[], [Seen(LEFT, 340, left_score=0.6)], [], [], [Seen(LEFT, 560, 300, left_score=0.4)], []])
    assert all(np.isnan(frame).all() for frame in observed)


def test_a_hand_on_the_face_whose_name_is_sure_is_reported_at_once() -> None:
    observed = run([[], [Seen(LEFT, 400)]])
    assert reported(observed, LEFT) == [False, True]


@pytest.mark.parametrize(("scale", "reported"), [(0.15, False), (1.0, True), (6.0, False)])
def test_hands_of_other_people_and_ghosts_have_the_wrong_size(scale: float, reported: bool) -> None:
    associator = HandAssociator()
    points = (left_hand() * scale + [330, 300, 0])[None]
    for k in range(3):
        observed = associator.update(k / FPS, [Detection(points[0], 0.9), None], FACE)
    assert np.isnan(observed).all() != reported


def test_lost_hand_comes_back_as_itself_within_the_time_it_is_remembered() -> None:
    here, gone = [Seen(LEFT, 330), Seen(RIGHT, 250)], [Seen(RIGHT, 250)]
    back = [Seen(LEFT, 322, left_score=0.4), Seen(RIGHT, 250)]
    observed = run([here] * 20 + [gone] * int(FORGET_S * FPS / 2) + [back] * 5)
    assert np.isnan(observed[25][LEFT]).all()
    assert wrist_x(observed[25])[1] == 250
    assert wrist_x(observed[-1]) == (322, 250)


def test_without_a_face_labels_decide_and_nothing_warns() -> None:
    observed = run([[Seen(RIGHT, 420), Seen(LEFT, 200)]] * 10, NO_FACE)
    assert wrist_x(observed[-1]) == (200, 420)


def test_no_hands_give_nan_and_reset_forgets() -> None:
    associator = HandAssociator()
    run([[Seen(LEFT, 330)]] * 5, associator=associator)
    associator.reset()
    (first,) = run([[Seen(RIGHT, 330, left_score=0.3)]], associator=associator, start_s=1.0)
    assert np.isnan(first).all()
    assert run([[]])[0].shape == (2, 21, 3)


@pytest.mark.parametrize("side", [LEFT, RIGHT])
def test_one_hand_found_again_a_little_beside_itself_every_other_frame_is_one_hand(side: int) -> None:
    """As a still hand on the cheek was: found a third of its size away with the same, sure label."""
    x, sign = (360.0, -1) if side == LEFT else (280.0, 1)
    frames = [[Seen(side, x + 18 * sign, 325), Seen(side, x)][k % 2 :] for k in range(60)]
    observed = run(frames)
    assert not any(reported(observed, 1 - side))
    assert all(reported(observed, side)[1:])


@pytest.mark.parametrize("side", [LEFT, RIGHT])
def test_the_lagging_double_of_an_arriving_hand_is_not_taken_for_the_lost_other_one(side: int) -> None:
    """As on a rendered arrival: one hand is lost, of the other a double, mirrored and misnamed, lags half its size behind."""
    out = 1 if side == LEFT else -1
    frames = []
    for k in range(20):
        arriving = Seen(side, 320 + out * 110, 420 - 9 * min(k, 10))
        other = Seen(1 - side, 320 - out * 110, 420 - 9 * min(k, 10))
        double = Seen(1 - side, arriving.x + out * 5, arriving.y + 28)
        frames.append([arriving, other] if k < 4 or k >= 12 else [double, arriving] if k >= 6 else [arriving])
    observed = run(frames)
    assert all(reported(observed, side)[1:])
    assert reported(observed, 1 - side) == 4 * [True] + 8 * [False] + reported(observed, 1 - side)[12:]
    assert wrist_x(observed[-1])[1 - side] == 320 - out * 110


def test_of_two_finds_of_one_hand_the_one_with_its_label_is_kept() -> None:
    hand_here = [Seen(LEFT, 360)]
    doubled = [Seen(RIGHT, 330, 325, left_score=0.15), Seen(LEFT, 368, 320)]
    observed = run([hand_here] * 10 + [doubled] * 3)
    assert wrist_x(observed[-1])[LEFT] == 368
    assert not any(reported(observed, RIGHT))


@pytest.mark.parametrize("gone_s", [0.3, 0.5, 0.9])
@pytest.mark.parametrize("side", [LEFT, RIGHT])
def test_a_hand_that_comes_as_the_other_goes_is_not_taken_for_it(side: int, gone_s: float) -> None:
    out = 1 if side == LEFT else -1
    going = [[Seen(side, 320 + out * 90, 330 + 6 * k)] for k in range(30)]
    coming = [[Seen(1 - side, 320 - out * 60, 500 - 8 * k)] for k in range(20)]
    observed = run(going + [[]] * round(gone_s * FPS) + coming)
    assert not any(reported(observed, side)[30:])
    assert all(reported(observed, 1 - side)[-18:])


@pytest.mark.parametrize("gone_s", [0.1, 0.5, 0.9, 2.0])
def test_a_hand_that_leaves_and_comes_back_is_itself(gone_s: float) -> None:
    stays = [[Seen(LEFT, 350)]] * 30
    observed = run(stays + [[]] * round(gone_s * FPS) + [[Seen(LEFT, 400, 400 - 5 * k)] for k in range(15)])
    assert not any(reported(observed, RIGHT))
    assert all(reported(observed, LEFT)[-13:])


@pytest.mark.parametrize(("off_px", "within_frames"), [(40, 3), (80, 5), (140, 20)])
@pytest.mark.parametrize("side", [LEFT, RIGHT])
def test_a_hand_first_seen_on_the_other_half_of_the_face_has_the_name_of_its_label(
    side: int, off_px: float, within_frames: int
) -> None:
    out = 1 if side == LEFT else -1
    observed = run([[Seen(side, 320 - out * off_px)]] * 30)
    assert not any(reported(observed, 1 - side))
    assert all(reported(observed, side)[within_frames:])


def test_a_new_hand_whose_label_and_place_disagree_is_held_back_until_it_is_sure() -> None:
    observed = run([[Seen(LEFT, 290, left_score=0.6 if k < 5 else 0.97)] for k in range(20)])
    assert not any(reported(observed, RIGHT))
    assert not any(reported(observed, LEFT)[:5])
    assert reported(observed, LEFT)[-1]


@pytest.mark.parametrize("every", [1, 2, 6, 12])
def test_hands_are_followed_at_any_frame_rate(every: int) -> None:
    associator = HandAssociator()
    hands = np.array([hand(LEFT, 400, 330), hand(RIGHT, 240, 330)])
    for k in range(0, 60, every):
        observed = associator.update(k / FPS, [Detection(hands[0], 0.9), Detection(hands[1], 0.1)], FACE)
    assert wrist_x(observed) == (400, 240)


@pytest.mark.parametrize("seed", range(3))
def test_half_a_minute_of_massage_with_noise_swapped_order_and_wrong_labels(seed: int) -> None:
    """Labels err in bursts as MediaPipe's do (4 % of frames), hands vanish for a few frames; fingertips meet at the midline."""
    random = np.random.default_rng(seed)
    associator, seats = HandAssociator(), Seats()
    wrong = seen = 0
    burst = [0, 0]
    gap = [0, 0]
    for k in range(int(30 * FPS)):
        reach = 55 + 45 * np.sin(k / FPS * 2.5)
        found, labels, sides = [], [], []
        for side, sign in ((LEFT, 1), (RIGHT, -1)):
            burst[side] = max(burst[side] - 1, 0) or (int(random.integers(3, 12)) if random.random() < 0.006 else 0)
            gap[side] = max(gap[side] - 1, 0) or (int(random.integers(1, 6)) if random.random() < 0.01 else 0)
            if gap[side]:
                continue
            is_left = (side == LEFT) != bool(burst[side])
            found.append(hand(side, 320 + sign * reach, 330) + random.normal(0, 2, (21, 3)))
            labels.append(random.uniform(0.6, 0.99) if is_left else random.uniform(0.01, 0.4))
            sides.append(side)
        order = random.permutation(len(found))
        hands = np.array(found)[order] if found else np.empty((0, 21, 3))
        observed = associator.update(k / FPS, seats.taken(hands, np.array(labels)[order] if found else np.empty(0)), FACE)
        for side, points in zip(sides, found, strict=True):
            seen += np.array_equal(observed[side], points)
            wrong += np.array_equal(observed[1 - side], points)
    assert wrong == 0
    assert seen > 0.9 * 2 * 30 * FPS


def test_where_following_slides_onto_the_other_hand_the_name_goes_with_it() -> None:
    """As on clasped hands: in one frame the landmarks take the mirrored shape, with the other label, and stay so."""
    associator = HandAssociator()
    observed = run([[Seen(RIGHT, 330)]] * 20, associator=associator)
    assert all(reported(observed, RIGHT)[1:])
    observed = run([[Seen(LEFT, 350)]] * 20, associator=associator, start_s=20 / FPS)
    assert not any(reported(observed, RIGHT))
    assert all(reported(observed, LEFT)[1:])


def test_a_label_that_flips_while_the_shape_stays_slides_nowhere() -> None:
    observed = run([[Seen(RIGHT, 330, left_score=0.02 if k < 20 else 0.98)] for k in range(25)])
    assert all(reported(observed, RIGHT)[1:])


@pytest.mark.parametrize("sway_px", [0.0, 4.0])
def test_a_hand_before_the_chest_that_never_moves_is_printed(sway_px: float) -> None:
    frames = [[Seen(LEFT, 320 + sway_px * np.sin(k / 5), 560)] for k in range(60)]
    assert not any(any(reported(run(frames), side)) for side in (LEFT, RIGHT))


def test_a_hand_that_moves_there_is_a_hand_and_stays_one_when_it_rests() -> None:
    observed = run([[Seen(LEFT, 340, 600 - 10 * min(k, 4))] for k in range(30)])
    assert all(reported(observed, LEFT)[3:])


@pytest.mark.parametrize("slow_mm_s", [20.0, 80.0])
@pytest.mark.parametrize("y", [345.0, 420.0, 500.0])
@pytest.mark.parametrize("side", [LEFT, RIGHT])
def test_a_hand_that_is_first_seen_at_the_jaw_or_neck_and_works_slowly_is_never_refused(
    side: int, y: float, slow_mm_s: float
) -> None:
    out = 40 if side == LEFT else -40
    px_s = slow_mm_s * FACE_WIDTH / 140.0
    stroke = [20.0 * np.sin(px_s / 20.0 * k / FPS) for k in range(round(12 * FPS))]
    observed = run([[Seen(side, 320 + out, y + moved)] for moved in stroke])
    assert all(reported(observed, side)[1:])


@pytest.mark.parametrize("mm_s", [20.0, 40.0, 80.0])
def test_a_hand_that_goes_slowly_from_the_neck_down_the_chest_stays_one(mm_s: float) -> None:
    px_s = mm_s * FACE_WIDTH / 140.0
    observed = run([[Seen(LEFT, 340, 480 + min(px_s * k / FPS, 150.0))] for k in range(round(12 * FPS))])
    assert all(reported(observed, LEFT)[1:])


def test_a_nod_and_a_lean_do_not_make_a_printed_hand_a_hand() -> None:
    associator = HandAssociator()
    for k in range(300):
        nod, lean = 40 * np.sin(k / FPS * 2.5), 60 * np.sin(k / FPS * 0.5)
        printed = Detection(hand(LEFT, 330 + lean, 580), 0.9)
        observed = associator.update(k / FPS, [printed, None], FACE + np.array([lean, nod, 0.0]))
        assert np.isnan(observed).all(), k
