"""A tool that is shown: its edge touches the tip of the nose while the hand turns, and is followed from then on."""

from collections.abc import Callable

import numpy as np
import pytest

from facetrack.geometry.head.canonical import canonical_face
from facetrack.geometry.head.landmarks import NOSE_TIP
from facetrack.geometry.mapper import FaceMapper
from facetrack.geometry.tool.follower import FIRST_S, ToolFollower
from facetrack.geometry.tool.showing import LEAST_TOLERANCE_MM, WIDEST_TOLERANCE_MM, ShownTool, shown_tool
from facetrack.mannequin.body.hand_pose import GRIPS
from facetrack.mannequin.body.hand_rig import pose_joints
from facetrack.packets import LEFT, RIGHT, Float, Observation
from tests.geometry.heads import FRONTAL, SIZE_WH, person, seen, turned

FRAMES, FPS = 40, 20.0
NOSE_PX = np.array([320.0, 240.0])
MM_PER_PX = 0.7
EDGES = {"ahead": (4.0, 30.0, -18.0), "aside": (22.0, 28.0, -10.0), "long": (-6.0, 52.0, -30.0), "short": (0.0, 14.0, -6.0)}
"""From the holding fingers, mm in the hand's frame."""


def grip(open_share: float = 0.0) -> Float:
    """(21, 3) mm of a hand that holds a tool, or opens."""
    held = GRIPS["tool"].fingers
    opened = type(held)(held.flexion[None] * (1 - open_share), held.splay[None])
    joints: Float = pose_joints(opened).landmarks[0]
    return joints


HAND = grip()
HELD = HAND[[4, 8, 12]].mean(axis=0)


def turning(edge: Float, nose_px: Float = NOSE_PX, deg: tuple[float, float] = (20.0, 15.0), hand: Float = HAND) -> Float:
    """(N, 21, 3) px of a hand that turns about its tool's edge, in the picture and out of it."""
    wave = np.sin(np.linspace(0.0, 2.0 * np.pi, FRAMES))
    return np.array([placed(edge, nose_px, deg[0] * w, deg[1] * w, hand) for w in wave])


def placed(edge: Float, at_px: Float, roll: float, yaw: float, hand: Float = HAND) -> Float:
    """(21, 3) px of a hand with its tool's edge at a place."""
    points = (hand - edge) @ (turned(yaw=yaw, roll=60.0 + roll) @ turned(pitch=-20.0)).T / MM_PER_PX
    return points * (1.0, -1.0, -1.0) + (*at_px, 0.0)


def noisy(hands_px: Float, mm: float = 1.5) -> Float:
    return hands_px + np.random.default_rng(5).normal(0.0, mm / MM_PER_PX, hands_px.shape)


def noses(count: int = FRAMES) -> Float:
    return np.tile(NOSE_PX, (count, 1))


def found(hands_px: Float) -> ShownTool | None:
    return shown_tool(hands_px, noses(len(hands_px)), MM_PER_PX)


@pytest.mark.parametrize("name", EDGES)
def test_an_edge_that_was_shown_is_found_wherever_the_hand_goes(name: str) -> None:
    edge = HELD + EDGES[name]
    tool = found(noisy(turning(edge)))
    assert tool is not None
    assert LEAST_TOLERANCE_MM <= tool.tolerance_mm <= 16.0
    for place, roll, yaw in (((400.0, 150.0), 15.0, 0.0), ((260.0, 300.0), -25.0, 10.0)):
        seen_px, off = tool.follow(placed(edge, np.array(place), roll, yaw))
        assert np.hypot(*(seen_px - place)) * MM_PER_PX < 9.0
        assert off < 0.06


EDGE = HELD + EDGES["ahead"]


def resting() -> Float:
    return noisy(turning(EDGE, deg=(0.0, 0.0)))


def stroking() -> Float:
    """Over the forehead, turning a little."""
    hands = turning(EDGE, NOSE_PX + np.array([30.0, -90.0]), (12.0, 8.0))
    hands[..., 0] += np.linspace(0.0, 60.0, FRAMES)[:, None] / MM_PER_PX
    return noisy(hands)


def turned_elsewhere() -> Float:
    """It turns about a place far from the nose."""
    return noisy(turning(EDGE, NOSE_PX + np.array([80.0, -60.0])))


