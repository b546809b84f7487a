"""From observations to places on the face, frame by frame."""

import copy
import dataclasses
import functools

import numpy as np
import pytest

from facetrack.geometry.face_points import FacePoints
from facetrack.geometry.head.canonical import canonical_face
from facetrack.geometry.head.landmarks import PIVOT_MM, head_model
from facetrack.geometry.head.occlusion import clearance_mm
from facetrack.geometry.mapper import HOLD_S, FaceMapper
from facetrack.geometry.surface.face_surface import FINGER_MM
from facetrack.packets import LEFT, RIGHT, Float, Observation
from scripts.build_generic_head import head_share
from tests.geometry.heads import FRONTAL, NO_HANDS, SIZE_WH, View, angles_deg, hand_at, mirrored, person, seen, touching, turned

FPS = 30.0
CHART = canonical_face().points_mm[:, :2]
CHEEK = (280, 50)
"""Landmarks of the left and right cheek."""
MIDDLE_TIP = 2


def calibrated(head: Float) -> tuple[FaceMapper, float]:
    """A mapper that knows this head, and the time then."""
    return copy.deepcopy(_calibrated(head.tobytes())), 2.4


@functools.cache
def _calibrated(head: bytes) -> FaceMapper:
    mapper = FaceMapper()
    for k in range(round(2.4 * FPS)):
        mapper.update(seen(k / FPS, np.frombuffer(head).reshape(-1, 3)))
    assert mapper.calibration.state == "neutral"
    return mapper


def hands_on(head: Float, view: View, landmarks: tuple[int, int] = CHEEK, upward: float = 1.0) -> Float:
    """(2, 21, 3) hands whose middle fingertips touch these mesh points."""
    tips = view.px(touching(head))
    return np.stack([hand_at(tips[k], view.px_per_mm, upward) for k in landmarks])


def test_before_a_face_was_seen_everything_is_missing() -> None:
    points, fit = FaceMapper().update(Observation.empty(0.0, SIZE_WH))
    assert fit is None
    assert points.calibration == "running"
    assert not points.face_seen
    assert np.isnan(points.points_mm).all()
    assert np.isnan(points.metric_tensor).all()
    assert np.isnan(points.palm_mm).all()
    assert np.isnan(points.mm_per_px)
    assert not points.near_face.any()


def test_a_face_that_may_be_somebody_elses_is_forgotten_and_not_measured() -> None:
    mapper, t_s = calibrated(person(1.1))
    for k in range(90):
        points, _ = mapper.update(dataclasses.replace(seen(t_s + k / FPS, person(1.1)), doubt="person"))
    assert points.calibration == "running"
    assert points.calibrated_share == 0.0
    for k in range(90, 180):
        points, _ = mapper.update(seen(t_s + k / FPS, person(0.9)))
    assert points.calibration == "neutral"


def test_a_face_without_hands_has_a_scale_and_no_hands() -> None:
    mapper, t_s = calibrated(person(1.1))
    points, fit = mapper.update(seen(t_s, person(1.1)))
    assert fit is not None
    assert points.mm_per_px == pytest.approx(1 / FRONTAL.px_per_mm, rel=0.02)
    assert np.isnan(points.points_mm).all()
    assert np.isnan(points.palm_mm).all()
    assert not points.hand_seen.any()
    assert not points.near_face.any()


@pytest.mark.parametrize("size", [0.9, 1.15])
def test_fingertips_are_where_they_touch(size: float) -> None:
    head = person(size)
    mapper, t_s = calibrated(head)
    points, _ = mapper.update(seen(t_s, head, hands_px=hands_on(head, FRONTAL)))
    np.testing.assert_allclose(points.points_mm[:, MIDDLE_TIP], CHART[list(CHEEK)], atol=1.5)
    assert points.points_mm[LEFT, MIDDLE_TIP, 0] > 0 > points.points_mm[RIGHT, MIDDLE_TIP, 0]
    assert points.near_face.all()
    assert points.hand_seen.all()
    flat = np.sqrt(points.metric_tensor[:, 2])
    assert (flat > 0.9 * size).all(), "the user's millimetres"


def test_a_hand_far_below_the_face_is_not_near_it() -> None:
    head = person()
    mapper, t_s = calibrated(head)
    hands = NO_HANDS.copy()
    hands[RIGHT] = hand_at(np.array([80.0, 780.0]), FRONTAL.px_per_mm)
    points, _ = mapper.update(seen(t_s, head, hands_px=hands))
    assert points.hand_seen.tolist() == [False, True]
    assert points.near_face.tolist() == [False, False]


