"""Finds the edge of a tool from how it is shown: it touches the tip of the nose while the hand that holds it turns.

Whatever of the tool touches keeps its place both on the nose and in the hand. So it is the one place in the hand's frame that
stays at the nose while the hand turns. The turn tells it along the picture. Its depth is told only as far as the hand turns out
of the picture; beyond that the edge is taken to lie on the way that leads from the wrist through the fingers that hold it.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from facetrack.geometry.tool.similarity import Similarity, fit_similarity
from facetrack.packets import Float

_WRIST: Final = 0
_MIDDLE_BASE: Final = 9
_KNUCKLE: Final = 10
_BASES: Final = np.array([5, 9, 13, 17])
_HOLDING: Final = [4, 8, 12]
"""Tips of thumb, index and middle finger: a tool is between them."""
_OFF_WAY: Final = 0.05
"""Weight, against one frame's, of the way that leads from the wrist through the holding fingers. By trial: the edge was off by
5.9 mm (median) on rendered clips, 7.1 with the distance from the fingers instead."""
_OFF_FINGERS: Final = 0.001
"""The same of the distance from the holding fingers: it keeps the solution finite, no more."""
_SPREADS: Final = 2.5
"""The tolerance is this times the spread over the turn: what a normal error in two directions exceeds once in 25 times."""
LEAST_TOLERANCE_MM: Final = 12.0
"""Contract."""
WIDEST_TOLERANCE_MM: Final = 25.0
"""Contract. What is known less closely is not known."""
_LEAST_TURN_DEG: Final = 22.0
"""Between two moments of the showing. A hand that turns less shows no one place; one that just rests turns 8 by the tracker's
noise."""
_STILL_SHARE: Final = 0.3
"""Of the wrist's movement about the nose: what stays within this turns about it. A hand that strokes moves as a whole."""
_LONGEST_MM: Final = 120.0
"""From the middle knuckle to the edge, depth included. In the picture the coach reckons with 80 for one that was not shown."""
_AHEAD_COSINE: Final = 0.75
"""Of the angle at the holding fingers between the way that they point and the edge. Shown edges had 0.91 and more; a hand that
turns as it strokes the forehead seemed to have one at the nose, at 0.57 and less."""
_FINGERS_SHARE: Final = 0.45
"""Of the wrist's movement: the holding fingers are near to what is still, and went 0.13 to 0.40 times as far; those of hands at
work 0.47 and more."""
_NEAR_MM: Final = 25.0
"""An edge nearer to the fingers than this may lie on any side of them."""


@dataclass(frozen=True, slots=True)
class ShownTool:
    """Holds what is known of a tool in one hand.

    shape: (21, 3) the hand that holds it; its palm (wrist to the middle finger's base) is 1 long. edge: (3,) in the same frame.
    tolerance_mm: how closely the edge is known. off: how far the hand's joints were from the shape while it was shown (share
    of the palm).
    """

    shape: Float
    edge: Float
    tolerance_mm: float
    off: float

    def follow(self, hand_px: Float) -> tuple[Float, float]:
        """Return where the edge is in the picture, (2,) px, and how unlike the shape the hand (21, 3) is, as a share of its
        palm."""
        fit = fit_similarity(self.shape, hand_px[None])
        return fit.place(self.edge)[0, :2], float(fit.off[0])