def wandering() -> Float:
    """The edge slides to and fro over the nose while the hand turns."""
    hands = turning(EDGE)
    hands[..., 1] += 26.0 * np.sin(np.linspace(0.0, 7.0 * np.pi, FRAMES))[:, None] / MM_PER_PX
    return noisy(hands)


def backwards() -> Float:
    """The wrist is at the nose: no tool leads there."""
    return noisy(turning(HAND[0]))


@pytest.mark.parametrize("made", [resting, stroking, turned_elsewhere, wandering, backwards])
def test_what_is_no_showing_gives_no_tool(made: Callable[[], Float]) -> None:
    assert found(made()) is None


def test_a_less_steady_showing_gives_a_wider_tolerance() -> None:
    steady, shaky = found(noisy(turning(EDGE), 1.0)), turning(EDGE)
    shaky[..., :2] += 7.0 * np.sin(np.linspace(0.0, 40.0, FRAMES))[:, None, None] / MM_PER_PX
    unsteady = found(noisy(shaky, 1.0))
    assert steady is not None
    assert unsteady is not None
    assert steady.tolerance_mm == LEAST_TOLERANCE_MM < unsteady.tolerance_mm <= WIDEST_TOLERANCE_MM


class Film:
    """A face that looks on while hands come and go, through mapper and follower."""

    def __init__(self) -> None:
        self.mapper, self.follower = FaceMapper(), ToolFollower()
        self.t_s = 0.0
        self.nose_px = FRONTAL.px(person())[NOSE_TIP, :2]
        self.edges: list[Float | None] = []

    def go(self, hands_px: list[Float | None] | Float, side: int = LEFT, doubt: str | None = None) -> "Film":
        for hand in hands_px:
            both = np.full((2, 21, 3), np.nan)
            if hand is not None:
                both[side] = hand
            face = seen(self.t_s, person()).face_px
            observation = Observation(self.t_s, SIZE_WH, face, both, doubt=doubt)  # type: ignore[arg-type]
            _, fit = self.mapper.update(observation)
            self.edges.append(self.follower.update(observation, fit))
            self.t_s += 1.0 / FPS
        return self

    def away(self, seconds: float) -> "Film":
        return self.go([None] * round(seconds * FPS))

    def showing(self) -> Float:
        return turning(EDGE, self.nose_px)

    def working(self, seconds: float, open_share: float = 0.0) -> Float:
        """It strokes over the cheek and turns a little."""
        hand = grip(open_share)
        return np.array(
            [
                placed(EDGE, self.nose_px + np.array([60.0 + 20.0 * np.sin(k / 8), 0.0]), 5.0, 0.0, hand)
                for k in range(round(seconds * FPS))
            ]
        )

    def known(self, side: int = LEFT) -> bool:
        return self.edges[-1] is not None and not bool(np.isnan(self.edges[-1][side, 0]))


def test_a_shown_edge_is_followed_on_the_face_of_the_hand_that_showed_it() -> None:
    film = Film().away(2.5)
    assert film.edges[-1] is None
    film.go(film.showing()).go(film.working(2.0))
    assert film.known()
    assert not film.known(RIGHT)
    x, y, tolerance = film.edges[-1][LEFT].tolist()  # type: ignore[index]
    assert 12.0 <= tolerance <= 25.0
    assert 15.0 < x < 75.0
    assert abs(y - canonical_face().points_mm[NOSE_TIP, 1]) < 15.0


def test_a_tool_is_looked_for_at_the_beginning_or_when_it_is_asked_for() -> None:
    late = Film().away(FIRST_S + 1.0)
    assert not late.go(late.showing()).known()
    asked = Film().away(FIRST_S + 1.0)
    asked.follower.asked = True
    assert asked.go(asked.showing()).known()


def test_a_hand_that_lets_go_has_another_grip_for_good() -> None:
    film = Film().away(2.5)
    film.go(film.showing()).go(film.working(3.0))
    assert film.known()
    film.go(film.working(1.0, open_share=0.9))
    assert not film.known(), "noticed within a second"
    film.go(film.working(3.0))
    assert not film.known(), "it may hold it otherwise now"


def test_a_hand_out_of_sight_for_a_moment_keeps_its_tool() -> None:
    film = Film().away(2.5)
    assert film.go(film.showing()).away(3.0).go(film.working(0.5)).known()


def test_nobody_elses_tool_is_followed() -> None:
    film = Film().away(2.5)
    film.go(film.showing()).go(film.working(0.5))
    assert not film.go(film.working(0.2), doubt="person").go(film.working(0.5)).known()
