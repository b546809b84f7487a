"""Says which hand of the user's each graph follows: the left or the right one, and what the graph is to do next.

What a graph follows without a break is one hand, and keeps its name until strong evidence speaks against it. MediaPipe's labels
err; they are evidence that adds up over time, as is the half of the face that the wrist is on. A lost hand is remembered for a
while and recognised by its place. Pure numpy; time is an argument.
"""

import math
from collections.abc import Sequence
from itertools import cycle
from typing import Final

import numpy as np

from facetrack.packets import HAND_LANDMARKS, LEFT, RIGHT, Float
from facetrack.tracking.face.face_place import FacePlace, fits_face
from facetrack.tracking.hand_shape import hand_sizes, mean_distance, on_palm, palm_distance
from facetrack.tracking.hands.request import Detection, LookRequest
from facetrack.tracking.hands.track import FIRST_VOTE, PREDICT_S, SWAP_ODDS, HandTrack

CONFIRM_FRAMES: Final = 2
"""A hand is reported from its second frame on: most ghosts last one."""
SURE_ODDS: Final = 1.5
SURE_ODDS_OFF: Final = 3.0
"""From the first one if its name is so sure, from label and half of the face, on the face and elsewhere: ghosts' are not."""
ALONE: Final = 1.5
"""And if no other hand, whose double it may be, is seen within this many hand sizes."""
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
HELD: Final = 0.7
"""Hand sizes between two palms from which they may be two hands that hold one another (0.79 to 0.86 on real ones), if
their labels surely say so. Of a double that lags behind a hand it is 0.6, whatever its label."""
OTHER_HAND: Final = 0.6
"""Hand sizes between landmarks, on average, below which what is found in one place with a hand is that hand. Of clasped hands
it is 0.8."""
SAME_HAND: Final = 0.35
"""The same where both graphs followed a hand of their own until then: hands laid on one another have mirrored shapes."""
CLASPED: Final = 1.5
"""Hand sizes between palms below which no hand is hidden from the other's graph: that would hide both."""
MISNAMED: Final = 0.5
"""A find with the wrong label counts as this many hand sizes farther off than another find of that hand."""
OTHER_SHAPE: Final = 0.8
"""Hand sizes by which the landmarks, palm on palm, differ on average from one frame to the next where MediaPipe's following has
slid from one hand to the other (1.02 on clasped hands; hands that turn or smear: up to 0.7)."""
OTHER_LABEL: Final = 2.0
OTHER_KNOWN: Final = 1.0
"""Log-odds of the label and of what was known, which must then contradict each other."""

LABEL_RANGE: Final = 0.05
"""Scores are taken as no surer than this and 1 minus this."""
HALF_VOTE: Final = 3.0
"""Log-odds of a wrist that lies a face width off the midline: it decides where labels don't."""
NAME_ODDS: Final = 1.0
"""New hands are held back until their names are this sure: unseen is better than wrong."""

LOOK_OFF_S: Final = 0.1
"""A hand that was on the face is looked for as long as it is remembered; one that was elsewhere may just smear, or has gone."""
SQUARES: Final = (2.4, 3.2)
"""Sides of the square about the face in face widths, in turn. Of 34 pictures of real hands at close faces the first look
found 10, these about 21 each, not the same ones."""
LOOK_AROUND_S: Final = 1.0
"""Between looks about the face while a hand is not seen that may never have been: who starts with hands on the face."""
REFUSED_S: Final = 1.0
"""What is no hand of the user's may keep a graph this long while the other one is with a hand."""
HIDDEN_S: Final = 2.0
"""And is then hidden from it this long."""


