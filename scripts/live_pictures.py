"""Draws every page and state of a live session on the mannequin, at three sizes: ``python scripts/live_pictures.py FOLDER``.

The face, the hands and their place are what the tracker sees on a rendered frame; the verdicts are made here. With ``--docs``
it writes the contact sheets of docs/live.md instead, with few colours.
"""

import argparse
import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from facetrack.coach.verdict import Correction, SideVerdict, Verdict
from facetrack.demonstration import DemonstrationPlayer, demonstration_clip
from facetrack.flow import Screen
from facetrack.flow.closing import Closing
from facetrack.flow.facts import Facts
from facetrack.flow.opening import Opening
from facetrack.flow.options import FlowOptions
from facetrack.flow.words import KEYS, WORDS
from facetrack.geometry import FaceMapper
from facetrack.mannequin import Camera, MannequinSource, Performance, Scene, Style, perform
from facetrack.overlay import Overlay
from facetrack.packets import Frame
from facetrack.routine import load_routine
from facetrack.sinks import Tick
from facetrack.tracking import Tracker

SIZES = {"640x480": (640, 480), "1920x1080": (1920, 1080), "720x1280": (720, 1280)}
FOV_DEG = {"640x480": 50.0, "1920x1080": 62.0, "720x1280": 34.0}
ROUTINE, STEP = "fascia", "cheeks"
WORK_S = 3.4
"""Of the performance: hands are on the face, in the middle of a stroke."""
NAN = math.nan
LEFT, RIGHT = 0, 1


@dataclass(frozen=True)
class State:
    """A picture to draw. bare: on the frame without hands."""

    name: str
    screen: Screen
    verdict: Verdict
    recording: bool = False
    bare: bool = False


def performance() -> Performance:
    style = Style(order="together", variation=0.0)
    return perform(load_routine(ROUTINE).step(STEP), (), style, neutral_s=1.0, repetitions=2)


def ticks(size: str) -> tuple[Tick, Tick]:
    """A frame without and one with hands, as the line sees them; verdicts are put in later."""
    scene = Scene(camera=Camera(SIZES[size], FOV_DEG[size]))
    source, tracker, mapper = MannequinSource(performance(), scene, fps=15.0), Tracker(), FaceMapper()
    seen: dict[bool, Tick] = {}
    for frame in source.frames():
        observation = tracker.update(frame)
        points, fit = mapper.update(observation)
        hands = bool(observation.hand_seen.all() and points.near_face.all())
        if hands or not observation.hand_seen.any():
            seen[hands] = Tick(Frame(frame.image_bgr, frame.t_s, frame.index), observation, points, fit, verdict(), 0.0)
        if frame.t_s > WORK_S and hands:
            break
    tracker.close()
    return seen[False], seen[True]


def verdict(*shown: Correction, **changes: Any) -> Verdict:
    step = load_routine(ROUTINE).step(STEP)
    sides = tuple(
        SideVerdict(True, None, hand, np.full(2, NAN), True, True, True, 34.0, 1.0, 8.0, 34.0, count, path)
        for hand, count, path in (("left", 3, 210.0), ("right", 2, 180.0))
    )
    first = shown[0] if shown else None
    plain = Verdict(
        8.0, "working", step.index, 0, sides, 0.86, shown, (), first, None, (), (), 9.0, NAN, step.repetitions, None, None
    )  # fmt: skip
    return replace(plain, **changes)


def correction(kind: str, side: str, words: str) -> Correction:
    return Correction(0, STEP, side, kind, 7.0, None, 1.0, 1.0, f"{kind}.x", words)  # type: ignore[arg-type]


def working(**changes: Any) -> Screen:
    return replace(Screen("working", place=(2, 9), session_left_s=260.0), **changes)


def unseen(side: int) -> Verdict:
    said = verdict(hint_id="unseen.left", hint="I can't see your left hand")
    sides = list(said.sides)
    sides[side] = replace(sides[side], withheld="hand", hand=None, pace=NAN)
    return replace(said, sides=tuple(sides))


def opening_screens(bare: Tick) -> list[State]:
    routine = load_routine(ROUTINE)
    facts = Facts.of(bare.observation, bare.points)
    opening = Opening(routine, routine.steps, FlowOptions())
    found = []
    for number in range(6):
        shown = opening.show(facts) if opening.page else None
        if shown is None:
            break
        inset = STEP if shown.page == "prepare" else None
        screen = Screen(shown.page, shown.title, shown.lines, shown.ask, shown.share, shown.left_s, inset, session_left_s=312.0)
        if shown.page == "framing":
            for fault in ("framing.closer", "light.dark", "framing.neck"):
                found.append(State(f"{fault}", replace(screen, ask=WORDS[fault], share=0.0), verdict(), bare=True))
        if shown.page == "neutral":
            screen = replace(screen, share=0.6)
        found.append(State(shown.page, screen, verdict(), bare=True))
        opening.update(replace(facts, t_s=float(number)), None, True)
    return found


