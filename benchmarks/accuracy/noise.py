"""Errors like the tracker's, put on exact landmarks. The sizes are measured ones; see each constant."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from benchmarks.accuracy.projection import Projected
from facetrack.geometry.head.canonical import canonical_face
from facetrack.packets import FACE_LANDMARKS, Bool, Float, Observation

_PALM: Final = [0, 1, 5, 9, 13, 17]
_JAW_BELOW_MM: Final = -70.0


@dataclass(frozen=True, slots=True)
class NoiseModel:
    """Millimetres 550 mm from the camera; times are those after which an error is forgotten (1/e).

    Fitted to what the tracker made of rendered clips (nostrils at 20 degrees of yaw, cheeks, lower eyelids in dim light):
    middle fingertips off by 1.6-3 mm median and 3.3-9 p95, of which about half lasts all the clip; thumbs 4-16; the palm's size
    off by 0-20 % all the time and 2-3 % for moments; meshes under hands 2-4 mm median, 4-16 p95, their rest dragged along.

    tip_bias_mm, thumb_bias_mm, palm_bias: s.d. of what lasts all the clip (per axis; the palm's size as a share).
    tip_mm: of a joint's smooth error, whose size varies by tip_spread (s.d. of its logarithm). jitter_mm: new in every frame.
    hand_mm: of the whole hand. palm_share: of the palm's size. lost_share, lost_s: time that a hand is lost, and for how long.
    mesh_mm, mesh_jitter_mm: of the bare mesh and of each point. covered_mm, covered_jaw_mm: of points under a hand.
    drag: how far the other points follow these, for each share of the mesh that is covered.
    """

    tip_bias_mm: float = 1.0
    thumb_bias_mm: float = 3.5
    palm_bias: float = 0.05
    tip_mm: float = 0.62
    tip_s: float = 0.35
    tip_spread: float = 0.5
    tip_spread_s: float = 1.0
    jitter_mm: float = 0.42
    hand_mm: float = 0.35
    hand_s: float = 0.8
    palm_share: float = 0.023
    palm_s: float = 0.5
    lost_share: float = 0.004
    lost_s: float = 0.15
    mesh_mm: float = 0.2
    mesh_s: float = 0.5
    mesh_jitter_mm: float = 0.1
    covered_mm: float = 2.0
    covered_jaw_mm: float = 2.5
    covered_spread: float = 0.5
    covered_s: float = 0.6
    drag: float = 1.2
    reach_mm: float = 14.0


@dataclass(slots=True)
class _Wander:
    """Smooth random processes of unit variance that forget after given times, at uneven frame times."""

    t_s: Float
    rng: np.random.Generator
    _dt: Float = field(init=False)

    def __post_init__(self) -> None:
        self._dt = np.diff(self.t_s, prepend=self.t_s[0])

    def __call__(self, forget_s: float, *shape: int) -> Float:
        """(N, *shape)."""
        fresh = self.rng.normal(size=(len(self.t_s), *shape))
        keep = np.exp(-self._dt / forget_s)
        gain = np.sqrt(1 - keep * keep)
        for k in range(1, len(fresh)):
            fresh[k] = keep[k] * fresh[k - 1] + gain[k] * fresh[k]
        return fresh


def observe(seen: Projected, seed: int, model: NoiseModel | None = None) -> list[Observation]:
    """What a tracker would make of exact landmarks. Errors grow with the distance (pixels stay the same)."""
    model = model or NoiseModel()
    rng = np.random.default_rng([seed, 77])
    wander = _Wander(seen.t_s, rng)
    px_per_mm = 1.0 / _REFERENCE_MM_PER_PX
    hands = _noisy_hands(seen, model, wander, px_per_mm)
    face = _noisy_face(seen, model, wander, px_per_mm)
    return [Observation(float(t), seen.size_wh, face[k], hands[k]) for k, t in enumerate(seen.t_s)]


_REFERENCE_MM_PER_PX: Final = 550.0 / 554.3
"""Of the camera that the sizes were measured with: 640 px across 60 degrees, 550 mm away."""


def _noisy_hands(seen: Projected, model: NoiseModel, wander: _Wander, px_per_mm: float) -> Float:
    size = np.exp(model.tip_spread * wander(model.tip_spread_s, 2, 21, 1))
    error = model.tip_mm * size * wander(model.tip_s, 2, 21, 2)
    error += model.jitter_mm * wander.rng.normal(size=error.shape)
    error += model.hand_mm * wander(model.hand_s, 2, 1, 2)
    lasting = model.tip_bias_mm * wander.rng.normal(size=(2, 21, 2))
    lasting[:, 4] *= model.thumb_bias_mm / max(model.tip_bias_mm, 1e-9)
    error += lasting
    error[:, :, _PALM] *= 0.4  # the palm's joints hang together
    hands = seen.hands_px.copy()
    hands[..., :2] += px_per_mm * error
    palm = hands[:, :, _PALM, :2]
    centre = palm.mean(axis=2, keepdims=True)
    swell = 1 + model.palm_share * wander(model.palm_s, 2) + model.palm_bias * wander.rng.normal(size=2)
    hands[:, :, _PALM, :2] = centre + swell[:, :, None, None] * (palm - centre)
    hands[_lost(seen, model, wander)] = np.nan
    return hands


def _lost(seen: Projected, model: NoiseModel, wander: _Wander) -> Bool:
    """(N, 2) gaps of about lost_s, lost_share of the time in all."""
    dt = np.median(np.diff(seen.t_s)) if len(seen.t_s) > 1 else 0.033
    ends = min(1.0, dt / model.lost_s)
    begins = ends * model.lost_share / (1 - model.lost_share)
    chance = wander.rng.random((len(seen.t_s), 2))
    lost = np.zeros(chance.shape, dtype=np.bool_)
    for k in range(1, len(lost)):
        lost[k] = np.where(lost[k - 1], chance[k] >= ends, chance[k] < begins)
    return lost


def _noisy_face(seen: Projected, model: NoiseModel, wander: _Wander, px_per_mm: float) -> Float:
    """The whole mesh wanders a little; under a hand its points are invented and drag their neighbours along."""
    face = seen.face_px.copy()
    jitter = wander.rng.normal(size=(len(face), FACE_LANDMARKS, 2))
    error = model.mesh_mm * wander(model.mesh_s, 1, 2) + model.mesh_jitter_mm * jitter
    jaw = canonical_face().points_mm[:, 1] < _JAW_BELOW_MM
    size = np.where(jaw, model.covered_jaw_mm, model.covered_mm)
    for k in (0, 1):
        under = _under(seen, k, model.reach_mm)
        under = np.maximum(under, model.drag * under.mean(axis=1, keepdims=True))
        strength = np.exp(model.covered_spread * wander(1.0, 1, 1))
        error += (size * under)[..., None] * strength * wander(model.covered_s, 1, 2)
    face[..., :2] += px_per_mm * error
    return face


def _under(seen: Projected, hand: int, reach_mm: float) -> Float:
    """(N, 478) how far each mesh point lies under a hand: 1 at its joints, fading over reach_mm; 0 for a hand out of sight."""
    origin = seen.face_px[:, :1, :2]
    joints = np.nan_to_num(seen.hands_px[:, hand, :, :2] - origin, nan=1e4).astype(np.float32)
    face = (seen.face_px[..., :2] - origin).astype(np.float32)
    squared = -2 * face @ np.swapaxes(joints, 1, 2)  # |face - joint|^2, without its third term |face|^2
    squared += (joints * joints).sum(axis=-1)[:, None]
    nearest = squared.min(axis=-1) + (face * face).sum(axis=-1)
    near = nearest * (seen.mm_per_px[:, None] / reach_mm) ** 2
    share: Float = np.exp(-0.5 * np.clip(near, 0.0, 100.0)).astype(float)
    return share
