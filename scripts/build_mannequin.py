"""Makes the mannequin's meshes: python scripts/build_mannequin.py [OUT.npz]

Writes src/facetrack/mannequin/body/body.npz. The registration in it (where each landmark of the tracker lies) is measured
afterwards by scripts/register_mannequin.py; one that is already there is kept.
"""

import sys
from pathlib import Path

import numpy as np
from mannequin_fields import Array, Head, cone, hair, hand, smoothstep
from numpy.typing import NDArray
from surface_nets import Field, gradient, spaced, surface_net

from facetrack.mannequin.body import hand_rig

TARGET = Path(__file__).parents[1] / "src/facetrack/mannequin/body/body.npz"
UNIT_MM = 0.02  # of the stored int16 coordinates
AO_REACH_MM = (5.0, 12.0, 28.0)
FINE_MM = 3.0
ELBOW_REST = np.array([0.0, -250.0, 0.0])
HAIR_PART, SKIN_PART = 1, 0


def both_ways(half: Array) -> Array:
    return np.concatenate([-half[:0:-1], half])


def head_axes() -> tuple[Array, Array, Array]:
    x = both_ways(spaced([(0.0, FINE_MM), (84.0, 8.0)], 240.0))
    y = spaced([(-525.0, 18.0), (-345.0, 11.0), (-200.0, 6.0), (-130.0, FINE_MM), (62.0, 5.0)], 136.0)
    z = spaced([(-130.0, 10.0), (-100.0, 4.0), (-80.0, FINE_MM + 0.3)], 40.0)
    return x, y, z


def occlusion(field: Field, points: Array, normals: Array) -> Array:
    """0 (buried) to 1 (open), from the field's distances above the surface."""
    open_ = [np.clip(field(points + normals * d) / d, 0.0, 1.0) for d in AO_REACH_MM]
    return np.mean(open_, axis=0)


def mesh(field: Field, axes: tuple[Array, Array, Array], hidden_z: float) -> dict[str, Array | NDArray[np.int64]]:
    """A mesh without the triangles that face backwards more than any pose can show."""
    vertices, triangles = surface_net(field, axes)
    slope = gradient(field, vertices)
    normals = slope / np.maximum(np.linalg.norm(slope, axis=-1, keepdims=True), 1e-9)
    triangles = triangles[normals[triangles, 2].mean(axis=1) > hidden_z]
    used, back = np.unique(triangles, return_inverse=True)
    vertices, normals = vertices[used], normals[used]
    return {"v": vertices, "n": normals, "ao": occlusion(field, vertices, normals), "t": back.reshape(-1, 3)}


def merged(skin: dict[str, Array], cap: dict[str, Array]) -> dict[str, Array]:
    count = len(skin["v"])
    out = {k: np.concatenate([skin[k], cap[k]]) for k in ("v", "n", "ao")}
    out["t"] = np.concatenate([skin["t"], cap["t"] + count])
    out["part"] = np.concatenate([np.full(count, SKIN_PART), np.full(len(cap["v"]), HAIR_PART)])
    return out


def head_share(v: Array) -> Array:
    """How much of the head's rotation a point of the skin follows: 1 on the head, 0 from the lower neck down."""
    throat = np.array([0.0, -112.0, -48.0])
    along = (v - throat) @ np.array([0.0, 0.94, 0.34])
    return smoothstep(along, -34.0, 4.0)


def bone_weights(v: Array) -> Array:
    """(V, 17) share of each bone, by closeness to the bones' capsules."""
    chain, radii = hand_rig.REST_CHAIN, hand_rig.BONE_RADII
    palm = [cone(v, (0, 8, 0), chain[f, 0] * [1, 0.93, 1], 13, 11) for f in range(1, 5)]
    palm.append(cone(v, (9, 12, -5), chain[0, 0] * 1.1, 14, 14))
    distances = [cone(v, ELBOW_REST, (0, -12, 0), 34, 24), np.min(palm, axis=0)]
    for f in range(5):
        distances += [cone(v, chain[f, k], chain[f, k + 1], radii[f, k], radii[f, k + 1]) for k in range(3)]
    d = np.maximum(np.stack(distances, axis=-1), 0.0)
    softness = 2.2
    w = np.exp(-(d - d.min(axis=1, keepdims=True)) / softness)
    w[w < 0.03] = 0.0
    return w / w.sum(axis=1, keepdims=True)


def packed(prefix: str, m: dict[str, Array]) -> dict[str, NDArray[np.generic]]:
    assert len(m["v"]) < 65536
    return {
        f"{prefix}_v": np.round(m["v"] / UNIT_MM).astype(np.int16),
        f"{prefix}_n": np.round(m["n"] * 127).astype(np.int8),
        f"{prefix}_ao": np.round(m["ao"] * 255).astype(np.uint8),
        f"{prefix}_t": m["t"].astype(np.uint16),
    }


def main(target: Path) -> None:
    head_field = Head()
    skin = mesh(head_field, head_axes(), -0.55)
    cap_axes = (both_ways(spaced([(0.0, 5.0)], 90.0)), spaced([(-40.0, 5.0)], 140.0), spaced([(-130.0, 5.5)], 5.0))
    cap = mesh(hair, cap_axes, -0.55)
    head = merged(skin, cap)
    hand_axes = (
        spaced([(-56.0, 3.7)], 116.0),
        spaced([(-380.0, 18.0), (-40.0, 6.0), (0.0, 3.7)], 196.0),
        spaced([(-50.0, 3.7)], 50.0),
    )
    left = mesh(hand, hand_axes, -2.0)
    data = packed("head", head) | packed("hand", left)
    data["head_part"] = head["part"].astype(np.uint8)
    data["head_share"] = np.round(head_share(head["v"]) * 255).astype(np.uint8)
    data["hand_w"] = np.round(bone_weights(left["v"]) * 255).astype(np.uint8)
    data["person_mm"] = head_field.points.astype(np.float32)
    if target.exists():
        old = np.load(target)
        data |= {k: old[k] for k in old.files if k.startswith("registration")}
    np.savez_compressed(target, **data)
    print(f"{target}: {target.stat().st_size} bytes")
    print({k: v.shape for k, v in data.items()})


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET)
