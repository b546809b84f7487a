"""Which of the hands that were found is the user's left one and which the right, kept stable over time.

MediaPipe gives hands in no order, with a label that errs; both can be called right. Here each hand is followed by where its
landmarks should be now (a left and a right hand have mirrored shapes, so crossing hands stay apart), and the labels are
evidence that adds up over time. Pure numpy; time is an argument.
"""

import math
from dataclasses import dataclass, field
from itertools import permutations
from typing import Final

import numpy as np

from facetrack.packets import HAND_LANDMARKS, LEFT, RIGHT, Float

CONFIRM_FRAMES: Final = 2
"""A hand is reported from its second frame on: most ghosts last one."""
FORGET_S: Final = 1.0
"""A hand that is lost keeps its identity for this long."""
PREDICT_S: Final = 0.15
"""A hand's motion is carried on for no longer than this: then it has turned."""
MOTION_MEMORY_S: Final = 0.08

GATE: Final = 1.0
"""Hand sizes (wrist to finger bases) between a hand and where it should be, beyond which it is another hand."""
GATE_PER_S: Final = 6.0
"""The gate widens while a hand is lost; hands move up to some 600 mm/s, six hand sizes."""
WIDEST_GATE: Final = 2.0
"""A find farther off is as likely the other hand: one that goes while the other comes."""
ONE_PLACE: Final = 0.9
"""Hand sizes between two palms below which they are in one place. On rendered clips two finds of one hand were up to 0.8 apart
(of a hand that moves fast, one lagging behind), the palms of two hands at least 1.04, of two whose fingertips meet 2.4."""
MISNAMED: Final = 0.5
"""Of two finds of one hand, one with the wrong label counts as this many hand sizes farther off."""
MIN_EXTENT: Final = 0.3
MAX_EXTENT: Final = 4.0
"""Of a hand's landmarks, in face widths: a fist is 0.5, a stretched hand near the camera 3. Others are not the user's."""

FIRST_VOTE: Final = 0.5
VOTES_PER_S: Final = 2.0
"""Weight of the label's log-odds at first sight (then a half, a third ... of it: arriving hands are often misnamed) and later
per second: neighbouring frames err together. Measured on rendered strokes whose labels were right in 55 to 83 % of frames."""
MAX_ODDS: Final = 6.0
"""Cap of the added-up log-odds, so that a real mistake can still be mended within about a second."""
LABEL_RANGE: Final = 0.05
"""Scores are taken as no surer than this and 1 minus this."""
HALF_VOTE: Final = 3.0
"""Log-odds of a wrist that lies a face width off the midline: it decides where labels don't."""
NAME_ODDS: Final = 1.0
"""New hands are held back until their names are this sure: unseen is better than wrong."""
SWAP_ODDS: Final = 4.0
"""Two named hands change names only when the evidence against them is this strong; a single one at half of it."""
SETTLE_S: Final = 0.5
"""A name becomes that firm over this long."""

_FINGER_BASES: Final = [5, 9, 13, 17]
_PALM: Final = [0, *_FINGER_BASES]
_FACE_SIDES: Final = [234, 454]  # by the ears
_MIDLINE: Final = 168  # between the eyes


@dataclass(slots=True)
class _Track:
    """One hand followed. points: (21, 3) px when last seen. left_odds: log-odds that it is the left one."""

    points: Float
    seen_s: float
    left_odds: float
    velocity_px_s: Float = field(default_factory=lambda: np.zeros(2))
    frames: int = 1
    side: int | None = None
    named_s: float = 0.0

    def predicted(self, t_s: float) -> Float:
        """(21, 2) px."""
        xy: Float = self.points[:, :2] + self.velocity_px_s * min(t_s - self.seen_s, PREDICT_S)
        return xy

    def follow(self, points: Float, vote: float, t_s: float) -> None:
        elapsed = max(t_s - self.seen_s, 1e-3)
        moved: Float = np.add.reduce(points[:, :2] - self.points[:, :2]) / (HAND_LANDMARKS * elapsed)
        self.velocity_px_s = self.velocity_px_s + (moved - self.velocity_px_s) * (elapsed / (elapsed + MOTION_MEMORY_S))
        self.points, self.seen_s, self.frames = points, t_s, self.frames + 1
        odds = self.left_odds + vote * max(VOTES_PER_S * min(elapsed, PREDICT_S), FIRST_VOTE / self.frames)
        self.left_odds = max(-MAX_ODDS, min(odds, MAX_ODDS))

    def come_back(self, points: Float, vote: float, t_s: float, likeness: float) -> None:
        """After a loss: a new hand, but what was known of it counts for as much as it is likely the same one (0..1)."""
        self.left_odds = self.left_odds * likeness + vote * FIRST_VOTE
        self.velocity_px_s = np.zeros(2)
        self.points, self.seen_s, self.frames, self.side = points, t_s, 1, None

    def take(self, side: int, t_s: float) -> None:
        if side != self.side:
            self.side, self.named_s = side, t_s

    def firmness(self, t_s: float) -> float:
        """Log-odds that it takes to change the name; 0 while there is none."""
        return 0.0 if self.side is None else SWAP_ODDS * min((t_s - self.named_s) / SETTLE_S, 1.0)


