"""Between pixels and the chart: how the head stands in the picture leaves the chart as it is."""

import numpy as np
import pytest

from facetrack.geometry.head.canonical import canonical_face
from facetrack.geometry.head.landmarks import PIVOT_MM, head_model
from facetrack.geometry.head.pose_fit import fit_pose
from facetrack.geometry.surface.face_surface import LAYERS, FaceSurface
from facetrack.geometry.surface.projection import APART_MM, FaceFit
from facetrack.packets import Bool, Float
from scripts.build_generic_head import head_share
from tests.geometry.heads import SKIN, View, person, touching, turned

CHART = canonical_face().points_mm[:, :2]
LONG = (0.95, 1.05, 0.92)
DEEP = (1.05, 0.96, 1.1)


def fitted(head: Float, view: View, size: float = 1.0) -> FaceFit:
    model = head_model()
    pose = fit_pose(head[model.pose], view.px(head)[model.pose, :2], model.pose_weight)
    assert pose is not None
    return FaceFit(pose, FaceSurface.of(head, size), size)


def chart_from_image(fit: FaceFit, points_px: Float) -> Float:
    """Where fingers at points_px (..., 2) touch the face; NaN where the image does not tell the place."""
    chart, apart = fit.located(points_px)
    return np.where((apart > APART_MM)[..., None], np.nan, chart)


def in_sight(head: Float, view: View) -> Bool:
    """(478,) mesh points that face the camera and have nothing of the face before them."""
    before = touching(head) @ view.rotation.T
    close = np.linalg.norm(before[:, None, :2] - before[None, SKIN, :2], axis=-1) < 6.0
    nearer = before[None, SKIN, 2] - before[:, None, 2] > 10.0
    facing = head_model().normals @ view.rotation[2] > 0.3
    seen: Bool = SKIN & facing & ~(close & nearer).any(axis=1)
    return seen


def errors_mm(head: Float, view: View, size: float) -> Float:
    """How far off the chart's place a fingertip is mapped that touches each mesh point in sight; NaN where it is withheld."""
    chart = chart_from_image(fitted(head, view, size), view.px(touching(head))[:, :2])
    errors: Float = np.linalg.norm(chart - CHART, axis=1)[in_sight(head, view)]
    return errors


@pytest.mark.parametrize(
    ("yaw", "pitch", "withheld", "median_mm", "p95_mm"),
    [
        (0, 0, 0.0, 1.1, 2.4),
        (25, 0, 0.15, 1.2, 3.4),
        (-25, 0, 0.15, 1.2, 3.4),
        (0, 15, 0.01, 1.2, 2.4),
        (0, -15, 0.03, 1.2, 3.6),
        (25, 15, 0.15, 1.2, 3.0),
        (-25, -15, 0.18, 1.2, 4.0),
    ],
)
@pytest.mark.parametrize(("size", "shape"), [(1.0, (1, 1, 1)), (1.1, DEEP), (0.92, LONG)], ids=["canonical", "deep", "long"])
def test_turning_the_head_moves_a_touched_place_by_less_than_a_finger_s_width(
    size: float, shape: tuple[float, float, float], yaw: float, pitch: float, withheld: float, median_mm: float, p95_mm: float
) -> None:
    errors = errors_mm(person(size, shape), View(turned(yaw, pitch, 0.0)), size)
    assert np.isnan(errors).mean() <= withheld
    assert np.nanmedian(errors) < median_mm
    assert np.nanquantile(errors, 0.95) < p95_mm


@pytest.mark.parametrize("seed", range(4))
def test_moving_scaling_and_rolling_the_picture_changes_no_place_on_the_face(seed: int) -> None:
    """As cameras do it: face and fingers go together. Exactly, for what is on the face."""
    rng = np.random.default_rng(seed)
    turn = turned(*rng.uniform((-25, -15, 0), (25, 15, 0)))
    head = person(1.05, DEEP)
    still = View(turn)
    points = still.px(touching(head))[SKIN, :2]
    expected = chart_from_image(fitted(head, still), points)
    on_face = expected[:, 1] > -80  # the chin's skin hangs together with the neck's
    points, expected = points[on_face], expected[on_face]
    roll = rng.uniform(-40, 40)
    other = View(turned(roll=roll) @ turn, rng.uniform(0.5, 5.0), tuple(rng.uniform(0, 600, 2)))
    c, s = np.cos(np.deg2rad(roll)), np.sin(np.deg2rad(roll))
    moved = (points - still.place_px) @ np.array([[c, s], [-s, c]]) * (other.px_per_mm / still.px_per_mm) + other.place_px
    np.testing.assert_allclose(chart_from_image(fitted(head, other), moved), expected, atol=0.02)


