"""How soon a camera's fault is told, and how soon pictures flow again after its cause is gone."""

import os
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.faults.live import Live

LASTS_S: Final = 2.0
BETWEEN_FRAMES: Final = 40
FAULTS: Final = {
    "unplugged": "unplugged",
    "failing": "every read fails",
    "raising": "the driver raises",
    "blocked": "a read blocks",
    "frozen": "the same picture again and again",
    "shutter": "all black: shutter closed",
    "covered": "black with noise: lens covered",
    "empty": "pictures of 0 x 0",
}


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds. told: from the fault to its line on stderr; resumed: from the cause's end to a picture in the journal; face: to
    one in which the face is tracked."""

    fault: str
    told_s: float
    resumed_s: float
    face_s: float
    words: str


def measure(times: int) -> list[Measured]:
    """The worst of so many times, each fault."""
    env = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
    with tempfile.TemporaryDirectory() as folder, Live(Path(folder), env, "--headless") as live:
        runs = [[_once(live, state) for state in FAULTS] for _ in range(times)]
        left_s = live.stop()
        gaps = live.document()["tracking"]["gaps"]
    print(f"{len(gaps)} gaps marked of {times * len(FAULTS)}")
    print(f"ended {left_s:.2f} s after Ctrl-C with exit code {live.process.returncode}")
    return [_worst(state, [run[number] for run in runs]) for number, state in enumerate(FAULTS)]


def _once(live: Live, state: str) -> Measured:
    live.frames(BETWEEN_FRAMES)
    known = len(live.lines)
    lost_s = live.set(state)
    told_s = live.told("facetrack: Camera 0", lost_s)
    words = next(line for _, line in live.lines[known:] if line.startswith("facetrack: Camera 0"))
    time.sleep(LASTS_S)
    skip = len(live.journal())
    back_s = live.set("good")
    resumed_s = live.picture(back_s, skip)
    return Measured(state, told_s, resumed_s, live.picture(back_s, skip, face=True), words.removeprefix("facetrack: "))


def _worst(state: str, all_of_it: list[Measured]) -> Measured:
    worst = [max(getattr(one, name) for one in all_of_it) for name in ("told_s", "resumed_s", "face_s")]
    return Measured(FAULTS[state], *worst, all_of_it[0].words)


def table(measured: list[Measured]) -> str:
    """Markdown."""
    lines = ["| fault | told after | pictures again after | face tracked after | what is said |", "|---|---|---|---|---|"]
    lines += [f"| {m.fault} | {m.told_s:.2f} s | {m.resumed_s:.2f} s | {m.face_s:.2f} s | {m.words} |" for m in measured]
    medians = [statistics.median(getattr(m, name) for m in measured) for name in ("told_s", "resumed_s", "face_s")]
    return "\n".join([*lines, "| median of these | " + " | ".join(f"{one:.2f} s" for one in medians) + " | |"])
