"""Every page and state at every size, against pictures that were looked at.

``python -m tests.overlay.test_screens`` writes them anew after a wanted change; look at them then.
"""

import tracemalloc
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from facetrack.flow.input.frame_facts import FrameFacts
from facetrack.overlay import THEME, Overlay
from facetrack.overlay.drawing.layout import Layout
from facetrack.overlay.parts.inset import inset_rect
from facetrack.packets import Frame
from facetrack.routine import load_routine
from tests.overlay import scenes
from tests.overlay.screens import State, States

GOLDENS = Path(__file__).parent / "goldens"
SIZES = {"640x480": (640, 480), "1280x720": (1280, 720), "480x640": (480, 640)}
SHRUNK = 3
"""Goldens are a third as wide: small files, and no quarrel over the edges of letters."""
MEAN_SLACK = 2.0
WORST_SLACK = 60.0
"""Grey levels: of the mean difference, and of the 99.9th percentile."""
ROUTINE = load_routine("fascia")
DEMONSTRATION = np.zeros((300, 240, 3), np.uint8)
DEMONSTRATION[:] = (90, 120, 60)
cv2.circle(DEMONSTRATION, (120, 120), 60, scenes.SKIN, -1)


def _facts(size_wh: tuple[int, int]) -> FrameFacts:
    return FrameFacts.of(scenes.observation(size_wh), scenes.points())


def _states(size_wh=(640, 480)) -> dict[str, State]:
    return {state.name: state for state in States(ROUTINE, "forehead", _facts(size_wh), np.array(scenes.HERE_MM)).all()}


def _drawn(state: State, size_wh: tuple[int, int]) -> np.ndarray:
    seen = scenes.observation(size_wh)
    if state.bare:
        seen.hands_px[:] = np.nan
    frame = Frame(scenes.frame(size_wh).image_bgr, 1.0, 0)
    shown = DEMONSTRATION if state.screen.demonstration else None
    overlay, fit = Overlay(recording=state.recording), None if state.screen.no_camera else scenes.PlainFit(size_wh)
    return overlay.draw(frame, seen, scenes.points(), fit, state.verdict, ROUTINE, state.screen, shown).copy()


def _shrunk(image: np.ndarray) -> np.ndarray:
    small = cv2.resize(image, (image.shape[1] // SHRUNK, image.shape[0] // SHRUNK), interpolation=cv2.INTER_AREA)
    return (small & 0xF0) | 8  # 16 levels a channel, or PNG packs nothing


def _sheet(size_wh: tuple[int, int]) -> np.ndarray:
    rows = [_shrunk(_drawn(state, size_wh)) for state in _states(size_wh).values()]
    return np.concatenate(rows)


@pytest.mark.parametrize("size", SIZES)
def test_every_screen_looks_as_it_did_when_it_was_looked_at(size: str) -> None:
    golden = cv2.imread(str(GOLDENS / f"{size}.png"))
    assert golden is not None
    height = SIZES[size][1] // SHRUNK
    states = _states(SIZES[size])
    assert len(golden) == height * len(states)
    for number, (name, state) in enumerate(states.items()):
        before = golden[number * height : (number + 1) * height].astype(float)
        off = np.abs(before - _shrunk(_drawn(state, SIZES[size])))
        assert off.mean() < MEAN_SLACK, name
        assert np.percentile(off, 99.9) < WORST_SLACK, name


def test_goldens_tell_screens_apart() -> None:
    """Else the tolerance would let anything pass."""
    pictures = {name: _shrunk(_drawn(state, (640, 480))).astype(float) for name, state in _states().items()}
    names = list(pictures)
    for first, name in enumerate(names):
        for other in names[first + 1 :]:
            off = np.abs(pictures[name] - pictures[other])
            assert off.mean() > MEAN_SLACK or np.percentile(off, 99.9) > WORST_SLACK, (name, other)


@pytest.mark.parametrize("size_wh", [(320, 240), (1920, 1080), (1080, 1920), (200, 600)], ids=str)
def test_every_screen_can_be_drawn_at_odd_sizes(size_wh) -> None:
    for state in _states(size_wh).values():
        assert _drawn(state, size_wh).shape == (size_wh[1], size_wh[0], 3)


@pytest.mark.parametrize("size_wh", [(640, 480), (1280, 720), (720, 1280)], ids=str)
def test_demonstration_leaves_the_face_and_the_words_free(size_wh) -> None:
    layout = Layout.of(size_wh, THEME)
    x, y, width, height = inset_rect(layout, THEME, DEMONSTRATION)
    face = scenes.PlainFit(size_wh).image_from_chart(np.array([[-70.0, 60.0], [70.0, -110.0]]))
    assert x > face[:, 0].max() or y + height < face[:, 1].min() or x + width < face[:, 0].min()
    assert layout.top[3] < y
    assert y + height < layout.foot[1] - 0.2 * layout.unit


def _scale_pointer(image: np.ndarray, right_edge: bool) -> float:
    """Mean height of the white pointer beside the scale at an edge of a 1280x720 picture."""
    edge = image[120:600, -50:] if right_edge else image[120:600, :50]
    white = np.nonzero((edge > 250).all(axis=-1))
    # The pointer is the only white thing on the scale's inner side below its label.
    inner = white[1] < 20 if right_edge else white[1] > 30
    return float(white[0][inner].mean())


def test_the_pointer_rises_with_the_pace_on_its_own_side() -> None:
    said = _states()["working"].verdict
    heights = []
    for pace in (10.0, 30.0, 50.0):
        left, right = said.sides
        quick = replace(said, sides=(replace(left, pace=pace), replace(right, pace=float("nan"))))
        state = replace(_states()["working"], verdict=quick)
        heights.append(_scale_pointer(_drawn(state, (1280, 720)), right_edge=False))
    assert heights[0] > heights[1] > heights[2], "faster is higher; a mirror shows the user's left at the left"


def test_drawing_the_same_again_costs_no_memory() -> None:
    states, overlay = _states(), Overlay()
    frame, seen, fit = scenes.frame(), scenes.observation(), scenes.PlainFit((640, 480))

    def all_of_them() -> None:
        for state in states.values():
            shown = DEMONSTRATION if state.screen.demonstration else None
            overlay.draw(frame, seen, scenes.points(), fit, state.verdict, ROUTINE, state.screen, shown)

    for _ in range(3):
        all_of_them()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for _ in range(6):
        all_of_them()
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert grown < 100_000


def _write() -> None:
    GOLDENS.mkdir(exist_ok=True)
    for size, size_wh in SIZES.items():
        cv2.imwrite(str(GOLDENS / f"{size}.png"), _sheet(size_wh), [cv2.IMWRITE_PNG_COMPRESSION, 9])


if __name__ == "__main__":
    _write()
