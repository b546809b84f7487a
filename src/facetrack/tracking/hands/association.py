"""Which of the hands that were found is the user's left one and which the right, kept stable over time.

MediaPipe gives hands in no order, with a label that errs; both can be called right. Here each hand is followed by where its
landmarks should be now (a left and a right hand have mirrored shapes, so crossing hands stay apart), and the labels are
evidence that adds up over time. Pure numpy; time is an argument.
"""

import math
from dataclasses import dataclass
from itertools import count, permutations
from typing import Final

import numpy as np

from facetrack.packets import HAND_LANDMARKS, LEFT, RIGHT, Float
from facetrack.tracking.face.face_place import FacePlace
from facetrack.tracking.hand_shape import hand_sizes, mean_distance, on_palm, palm_distance, palms
from facetrack.tracking.hands.track import FIRST_VOTE, PREDICT_S, SWAP_ODDS, FollowedHand

CONFIRM_FRAMES: Final = 2
"""A hand is reported from its second frame on: most ghosts last one."""
SURE_ODDS: Final = 1.5
SURE_ODDS_OFF: Final = 3.0
"""From the first one if its name is so sure, from label and half of the face, on the face and elsewhere: ghosts' are not."""
ALONE: Final = 1.5
"""And if no other hand is seen within so many hand sizes, whose double it may be."""
FORGET_S: Final = 1.0
"""A hand that is lost keeps its identity for this long."""

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
OTHER_SHAPE: Final = 0.8
"""Hand sizes by which the landmarks, palm on palm, differ on average from one frame to the next where MediaPipe's following has
slid from one hand to the other (1.02 on clasped hands; hands that turn or smear: up to 0.7)."""
OTHER_LABEL: Final = 2.0
OTHER_KNOWN: Final = 1.0
"""Log-odds of the label and of what was known, which must then contradict each other."""
MIN_EXTENT: Final = 0.3
MAX_EXTENT: Final = 4.0
"""Of a hand's landmarks, in face widths: a fist is 0.5, a stretched hand near the camera 3. Others are not the user's."""

LABEL_RANGE: Final = 0.05
"""Scores are taken as no surer than this and 1 minus this."""
HALF_VOTE: Final = 3.0
"""Log-odds of a wrist that lies a face width off the midline: it decides where labels don't."""
NAME_ODDS: Final = 1.0
"""New hands are held back until their names are this sure: unseen is better than wrong."""
LOOK_OFF_S: Final = 0.1
"""A hand that was on the face is looked for as long as it is remembered; one that was elsewhere may just smear, or has gone."""


@dataclass(frozen=True, slots=True)
class LostHand:
    """A hand that was on the face and is not among the finds. key: stays its own. xy: (21, 2) px where it should be now."""

    key: int
    xy: Float


@dataclass(frozen=True, slots=True)
class Search:
    """What a first look at a frame left to look for. missing: how many of the user's two hands it did not find. lost: those of
    them that were on the face a moment ago. face: None before the first one."""

    lost: list[LostHand]
    missing: int
    face: FacePlace | None


