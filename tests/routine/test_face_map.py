"""The face's map: its names, its shapes, and that it lies where the canonical face says."""

from pathlib import Path

import pytest

from facetrack.geometry.chart.zones import zone_distance
from facetrack.geometry.head.canonical import canonical_face
from facetrack.routine.map.face_map import CHART_X_MM, CHART_Y_MM, face_map
from facetrack.routine.map.polygons import area_mm2, crosses_itself
from scripts.face_map_picture import map_svg

TOP = Path(__file__).parents[2]
GROUND = [
    "forehead",
    "brow",
    "temple",
    "upper-eyelid",
    "lower-eyelid",
    "nose-bridge",
    "nose-side",
    "nostril",
    "upper-lip",
    "lower-lip",
    "mouth-corner",
    "cheek",
    "cheekbone",
    "jawline",
    "chin",
    "ear-base",
    "neck-front",
    "neck-side",
    "nape",
    "collarbone",
    "chest",
]
LANDMARKS_IN_ZONES = {
    "forehead": (151, 337, 333),
    "brow": (336, 334, 300, 282),
    "upper-eyelid": (386, 443),
    "lower-eyelid": (374, 450, 449),
    "nose-bridge": (168, 6, 197, 195, 5, 4),
    "nose-side": (412, 437, 355),
    "nostril": (279, 358, 327),
    "upper-lip": (0, 269, 267),
    "lower-lip": (17, 405, 18),
    "mouth-corner": (291, 308),
    "cheek": (425, 427, 411),
    "cheekbone": (346, 280, 330),
    "jawline": (152, 378, 365, 397, 288),
    "chin": (152, 175, 199),
    "temple": (368, 389, 353),
    "face": (10, 152, 454, 4, 291),
}


def test_names_the_whole_ground_of_both_routines() -> None:
    assert set(GROUND) <= set(face_map().zones)


@pytest.mark.parametrize("name", sorted(face_map().zones))
def test_zone_is_a_simple_polygon_on_the_chart(name: str) -> None:
    zone = face_map().zones[name]
    outline = zone.outline_mm
    assert not crosses_itself(outline, closed=True)
    assert area_mm2(outline) > 300  # room for a fingertip of 20 mm
    assert (outline[:, 0] >= -20).all()
    assert (outline[:, 0] <= CHART_X_MM[1]).all()
    assert ((outline[:, 1] >= CHART_Y_MM[0]) & (outline[:, 1] <= CHART_Y_MM[1])).all()
    assert zone.tolerance_mm in (8.0, 20.0)
    assert 0 < zone.error_mm <= zone.tolerance_mm + 2


@pytest.mark.parametrize("name", sorted(LANDMARKS_IN_ZONES))
def test_zone_holds_the_landmarks_of_its_feature(name: str) -> None:
    points = canonical_face().points_mm[list(LANDMARKS_IN_ZONES[name]), :2]
    assert zone_distance(points, (face_map().zones[name].outline_mm,)).max() == 0.0


@pytest.mark.parametrize("name", sorted(face_map().anchors))
def test_anchor_is_on_the_left_side_in_some_zone(name: str) -> None:
    anchor = face_map().anchors[name]
    assert anchor.at_mm[0] >= 0
    assert anchor.say
    assert zone_distance(anchor.at_mm[None], [zone.outline_mm for zone in face_map().zones.values()]).max() == 0.0


def test_midline_zones_reach_over_the_midline_as_far_as_the_hand_tells_the_side() -> None:
    for name in ("forehead", "brow", "nose-bridge", "upper-lip", "lower-lip", "chin", "jawline", "neck-front", "chest", "face"):
        assert face_map().zones[name].outline_mm[:, 0].min() <= -10


def test_the_picture_of_the_map_is_up_to_date() -> None:
    assert (TOP / "docs" / "face-map.svg").read_text(encoding="utf-8") == map_svg(), "run scripts/write_routine_files.py"


def test_the_picture_names_everything() -> None:
    svg = map_svg()
    assert all(f">{name}</text>" in svg for name in (*face_map().zones, *face_map().anchors))
    assert len(svg) < 300_000