def shown_tool(hands_px: Float, nose_px: Float, mm_per_px: float) -> ShownTool | None:
    """Return the tool that a hand shows; None where it shows none, or not closely enough.

    hands_px: (N, 21, 3) the hand over some two seconds. nose_px: (N, 2) the tip of the nose.
    """
    moved_mm = _moved(hands_px[:, _WRIST, :2] - nose_px) * mm_per_px
    fingers_mm = _moved(hands_px[:, _HOLDING, :2].mean(axis=1) - nose_px) * mm_per_px
    if fingers_mm > _FINGERS_SHARE * moved_mm:
        return None  # asked first: a hand at work costs no more than this
    shape = _mean_shape(hands_px)
    fit = fit_similarity(shape, hands_px)
    if _turn_deg(fit.rotation) < _LEAST_TURN_DEG:
        return None
    edge = _still_place(shape, fit, nose_px)
    spread_mm = _spread(fit.place(edge)[:, :2] - nose_px) * mm_per_px
    palm_mm = float(np.median(fit.scale)) * mm_per_px
    still = spread_mm <= min(WIDEST_TOLERANCE_MM / _SPREADS, _STILL_SHARE * moved_mm)
    if not still or not _within_reach(shape, edge, palm_mm):
        return None
    return ShownTool(shape, edge, max(LEAST_TOLERANCE_MM, _SPREADS * spread_mm), float(np.median(fit.off)))


def bend_deg(hand: Float) -> float:
    """Return how far the four fingers of a hand (21, 3) are bent, in degrees: the mean of the sums at their roots and middle
    joints."""
    palm, first, rest = hand[_BASES] - hand[_WRIST], hand[_BASES + 1] - hand[_BASES], hand[_BASES + 3] - hand[_BASES + 1]
    return float(np.mean(_angle_deg(palm, first) + _angle_deg(first, rest)))


def _angle_deg(one: Float, other: Float) -> Float:
    lengths = np.linalg.norm(one, axis=-1) * np.linalg.norm(other, axis=-1)
    angle: Float = np.rad2deg(np.arccos(np.clip((one * other).sum(axis=-1) / np.maximum(lengths, 1e-9), -1.0, 1.0)))
    return angle


def _spread(away: Float) -> float:
    """Return the r.m.s. length of vectors (N, 2)."""
    return float(np.sqrt((away**2).sum(axis=1).mean()))


def _moved(places: Float) -> float:
    """Return the r.m.s. distance of places (N, 2) from their middle."""
    return _spread(places - places.mean(axis=0))


def _within_reach(shape: Float, edge: Float, palm_mm: float) -> bool:
    """Return whether a tool in the hand could reach the edge."""
    held = shape[_HOLDING].mean(axis=0)
    way, out = held - shape[_WRIST], edge - held
    length = float(np.linalg.norm(out))
    ahead = float(way @ out) >= _AHEAD_COSINE * length * float(np.linalg.norm(way))
    near = length * palm_mm <= _NEAR_MM
    return (near or ahead) and float(np.linalg.norm(edge - shape[_KNUCKLE])) * palm_mm <= _LONGEST_MM


def _mean_shape(hands_px: Float) -> Float:
    """Return the mean (21, 3) of a hand's shapes, turned as in the middle of the time, with a palm of length 1."""
    shape = hands_px[len(hands_px) // 2]
    shape = fit_similarity(shape, hands_px).unplace(hands_px).mean(axis=0)
    one: Float = (shape - shape[_WRIST]) / np.linalg.norm(shape[_MIDDLE_BASE] - shape[_WRIST])
    return one


def _turn_deg(rotation: Float) -> float:
    """Return the angle between the two most different of rotations (N, 3, 3)."""
    trace = np.einsum("nij,mij->nm", rotation, rotation)
    return float(np.rad2deg(np.arccos(np.clip((trace.min() - 1.0) / 2.0, -1.0, 1.0))))


def _still_place(shape: Float, fit: Similarity, nose_px: Float) -> Float:
    """Return the place (3,) in the hand's frame that stays nearest to the nose."""
    held = shape[_HOLDING].mean(axis=0)
    way = (held - shape[_WRIST]) / np.linalg.norm(held - shape[_WRIST])
    seen = fit.rotation[:, :2]
    wanted = (nose_px - fit.place(held)[:, :2]) / fit.scale[:, None]
    known = np.einsum("nij,nik->jk", seen, seen) / len(seen)
    known += _OFF_WAY * (np.eye(3) - np.outer(way, way)) + _OFF_FINGERS * np.eye(3)
    place: Float = held + np.linalg.solve(known, np.einsum("nij,ni->j", seen, wanted) / len(seen))
    return place