def settled(mapper: FaceMapper, t_s: float, head: Float, view: View) -> float:
    """Show the bare face there for two seconds; gives the time then."""
    for late_s in (0.5, 1.0, 1.5, 2.0):
        mapper.update(seen(t_s + late_s, head, view))
    return t_s + 2.0


@pytest.mark.parametrize("seed", range(3))
def test_wherever_the_head_is_a_touched_place_has_the_same_coordinates(seed: int) -> None:
    """Place, distance and roll leave it; turning keeps it within the stated 4 mm, or withholds the cheek that turns away."""
    rng = np.random.default_rng(seed)
    head = person(1.05)
    mapper, t_s = calibrated(head)
    for turning, limit in (((0, 0), 1.5), ((25, 15), 4.0)):
        for _ in range(4):
            yaw, pitch = rng.uniform(-1, 1, 2) * turning
            view = View(turned(yaw, pitch, rng.uniform(-30, 30)), rng.uniform(1.0, 2.5), tuple(rng.uniform(150, 400, 2)))
            t_s = settled(mapper, t_s, head, view) + 1 / FPS
            points, _ = mapper.update(seen(t_s, head, view, hands_on(head, view)))
            off = np.linalg.norm(points.points_mm[:, MIDDLE_TIP] - CHART[list(CHEEK)], axis=1)
            assert np.nanmax(off) < limit
            turned_away = np.isnan(off)
            assert not turned_away[RIGHT if yaw > 0 else LEFT]
            assert not turned_away.any() or abs(yaw) > 15


def about_the_neck(yaw: float, pitch: float, roll: float) -> View:
    """The head turns on its joint with the neck, as heads do, not on the nose bridge."""
    turn = turned(yaw, pitch, roll)
    x, y, _ = PIVOT_MM - turn @ PIVOT_MM
    return View(
        turn, FRONTAL.px_per_mm, (FRONTAL.place_px[0] + x * FRONTAL.px_per_mm, FRONTAL.place_px[1] - y * FRONTAL.px_per_mm)
    )


def worst_on_the_way(views: list[View]) -> float:
    """Largest error (mm) of both middle fingertips, kept on the cheeks while the head goes through views, then rests."""
    head = person(1.05)
    mapper, t_s = calibrated(head)
    worst = 0.0
    for view in [FRONTAL, *views, *[views[-1]] * 15]:
        t_s += 1 / FPS
        points, fit = mapper.update(seen(t_s, head, view, hands_on(head, view)))
        assert fit is not None
        off = points.points_mm[:, MIDDLE_TIP] - CHART[list(CHEEK)]
        worst = max(worst, float(np.linalg.norm(off, axis=1).max()))
    return worst


@pytest.mark.parametrize("turn", [(20, 0, 0), (-20, 0, 0), (0, 12, 0), (0, -12, 0), (0, 0, 15)])
def test_with_hands_on_the_face_the_head_may_turn(turn: tuple[float, float, float]) -> None:
    assert worst_on_the_way([about_the_neck(*(angle * k / 30 for angle in turn)) for k in range(31)]) < 4.0


def test_with_hands_on_the_face_the_user_may_come_nearer() -> None:
    assert worst_on_the_way([View(np.eye(3), FRONTAL.px_per_mm * (1 + 0.1 * k / 30)) for k in range(31)]) < 4.5


@pytest.mark.parametrize("way_mm", [(15.0, 0.0), (0.0, 15.0)])
def test_with_hands_on_the_face_the_user_may_sway_a_little(way_mm: tuple[float, float]) -> None:
    assert worst_on_the_way(swaying(way_mm)) < 6.0


@pytest.mark.parametrize("way_mm", [(30.0, 0.0), (60.0, 0.0)])
def test_with_hands_on_the_face_the_user_may_shift_in_the_seat(way_mm: tuple[float, float]) -> None:
    assert worst_on_the_way(swaying(way_mm)) < 6.0


def swaying(way_mm: tuple[float, float]) -> list[View]:
    """The whole person moves that far (to the left, down) in a second."""
    x, y = FRONTAL.place_px
    scale = FRONTAL.px_per_mm
    return [View(np.eye(3), scale, (x + way_mm[0] * scale * k / 30, y + way_mm[1] * scale * k / 30)) for k in range(31)]


