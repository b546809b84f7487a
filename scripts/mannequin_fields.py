"""Distance fields of the mannequin: head with neck and chest, hair, and the left hand. Millimetres, head and hand frames.

The face is a height field through the canonical landmarks of ONE person: the canonical face with a longer chin, a narrower
jaw and a broader nose, so that registering the mannequin to the chart is no identity. It melts into distance primitives for
the rest.
"""

import numpy as np
from numpy.typing import NDArray

from facetrack.geometry.head.canonical import canonical_face
from facetrack.geometry.head.landmarks import LEFT_OVAL
from facetrack.mannequin.body import hand_rig

Array = NDArray[np.float64]
FACE_BLEND_MM = (0.0, 9.0)  # from the oval inwards: where the height field begins and where it rules
RIM_RADIUS_MM = 15.0
END_BEYOND_TIP_MM = np.array([0.0, 1.5, 1.5, 1.5, 1.5])  # from each finger's tip joint to the centre of its round end
MESH_POINTS = 468  # the irises have no height of their own


def smoothstep(x: Array | float, low: float, high: float) -> Array:
    t = np.clip((np.asarray(x, dtype=float) - low) / (high - low), 0.0, 1.0)
    return t * t * (3 - 2 * t)


def person_points() -> Array:
    """(478, 3) the canonical face made into somebody: what the face is modelled and painted by."""
    p = canonical_face().points_mm.copy()
    jaw = smoothstep(-p[:, 1], 30.0, 110.0)
    p[:, 1] -= 5.0 * jaw
    p[:, 0] *= 1.0 - 0.045 * jaw
    nose = np.exp(-((p[:, 0] / 26.0) ** 2) - ((p[:, 1] + 30.0) / 20.0) ** 2)
    p[:, 0] *= 1.0 + 0.10 * nose
    p[:, 2] += 2.0 * nose
    p[:, 1] += 2.0 * smoothstep(p[:, 1], 12.0, 40.0)
    return p


def ellipsoid(p: Array, centre: tuple[float, float, float], radii: tuple[float, float, float]) -> Array:
    r = np.array(radii)
    q = (p - np.array(centre)) / r
    k0 = np.linalg.norm(q, axis=-1)
    k1 = np.linalg.norm(q / r, axis=-1) + 1e-9
    return k0 * (k0 - 1.0) / k1


def cone(p: Array, a: Array | tuple[float, ...], b: Array | tuple[float, ...], ra: float, rb: float) -> Array:
    """A capsule from a to b with radii ra and rb."""
    a, b = np.array(a, float), np.array(b, float)
    axis = b - a
    t = np.clip(((p - a) @ axis) / (axis @ axis), 0.0, 1.0)
    return np.linalg.norm(p - (a + t[..., None] * axis), axis=-1) - (ra + (rb - ra) * t)


def union(a: Array, b: Array, k: float) -> Array:
    """Smooth minimum over k mm."""
    h = np.clip(0.5 + 0.5 * (b - a) / k, 0.0, 1.0)
    return b * (1.0 - h) + a * h - k * h * (1.0 - h)


def carve(a: Array, b: Array, k: float) -> Array:
    return -union(-a, b, k)


def mirrored(p: Array) -> Array:
    s = p.copy()
    s[..., 0] = np.abs(s[..., 0])
    return s


class FaceHeight:
    """Height z(x, y) of the face: thin-plate spline through the landmarks, a little smoothed."""

    SMOOTHING = 30.0  # on the scale of r^2 log r in mm; takes MediaPipe's grain out, keeps the lips' edges

    def __init__(self, points: Array) -> None:
        n = len(points)
        self._xy = points[:, :2]
        system = np.zeros((n + 3, n + 3))
        system[:n, :n] = self._kernel(self._xy) + self.SMOOTHING * np.eye(n)
        system[:n, n:] = np.column_stack([np.ones(n), self._xy])
        system[n:, :n] = system[:n, n:].T
        self._weights = np.linalg.solve(system, np.concatenate([points[:, 2], np.zeros(3)]))
        half = points[list(LEFT_OVAL), :2]
        self._oval = np.concatenate([half, (half * [-1, 1])[-2:0:-1]])

    def _kernel(self, xy: Array) -> Array:
        d2 = ((xy[:, None] - self._xy[None]) ** 2).sum(-1)
        return np.where(d2 > 0, 0.5 * d2 * np.log(np.maximum(d2, 1e-12)), 0.0)

    def height(self, xy: Array) -> Array:
        n = len(self._xy)
        return self._kernel(xy) @ self._weights[:n] + self._weights[n] + xy @ self._weights[n + 1 :]

    def inside_mm(self, xy: Array) -> Array:
        """Distance into the face's oval, negative outside."""
        a, b = self._oval, np.roll(self._oval, -1, axis=0)
        edge = b - a
        rel = xy[:, None] - a
        t = np.clip((rel * edge).sum(-1) / (edge**2).sum(-1), 0.0, 1.0)
        distance = np.sqrt(((rel - t[..., None] * edge) ** 2).sum(-1).min(axis=1))
        crosses = (a[:, 1] > xy[:, None, 1]) != (b[:, 1] > xy[:, None, 1])
        with np.errstate(divide="ignore", invalid="ignore"):
            at = a[:, 0] + (xy[:, None, 1] - a[:, 1]) * edge[:, 0] / edge[:, 1]
        odd = (crosses & (xy[:, None, 0] < at)).sum(axis=1) % 2 == 1
        return np.where(odd, distance, -distance)


