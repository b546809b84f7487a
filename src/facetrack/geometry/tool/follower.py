"""ToolFollower: where the edges of the tools are that the user has shown, frame by frame, while the grip lasts."""

import math
from collections import deque
from typing import Final

import numpy as np

from facetrack.geometry.head.canonical import canonical_face
from facetrack.geometry.head.landmarks import NOSE_TIP
from facetrack.geometry.surface.projection import APART_MM, FaceFit
from facetrack.geometry.tool.showing import ShownTool, bend_deg, shown_tool
from facetrack.packets import LEFT, RIGHT, Float, Observation

FIRST_S: Final = 20.0
"""A tool may be shown in a recording's first seconds, and live while it is asked for."""
SHOWN_S: Final = 2.0
"""How long it is turned."""
_EVERY_S: Final = 0.2
"""Whether it has been shown is looked at so often."""
_LEAST_FRAMES: Final = 12
_AT_NOSE_MM: Final = 140.0
"""No knuckle of a hand that shows a tool is seen farther from the nose."""
_KNUCKLE: Final = 10
_CHANGED_S: Final = 0.3
"""How long (time constant) a hand's look is averaged: one that turns quickly looks otherwise for a moment."""
_CHANGED_OFF: Final = 0.33
"""Another grip: the hand is unlike its shape by this share of its palm. A hand that holds on was off by up to 0.27 on rendered
clips, since the tracker sees fingers differently from each side."""
_OPENED_SHARE: Final = 0.5
"""Another grip: the fingers are bent by less than this share of their habit. They have let go."""
_HABIT_S: Final = 4.0
"""Time constant of how far they usually are."""
_UNSEEN_S: Final = 10.0
"""A hand that was out of sight for longer may have put its tool down."""
_NOSE_MM: Final = canonical_face().points_mm[NOSE_TIP, :2]
_UNKNOWN: Final = (math.nan, math.nan, math.nan)


class ToolFollower:
    """Finds the tools that are shown, each hand's once, and follows them.

    asked: whether one may be shown now, whatever the time.

    ``update`` gives (2, 3) x, y and tolerance of each hand's edge, chart mm, NaN where it is not known; None while no tool was
    ever shown.
    """

    def __init__(self) -> None:
        self.asked = False
        self.reset()

    def reset(self) -> None:
        """Forget all tools."""
        self._hands = [_HandTool(), _HandTool()]
        self._begun_s = math.nan

    def update(self, observation: Observation, fit: FaceFit | None) -> Float | None:
        """Process a frame. fit: the face's place in it."""
        if observation.doubt == "person":
            self.reset()  # whoever showed a tool may be somebody else
        t_s = observation.t_s
        if math.isnan(self._begun_s) and fit is not None:
            self._begun_s = t_s
        if fit is not None and (self.asked or t_s - self._begun_s <= FIRST_S):
            self._watch(observation, fit)
        edges = [self._edge(hand, observation, fit) for hand in (LEFT, RIGHT)]
        return np.array(edges) if any(hand.ever_shown for hand in self._hands) else None

    def _watch(self, observation: Observation, fit: FaceFit) -> None:
        """Look whether a hand shows a tool, each hand's until it has."""
        if observation.doubt is not None:
            return
        nose_px = fit.image_from_chart(_NOSE_MM)
        for tool, hand_px in zip(self._hands, observation.hands_px, strict=True):
            if not (tool.ever_shown or math.isnan(hand_px[0, 0])):
                tool.watch(observation.t_s, hand_px, nose_px, fit.mm_per_px)

    def _edge(self, hand: int, observation: Observation, fit: FaceFit | None) -> tuple[float, float, float]:
        tool, hand_px = self._hands[hand], observation.hands_px[hand]
        if fit is None or math.isnan(hand_px[0, 0]) or observation.doubt is not None:
            return _UNKNOWN
        edge_px = tool.follow(observation.t_s, hand_px)
        if edge_px is None or tool.shown is None:
            return _UNKNOWN
        # A finger that is seen there touches another place: an edge lies on the skin itself, a fingertip's landmark above it.
        touched, _ = fit.located(edge_px)
        place, apart = fit.located(edge_px + (edge_px - fit.image_from_chart(touched)))
        if not apart <= APART_MM:
            return _UNKNOWN
        return float(place[0]), float(place[1]), tool.shown.tolerance_mm


class _HandTool:
    """Follows one hand: first whether it shows a tool, then whether it still holds it as it did."""

    def __init__(self) -> None:
        self.shown: ShownTool | None = None
        self.ever_shown = False
        self._seen: deque[tuple[float, Float, Float]] = deque()  # time, hand, nose
        self._looked_s = self._followed_s = -math.inf
        self._unlike = self._bend = self._usual_bend = 0.0

    def watch(self, t_s: float, hand_px: Float, nose_px: Float, mm_per_px: float) -> None:
        """Look whether the last two seconds showed a tool."""
        if math.dist(hand_px[_KNUCKLE, :2], nose_px) * mm_per_px > _AT_NOSE_MM:
            self._seen.clear()
            return
        self._seen.append((t_s, hand_px, nose_px))
        while self._seen[-1][0] - self._seen[0][0] > SHOWN_S + 0.5 * _EVERY_S:
            self._seen.popleft()
        whole = t_s - self._seen[0][0] >= SHOWN_S - 0.5 * _EVERY_S and len(self._seen) >= _LEAST_FRAMES
        if not whole or t_s - self._looked_s < _EVERY_S:
            return
        self._looked_s = t_s
        _, hands, noses = zip(*self._seen, strict=True)
        self.shown = shown_tool(np.array(hands), np.array(noses), mm_per_px)
        self.ever_shown = self.shown is not None
        if self.shown is not None:
            self._followed_s = t_s
            self._bend = self._usual_bend = bend_deg(self.shown.shape)

    def follow(self, t_s: float, hand_px: Float) -> Float | None:
        """Return where the edge is, (2,) px; None where it is not known, or not any more."""
        if self.shown is None:
            return None
        edge_px, off = self.shown.follow(hand_px)
        gap_s = t_s - self._followed_s
        self._followed_s = t_s
        self._look(off, bend_deg(hand_px), min(gap_s, _CHANGED_S))
        let_go = self._bend < _OPENED_SHARE * self._usual_bend
        if let_go or self._unlike > _CHANGED_OFF or gap_s > _UNSEEN_S:
            self.shown = None
            return None
        return edge_px

    def _look(self, off: float, bend: float, dt_s: float) -> None:
        """Average how the hand looks."""
        share = 1.0 - math.exp(-dt_s / _CHANGED_S)
        self._unlike += share * (off - self._unlike)
        self._bend += share * (bend - self._bend)
        self._usual_bend += (1.0 - math.exp(-dt_s / _HABIT_S)) * (bend - self._usual_bend)