def states(bare: Tick) -> list[State]:
    routine = load_routine(ROUTINE)
    paused = Screen("paused", WORDS["paused.title"], (routine.step(STEP).title,), WORDS["paused.key"], session_left_s=260.0)
    closing = Closing(routine.steps, FlowOptions(concern=("jawline", "neck")))
    end = Screen("end", WORDS["end.title"], (*closing.lines, *routine.after), WORDS["end.ask"], left_s=17.0, palms=0.0)
    fast = verdict(correction("pace", "both", "Slower"))
    fast = replace(fast, sides=tuple(replace(side, pace=88.0) for side in fast.sides))
    one_less = verdict(correction("symmetry", "left", "Longer strokes on your left side"))
    one_less = replace(one_less, sides=(replace(one_less.sides[0], path_mm=80.0), one_less.sides[1]))
    told = correction("symmetry", "left", "Your left side got less: do it a little longer")
    return [
        *opening_screens(bare),
        State("working", working(), verdict()),
        State("demonstration", working(demonstration=STEP), verdict()),
        State("direction", working(), verdict(correction("direction", "right", "Stroke outward"))),
        State("zone", working(), verdict(correction("zone", "left", "Higher: to the cheek and cheekbone"))),
        State("pace", working(), fast),
        State("symmetry", working(), one_less),
        State("unseen", working(muted=True), unseen(LEFT)),
        State("praise", working(praise="Nicely done"), verdict()),
        State("told", working(praise="Nicely done", told=told), verdict()),
        State("recording", working(), verdict(), recording=True),
        State("palms", working(palms=0.6), verdict()),
        State("paused", paused, verdict(phase="paused")),
        State("away", replace(paused, ask=WORDS["paused.away"]), verdict(phase="paused"), bare=True),
        State("help", working(keys=KEYS), verdict()),
        State("end", end, verdict(phase="finished"), bare=True),
    ]  # fmt: skip


def draw(state: State, bare: Tick, hands: Tick, player: DemonstrationPlayer) -> np.ndarray:
    tick = bare if state.bare else hands
    said = place_of_hands(state.verdict, hands)
    player.picture(state.screen.demonstration, 0.0)
    player.wait()
    player.picture(state.screen.demonstration, 0.0)
    shown = player.picture(state.screen.demonstration, 4.0)
    overlay = Overlay(recording=state.recording)
    frame = replace(tick.frame, t_s=8.0)
    return overlay.draw(frame, tick.observation, tick.points, tick.fit, said, load_routine(ROUTINE), state.screen, shown).copy()


def place_of_hands(said: Verdict, hands: Tick) -> Verdict:
    sides = tuple(replace(side, working_mm=hands.points.points_mm[number, 2]) for number, side in enumerate(said.sides))
    return replace(said, sides=sides)


def sheet(pictures: list[np.ndarray], columns: int, width: int) -> np.ndarray:
    height = round(width * pictures[0].shape[0] / pictures[0].shape[1])
    small = [cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA) for picture in pictures]
    small += [np.full_like(small[0], 255)] * (-len(small) % columns)
    rows = [np.hstack(small[at : at + columns]) for at in range(0, len(small), columns)]
    return np.vstack(rows)


def few_colours(image: np.ndarray, levels: int = 12) -> np.ndarray:
    """A picture that PNG packs well: each channel in a few levels."""
    step = 255.0 / (levels - 1)
    return (np.round(image / step) * step).astype(np.uint8)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--docs", action="store_true", help="contact sheets instead of single pictures")
    parser.add_argument("--only", default="", help="a size")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    demonstration_clip(load_routine(ROUTINE).step(STEP))
    player = DemonstrationPlayer(load_routine(ROUTINE))
    for size in [given.only] if given.only else SIZES:
        bare, hands = ticks(size)
        drawn = {state.name: draw(state, bare, hands, player) for state in states(bare)}
        if given.docs:
            columns = 5 if size == "720x1280" else 4
            whole = sheet(list(drawn.values()), columns, 220 if size == "720x1280" else 400)
            cv2.imwrite(str(given.folder / f"live-{size}.png"), few_colours(whole), [cv2.IMWRITE_PNG_COMPRESSION, 9])
            continue
        for name, picture in drawn.items():
            cv2.imwrite(str(given.folder / f"{name}-{size}.png"), picture)


if __name__ == "__main__":
    main()
