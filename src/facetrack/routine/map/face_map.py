"""The face's map: named zones and points in chart mm, read from ``face_map.toml`` (whose head says how to read it)."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import numpy as np

from facetrack.geometry.head.canonical import canonical_face
from facetrack.packets import Float

CHART_X_MM: Final = (-15.0, 150.0)
CHART_Y_MM: Final = (-280.0, 110.0)
"""What a routine may speak of on the left side: the map's ground with room around it."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A named point. at_mm: (2,) on the user's left side. say: where it is, for people."""

    name: str
    at_mm: Float
    say: str


@dataclass(frozen=True, slots=True)
class Zone:
    """A named area. outline_mm: (V, 2) on the user's left side, closed implicitly.

    error_mm: how far the place may lie off its chart position on one person. tolerance_mm: what a step allows beyond its edge.
    """

    name: str
    title: str
    outline_mm: Float
    error_mm: float
    tolerance_mm: float


@dataclass(frozen=True, slots=True)
class FaceMap:
    """All names that a routine can use."""

    anchors: dict[str, Anchor]
    zones: dict[str, Zone]


def _place(entry: dict[str, Any]) -> Float:
    if "at" in entry:
        return np.array(entry["at"], dtype=np.float64)
    shifted: Float = canonical_face().points_mm[entry["landmark"], :2] + entry["shift"]
    return shifted


def _frozen(array: Float) -> Float:
    array.setflags(write=False)
    return array


@cache
def face_map() -> FaceMap:
    """The map, read once. Its arrays are read-only."""
    data = tomllib.loads(files("facetrack.routine.map").joinpath("face_map.toml").read_text(encoding="utf-8"))
    anchors = {name: Anchor(name, _frozen(_place(entry)), entry["say"]) for name, entry in data["anchors"].items()}
    zones = {
        name: Zone(
            name,
            entry["title"],
            _frozen(np.array(entry["outline"], dtype=np.float64)),
            float(entry["error_mm"]),
            float(entry["tolerance_mm"]),
        )
        for name, entry in data["zones"].items()
    }
    return FaceMap(anchors, zones)
