"""The map of the face: named zones and points in mm, read from ``face_map.toml`` (which begins with how to read it)."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import numpy as np

from facetrack.geometry.head.canonical import canonical_face
from facetrack.packets import Float

CHART_X_MM: Final = (-15.0, 150.0)
"""Range of x that a routine may use on the left side: the map's area with room around it."""
CHART_Y_MM: Final = (-280.0, 110.0)
"""Range of y that a routine may use."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A named point."""

    name: str
    at_mm: Float  # (2,) on the user's left side
    say: str  # where the point is, for people

    @property
    def short(self) -> str:
        """Where it is, without the details: "the temple"."""
        return self.say.split(",")[0]


@dataclass(frozen=True, slots=True)
class Zone:
    """A named area."""

    name: str
    title: str
    outline_mm: Float  # (V, 2) on the user's left side, closed implicitly
    error_mm: float  # how far the place may be from its position on the map on one person
    tolerance_mm: float  # how far beyond its edge a step permits a working point


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
    """Read the map once. Its arrays are read-only."""
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