class HandAssociator:
    """``requests`` says what the graphs are to do with a frame, ``update`` takes what they found; in turn, once a frame."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget everybody."""
        self._face: FacePlace | None = None
        self._followed: list[HandTrack | None] = [None, None]
        self._lost: list[HandTrack] = []
        self._refused: list[HandTrack] = []
        self.left_score = np.full(2, np.nan)  # how surely each of the hands of the last frame is called a left one
        self._around_s = -math.inf
        self._squares = cycle(SQUARES)

    @property
    def seen_px(self) -> list[Float]:
        """Return what the graphs follow, the user's or not: (21, 3) px each."""
        return [track.points for track in self._followed if track is not None]

    def graphs_restarted(self) -> None:
        """Note that the graphs follow nothing any more."""
        for graph in range(2):
            self._end(graph)

    def requests(self, t_s: float) -> list[LookRequest]:
        """Say what each graph is to do with the frame of that time."""
        lost = [track for track in self._lost if self._worth_a_look(track, t_s)]
        return [
            self._to_look(graph, t_s, lost.pop() if lost else None) if track is None else self._to_go_on(graph, track, t_s)
            for graph, track in enumerate(self._followed)
        ]

    def _to_go_on(self, graph: int, track: HandTrack, t_s: float) -> LookRequest:
        """Let a graph follow its hand. If it loses it, it looks for it at once."""
        place = track.predicted(t_s)
        return LookRequest(True, True, self._hidden(graph, place, t_s), place)

    def _to_look(self, graph: int, t_s: float, track: HandTrack | None) -> LookRequest:
        """Let a graph look that follows nothing, perhaps for a lost hand. While no hand is there only the first one looks, so
        that
        the palm detector does not run twice for nothing."""
        place = None if track is None else track.predicted(t_s)
        search = graph == 0 or self._followed[1 - graph] is not None
        look = 0 if track is None else track.next_look(t_s)
        around = None
        if self._face is not None and (look % 2 == 1 or t_s - self._around_s >= LOOK_AROUND_S):
            self._around_s, around = t_s, (self._face, next(self._squares))
        at_place = place if look and look % 2 == 0 else None
        return LookRequest(False, search, self._hidden(graph, place, t_s), at_place, around)

    def _hidden(self, graph: int, place: Float | None, t_s: float) -> list[Float]:
        """List what a graph must not find: what was refused, and the other one's hand if that is not beside its own one's
        place."""
        hidden = [refused.xy for refused in self._refused]
        other = self._followed[1 - graph]
        if other is not None:
            beside = other.predicted(t_s)
            if place is None or palm_distance(place, beside) > CLASPED * float(hand_sizes(beside)):
                hidden.append(beside)
        return hidden

    def _worth_a_look(self, track: HandTrack, t_s: float) -> bool:
        return t_s - track.seen_s <= (FORGET_S if self._on_face(track) else LOOK_OFF_S)

    def update(self, t_s: float, found: Sequence[Detection | None], face_px: Float) -> Float:
        """Return the user's left and right hand, (2, 21, 3) px, NaN for one that is not seen.

        t_s: rising. found: by each graph, in an unmirrored picture. face_px: (478, 3) px; NaN where it was not seen (where it
        last was is remembered).
        """
        self._face = FacePlace.of(face_px, t_s, self._face)
        self._lost = [track for track in self._lost if t_s - track.seen_s <= FORGET_S]
        hands = list(found)
        for graph, hand in enumerate(hands):
            if hand is None or not self._goes_on(graph, hand, t_s):
                self._end(graph)
        double = self._double([hand for hand in hands if hand is not None], t_s)
        if double is not None:
            hands[double] = None
            self._end(double)
        for graph, hand in enumerate(hands):
            if hand is not None:
                self._follow(graph, hand, t_s)
        self._refuse(t_s)
        return self._assign_handedness(t_s)

    def _end(self, graph: int) -> None:
        """Remember the hand that a graph has lost."""
        track, self._followed[graph] = self._followed[graph], None
        if track is not None:
            self._lost.append(track)

    def _goes_on(self, graph: int, hand: Detection, t_s: float) -> bool:
        """Say whether what a graph found is the hand that it followed, not another that is known."""
        track = self._followed[graph]
        if track is None:
            return False
        return _cost(track, hand, t_s) < min((_cost(lost, hand, t_s) for lost in self._lost), default=1.0)

    def _double(self, hands: list[Detection], t_s: float) -> int | None:
        """Return the graph that has come onto the other one's hand, if one has.

        Hands in one place are two only where each was followed until then, or where the one that came is nearer to a lost hand,
        or surely named the other; and their shapes are mirrored.
        """
        if len(hands) < len(self._followed):
            return None
        one, other = hands
        size = float(max(hand_sizes(one.xy), hand_sizes(other.xy)))
        apart = float(mean_distance(one.xy, other.xy)) / size
        worse = max(range(2), key=lambda graph: self._misfit(graph, hands[graph], t_s))
        if None not in self._followed:
            return worse if apart < SAME_HAND else None
        between = palm_distance(one.xy, other.xy) / size
        if between >= ONE_PLACE:
            return None
        came, stayed = hands[worse], self._followed[1 - worse]
        lost = min((_distance(track, came, t_s) for track in self._lost), default=math.inf)
        known = stayed is not None and lost < _distance(stayed, came, t_s)
        named = between >= HELD and _are_contrary(one.handedness_score, other.handedness_score)
        return None if apart > OTHER_HAND and (known or named) else worse

    def _misfit(self, graph: int, hand: Detection, t_s: float) -> tuple[bool, float]:
        """Measure how ill a hand suits the face's size, and what the graph followed; inf where it followed nothing."""
        track, unfit = self._followed[graph], self._face is not None and not fits_face(hand.points, self._face.width)
        if track is None:
            return unfit, math.inf
        misnamed = 1.0 - hand.handedness_score if track.left_odds > 0 else hand.handedness_score
        return unfit, _distance(track, hand, t_s) + MISNAMED * misnamed

    def _follow(self, graph: int, hand: Detection, t_s: float) -> None:
        """Go on with a graph's hand, recognise a lost one, or begin with a new one."""
        vote = _log_odds(hand.handedness_score)
        track = self._followed[graph] or self._recognised(hand, t_s)
        if track is None:
            track = HandTrack(hand.points, t_s, vote * FIRST_VOTE, since_s=t_s)
        elif track is not self._followed[graph] and t_s - track.seen_s > PREDICT_S:
            likeness = (1.0 - _cost(track, hand, t_s) ** 2) * (1.0 - (t_s - track.seen_s) / (2 * FORGET_S))
            track.reacquire(hand.points, vote, t_s, likeness)
        else:
            track.follow(hand.points, vote, t_s, self._face)
        track.is_hand = track.is_hand or self._face is None or fits_face(hand.points, self._face.width)
        track.label_score = hand.handedness_score
        self._followed[graph] = track

    def _recognised(self, hand: Detection, t_s: float) -> HandTrack | None:
        """Return the lost hand that this one is, which is lost no more."""
        track = min(self._lost, key=lambda track: _cost(track, hand, t_s), default=None)
        if track is None or _cost(track, hand, t_s) >= 1.0:
            return None
        self._lost = [lost for lost in self._lost if lost is not track]
        return track

    def _refuse(self, t_s: float) -> None:
        """Take a graph that both are needed for off what is not the user's hand."""
        self._refused = [track for track in self._refused if t_s - track.seen_s <= HIDDEN_S]
        for graph, track in enumerate(self._followed):
            refused = track is not None and t_s - track.since_s > REFUSED_S and not self._is_the_users(track)
            if track is not None and refused and self._followed[1 - graph] is not None:
                self._refused.append(track)
                self._followed[graph] = None

    def _assign_handedness(self, t_s: float) -> Float:
        """Name the hands that are there: by the evidence, but whoever has a name keeps it unless that is strong."""
        out = np.full((2, HAND_LANDMARKS, 3), np.nan)
        self.left_score = np.full(2, np.nan)
        seen = [track for track in self._followed if track is not None and self._is_believed(track)]
        if len(seen) == 1:
            self._name_one(seen[0], t_s)
        elif len(seen) == 2:
            self._name_two(seen[0], seen[1], t_s)
        for track in seen:
            if track.side is not None:
                out[track.side], self.left_score[track.side] = track.points, track.label_score
        return out

    def _is_believed(self, track: HandTrack) -> bool:
        """Say whether a hand is reported: at first sight only alone in its place and with a sure name."""
        if not self._is_the_users(track) or track.frames >= CONFIRM_FRAMES:
            return self._is_the_users(track)
        sure = SURE_ODDS if self._on_face(track) else SURE_ODDS_OFF
        return abs(self._odds(track)) >= sure and self._is_alone(track)

    def _is_the_users(self, track: HandTrack) -> bool:
        """Say whether it has once been as large as a hand beside this face, and is not printed on a shirt: has moved, or lies
        where
        none is printed."""
        return track.is_hand and (self._face is None or track.moved or not self._face.has_before_chest(track.xy))

    def _on_face(self, track: HandTrack) -> bool:
        return self._face is not None and self._face.has_on_it(track.xy)

    def _is_alone(self, track: HandTrack) -> bool:
        others = [other for other in self._followed if other is not None and other is not track]
        return all(palm_distance(track.xy, other.xy) > ALONE * hand_sizes(track.xy) for other in others)

    def _name_one(self, track: HandTrack, t_s: float) -> None:
        odds = self._odds(track)
        if track.side is None:
            # The name of a hand that was there a moment ago is not given away but on good evidence.
            taken = {other.side for other in self._lost}
            odds += SWAP_ODDS / 2 * ((RIGHT in taken) - (LEFT in taken))
            if abs(odds) >= NAME_ODDS:
                track.take(LEFT if odds > 0 else RIGHT, t_s)
        elif _toward(track.side, odds) < -track.handedness_lock(t_s) / 2:
            track.take(1 - track.side, t_s)
        self._free_names_of([track])

    def _name_two(self, one: HandTrack, other: HandTrack, t_s: float) -> None:
        odds = self._odds(one) - self._odds(other)
        by_evidence = LEFT if odds > 0 else RIGHT
        side = one.side if one.side is not None else None if other.side is None else 1 - other.side
        if side is None and abs(odds) < NAME_ODDS:
            return
        if side is None or one.side == other.side:
            side = by_evidence
        lock = max(one.handedness_lock(t_s), other.handedness_lock(t_s))
        if _toward(side, odds) < -lock:
            side = 1 - side
        for track, name in ((one, side), (other, 1 - side)):
            # A second hand is held back while it looks like the first one.
            if track.side is not None or _toward(name, self._odds(track)) > -NAME_ODDS:
                track.take(name, t_s)
        self._free_names_of([one, other])

    def _free_names_of(self, named: list[HandTrack]) -> None:
        """Take the name from a hand that is out of sight once another has it."""
        taken = {track.side for track in named}
        for track in self._lost:
            if track.side in taken:
                track.side = None

    def _odds(self, track: HandTrack) -> float:
        """Add up the log-odds for left, with the half of the face that the wrist is on; the user's left is on the picture's
        right."""
        if self._face is None:
            return track.left_odds
        off = (float(track.points[0, 0]) - self._face.x) / self._face.width
        return track.left_odds + HALF_VOTE * max(-1.0, min(off, 1.0))