@pytest.mark.parametrize("turn", [(0, 0, 0), (15, -8, 10)])
def test_the_mirror_image_gives_the_mirrored_chart(turn: tuple[float, float, float]) -> None:
    head, view = person(1.05), View(turned(*turn))
    frames = [seen(k / FPS, head) for k in range(80)]
    frames += [seen((80 + k) / FPS, head, view, hands_on(head, view)) for k in range(5)]
    plain, other = FaceMapper(), FaceMapper()
    for frame in frames:
        points, _ = plain.update(frame)
        image, _ = other.update(mirrored(frame))
    np.testing.assert_allclose(image.points_mm[::-1] * (-1, 1), points.points_mm, atol=1.0)
    np.testing.assert_allclose(image.palm_mm[::-1], points.palm_mm, rtol=0.02)
    np.testing.assert_allclose(image.metric_tensor[::-1] * (1, -1, 1), points.metric_tensor, atol=0.5)
    assert image.mm_per_px == pytest.approx(points.mm_per_px, rel=0.01)


def drawn_along(head: Float, view: View, hands: Float, push_px: Float) -> Float:
    """(478, 3) the mesh as a tracker gives it under hands: what they cover is shoved aside."""
    mesh = view.px(head)
    covered = clearance_mm(mesh[:, :2], hands, 1 / view.px_per_mm) < 5.0
    mesh[covered, :2] += push_px
    return mesh


@pytest.mark.parametrize("push_px", [10.0, 20.0])
@pytest.mark.parametrize("landmarks", [(280, 50), (287, 57), (427, 205)])
def test_hands_that_cover_half_of_the_face_do_not_turn_the_head(push_px: float, landmarks: tuple[int, int]) -> None:
    head, rng = person(), np.random.default_rng(int(push_px))
    mapper, t_s = calibrated(head)
    hands = hands_on(head, FRONTAL, landmarks)
    share = []
    for k in range(15):
        way = rng.normal(0, 1, 2)
        mesh = drawn_along(head, FRONTAL, hands, push_px * way / np.linalg.norm(way))
        share.append(float((np.abs(mesh - FRONTAL.px(head)).max(axis=1) > 1)[head_model().pose].mean()))
        _, fit = mapper.update(Observation(t_s + k / FPS, SIZE_WH, mesh, hands))
        assert fit is not None
        assert not fit.held
        assert np.abs(angles_deg(fit.pose)).max() < 2.0
        moved = fit.pose.project(head) - FRONTAL.px(head)[:, :2]
        assert np.linalg.norm(moved, axis=1).max() / FRONTAL.px_per_mm < 3.0
    assert share[0] > 0.2, "it is no test unless much is covered"


def test_one_hand_over_a_whole_half_of_the_face_does_not_turn_it_either() -> None:
    head = person()
    mapper, t_s = calibrated(head)
    mesh = FRONTAL.px(head)
    hands = NO_HANDS.copy()
    hands[LEFT] = hand_at(mesh[334], FRONTAL.px_per_mm)
    mesh = mesh + np.where(CHART[:, :1] > 8.0, (16.0, 6.0, 0.0), 0.0)
    for k in range(10):
        points, fit = mapper.update(Observation(t_s + k / FPS, SIZE_WH, mesh, hands))
    assert fit is not None
    assert np.abs(angles_deg(fit.pose)).max() < 4.0
    assert points.mm_per_px == pytest.approx(1 / FRONTAL.px_per_mm, rel=0.03)


def test_a_lost_face_is_held_for_a_while_and_then_withheld() -> None:
    head = person()
    mapper, t_s = calibrated(head)
    mapper.update(seen(t_s, head))
    hands = hands_on(head, FRONTAL)
    gone = Observation.empty(0.0, SIZE_WH).face_px
    for late_s, there in ((0.1, True), (HOLD_S - 0.02, True), (HOLD_S + 0.02, False), (3.0, False)):
        points, fit = mapper.update(Observation(t_s + late_s, SIZE_WH, gone, hands))
        assert (fit is not None) == there
        assert not points.face_seen
        assert np.isnan(points.points_mm).any() != there
        assert np.isnan(points.mm_per_px) != there
        if fit is not None:
            assert fit.held
            np.testing.assert_allclose(points.points_mm[:, MIDDLE_TIP], CHART[list(CHEEK)], atol=1.5)
    points, fit = mapper.update(seen(t_s + 3.1, head, hands_px=hands))
    assert fit is not None
    assert np.isfinite(points.points_mm).all()