def test_neck_and_chest_follow_the_head_s_place_and_not_its_tilt() -> None:
    head = person()
    chest = np.array([[30.0, -200.0], [-20.0, -180.0]])
    upright = fitted(head, View(turned()))
    tilted = fitted(head, View(turned(roll=12.0, yaw=15.0)))
    below = [fit.image_from_chart(chest) - fit.pose.project(PIVOT_MM) for fit in (upright, tilted)]
    np.testing.assert_allclose(below[0], below[1], atol=1.0)
    np.testing.assert_allclose(chart_from_image(tilted, tilted.image_from_chart(chest)), chest, atol=2.0)
    moved = fitted(head, View(turned(), place_px=(100.0, 300.0)))
    shift = moved.image_from_chart(chest) - upright.image_from_chart(chest)
    np.testing.assert_allclose(shift, np.broadcast_to((-220.0, 80.0), (2, 2)), atol=0.01)


@pytest.mark.parametrize(("yaw", "hidden", "plain"), [(25, 323, 93), (-25, 93, 323)])
def test_a_cheek_that_turns_away_is_withheld_and_the_other_is_not(yaw: float, hidden: int, plain: int) -> None:
    head = person()
    view = View(turned(yaw))
    chart = chart_from_image(fitted(head, view), view.px(touching(head))[[hidden, plain], :2])
    assert np.isnan(chart[0]).all()
    assert np.linalg.norm(chart[1] - CHART[plain]) < 4.0


def test_straight_ahead_every_place_is_told_and_turning_away_it_gets_less_sure() -> None:
    head = person()
    apart = []
    for yaw in (0, 10, 20):
        view = View(turned(yaw))
        apart.append(float(fitted(head, view).located(view.px(touching(head))[323, :2])[1]))
    assert apart == sorted(apart)
    assert apart[0] < 4.0 < APART_MM < apart[2]


def test_beside_the_head_the_chart_goes_on() -> None:
    """A hand in the air is not on the face; its place says how far off."""
    view = View(turned(roll=20.0))
    fit = fitted(person(), view)
    inside, outside = chart_from_image(fit, view.px(np.array([[119.0, 40.0, 0.0], [169.0, 40.0, 0.0]]))[:, :2])
    np.testing.assert_allclose(outside - inside, (50.0, 0.0), atol=1.5)


def test_from_face_to_neck_there_is_no_leap() -> None:
    fit = fitted(person(), View(turned(10.0, 5.0, 5.0)))
    column = np.stack([np.full(400, 360.0), np.linspace(300, 470, 400)], axis=-1)
    chart = chart_from_image(fit, column)
    assert (np.diff(chart[:, 1]) < 0).all()
    assert np.linalg.norm(np.diff(chart, axis=0), axis=1).max() < 2.0


def test_the_neck_begins_below_the_jaw() -> None:
    assert head_share(CHART[SKIN]).min() > 0.99
    assert head_share(np.array([[0.0, -150.0], [60.0, -135.0], [-60.0, -135.0]])).tolist() == [0.0, 0.0, 0.0]
    assert head_share(np.array([[0.0, 0.0], [40.0, -60.0], [-80.0, -40.0]])).tolist() == [1.0, 1.0, 1.0]


@pytest.mark.parametrize("turn", [(0, 0, 0), (20, 10, 15), (-20, -10, -15)])
def test_skin_s_pixels_are_the_mesh_s(turn: tuple[float, float, float]) -> None:
    head, view = person(1.1), View(turned(*turn))
    seen = in_sight(head, view) & (head_share(CHART) == 1)
    off = np.linalg.norm(fitted(head, view, 1.1).image_from_chart(CHART[seen]) - view.px(head)[seen, :2], axis=1)
    assert np.quantile(off, 0.95) / view.px_per_mm < 4.0


def test_scale_is_millimetres() -> None:
    assert fitted(person(1.2), View(turned(), 2.0), 1.2).mm_per_px == pytest.approx(0.5, rel=1e-3)


def test_batches_are_one_point_at_a_time_and_nan_stays_alone() -> None:
    fit = fitted(person(), View(turned(10.0, 5.0, 5.0)))
    px = np.random.default_rng(0).uniform((150, 100), (500, 470), (4, 7, 2))
    px[1, 2] = np.nan
    chart, back = chart_from_image(fit, px), fit.image_from_chart(px - 300.0)
    assert chart.shape == back.shape == px.shape
    for row in range(4):
        for column in range(7):
            np.testing.assert_allclose(chart[row, column], chart_from_image(fit, px[row, column]), atol=1e-9)
            np.testing.assert_allclose(back[row, column], fit.image_from_chart(px[row, column] - 300.0), atol=1e-9)
    assert np.isnan(chart).sum() == 2


def test_a_palm_is_placed_where_it_touches_though_its_middle_lies_higher_than_a_finger_s() -> None:
    head, view = person(1.0, (1, 1, 1)), View(turned(10, 0, 0))
    palm_mm = head + 14.0 * head_model().normals
    fit, seen = fitted(head, view), in_sight(head, view)
    px = view.px(palm_mm)[:, :2]
    told = [fit.located(px, layer)[0][seen] for layer in LAYERS[[0, 2]]]
    as_finger, as_palm = (np.linalg.norm(chart - CHART[seen], axis=1) for chart in told)
    for share in (0.5, 0.9):
        assert np.nanquantile(as_palm, share) < 0.75 * np.nanquantile(as_finger, share)
    assert np.nanmedian(as_palm) < 2.5