def _distance(track: HandTrack, hand: Detection, t_s: float) -> float:
    """Return the hand sizes from where the followed hand should be."""
    return float(mean_distance(track.predicted(t_s), hand.xy) / hand_sizes(hand.xy))


def _cost(track: HandTrack, hand: Detection, t_s: float) -> float:
    """Measure how ill a hand suits a followed one: at 1 it is as likely another, inf where MediaPipe has slid onto the other
    hand."""
    odds = _log_odds(hand.handedness_score)
    contrary = odds * track.left_odds < 0 and abs(odds) > OTHER_LABEL and abs(track.left_odds) > OTHER_KNOWN
    if contrary and mean_distance(on_palm(hand.xy), on_palm(track.xy)) > OTHER_SHAPE * hand_sizes(hand.xy):
        return math.inf
    return _distance(track, hand, t_s) / min(GATE + GATE_PER_S * (t_s - track.seen_s), WIDEST_GATE)


def _are_contrary(score: float, other: float) -> bool:
    """Say whether the labels surely name two hands."""
    odds = sorted((_log_odds(score), _log_odds(other)))
    return odds[0] < -OTHER_LABEL and odds[1] > OTHER_LABEL


def _toward(side: int, left_odds: float) -> float:
    return left_odds if side == LEFT else -left_odds


def _log_odds(score: float) -> float:
    bounded = max(LABEL_RANGE, min(score, 1.0 - LABEL_RANGE))
    return math.log(bounded / (1.0 - bounded))
