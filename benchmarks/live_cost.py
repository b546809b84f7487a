"""What the live experience costs beside finding face and hands, in one run: ``python -m benchmarks.live_cost``.

Drawing each page and state at 1280x720 as a share of serial inference (wanted: at most 15 %), the flow's own time, and the
slowest frames with a voice that speaks all the time against none.
"""

import argparse
import json
import sys
import time
from statistics import median

import numpy as np
from tests.overlay import scenes
from tests.overlay.screens import States

from facetrack.coach import LiveCoach
from facetrack.cues import CueSink, Speaker, Voice
from facetrack.demonstration import DemonstrationPlayer, demonstration_clip
from facetrack.flow import FlowOptions, Say, SessionFlow
from facetrack.flow.facts import Facts
from facetrack.geometry import FaceMapper
from facetrack.mannequin import Camera, MannequinSource, Scene, Style, perform
from facetrack.overlay import Overlay
from facetrack.packets import Frame
from facetrack.routine import load_routine
from facetrack.sinks import Tick
from facetrack.tracking import Tracker

SIZE_WH = (1280, 720)
DRAWS = 60
SPOKEN_FRAMES = 400
SAYS_EVERY = 8
BUSY_VOICE = "import sys, time; sys.stdin.read(); time.sleep(0.4)"
"""A voice as the line sees it: a process that is started, reads its words, lasts, and is cut short by the next."""
ROUTINE, STEP = "fascia", "cheeks"


def rendered() -> list[Frame]:
    """Hands that come to the face and work there."""
    performance = perform(load_routine(ROUTINE).step(STEP), (), Style(order="together"), neutral_s=1.0, repetitions=2)
    scene = Scene(camera=Camera(SIZE_WH, 62.0))
    frames = []
    for frame in MannequinSource(performance, scene, fps=10.0).frames():
        frames.append(Frame(frame.image_bgr, frame.t_s, frame.index))
        if frame.t_s > 5.0:
            return frames
    return frames


def timed(action, times: int) -> list[float]:
    """Milliseconds of each call."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        action()
        taken.append(1000.0 * (time.perf_counter() - began))
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    frames, routine = rendered(), load_routine(ROUTINE)
    inference_ms, ticks = [], []
    mapper = FaceMapper()
    flow, coach = SessionFlow(routine, routine.steps, FlowOptions(safety=False)), LiveCoach(routine)
    flow_ms = []
    with Tracker() as tracker:
        for frame in frames:
            began = time.perf_counter()
            observation = tracker.update(frame)
            inference_ms.append(1000.0 * (time.perf_counter() - began))
            points, fit = mapper.update(observation)
            began = time.perf_counter()
            commands = flow.before(frame.image_bgr, observation, points)
            between = time.perf_counter()
            for command in commands:
                coach.command(command, points.t_s)
            verdict = coach.update(points)
            after = time.perf_counter()
            screen = flow.after(verdict)
            flow_ms.append(1000.0 * (between - began + time.perf_counter() - after))
            ticks.append(Tick(frame, observation, points, fit, verdict, 0.0, screen))
    serial_ms = median(inference_ms[len(inference_ms) // 2 :])
    figures = {"inference_ms": serial_ms, "flow_share": median(flow_ms) / serial_ms}
    figures |= {f"draw_share_{name}": ms / serial_ms for name, ms in drawing(ticks).items()}
    figures |= speaking(ticks)
    if given.json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        print(f"{name:32} {value:8.3f}" if name.endswith("_ms") else f"{name:32} {100 * value:7.1f} %")


def drawing(ticks: list[Tick]) -> dict[str, float]:
    """Median milliseconds for each page and state, on the last frame, whose hands are at the face."""
    routine, last = load_routine(ROUTINE), ticks[-1]
    demonstration_clip(routine.step(STEP))
    player = DemonstrationPlayer(routine)
    player.picture(STEP, 0.0)
    player.wait()
    overlay, taken = Overlay(), {}
    for state in States(routine, STEP, Facts.of(last.observation, last.points)).all():
        shown = player.picture(STEP, 1.0) if state.screen.demonstration else None
        arguments = (last.frame, last.observation, last.points, last.fit, state.verdict, routine, state.screen, shown)
        overlay.draw(*arguments)
        taken[state.name] = median(timed(lambda given=arguments: overlay.draw(*given), DRAWS))
    return taken


def speaking(ticks: list[Tick]) -> dict[str, float]:
    """The slowest of a hundred frames (flow of work that a session has per frame: tracking, drawing), silent and spoken."""
    found = {}
    routine = load_routine(ROUTINE)
    for name in ("silent", "spoken", "silent_again", "spoken_again"):
        spoken = name.startswith("spoken")
        speaker = Speaker(Voice("busy", (sys.executable, "-S", "-c", BUSY_VOICE)) if spoken else None, None)
        sink, overlay, taken = CueSink(speaker), Overlay(), []
        with Tracker() as tracker:
            for number in range(SPOKEN_FRAMES):
                tick = ticks[number % len(ticks)]
                says = (Say("Stroke outward", "correct", urgent=True),) if spoken and number % SAYS_EVERY == 0 else ()
                screen = scenes.screen(say=says)
                began = time.perf_counter()
                tracker.update(Frame(tick.frame.image_bgr, number / 30.0, number))
                sink.take(Tick(tick.frame, tick.observation, tick.points, tick.fit, tick.verdict, 0.0, screen))
                overlay.draw(tick.frame, tick.observation, tick.points, tick.fit, tick.verdict, routine, screen)
                taken.append(1000.0 * (time.perf_counter() - began))
        sink.close()
        found[f"frame_p50_{name}_ms"] = float(np.percentile(taken[50:], 50))
        found[f"frame_p99_{name}_ms"] = float(np.percentile(taken[50:], 99))
    return found


if __name__ == "__main__":
    main()
