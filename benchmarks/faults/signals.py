"""Signals at many moments of many commands: each must end at once, with its session saved, and leave nothing half done."""

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from facetrack.system import paths
from tests.clips import write_clip

LONGEST_S: Final = 2.0
"""From the signal to the end of the process."""
PYTHON_S: Final = 0.08
"""Before that Python itself has not begun, and ends by the signal."""
HANGS_S: Final = 30.0
WAYS: Final = (("SIGINT",), ("SIGTERM",), ("SIGHUP",), ("SIGINT", "SIGINT"), ("SIGINT", "SIGTERM"))
COMMANDS: Final[dict[str, list[str]]] = {
    "run --video": ["run", "fascia", "--headless", "--yes", "--no-voice", "--video", "CLIP", "--out", "OUT"],
    "run --record": ["run", "--headless", "--yes", "--no-voice", "--video", "CLIP", "--out", "OUT", "--record"],
    "run, kept in the history": ["run", "fascia", "--headless", "--yes", "--no-voice", "--video", "CLIP"],
    "analyze": ["analyze", "CLIP", "--out", "OUT"],
    "analyze --workers 2": ["analyze", "CLIP", "SECOND", "--workers", "2", "--out", "OUT"],
    "report": ["report", "DONE"],
    "sessions export": ["sessions", "export", "--out", "OUT"],
    "models fetch": ["models", "fetch", "--from", "MODELS"],
    "models verify": ["models", "verify"],
    "routines list": ["routines", "list"],
    "bench": ["bench", "--frames", "20"],
}


@dataclass(slots=True)
class Swept:
    """codes: how often each exit code; longest_s: from the signal to the end; wrong: what should not have happened."""

    command: str
    codes: Counter[int] = field(default_factory=Counter)
    longest_s: float = 0.0
    wrong: list[str] = field(default_factory=list)


NOBODY = 1
"""Exit code of a recording that shows nobody, as the clips here do."""


class Sandbox:
    """Folders that a command may write into, and one beside them that it may not."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.clip = write_clip(root / "clip.mp4", frames=30, size_wh=(320, 240))
        self.second = write_clip(root / "second.mp4", frames=30, size_wh=(320, 240))
        self.models = paths.models_dir()
        self.runs = 0
        self.renew()
        self.done = root / "done"

    def prepare(self, command: list[str]) -> None:
        """Make the session that a command wants to be there."""
        if "DONE" in command and not self.done.exists():
            first = self.run(["analyze", "CLIP", "--out", "DONE"])
            _, err = first.communicate()
            assert first.returncode == NOBODY, err

    def renew(self) -> None:
        """A folder of its own for the next run."""
        self.runs += 1
        self.here = self.root / f"run{self.runs}"
        for name in ("home", "work"):
            (self.here / name).mkdir(parents=True)

    def run(self, command: list[str]) -> subprocess.Popen[str]:
        places = {"CLIP": self.clip, "SECOND": self.second, "OUT": self.here / "out", "DONE": self.root / "done"}
        given = [str(places.get(part, self.models if part == "MODELS" else part)) for part in command]
        env = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
        env |= {"FACETRACK_DATA_DIR": str(self.here / "data"), "FACETRACK_CACHE_DIR": str(paths.cache_dir())}
        env |= {"FACETRACK_MODELS_DIR": str(self.here / "models" if "--from" in command else self.models)}
        env |= {"HOME": str(self.here / "home"), "PYTHONPATH": os.pathsep.join(sys.path)}
        return subprocess.Popen(
            [sys.executable, "-m", "facetrack", *given],
            cwd=self.here / "work",
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def faults(self) -> list[str]:
        """What lies where it should not, and sessions that were not saved."""
        found = [f"{path} is outside its folders" for name in ("home", "work") for path in (self.here / name).rglob("*")]
        found += [f"{path} was left" for path in self.here.rglob("*.tmp")]
        for journal in self.here.rglob("frames.jsonl"):
            document = journal.with_name("session.json")
            if not document.exists():
                found.append(f"{journal} without session.json")
            elif json.loads(document.read_text(encoding="utf-8"))["tracking"]["frames"] != _frames(journal):
                found.append(f"{journal} has frames that its session.json has not")
        return found


def _frames(journal: Path) -> int:
    return sum('"p"' in line for line in journal.read_text(encoding="utf-8").splitlines())


def sweep(moments: int, seed: int, commands: Iterable[str] = tuple(COMMANDS), longest_s: float = LONGEST_S) -> list[Swept]:
    """So many signals for each command, evenly spread from its start to its end with some jitter."""
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        box = Sandbox(Path(folder))
        return [_sweep(box, name, moments, rng, longest_s) for name in commands]


def _sweep(box: Sandbox, name: str, moments: int, rng: random.Random, longest_s: float) -> Swept:
    command = COMMANDS[name]
    box.prepare(command)
    began_s = time.monotonic()
    box.renew()
    box.run(command).communicate()
    whole_s = time.monotonic() - began_s
    swept = Swept(name)
    for number in range(moments):
        _strike(box, swept, command, WAYS[number % len(WAYS)], (number + rng.random()) / moments * whole_s, longest_s)
    print(f"{name}: {dict(swept.codes)}, longest {swept.longest_s:.2f} s, {len(swept.wrong)} wrong", flush=True)
    for one in swept.wrong:
        print(f"  {one}", flush=True)
    return swept


def _strike(box: Sandbox, swept: Swept, command: list[str], way: tuple[str, ...], after_s: float, longest_s: float) -> None:
    box.renew()
    process = box.run(command)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(after_s)
    struck_s = time.monotonic()
    for one in way:
        if process.poll() is None:
            process.send_signal(getattr(signal, one))
            time.sleep(0.02 * (len(way) > 1))
    try:
        _, err = process.communicate(timeout=HANGS_S)
    except subprocess.TimeoutExpired:
        process.kill()
        _, err = process.communicate()
        swept.wrong.append(f"{way} after {after_s:.2f} s: hangs")
    took_s = time.monotonic() - struck_s
    swept.codes[process.returncode] += 1
    swept.longest_s = max(swept.longest_s, took_s)
    if after_s < PYTHON_S:
        return
    where = f"{'+'.join(way)} after {after_s:.2f} s"
    if process.returncode not in (0, NOBODY, 130):
        swept.wrong.append(f"{where}: exit code {process.returncode}")
    if took_s > longest_s:
        swept.wrong.append(f"{where}: took {took_s:.2f} s")
    if "Traceback" in err or err.count("\n") > 2:
        swept.wrong.append(f"{where}: {err[-300:]!r}")
    swept.wrong += [f"{where}: {fault}" for fault in box.faults()]


def table(swept: list[Swept]) -> str:
    """Markdown."""
    lines = ["| command | signals | exit codes | longest | wrong |", "|---|---|---|---|---|"]
    for one in swept:
        codes = ", ".join(f"{code}: {count}" for code, count in sorted(one.codes.items(), reverse=True))
        lines.append(f"| `{one.command}` | {one.codes.total()} | {codes} | {one.longest_s:.2f} s | {len(one.wrong)} |")
    return "\n".join(lines)
