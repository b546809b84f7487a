"""Draws every page and state of a live session on the mannequin, at three sizes, from the repository's top:

    python -m scripts.live_pictures FOLDER [--docs]

The face, the hands and their place are what the tracker sees on a rendered frame; the rest of the verdicts is made up. With
``--docs`` it writes the contact sheets of docs/live.md instead.
"""

import argparse
from pathlib import Path

import cv2
import numpy as np

from facetrack.capture.blank import GREY
from facetrack.demonstration import DemonstrationPlayer, demonstration_clip
from facetrack.flow.input.frame_facts import FrameFacts
from facetrack.geometry import FaceMapper
from facetrack.geometry.face_points import POINT_NAMES
from facetrack.mannequin import Camera, MannequinSource, Performance, Scene, Style, perform
from facetrack.overlay import Overlay
from facetrack.packets import Frame
from facetrack.pipeline.sinks import FrameResult
from facetrack.routine import load_routine
from facetrack.tracking import Tracker
from tests.overlay.scenes import verdict
from tests.overlay.screens import State, States

SIZES = {"640x480": (640, 480), "1920x1080": (1920, 1080), "720x1280": (720, 1280)}
FOV_DEG = {"640x480": 50.0, "1920x1080": 62.0, "720x1280": 34.0}
ROUTINE, STEP = "fascia", "cheeks"
README_SIZE, README_STATES = "640x480", ("demonstration", "direction")
MIDDLE = POINT_NAMES.index("middle")
WORK_S = 3.4
"""Of the performance: hands are on the face, in the middle of a stroke."""


def performance() -> Performance:
    style = Style(order="together", variation=0.0)
    return perform(load_routine(ROUTINE).step(STEP), (), style, neutral_s=1.0, repetitions=2)


def results(size: str) -> tuple[FrameResult, FrameResult]:
    """A frame without and one with hands, as the tracker sees them; the states have verdicts of their own."""
    scene = Scene(camera=Camera(SIZES[size], FOV_DEG[size]))
    source, mapper = MannequinSource(performance(), scene, fps=15.0), FaceMapper()
    seen: dict[bool, FrameResult] = {}
    with Tracker() as tracker:
        for frame in source.frames():
            observation = tracker.update(frame)
            points, fit = mapper.update(observation)
            hands = bool(observation.hand_seen.all() and points.near_face.all())
            if hands or not observation.hand_seen.any():
                seen[hands] = FrameResult(
                    Frame(frame.image_bgr, frame.t_s, frame.index), observation, points, fit, verdict(), 0.0
                )
            if frame.t_s > WORK_S and hands:
                break
    return seen[False], seen[True]


def draw(state: State, bare: FrameResult, hands: FrameResult, player: DemonstrationPlayer) -> np.ndarray:
    result = bare if state.bare else hands
    shown = None
    for t_s in (0.0, 0.0, 4.0):
        shown = player.picture(state.screen.demonstration, t_s)
        player.wait()
    image = np.full_like(result.frame.image_bgr, GREY) if state.screen.no_camera else result.frame.image_bgr
    fit = None if state.screen.no_camera else result.projection
    overlay, routine = Overlay(recording=state.recording), load_routine(ROUTINE)
    frame = Frame(image, 8.0, result.frame.index)
    return overlay.draw(frame, result.observation, result.points, fit, state.verdict, routine, state.screen, shown).copy()


def sheet(pictures: list[np.ndarray], columns: int, width: int) -> np.ndarray:
    height = round(width * pictures[0].shape[0] / pictures[0].shape[1])
    small = [cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA) for picture in pictures]
    small += [np.full_like(small[0], 255)] * (-len(small) % columns)
    return np.vstack([np.hstack(small[at : at + columns]) for at in range(0, len(small), columns)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--docs", action="store_true", help="contact sheets instead of single pictures")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    routine = load_routine(ROUTINE)
    demonstration_clip(routine.step(STEP))
    player = DemonstrationPlayer(routine)
    for size, (width, height) in SIZES.items():
        bare, hands = results(size)
        states = States(routine, STEP, FrameFacts.of(bare.observation, bare.points), hands.points.points_mm[:, MIDDLE]).all()
        drawn = {state.name: draw(state, bare, hands, player) for state in states}
        if given.docs:
            tall = height > width
            whole = sheet(list(drawn.values()), 8 if tall else 4, 190 if tall else 380)
            cv2.imwrite(str(given.folder / f"live-{size}.jpg"), whole, [cv2.IMWRITE_JPEG_QUALITY, 72])
            if size == README_SIZE:
                pair = sheet([drawn[name] for name in README_STATES], 2, 480)
                cv2.imwrite(str(given.folder / "live.jpg"), pair, [cv2.IMWRITE_JPEG_QUALITY, 80])
            continue
        for name, picture in drawn.items():
            cv2.imwrite(str(given.folder / f"{name}-{size}.png"), picture)


if __name__ == "__main__":
    main()