@pytest.mark.parametrize("yaw", [-45.0, 45.0])
def test_a_head_that_looks_away_with_hands_on_the_cheeks_is_withheld_until_it_looks_back(yaw: float) -> None:
    """Within four tenths of a second, which is quicker than the prior of a covered face allows."""
    head = person()
    mapper, t_s = calibrated(head)
    shares = np.concatenate((np.linspace(0, 1, 13), np.ones(30), np.linspace(1, 0, 13), np.zeros(15)))
    wrong_s, away = 0.0, []
    for share in shares:
        t_s += 1 / FPS
        view = about_the_neck(yaw * share, 0.0, 0.0)
        points, fit = mapper.update(seen(t_s, head, view, hands_on(head, view)))
        assert (fit is None) == np.isnan(points.points_mm).all()
        off = np.linalg.norm(points.points_mm[:, MIDDLE_TIP] - CHART[list(CHEEK)], axis=1)
        wrong_s += float(np.nan_to_num(off).max() > 12.0) / FPS
        away.append(fit is None and not points.face_seen)
    assert all(away[13:43])
    assert not any(away[-15:])
    assert wrong_s < 0.2
    assert np.nan_to_num(off).max() < 6.0


def test_a_mesh_that_fits_no_head_is_held_and_then_withheld() -> None:
    """Ghost faces: scrambled landmarks belong to nobody."""
    head = person()
    mapper, t_s = calibrated(head)
    mapper.update(seen(t_s, head))
    ghost = np.random.default_rng(0).permutation(FRONTAL.px(head))
    points, fit = mapper.update(Observation(t_s + 0.1, SIZE_WH, ghost, NO_HANDS))
    assert fit is not None
    assert fit.held
    points, fit = mapper.update(Observation(t_s + 1.0, SIZE_WH, ghost, NO_HANDS))
    assert fit is None
    assert points.face_seen


def test_the_palm_s_size_shows_a_lift() -> None:
    head = person()
    mapper, t_s = calibrated(head)
    hands = hands_on(head, FRONTAL)
    touching_mm = mapper.update(seen(t_s, head, hands_px=hands))[0].palm_mm
    tips = hands[:, 12:13, :2].copy()
    lifted = hands.copy()
    lifted[..., :2] = tips + (hands[..., :2] - tips) * 1.05
    lifted_mm = mapper.update(seen(t_s + 0.03, head, hands_px=lifted))[0].palm_mm
    np.testing.assert_allclose(lifted_mm / touching_mm, 1.05, rtol=0.01)


def test_the_palm_s_size_is_millimetres_whatever_the_distance() -> None:
    head = person()
    mapper, t_s = calibrated(head)
    sizes = []
    for scale in (1.0, 1.6, 2.4):
        view = View(turned(), scale)
        t_s = settled(mapper, t_s, head, view) + 1 / FPS
        sizes.append(mapper.update(seen(t_s, head, view, hands_on(head, view)))[0].palm_mm)
    np.testing.assert_allclose(sizes, np.broadcast_to(sizes[0], (3, 2)), rtol=0.06)


def test_noise_of_a_pixel_moves_places_by_about_that() -> None:
    head = person()
    mapper, t_s = calibrated(head)
    hands = hands_on(head, FRONTAL)
    places = [mapper.update(seen(t_s + k / FPS, head, FRONTAL, hands, noise_px=1.0))[0].points_mm for k in range(20)]
    assert np.std(places, axis=0)[:, MIDDLE_TIP].max() < 1.0


def replayed(frames: list[Observation]) -> list[FacePoints]:
    mapper = FaceMapper()
    return [mapper.update(frame)[0] for frame in frames]


def test_the_same_frames_give_the_same_points_also_after_a_reset() -> None:
    head = person(1.1)
    frames = [seen(k / FPS, head, FRONTAL, hands_on(head, FRONTAL) if k > 70 else NO_HANDS, 0.5) for k in range(80)]
    mapper = FaceMapper()
    for frame in frames:
        mapper.update(frame)
    mapper.reset()
    for frame, once in zip(frames, replayed(frames), strict=True):
        again, _ = mapper.update(frame)
        np.testing.assert_array_equal(again.points_mm, once.points_mm)
        np.testing.assert_array_equal(again.palm_mm, once.palm_mm)
        assert again.calibration == once.calibration


