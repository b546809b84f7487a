"""The face as a surface over the chart: through the mesh, and on beyond it."""

import numpy as np
import pytest

from facetrack.geometry.head.canonical import canonical_face
from facetrack.geometry.head.landmarks import PIVOT_MM
from facetrack.geometry.surface.face_surface import ABOVE_MM, BESIDE, FINGER_MM, LATTICE, LAYERS, TOUCH, TOUCH_NODE, FaceSurface
from facetrack.packets import Float
from scripts.build_generic_head import head_share
from tests.geometry.heads import person

NODES = LATTICE.centres().reshape(-1, 2)
FACE = canonical_face().points_mm[:468]


def straight_on(rows: Float) -> Float:
    """(N, 7) turning and resting -> (N, 3) where it is on a head that looks straight on."""
    return rows[:, :3] + rows[:, [3, 4, 6]]


def upright(surface: FaceSurface, size: float = 1.0) -> Float:
    """(N, 3) the skin of a head that looks straight on, in the user's mm."""
    return size * straight_on(surface.skin)


def raised(surface: FaceSurface, size: float = 1.0) -> Float:
    """(N, 3) how a touching fingertip's landmark lies above it."""
    return size * (straight_on(surface.coarse[:7].T) - straight_on(surface.skin))


def node(x: float, y: float) -> int:
    return int(LATTICE.nearest(np.array([x, y])))


@pytest.mark.parametrize("size", [0.9, 1.0, 1.15])
def test_it_passes_through_the_mesh(size: float) -> None:
    template = person(size, (1.05, 0.96, 1.1))
    skin = upright(FaceSurface.of(template, size), size)
    away = np.linalg.norm(NODES[:, None] - FACE[:, :2], axis=-1)
    near = away.min(axis=1) < 1.5
    off = skin[near] - template[away[near].argmin(axis=1)]
    assert near.sum() > 20
    assert np.median(np.linalg.norm(off, axis=1)) < 2.0


def test_beyond_the_mesh_the_sides_recede_and_the_neck_lies_behind_the_chin() -> None:
    skin = upright(FaceSurface.of(person(), 1.0))
    assert np.isfinite(skin).all()
    assert skin[node(88, -24), 2] < skin[node(72, -24), 2] < skin[node(56, -24), 2]
    assert skin[node(0, -160), 2] < skin[node(0, -104), 2] - 25.0


def test_both_sides_are_alike() -> None:
    skin = upright(FaceSurface.of(person(), 1.0)).reshape(LATTICE.rows, LATTICE.columns, 3)
    np.testing.assert_allclose(skin[:, ::-1] * (-1, 1, 1), skin, atol=0.2)


def test_a_larger_head_is_the_same_one_with_thinner_fingers_on_it() -> None:
    plain, large = (FaceSurface.of(size * canonical_face().points_mm, size) for size in (1.0, 1.2))
    np.testing.assert_allclose(large.skin, plain.skin, atol=1e-9)
    np.testing.assert_allclose(large.coarse[7:], plain.coarse[7:], atol=1e-9)
    np.testing.assert_allclose(raised(large, 1.2), raised(plain), atol=1e-9)


def test_a_finger_lies_its_half_thickness_above_the_skin() -> None:
    surface = FaceSurface.of(person(), 1.0)
    np.testing.assert_allclose(np.linalg.norm(raised(surface), axis=1), FINGER_MM, atol=1e-9)
    assert (raised(surface)[:, 2] > 0).all()


def test_the_face_turns_with_the_head_and_the_neck_s_base_does_not() -> None:
    surface = FaceSurface.of(person(), 1.0)
    face, neck = head_share(NODES) == 1, head_share(NODES) == 0
    np.testing.assert_allclose(surface.skin[face][:, [3, 4, 6]], 0.0, atol=1e-12)
    np.testing.assert_allclose(surface.skin[neck, :3], np.broadcast_to(PIVOT_MM, (neck.sum(), 3)), atol=1e-12)


def test_normals_are_those_of_the_skin_smoothed_to_a_fingertip_s_width() -> None:
    """A Gaussian of 1.1 cells, cut at four; the surface's two directions are differences of neighbours."""
    surface = FaceSurface.of(person(1.1, (1.05, 0.96, 1.1)), 1.1)
    skin, above = upright(surface, 1.1).reshape(LATTICE.rows, LATTICE.columns, 3), raised(surface, 1.1)
    weight = np.exp(-0.5 * (np.arange(-4, 5) / 1.1) ** 2)
    weight /= weight.sum()

    def smooth(row: int, column: int) -> Float:
        around = skin[row - 4 : row + 5, column - 4 : column + 5]
        found: Float = np.einsum("r,c,rci->i", weight, weight, around)
        return found

    for row, column in np.random.default_rng(0).integers((6, 6), (LATTICE.rows - 6, LATTICE.columns - 6), (40, 2)).tolist():
        across = smooth(row, column + 1) - smooth(row, column - 1)
        up = smooth(row + 1, column) - smooth(row - 1, column)
        plain = np.cross(across, up)
        at = row * LATTICE.columns + column
        np.testing.assert_allclose(above[at], 6.0 * plain / np.linalg.norm(plain), atol=1e-6)


def test_where_the_skin_turns_with_the_head_it_turns_about_the_nose_bridge_and_elsewhere_about_the_joint() -> None:
    surface, share = FaceSurface.of(person(1.15), 1.15), head_share(NODES)[:, None]
    np.testing.assert_allclose(surface.skin[:, :3], share * upright(surface) + (1 - share) * PIVOT_MM, atol=1e-6)
    normal = raised(surface, 1.15) / FINGER_MM
    np.testing.assert_allclose(surface.coarse[7:10].T, share * normal, atol=1e-6)
    np.testing.assert_allclose(surface.coarse[10], (1 - share[:, 0]) * normal[:, 2], atol=1e-6)


def test_what_touches_lies_as_high_as_it_is_thick_at_the_nodes_and_between_them_halfway() -> None:
    surface = FaceSurface.of(person(1.15), 1.15)
    touched = surface.touched.reshape(2, len(ABOVE_MM), TOUCH.rows, TOUCH.columns, 6)
    for beside, layers in zip((False, True), touched, strict=True):
        for above_mm, begins, layer in zip(ABOVE_MM, LAYERS, layers, strict=True):
            nodes = np.flatnonzero(beside == BESIDE)
            rows = surface.touched[TOUCH_NODE[nodes] + begins]
            off = 1.15 * (rows[:, :2] + rows[:, 3:5] - straight_on(surface.skin)[nodes, :2])
            np.testing.assert_allclose(off, above_mm / FINGER_MM * raised(surface, 1.15)[nodes, :2], atol=1e-4)
            between = layer[61, 41:51:2], layer[61, 42:52:2], layer[61, 43:53:2]
            np.testing.assert_allclose(between[1], (between[0] + between[2]) / 2.0, atol=1e-4)


def test_beside_the_face_is_looked_at_only_from_there_and_nowhere_beyond_the_lattice() -> None:
    """What is nowhere lies a kilometre off, so that nothing looks alike."""
    surface = FaceSurface.of(person(), 1.0)
    x, y = np.moveaxis(TOUCH.centres().reshape(-1, 2), -1, 0)
    outside = (np.abs(x) > 120.0) | (y < -240.0) | (y > 120.0)
    far = surface.touched.reshape(2, len(ABOVE_MM), -1, 6)[..., 3] > 1e5
    assert (far == [[outside | (np.abs(x) > 82.0)] * 3, [outside] * 3]).all()
    assert BESIDE.tolist() == (np.abs(NODES[:, 0]) > 82.0).tolist()
