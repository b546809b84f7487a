"""What the live experience costs beside finding face and hands, in one run: ``python -m benchmarks.live_cost``.

Drawing each page and state at 1280x720 as a share of serial inference (wanted: at most 15 %), the flow's own time, and the
hold-ups of a busy thread with a voice that speaks all the time against none.
"""

import argparse
import json
import os
import tempfile
import time
from pathlib import Path
from statistics import median

import numpy as np

from facetrack.cues import SpeakingProcess
from facetrack.demonstration import DemonstrationPlayer, demonstration_clip
from facetrack.flow import FlowOptions, SessionFlow, Utterance
from facetrack.flow.input.frame_facts import FrameFacts
from facetrack.geometry.face_points import POINT_NAMES
from facetrack.mannequin import Camera, MannequinSource, Scene, Style, perform
from facetrack.overlay import Overlay
from facetrack.packets import Frame
from facetrack.pipeline.judge import Judge
from facetrack.pipeline.sinks import FrameResult
from facetrack.routine import load_routine
from facetrack.tracking import Tracker
from tests.overlay.screens import States

SIZE_WH = (1280, 720)
DRAWS = 60
WORDS = 120
AFTER_S, BETWEEN_S = 0.04, 0.06
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
    inference_ms, results = [], []
    flow, judge = SessionFlow(routine, routine.steps, FlowOptions(safety=False)), Judge.for_routine(routine)
    flow_ms = []
    with Tracker(threads=1) as tracker:
        for frame in frames:
            began = time.perf_counter()
            observation = tracker.update(frame)
            inference_ms.append(1000.0 * (time.perf_counter() - began))
            points, projection = judge.locate(observation)
            began = time.perf_counter()
            commands = flow.pre_coach(frame.image_bgr, observation, points)
            between = time.perf_counter()
            for command in commands:
                judge.coach.command(command, points.t_s)
            verdict = judge.coach.update(points)
            after = time.perf_counter()
            screen = flow.post_coach(verdict)
            flow_ms.append(1000.0 * (between - began + time.perf_counter() - after))
            results.append(FrameResult(frame, observation, points, projection, verdict, 0.0, screen))
    serial_ms = median(inference_ms[len(inference_ms) // 2 :])
    figures = {"inference_ms": serial_ms, "flow_share": median(flow_ms) / serial_ms}
    figures |= {f"draw_share_{name}": ms / serial_ms for name, ms in drawing(results).items()}
    figures |= speaking()
    if given.json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        print(f"{name:32} {value:8.3f}" if name.endswith("_ms") else f"{name:32} {100 * value:7.1f} %")


def drawing(results: list[FrameResult]) -> dict[str, float]:
    """Median milliseconds for each page and state, on the last frame, whose hands are at the face."""
    routine, last = load_routine(ROUTINE), results[-1]
    demonstration_clip(routine.step(STEP))
    player = DemonstrationPlayer(routine)
    player.picture(STEP, 0.0)
    player.wait()
    overlay, taken = Overlay(), {}
    for state in States(
        routine, STEP, FrameFacts.of(last.observation, last.points), last.points.points_mm[:, POINT_NAMES.index("middle")]
    ).all():
        shown = player.picture(STEP, 1.0) if state.screen.demonstration else None
        arguments = (last.frame, last.observation, last.points, last.projection, state.verdict, routine, state.screen, shown)
        overlay.draw(*arguments)
        taken[state.name] = median(timed(lambda given=arguments: overlay.draw(*given), DRAWS))
    return taken


def speaking() -> dict[str, float]:
    """The worst hold-up of a busy thread in the moments after it handed a word over, against moments without one."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        voice = Path(folder) / "espeak-ng"
        voice.write_text("#!/bin/sh\ncat > /dev/null\nsleep 0.4\n")
        voice.chmod(0o755)
        os.environ["PATH"] = f"{folder}{os.pathsep}{os.environ['PATH']}"
        speaker = SpeakingProcess("en")
        for name in ("silent", "spoken", "silent_again", "spoken_again"):
            worst_ms = []
            for _ in range(WORDS):
                if name.startswith("spoken"):
                    speaker.put(Utterance("Stroke outward", "correct", urgent=True))
                worst_ms.append(_worst_ms(AFTER_S))
                time.sleep(BETWEEN_S)
            found[f"held_up_p50_{name}_ms"] = float(np.percentile(worst_ms, 50))
            found[f"held_up_p90_{name}_ms"] = float(np.percentile(worst_ms, 90))
        speaker.close()
    return found


def _worst_ms(seconds: float) -> float:
    """Of a thread that does nothing but look at the clock."""
    worst_s, last_s = 0.0, time.perf_counter()
    end_s = last_s + seconds
    while last_s < end_s:
        now_s = time.perf_counter()
        worst_s, last_s = max(worst_s, now_s - last_s), now_s
    return 1000.0 * worst_s


if __name__ == "__main__":
    main()
