"""Checks whether the user is well placed before the camera and, if not, names the one thing to change."""

from typing import Final

from facetrack.flow.input.frame_facts import BoxPx, FrameFacts, chin_mm
from facetrack.flow.pages.light import FaceLight, light_fault

SMALLEST: Final = 0.24
"""Smallest height of the face (brows to chin, as the mesh has it) as a share of the picture's shorter side. Below it 1 mm is
less than a pixel at 640x480, and fingertips are hard to separate."""
LARGEST: Final = 0.72
"""Largest height of the face: above it hands beside the face leave the picture."""
OFF_MIDDLE: Final = 0.22
"""How far the middle of the face may be from that of the picture, as a share of its width."""
EDGE: Final = 0.02
"""Distance that the face must keep from the picture's upper and lower edge, as a share of its height."""
NECK_MM: Final = -160.0
"""The lower half of the neck begins here on the face map. If steps work below it, this much must be in the picture."""


def neck_needed(lowest_mm: float) -> bool:
    """Check whether a routine whose zones reach down to lowest_mm (y on the face map) works on the neck."""
    return bool(lowest_mm < NECK_MM)


def framing_fault(facts: FrameFacts, light: FaceLight | None, neck: bool) -> str | None:
    """Return the id of the one thing to change, the most important first, or None if all is well."""
    if facts.face_box_px is None:
        return "framing.no-face"
    return _place_fault(facts.face_box_px, facts.size_wh, neck) or (light_fault(light) if light is not None else None)


def _place_fault(box: BoxPx, size_wh: tuple[int, int], neck: bool) -> str | None:
    width, height = size_wh
    x0, y0, x1, y1 = box
    tall = y1 - y0
    if tall < SMALLEST * min(size_wh):
        return "framing.closer"
    if tall > LARGEST * min(size_wh):
        return "framing.back"
    if abs((x0 + x1) / 2 - width / 2) > OFF_MIDDLE * width:
        return "framing.middle"
    if y0 < EDGE * height:
        return "framing.lower"
    if y1 > (1.0 - EDGE) * height:
        return "framing.neck" if neck else "framing.higher"
    # The mesh reaches from a little above the brows to the chin, a known length of the chart.
    neck_px = tall * (chin_mm() - NECK_MM) / _MESH_MM
    return "framing.neck" if neck and y1 + neck_px > height else None


_MESH_MM: Final = 171.0
"""Height of the mesh on the canonical face."""