class Head:
    """Skin of head, neck and chest."""

    def __init__(self) -> None:
        self.points = person_points()
        self._face = FaceHeight(self.points[:MESH_POINTS])
        self._rim = self._rim_centres()

    def __call__(self, p: Array) -> Array:
        rough = self._primitives(p)
        near = np.abs(rough) < 70.0
        near &= (p[:, 2] > -85.0) & (np.abs(p[:, 0]) < 75.0) & (p[:, 1] > -125.0) & (p[:, 1] < 65.0)
        if not near.any():
            return rough
        q = p[near]
        xy, back = np.unique(np.round(q[:, :2], 4), axis=0, return_inverse=True)
        weight = smoothstep(self._face.inside_mm(xy), *FACE_BLEND_MM)[back.ravel()]
        eyes = np.exp(-(((np.abs(xy[:, 0]) - 32.3) / 12.0) ** 2) - ((xy[:, 1] - 2.0) / 6.5) ** 2)
        height = (self._face.height(xy) + 1.8 * eyes)[back.ravel()]
        out = rough.copy()
        out[near] = (1 - weight) * rough[near] + weight * (q[:, 2] - height) * 0.8
        return out

    def _rim_centres(self) -> Array:
        """Centres of balls that touch the face along its oval from inside, so that the rest of the head takes over smoothly."""
        rim = self.points[list(LEFT_OVAL)]
        inner = rim[:, :2] * (1 - 7.0 / np.linalg.norm(rim[:, :2] - [0, -28], axis=1, keepdims=True)) + [0, -28 * 7.0 / 80]
        across, up = np.array([1.5, 0.0]), np.array([0.0, 1.5])
        dx = (self._face.height(inner + across) - self._face.height(inner - across)) / 3.0
        dy = (self._face.height(inner + up) - self._face.height(inner - up)) / 3.0
        normal = np.stack([-dx, -dy, np.ones_like(dx)], axis=-1)
        normal /= np.linalg.norm(normal, axis=1, keepdims=True)
        return rim - RIM_RADIUS_MM * normal

    def _primitives(self, p: Array) -> Array:
        s = mirrored(p)
        d = ellipsoid(p, (0, 17, -88), (72.5, 106, 84))
        d = union(d, ellipsoid(p, (0, -44, -66), (50, 56, 46)), 20)
        rim = np.full(len(p), np.inf)
        for a, b in zip(self._rim[:-1], self._rim[1:], strict=True):
            rim = np.minimum(rim, cone(s, a, b, RIM_RADIUS_MM, RIM_RADIUS_MM))
        d = union(d, rim, 9)
        d = union(d, Head._ear(s), 4)
        d = union(d, cone(p, (0, -80, -88), (0, -190, -100), 50, 54), 18)
        d = union(d, cone(s, (38, -165, -98), (150, -212, -102), 36, 46), 40)
        d = union(d, cone(s, (150, -212, -102), (190, -540, -115), 46, 40), 20)
        d = union(d, ellipsoid(p, (0, -300, -112), (165, 115, 78)), 30)
        d = union(d, ellipsoid(p, (0, -470, -118), (160, 240, 82)), 30)
        return union(d, cone(s, (16, -200, -56), (128, -186, -78), 5, 6), 14)  # collarbones

    @staticmethod
    def _ear(s: Array) -> Array:
        d = ellipsoid(s, (75.5, -14, -96), (7, 30, 19))
        d = carve(d, ellipsoid(s, (82, -10, -88), (5, 17, 9)), 4)
        return union(d, ellipsoid(s, (74, -43, -90), (5, 8, 8)), 4)


def hair(p: Array) -> Array:
    """A short cut: a cap that is open over face and ears."""
    cap = ellipsoid(p, (0, 27, -92), (83, 106, 88))
    face = ellipsoid(p, (0, -24, 4), (74, 101, 66))
    d = carve(cap, face, 8)
    below = p[:, 1] + 26.0 + 0.35 * (p[:, 2] + 60)
    return np.maximum(d, -below)


def hand(p: Array) -> Array:
    """The left hand at rest, with its forearm."""
    chain, radii = hand_rig.REST_CHAIN, hand_rig.BONE_RADII
    d = cone(p, (0, -332, 0), (0, -70, 0), 44, 33)
    d = union(d, _flat(p, (0, -70, 0), (0, 2, 0), 33, 25, 0.8), 12)
    for f in range(5):
        for k in range(3):
            end = chain[f, k + 1] + (END_BEYOND_TIP_MM[f] * hand_rig.DIRECTIONS[f] if k == 2 else 0.0)
            d = union(d, cone(p, chain[f, k], end, radii[f, k], radii[f, k + 1]), 3)
    roots = np.array([[8.0, 8, 0], [7, 6, 0], [1, 6, 0], [-6, 6, 0], [-11, 6, 0]])
    for f in range(1, 5):
        d = union(d, cone(p, roots[f], chain[f, 0], 14, radii[f, 0] + 0.6), 5)
    d = union(d, cone(p, (9, 12, -6), chain[0, 1] * 0.85, 15, 12), 7)
    return union(d, ellipsoid(p, (-16, 34, -5), (13, 32, 12)), 8)


def _flat(p: Array, a: tuple[float, ...], b: tuple[float, ...], ra: float, rb: float, thickness: float) -> Array:
    q = p / np.array([1.0, 1.0, thickness])
    return cone(q, a, b, ra, rb) * thickness