class HandIdentity:
    """``update`` once a frame; ``reset`` forgets everybody."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self._tracks: list[_Track] = []
        self._last_s = -math.inf
        self._midline_px = math.nan
        self._face_width_px = math.nan

    def update(self, t_s: float, hands_px: Float, left_score: Float, face_px: Float) -> Float:
        """The user's left and right hand, (2, 21, 3) px, NaN for one that is not seen.

        t_s: rising. hands_px: (H, 21, 3) px, no NaN, in any order, of an unmirrored picture. left_score: (H,) 0..1, how surely
        each was called left. face_px: (478, 3) px; NaN where it was not seen (where it last was is remembered).
        """
        self._see_face(face_px)
        self._tracks = [track for track in self._tracks if t_s - track.seen_s <= FORGET_S]
        if len(hands_px):
            self._follow(t_s, hands_px, left_score)
        self._last_s = t_s
        return self._named(t_s)

    def _see_face(self, face_px: Float) -> None:
        if not np.isnan(face_px[0, 0]):
            right, left = face_px[_FACE_SIDES]
            self._midline_px = float(face_px[_MIDLINE, 0])
            self._face_width_px = math.dist(left, right)  # in 3-D: a turned head is narrower in the picture

    def _follow(self, t_s: float, hands_px: Float, left_score: Float) -> None:
        """Hand each find to the followed hand that it is, or follow it from now on."""
        xy = hands_px[..., :2]
        size = _hand_sizes(xy)
        away = self._away_from_followed(t_s, xy, size)
        votes = [_log_odds(score) for score in left_score.tolist()]
        own = self._without_doubles(xy, size, away, left_score.tolist(), self._of_a_users_size(xy))
        for k, (track, misfit) in self._matched(t_s, away, own).items():
            if track is None:
                self._tracks.append(_Track(hands_px[k], t_s, votes[k] * FIRST_VOTE))
            elif track.seen_s < self._last_s and t_s - track.seen_s > PREDICT_S:
                likeness = (1.0 - misfit) * (1.0 - (t_s - track.seen_s) / FORGET_S)
                track.come_back(hands_px[k], votes[k], t_s, likeness)
            else:
                track.follow(hands_px[k], votes[k], t_s)

    def _of_a_users_size(self, xy: Float) -> list[int]:
        if math.isnan(self._face_width_px):
            return list(range(len(xy)))
        across, down = (xy.max(axis=1) - xy.min(axis=1)).T / self._face_width_px
        extent = np.hypot(across, down)
        return np.flatnonzero((extent >= MIN_EXTENT) & (extent <= MAX_EXTENT)).tolist()

    def _away_from_followed(self, t_s: float, xy: Float, size: Float) -> list[list[float]]:
        """[find][followed hand]: how far it is from where that should be, in hand sizes."""
        if not self._tracks:
            return [[] for _ in xy]
        expected = np.stack([track.predicted(t_s) for track in self._tracks])
        away: list[list[float]] = (_mean_distance(xy[:, None], expected) / size[:, None]).tolist()
        return away

    def _without_doubles(
        self, xy: Float, size: Float, away: list[list[float]], left_score: list[float], own: list[int]
    ) -> list[int]:
        """Of two finds of the same hand, the one that fits a followed hand better.

        While MediaPipe follows one hand it looks for a second, and finds the first again, a little displaced, as often as every
        other frame; such a double may have the mirrored shape. So two finds in one place are two hands only if each is nearest
        to a followed hand of its own: hands that were seen apart before they were laid on one another.
        """
        palms = xy[:, _PALM].mean(axis=1)
        kept: list[int] = []
        for k in sorted(own, key=lambda k: self._misfit(away[k], left_score[k])):
            there = [one for one in kept if math.dist(palms[k], palms[one]) < ONE_PLACE * max(size[k], size[one])]
            if all(_nearest(away[k]) != _nearest(away[one]) for one in there):
                kept.append(k)
        return kept

    def _misfit(self, away: list[float], left_score: float) -> float:
        """Hand sizes to the followed hand that a find suits best; 0 where nobody is followed."""
        misnamed = [1.0 - left_score if track.left_odds > 0 else left_score for track in self._tracks]
        return min((d + MISNAMED * share for d, share in zip(away, misnamed, strict=True)), default=0.0)

    def _matched(self, t_s: float, away: list[list[float]], own: list[int]) -> "dict[int, tuple[_Track | None, float]]":
        """For every find the followed hand that it is, or None for a new one, and the cost: the choice of least total cost.

        Costs are shares of the gate: at 1 a new hand is as likely. Labels have no say here: hands that touch are misnamed
        together, and measured, they made crossing hands swap.
        """
        gates = [min(GATE + GATE_PER_S * (t_s - track.seen_s), WIDEST_GATE) for track in self._tracks]
        costs = {(k, i): away[k][i] / gate for k in own for i, gate in enumerate(gates)}
        nobody = len(self._tracks)
        seats = [*range(nobody), *[nobody] * len(own)]
        best = min(
            permutations(seats, len(own)), key=lambda seat: sum(costs.get(pair, 1.0) for pair in zip(own, seat, strict=True))
        )
        chosen = [(k, i, costs.get((k, i), 1.0)) for k, i in zip(own, best, strict=True)]
        return {k: (self._tracks[i] if cost < 1.0 else None, cost) for k, i, cost in chosen}

    def _named(self, t_s: float) -> Float:
        """Names for the hands that are there: by the evidence, but whoever has a name keeps it unless that is strong."""
        out = np.full((2, HAND_LANDMARKS, 3), np.nan)
        seen = [track for track in self._tracks if track.seen_s == t_s and track.frames >= CONFIRM_FRAMES]
        seen = sorted(seen, key=lambda track: -track.frames)[:2]
        if len(seen) == 1:
            self._name_one(seen[0], t_s)
        elif len(seen) == 2:
            self._name_two(seen[0], seen[1], t_s)
        for track in seen:
            if track.side is not None:
                out[track.side] = track.points
        return out

    def _name_one(self, track: _Track, t_s: float) -> None:
        odds = self._odds(track)
        if track.side is None:
            # The name of a hand that was there a moment ago is not given away but on good evidence.
            taken = {other.side for other in self._tracks if other is not track}
            odds += SWAP_ODDS / 2 * ((RIGHT in taken) - (LEFT in taken))
            if abs(odds) >= NAME_ODDS:
                track.take(LEFT if odds > 0 else RIGHT, t_s)
        elif _toward(track.side, odds) < -track.firmness(t_s) / 2:
            track.take(1 - track.side, t_s)
        if track.side is not None:
            self._free_names_but_of([track])

    def _name_two(self, one: _Track, other: _Track, t_s: float) -> None:
        odds = self._odds(one) - self._odds(other)
        by_evidence = LEFT if odds > 0 else RIGHT
        side = one.side if one.side is not None else None if other.side is None else 1 - other.side
        if side is None and abs(odds) < NAME_ODDS:
            return
        if side is None or one.side == other.side:
            side = by_evidence
        firmness = max(one.firmness(t_s), other.firmness(t_s))
        if _toward(side, odds) < -firmness:
            side = 1 - side
        one.take(side, t_s)
        other.take(1 - side, t_s)
        self._free_names_but_of([one, other])

    def _free_names_but_of(self, named: list[_Track]) -> None:
        """A hand that is out of sight loses its name to one that is seen with it."""
        taken = {track.side for track in named}
        for track in self._tracks:
            if track.side in taken and not any(track is keeper for keeper in named):
                track.side = None

    def _odds(self, track: _Track) -> float:
        """With the half of the face that the wrist is on; the user's left is on the picture's right."""
        off = (float(track.points[0, 0]) - self._midline_px) / self._face_width_px
        return track.left_odds + (0.0 if math.isnan(off) else HALF_VOTE * max(-1.0, min(off, 1.0)))


def _nearest(away: list[float]) -> int | None:
    return away.index(min(away)) if away else None


def _mean_distance(one: Float, other: Float) -> Float:
    """(..., 21, 2) px -> (...) mean distance of the landmarks in the picture."""
    apart = one - other
    mean: Float = np.sqrt(np.einsum("...i,...i->...", apart, apart)).sum(axis=-1) / HAND_LANDMARKS
    return mean


def _hand_sizes(xy: Float) -> Float:
    """(H, 21, 2) px -> (H,) mean distance of the finger bases from the wrist; at least 1 px."""
    bones = xy[:, _FINGER_BASES] - xy[:, :1]
    size: Float = np.sqrt(np.einsum("hki,hki->hk", bones, bones)).sum(axis=-1) / len(_FINGER_BASES)
    return np.maximum(size, 1.0)


def _toward(side: int, left_odds: float) -> float:
    return left_odds if side == LEFT else -left_odds


def _log_odds(score: float) -> float:
    bounded = max(LABEL_RANGE, min(score, 1.0 - LABEL_RANGE))
    return math.log(bounded / (1.0 - bounded))
