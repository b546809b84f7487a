"""A player of raw samples that keeps time as a sound card does, for ``paplay`` in the path.

It begins once it has BUFFER_S of samples, then takes them at their rate whatever comes; what is missing then is silence. To LOG
it writes when each tick was heard (monotonic clock, s), and how many samples had been missing until then.
"""

import contextlib
import json
import os
import sys
import threading
import time
from pathlib import Path
from typing import Final

import numpy as np

from facetrack.cues.tones import RATE_HZ

BUFFER_S: Final = 0.06
PERIOD_S: Final = 0.01
LOUD: Final = 60
"""Of 32767: a tick begins."""
QUIET_S: Final = 0.03


def play(log: Path) -> None:
    """Until stdin ends and everything was heard, or the process is killed."""
    given = bytearray()
    over = threading.Event()

    def read() -> None:
        while chunk := os.read(0, 4096):
            given.extend(chunk)
        over.set()

    threading.Thread(target=read, daemon=True).start()
    while len(given) < 2 * BUFFER_S * RATE_HZ and not over.is_set():
        time.sleep(0.002)
    began_s, heard, missing, last_loud = time.monotonic(), 0, 0, -RATE_HZ
    while not (over.is_set() and not given):
        time.sleep(PERIOD_S)
        due = int((time.monotonic() - began_s) * RATE_HZ) - heard
        taken = min(due, len(given) // 2)
        samples = np.frombuffer(bytes(given[: 2 * taken]), "<i2")
        del given[: 2 * taken]
        if not over.is_set():
            missing += due - taken
        for at in np.flatnonzero(np.abs(samples) > LOUD):
            if heard + at - last_loud > QUIET_S * RATE_HZ:
                _note(log, {"player": os.getpid(), "tick_s": began_s + float(heard + at) / RATE_HZ, "missing": missing})
            last_loud = heard + int(at)
        heard += due


def _note(log: Path, told: dict[str, float]) -> None:
    with contextlib.suppress(OSError), log.open("a", encoding="utf-8") as file:
        file.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    play(Path(sys.argv[1]))
