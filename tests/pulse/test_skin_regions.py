"""Colours of forehead and cheeks by the mesh, the user's left on the left cheek; hands and pictures' edges withhold."""

import numpy as np
import pytest

from facetrack.geometry.head.canonical import canonical_face
from facetrack.packets import LEFT, Observation
from facetrack.pulse.skin_regions import EYE_CORNERS_MM, REGIONS, skin_colours

SIZE_WH = (320, 240)
BY_REGION = {"forehead": (200, 20, 30), "left cheek": (10, 210, 40), "right cheek": (15, 25, 220)}


def face(scale: float = 1.0, shift: tuple[float, float] = (160.0, 100.0)) -> np.ndarray:
    mesh = np.zeros((478, 3))
    mesh[:, 0] = shift[0] + scale * canonical_face().points_mm[:, 0]  # the user's left is at the right of the picture
    mesh[:, 1] = shift[1] - scale * canonical_face().points_mm[:, 1]
    return mesh


def seen(mesh: np.ndarray, hands: np.ndarray | None = None) -> Observation:
    return Observation(1.0, SIZE_WH, mesh, np.full((2, 21, 3), np.nan) if hands is None else hands)


def painted(mesh: np.ndarray) -> np.ndarray:
    """Grey, with every region's box in a colour (RGB) of its own."""
    image = np.full((SIZE_WH[1], SIZE_WH[0], 3), 90, np.uint8)
    for name, corners in REGIONS.items():
        (x0, y0), (x1, y1) = mesh[list(corners), :2].min(axis=0), mesh[list(corners), :2].max(axis=0)
        image[int(y0) : int(y1) + 1, int(x0) : int(x1) + 1] = BY_REGION[name][::-1]
    return image


def test_each_region_has_its_own_colour() -> None:
    mesh = face()
    colours = skin_colours(painted(mesh), seen(mesh))
    assert colours.regions == pytest.approx(np.array(list(BY_REGION.values())), abs=0.5)
    assert colours.surround == pytest.approx([90.0] * 3)
    assert colours.face
    assert not colours.hands


def test_the_head_is_on_a_scale_of_mm() -> None:
    near, far = (skin_colours(painted(face(scale)), seen(face(scale))) for scale in (1.0, 0.7))
    moved = skin_colours(painted(face()), seen(face(shift=(170.0, 100.0))))
    assert moved.head_mm[0] - near.head_mm[0] == pytest.approx(10.0, rel=0.1)
    corners = canonical_face().points_mm
    assert np.linalg.norm(corners[33] - corners[263]) == pytest.approx(EYE_CORNERS_MM, abs=3.0)
    assert np.isfinite(far.head_mm).all()


def test_a_hand_on_a_cheek_withholds() -> None:
    mesh = face()
    hands = np.full((2, 21, 3), np.nan)
    hands[LEFT] = mesh[425] + np.random.default_rng(0).normal(0, 8.0, (21, 3))
    colours = skin_colours(painted(mesh), seen(mesh, hands))
    assert colours.hands
    assert np.isnan(colours.regions).all()
    hands[LEFT, :, 1] += 150.0  # down at the chest
    assert not skin_colours(painted(mesh), seen(mesh, hands)).hands


def test_no_face_and_a_face_out_of_the_picture_give_nothing() -> None:
    nobody = Observation.empty(1.0, SIZE_WH)
    assert not skin_colours(painted(face()), nobody).face
    outside = face(shift=(-40.0, 100.0))
    assert np.isnan(skin_colours(painted(face()), seen(outside)).regions).any()
    assert np.isnan(skin_colours(painted(face()), seen(face(0.12))).regions).any()  # too few pixels


def test_regions_are_mirror_images() -> None:
    mirror = canonical_face().mirror_index
    assert {int(mirror[k]) for k in REGIONS["left cheek"]} == set(REGIONS["right cheek"])
    assert {int(mirror[k]) for k in REGIONS["forehead"]} == set(REGIONS["forehead"])
