"""The face as a surface over the chart: through the mesh, and on beyond it."""

import numpy as np
import pytest
from scripts.build_generic_head import head_share

from facetrack.geometry.head.canonical import canonical_face
from facetrack.geometry.head.landmarks import PIVOT_MM
from facetrack.geometry.surface.face_surface import FINGER_MM, LATTICE, FaceSurface
from facetrack.packets import Float
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
