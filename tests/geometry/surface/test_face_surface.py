"""The face as a surface over the chart: through the mesh, and on beyond it."""

import numpy as np
import pytest

from facetrack.geometry.head.canonical import canonical_face
from facetrack.geometry.head.landmarks import PIVOT_MM
from facetrack.geometry.surface.face_surface import FINGER_MM, LATTICE, FaceSurface
from facetrack.packets import Float
from scripts.build_generic_head import head_share
from tests.geometry.heads import person

NODES = LATTICE.centres().reshape(-1, 2)
FACE = canonical_face().points_mm[:468]


def upright(surface: FaceSurface) -> Float:
    """(N, 3) the skin of a head that looks straight on."""
    skin: Float = surface.turning + surface.resting
    return skin


def node(x: float, y: float) -> int:
    return int(LATTICE.nearest(np.array([x, y])))


@pytest.mark.parametrize("size", [0.9, 1.0, 1.15])
def test_it_passes_through_the_mesh(size: float) -> None:
    template = person(size, (1.05, 0.96, 1.1))
    skin = upright(FaceSurface.of(template, size))
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


def test_a_larger_head_is_the_same_one_scaled() -> None:
    plain = FaceSurface.of(canonical_face().points_mm, 1.0)
    large = FaceSurface.of(1.2 * canonical_face().points_mm, 1.2)
    np.testing.assert_allclose(upright(plain.scaled(1.2)), upright(large), atol=1e-9)


def test_a_finger_lies_its_half_thickness_above_the_skin() -> None:
    surface = FaceSurface.of(person(), 1.0)
    raised = surface.tip_turning + surface.tip_resting - upright(surface)
    np.testing.assert_allclose(np.linalg.norm(raised, axis=1), FINGER_MM, atol=1e-9)
    assert (raised[:, 2] > 0).all()


def test_the_face_turns_with_the_head_and_the_neck_s_base_does_not() -> None:
    surface = FaceSurface.of(person(), 1.0)
    face, neck = head_share(NODES) == 1, head_share(NODES) == 0
    np.testing.assert_allclose(surface.resting[face], 0.0, atol=1e-12)
    np.testing.assert_allclose(surface.turning[neck], np.broadcast_to(PIVOT_MM, (neck.sum(), 3)), atol=1e-12)


def test_normals_are_those_of_the_skin_smoothed_to_a_fingertip_s_width() -> None:
    """A Gaussian of 1.1 cells, cut at four; the surface's two directions are differences of neighbours."""
    surface = FaceSurface.of(person(1.1, (1.05, 0.96, 1.1)), 1.1)
    skin = upright(surface).reshape(LATTICE.rows, LATTICE.columns, 3)
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
        raised = surface.tip_turning[at] + surface.tip_resting[at] - surface.turning[at] - surface.resting[at]
        np.testing.assert_allclose(raised, 6.0 * plain / np.linalg.norm(plain), atol=1e-6)


def test_where_the_skin_turns_with_the_head_it_turns_about_the_nose_bridge_and_elsewhere_about_the_joint() -> None:
    size = 1.15
    surface, share = FaceSurface.of(person(size), size), head_share(NODES)[:, None]
    skin = upright(surface)
    np.testing.assert_allclose(surface.turning, share * skin + (1 - share) * PIVOT_MM * size, atol=1e-6)
    normal = (surface.tip_turning + surface.tip_resting - skin) / FINGER_MM
    np.testing.assert_allclose(surface.normal_turning, share * normal, atol=1e-6)
    np.testing.assert_allclose(surface.normal_resting, (1 - share[:, 0]) * normal[:, 2], atol=1e-6)
    rows = [surface.tip_turning, surface.tip_resting, surface.normal_turning, surface.normal_resting[:, None]]
    np.testing.assert_array_equal(surface.for_tips, np.hstack(rows).T)


def test_a_head_so_many_times_as_large_has_the_same_normals() -> None:
    plain = FaceSurface.of(person(), 1.0)
    large = plain.scaled(1.3)
    for name in ("turning", "resting", "tip_turning", "tip_resting"):
        np.testing.assert_allclose(getattr(large, name), 1.3 * getattr(plain, name))
    for name in ("normal_turning", "normal_resting"):
        np.testing.assert_array_equal(getattr(large, name), getattr(plain, name))