class HandIdentity:
    """``update`` once a frame; ``reset`` forgets everybody."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self._tracks: list[FollowedHand] = []
        self._keys = count()
        self._last_s = -math.inf
        self._face: FacePlace | None = None

    def search(self, t_s: float, hands_px: Float, left_score: Float) -> Search:
        """What these finds leave to look for. Changes nothing; arguments as ``update``'s, before it."""
        if len(hands_px) >= 2 and not any(self._may_be_printed(track) for track in self._tracks):
            return Search([], 0, self._face)
        here = [track for track, _ in self._fitted(t_s, hands_px, left_score).values()] if len(hands_px) else []
        believed = [track for track in here if track is None or not self._may_be_printed(track)]
        missing = max(2 - len(believed), 0)
        keys = {track.key for track in here if track is not None}
        gone = [track for track in self._tracks if track.key not in keys and self._worth_a_look(track, t_s - track.seen_s)]
        latest = sorted(gone, key=lambda track: -track.seen_s)[:missing]
        return Search([LostHand(track.key, track.predicted(t_s)) for track in latest], missing, self._face)

    def _worth_a_look(self, track: FollowedHand, unseen_s: float) -> bool:
        return unseen_s <= (FORGET_S if self._on_face(track) else LOOK_OFF_S)

    def _on_face(self, track: FollowedHand) -> bool:
        return self._face is not None and self._face.has_on_it(track.xy)

    def _may_be_printed(self, track: FollowedHand) -> bool:
        """Whether it has always been in the same place before the chest, as a hand on a shirt is."""
        return self._face is not None and not track.moved and self._face.has_before_chest(track.xy)

    def update(self, t_s: float, hands_px: Float, left_score: Float, face_px: Float) -> Float:
        """The user's left and right hand, (2, 21, 3) px, NaN for one that is not seen.

        t_s: rising. hands_px: (H, 21, 3) px, no NaN, in any order, of an unmirrored picture. left_score: (H,) 0..1, how surely
        each was called left. face_px: (478, 3) px; NaN where it was not seen (where it last was is remembered).
        """
        self._face = FacePlace.of(face_px, t_s, self._face)
        self._tracks = [track for track in self._tracks if t_s - track.seen_s <= FORGET_S]
        if len(hands_px):
            self._follow(t_s, hands_px, left_score)
        self._last_s = t_s
        return self._named(t_s)

    def _follow(self, t_s: float, hands_px: Float, left_score: Float) -> None:
        """Hand each find to the followed hand that it is, or follow it from now on."""
        votes = [_log_odds(score) for score in left_score.tolist()]
        head_px_s = np.zeros(2) if self._face is None else self._face.velocity_px_s
        for k, (track, misfit) in self._fitted(t_s, hands_px, left_score).items():
            if track is None:
                self._tracks.append(FollowedHand(next(self._keys), hands_px[k], t_s, votes[k] * FIRST_VOTE))
            elif track.seen_s < self._last_s and t_s - track.seen_s > PREDICT_S:
                likeness = (1.0 - misfit) * (1.0 - (t_s - track.seen_s) / FORGET_S)
                track.come_back(hands_px[k], votes[k], t_s, likeness)
            else:
                track.follow(hands_px[k], votes[k], t_s, head_px_s)

    def _fitted(self, t_s: float, hands_px: Float, left_score: Float) -> dict[int, tuple[FollowedHand | None, float]]:
        """For every find that is a hand of the user's the followed hand that it is, or None, and how ill it fits, 0..1."""
        xy = hands_px[..., :2]
        size = hand_sizes(xy)
        away = self._away_from_followed(t_s, xy, size)
        own = self._without_doubles(xy, size, away, left_score.tolist(), self._of_a_users_size(xy))
        return self._matched(t_s, away, own, self._slid(xy, size, left_score))

    def _of_a_users_size(self, xy: Float) -> list[int]:
        if self._face is None:
            return list(range(len(xy)))
        across, down = (xy.max(axis=1) - xy.min(axis=1)).T / self._face.width
        extent = np.hypot(across, down)
        return np.flatnonzero((extent >= MIN_EXTENT) & (extent <= MAX_EXTENT)).tolist()

    def _away_from_followed(self, t_s: float, xy: Float, size: Float) -> list[list[float]]:
        """[find][followed hand]: how far it is from where that should be, in hand sizes."""
        if not self._tracks:
            return [[] for _ in xy]
        expected = np.stack([track.predicted(t_s) for track in self._tracks])
        away: list[list[float]] = (mean_distance(xy[:, None], expected) / size[:, None]).tolist()
        return away

    def _slid(self, xy: Float, size: Float, left_score: Float) -> list[list[bool]]:
        """[find][followed hand]: whether MediaPipe's following has slid from that hand to the user's other one."""
        if not self._tracks:
            return [[] for _ in xy]
        followed = np.stack([track.xy for track in self._tracks])
        odds = np.array([_log_odds(score) for score in left_score.tolist()])[:, None]
        known = np.array([track.left_odds for track in self._tracks])
        contrary = (odds * known < 0) & (np.abs(odds) > OTHER_LABEL) & (np.abs(known) > OTHER_KNOWN)
        if contrary.any():
            contrary &= mean_distance(on_palm(xy)[:, None], on_palm(followed)) / size[:, None] > OTHER_SHAPE
        slid: list[list[bool]] = contrary.tolist()
        return slid

    def _without_doubles(
        self, xy: Float, size: Float, away: list[list[float]], left_score: list[float], own: list[int]
    ) -> list[int]:
        """Of two finds of the same hand, the one that fits a followed hand better.

        While MediaPipe follows one hand it looks for a second, and finds the first again, a little displaced, as often as every
        other frame; such a double may have the mirrored shape. So two finds in one place are two hands only if each is nearest
        to a followed hand of its own: hands that were seen apart before they were laid on one another.
        """
        palm = palms(xy)
        kept: list[int] = []
        for k in sorted(own, key=lambda k: self._misfit(away[k], left_score[k])):
            there = [one for one in kept if math.dist(palm[k], palm[one]) < ONE_PLACE * max(size[k], size[one])]
            if all(_nearest(away[k]) != _nearest(away[one]) for one in there):
                kept.append(k)
        return kept

    def _misfit(self, away: list[float], left_score: float) -> float:
        """Hand sizes to the followed hand that a find suits best; 0 where nobody is followed."""
        misnamed = [1.0 - left_score if track.left_odds > 0 else left_score for track in self._tracks]
        return min((d + MISNAMED * share for d, share in zip(away, misnamed, strict=True)), default=0.0)

    def _matched(
        self, t_s: float, away: list[list[float]], own: list[int], slid: list[list[bool]]
    ) -> dict[int, tuple[FollowedHand | None, float]]:
        """For every find the followed hand that it is, or None for a new one, and the cost: the choice of least total cost.

        Costs are shares of the gate: at 1 a new hand is as likely. Labels alone have no say here: hands that touch are misnamed
        together, and measured, they made crossing hands swap.
        """
        gates = [min(GATE + GATE_PER_S * (t_s - track.seen_s), WIDEST_GATE) for track in self._tracks]
        costs = {(k, i): math.inf if slid[k][i] else away[k][i] / gate for k in own for i, gate in enumerate(gates)}
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
        seen = [track for track in self._tracks if track.seen_s == t_s and self._believed(track)]
        seen = sorted(seen, key=lambda track: -track.frames)[:2]
        if len(seen) == 1:
            self._name_one(seen[0], t_s)
        elif len(seen) == 2:
            self._name_two(seen[0], seen[1], t_s)
        for track in seen:
            if track.side is not None:
                out[track.side] = track.points
        return out

    def _believed(self, track: FollowedHand) -> bool:
        """At first sight only alone in its place and with a sure name; before the chest only if it has moved."""
        if self._may_be_printed(track):
            return False
        if track.frames >= CONFIRM_FRAMES:
            return True
        sure = SURE_ODDS if self._on_face(track) else SURE_ODDS_OFF
        return abs(self._odds(track)) >= sure and self._is_alone(track)

    def _is_alone(self, track: FollowedHand) -> bool:
        others = [other for other in self._tracks if other is not track and other.seen_s == track.seen_s]
        return all(palm_distance(track.xy, other.xy) > ALONE * hand_sizes(track.xy) for other in others)

    def _name_one(self, track: FollowedHand, t_s: float) -> None:
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

    def _name_two(self, one: FollowedHand, other: FollowedHand, t_s: float) -> None:
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

    def _free_names_but_of(self, named: list[FollowedHand]) -> None:
        """A hand that is out of sight loses its name to one that is seen with it."""
        taken = {track.side for track in named}
        for track in self._tracks:
            if track.side in taken and not any(track is keeper for keeper in named):
                track.side = None

    def _odds(self, track: FollowedHand) -> float:
        """With the half of the face that the wrist is on; the user's left is on the picture's right."""
        if self._face is None:
            return track.left_odds
        off = (float(track.points[0, 0]) - self._face.x) / self._face.width
        return track.left_odds + HALF_VOTE * max(-1.0, min(off, 1.0))


def _nearest(away: list[float]) -> int | None:
    return away.index(min(away)) if away else None


def _toward(side: int, left_odds: float) -> float:
    return left_odds if side == LEFT else -left_odds


def _log_odds(score: float) -> float:
    bounded = max(LABEL_RANGE, min(score, 1.0 - LABEL_RANGE))
    return math.log(bounded / (1.0 - bounded))
