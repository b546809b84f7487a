"""Models the tools that the mannequin can hold: a plate (gua sha) and a roller, fixed in the hand that grips them."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from facetrack.mannequin.body.hand_rig import MIDDLE, THUMB, TIP_JOINTS, HandJoints
from facetrack.packets import Float

Float32 = NDArray[np.float32]
_SLOPE_RAD: Final = float(np.deg2rad(38.0))
"""How far a tool points down from the palm's plane, towards the palm's side: the way that the bent fingers point."""
_AHEAD: Final = np.array([0.0, np.cos(_SLOPE_RAD), -np.sin(_SLOPE_RAD)])
_ACROSS: Final = np.array([1.0, 0.0, 0.0])
_UP: Final = np.array([0.0, np.sin(_SLOPE_RAD), np.cos(_SLOPE_RAD)])
_HELD_MM: Final = 22.0
"""How much of a tool lies between the fingers."""
_OUTLINE: Final = 28


@dataclass(frozen=True, slots=True)
class Tool:
    """Describes a tool and how it is held."""

    kind: Literal["plate", "roller"] = "plate"
    beyond_mm: float = 28.0  # from the fingertips to the edge that touches
    width_mm: float = 54.0
    angle_deg: float = 15.0  # between the tool and the skin
    aside_deg: float = 0.0  # turned in the grip, towards the thumb

    @property
    def slope_rad(self) -> float:
        """How far the tool points down from the palm's plane."""
        return _SLOPE_RAD

    @property
    def ahead(self) -> Float:
        """The way that the tool points, in the hand's frame, (3,)."""
        aside = np.deg2rad(self.aside_deg)
        way: Float = np.cos(aside) * _AHEAD + np.sin(aside) * _ACROSS
        return way

    def edge_mm(self, posed: HandJoints) -> Float:
        """Return the middle of the edge that touches, (..., 3) in the hand's frame."""
        edge: Float = _held_at(posed) + self.beyond_mm * self.ahead
        return edge


def _held_at(posed: HandJoints) -> Float:
    """Return the middle of the fingertips that hold it, (..., 3)."""
    held: Float = posed.joints[..., TIP_JOINTS[[THUMB, 1, MIDDLE]], :].mean(axis=-2)
    return held


@dataclass(frozen=True, slots=True)
class ToolMesh:
    """A tool's surface, as seen from the middle of the fingertips."""

    points_mm: Float32  # (V, 3)
    normals: Float32
    triangles: NDArray[np.int32]  # (3, T)


@lru_cache(maxsize=8)
def tool_mesh(tool: Tool) -> ToolMesh:
    """Build the surface of a tool in the hand's frame."""
    across = np.cross(tool.ahead, _UP)
    across /= np.linalg.norm(across)
    frame = np.stack([across, tool.ahead, _UP], axis=-1)
    parts = _plate(tool) if tool.kind == "plate" else _roller(tool)
    points, triangles, count = [], [], 0
    for corners, faces in parts:
        points.append(corners)
        triangles.append(faces + count)
        count += len(corners)
    vertices, faces = np.concatenate(points), np.concatenate(triangles)
    normals = _flat_normals(vertices, faces)
    return ToolMesh(
        (vertices[faces.ravel()] @ frame.T).astype(np.float32),
        (np.repeat(normals, 3, axis=0) @ frame.T).astype(np.float32),
        np.ascontiguousarray(np.arange(3 * len(faces), dtype=np.int32).reshape(-1, 3).T),
    )


def posed_tool(tool: Tool, posed: HandJoints) -> tuple[Float32, Float32, NDArray[np.int32]]:
    """Return points, normals and triangles of a tool in one hand's frame."""
    mesh = tool_mesh(tool)
    return mesh.points_mm + _held_at(posed).astype(np.float32), mesh.normals, mesh.triangles


def _plate(tool: Tool) -> list[tuple[Float, NDArray[np.intp]]]:
    """Build a slab with a rounded outline, 5 mm thick and bevelled: x across, y ahead, z up."""
    angle = np.linspace(0, 2 * np.pi, _OUTLINE, endpoint=False)
    middle, half = (tool.beyond_mm - _HELD_MM) / 2, (tool.beyond_mm + _HELD_MM) / 2
    rounded = np.sign(np.cos(angle)) * np.abs(np.cos(angle)) ** 0.7, np.sign(np.sin(angle)) * np.abs(np.sin(angle)) ** 0.7
    outline = np.stack([tool.width_mm / 2 * rounded[0], middle + half * rounded[1]], axis=-1)
    inner = (outline - [0.0, middle]) * 0.88 + [0.0, middle]
    levels = [(inner, 2.5), (outline, 0.0), (inner, -2.5)]
    rings = [np.column_stack([ring, np.full(_OUTLINE, z)]) for ring, z in levels]
    tops = [np.array([[0.0, middle, z]]) for z in (2.5, -2.5)]
    return [_closed(rings, tops[0], tops[1])]


def _roller(tool: Tool) -> list[tuple[Float, NDArray[np.intp]]]:
    """Build a thin handle ahead, and across its end a barrel, whose underside is the edge."""
    radius = 9.0
    turn = np.linspace(0, 2 * np.pi, 14, endpoint=False)
    handle = [
        np.stack([4.5 * np.cos(turn), np.full(14, y), 4.5 * np.sin(turn)], axis=-1) for y in (-_HELD_MM, tool.beyond_mm - 4.0)
    ]
    barrel = []
    for x in np.linspace(-1.0, 1.0, 7):
        r = radius * np.sqrt(1.0 - 0.55 * x**2)
        ring = [np.full(14, x * tool.width_mm / 2), tool.beyond_mm + r * np.cos(turn), radius + r * np.sin(turn)]
        barrel.append(np.stack(ring, axis=-1))
    ends = [ring.mean(axis=0, keepdims=True) for ring in (handle[0], handle[-1], barrel[0], barrel[-1])]
    return [_closed(handle, ends[0], ends[1]), _closed(barrel, ends[2], ends[3])]


def _closed(rings: list[Float], first: Float, last: Float) -> tuple[Float, NDArray[np.intp]]:
    """Build a surface through rings of points, closed at both ends; its triangles look outwards."""
    n, count = len(rings[0]), len(rings)
    points = np.concatenate([*rings, first, last])
    at = np.arange(n)
    after = (at + 1) % n
    faces = [np.stack([after, at, np.full(n, count * n)], axis=-1)]
    for k in range(count - 1):
        a, b, c, d = k * n + at, k * n + after, (k + 1) * n + at, (k + 1) * n + after
        faces += [np.stack([a, b, c], axis=-1), np.stack([b, d, c], axis=-1)]
    faces.append(np.stack([(count - 1) * n + at, (count - 1) * n + after, np.full(n, count * n + 1)], axis=-1))
    triangles = np.concatenate(faces)
    outwards = (_flat_normals(points, triangles) * (points[triangles].mean(axis=1) - points.mean(axis=0))).sum(axis=-1)
    triangles[outwards < 0] = triangles[outwards < 0][:, ::-1]
    return points, triangles


def _flat_normals(points: Float, triangles: NDArray[np.intp]) -> Float:
    a, b, c = (points[triangles[:, k]] for k in range(3))
    normal = np.cross(b - a, c - a)
    unit: Float = normal / np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-9)
    return unit