def test_below_the_jaw_hands_follow_the_head_s_place() -> None:
    head = person()
    mapper, t_s = calibrated(head)
    hands = NO_HANDS.copy()
    hands[LEFT] = hand_at(np.array([360.0, 475.0]), FRONTAL.px_per_mm, upward=1.0)
    points, fit = mapper.update(seen(t_s, head, hands_px=hands))
    assert fit is not None
    tip = points.points_mm[LEFT, MIDDLE_TIP]
    assert head_share(tip) == 0.0
    thickness_px = FINGER_MM * FRONTAL.px_per_mm
    assert np.linalg.norm(fit.image_from_chart(tip) - (360.0, 475.0)) < 0.4 * thickness_px


@pytest.mark.parametrize(
    ("tip_mm", "near"),
    [((0.0, -60.0), True), ((110.0, 60.0), True), ((0.0, -225.0), True), ((0.0, 108.0), True), ((330.0, -60.0), False)],
    ids=["mouth", "temple", "chest", "above the hair", "a hand's length beside"],
)
def test_a_hand_is_near_where_a_point_of_it_may_be_at_work(tip_mm: tuple[float, float], near: bool) -> None:
    """Within 120 mm of the middle and 175 mm of the mouth. Its fingers point inward, so that the tips come first."""
    head = person()
    mapper, t_s = calibrated(head)
    hands = NO_HANDS.copy()
    hands[LEFT] = hand_at(FRONTAL.px(np.array([*tip_mm, 0.0])), FRONTAL.px_per_mm)
    hands[LEFT, :, 0] = hands[LEFT, 12, 0] + np.abs(hands[LEFT, :, 0] - hands[LEFT, 12, 0])
    points, _ = mapper.update(seen(t_s, head, hands_px=hands))
    assert points.near_face.tolist() == [near, False]


def test_a_face_is_not_learnt_while_a_hand_is_near_it() -> None:
    """Nearer than 15 mm to the mesh; a hand beside the head does not matter."""
    head, shares = person(), []
    for gap_mm in (5.0, 40.0):
        mapper = FaceMapper()
        hands = NO_HANDS.copy()
        hands[LEFT] = hand_at(np.zeros(3), FRONTAL.px_per_mm, upward=-1.0)
        edge_px = FRONTAL.px(head)[:468, 0].max()
        hands[LEFT, :, 0] += edge_px - hands[LEFT, :, 0].min() + (gap_mm + 9.0) * FRONTAL.px_per_mm
        hands[LEFT, :, 1] += FRONTAL.px(head)[454, 1] + 60.0
        for k in range(30):
            mapper.update(seen(k / FPS, head, hands_px=hands))
        shares.append(mapper.calibration.share)
    assert shares[0] < 0.1
    assert shares[1] > 0.4


def test_while_it_learns_the_face_grows_to_the_iris_s_size_at_once() -> None:
    """Lengths are the user's own from the first frames on."""
    for size in (0.85, 1.2):
        head, mapper = person(size), FaceMapper()
        for k in range(5):
            points, fit = mapper.update(seen(k / FPS, head, hands_px=hands_on(head, FRONTAL) if k else NO_HANDS))
        assert fit is not None
        assert points.calibration == "running"
        assert points.mm_per_px == pytest.approx(1 / FRONTAL.px_per_mm, rel=0.03)
        np.testing.assert_allclose(points.points_mm[:, MIDDLE_TIP], CHART[list(CHEEK)], atol=2.5)
        assert fit.size == pytest.approx(size, rel=0.02)
        reference, _ = calibrated(person(1.0))
        plain, _ = reference.update(seen(2.4, person(1.0), hands_px=hands_on(person(1.0), FRONTAL)))
        np.testing.assert_allclose(points.metric_tensor, plain.metric_tensor * size**2, rtol=0.08, atol=0.08)


def test_a_mesh_that_is_a_little_off_is_still_a_face() -> None:
    """A residual of 4 mm is, one of 7 mm is not."""
    head = person()
    for off_mm, found in ((4.5, True), (12.0, False)):
        mapper, t_s = calibrated(head)
        rng = np.random.default_rng(1)
        mesh = FRONTAL.px(head) + rng.normal(0.0, off_mm * FRONTAL.px_per_mm / 2**0.5, (478, 3))
        _, fit = mapper.update(Observation(t_s + 1.0, SIZE_WH, mesh, NO_HANDS))
        assert (fit is not None) == found
