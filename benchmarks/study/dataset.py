"""Times ``study build`` and ``study summary``: many synthetic sessions of a minute, and sessions of real length with journals.

``python -m benchmarks.study.dataset [--sessions N] [--long N] [--json FILE]``

A session of real length is the mannequin going through a whole routine at 30 frames a second, seen with errors like the
tracker's, mapped and judged; the others are copies of it by other participants.
"""

import argparse
import json
import random
import resource
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.accuracy.noise import observe
from benchmarks.accuracy.projection import project
from facetrack.coach import CoachOptions, LiveCoach
from facetrack.geometry import FaceMapper
from facetrack.geometry.quantisation import quantise
from facetrack.mannequin import Camera, HeadMotion, Style, perform
from facetrack.packets import Observation
from facetrack.routine import load_routine
from facetrack.routine.compiled import CompiledRoutine
from facetrack.session import SessionIdentity, SessionRecorder
from facetrack.session.folder import JOURNAL_NAME, read_document
from facetrack.study.dataset.build import build_dataset
from facetrack.study.summary.summarise import summarise
from tests.study.made_sessions import document, write_session

FPS: Final = 30.0
STEP_S: Final = 40.0
"""Of work in each step: eight steps of it are a session of six minutes."""
NEW: Final = 200
"""Sessions that are appended to the many."""
SEED: Final = 1


def write_short(root: Path, numbers: range) -> None:
    """Write synthetic sessions of a minute, with up to five mistakes and 40 strokes each."""
    rng = random.Random(SEED + numbers.start)
    for number in numbers:
        mistakes, t_s = [], 3.0
        for _ in range(rng.randint(0, 5)):
            kind, side = rng.choice(["zone", "direction", "pace", "symmetry"]), rng.choice(["left", "right", "both"])
            mistakes.append((kind, side, t_s, t_s + rng.uniform(1, 4)))
            t_s += rng.uniform(6, 11)
        write_session(root, document(number, mistakes, score=rng.randint(50, 100)), strokes=40)


def write_long(root: Path, count: int) -> None:
    """Write sessions of real length."""
    first = root / "first"
    _judged(load_routine("fascia"), first)
    made = read_document(first)
    for number in range(count):
        name = f"20261121-080000-{number:04x}"
        labels = {"participant": f"p{number:02d}"}
        own = made.model_copy(update={"id": name, "labels": labels})
        shutil.copytree(first, root / name)
        (root / name / "session.json").write_text(own.to_json(), encoding="utf-8")
    shutil.rmtree(first)


def _judged(routine: CompiledRoutine, folder: Path) -> None:
    options = CoachOptions()
    identity = SessionIdentity(
        id="first",
        routine=routine,
        models={},
        settings=options.as_settings(),
        labels={},
        source_kind="video",
        source_name="first",
        started_at=datetime(2026, 11, 21, 8, tzinfo=UTC),
    )
    mapper, coach, recorder = FaceMapper(), LiveCoach(routine, options), SessionRecorder(identity, folder)
    last_s = 0.0
    for observation in _observations(routine):
        points = quantise(mapper.update(observation)[0])
        recorder.take(points, coach.update(points))
        last_s = points.t_s
    recorder.finish(last_s, complete=True, last=coach.finish(last_s))


def _observations(routine: CompiledRoutine) -> Iterator[Observation]:
    """Yield the steps one after the other, each performed by itself."""
    begin_s = 0.0
    for number, step in enumerate(routine.steps):
        play = perform(step, style=Style(seed=number, order="together"), neutral_s=2.0, seconds=STEP_S)
        times_s = np.arange(0.0, play.duration_s, 1 / FPS)
        for seen in observe(project(play, times_s, HeadMotion(), Camera()), number):
            yield Observation(begin_s + seen.t_s, seen.size_wh, seen.face_px, seen.hands_px)
        begin_s += float(times_s[-1]) + 1 / FPS


def timed(what: str, work: Callable[[], Any]) -> dict[str, float]:
    """Run it; print and return the seconds that it took, and the most memory that this process has had so far."""
    wall_s, cpu_s = time.perf_counter(), time.process_time()
    work()
    took = {
        "wall_s": round(time.perf_counter() - wall_s, 2),
        "processor_s": round(time.process_time() - cpu_s, 2),
        "memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }
    print(f"{what}: {took['wall_s']} s, {took['processor_s']} s of processor time, at most {took['memory_mb']} MB", flush=True)
    return took


def measure(root: Path, sessions: int, long: int) -> dict[str, Any]:
    """Return all figures."""
    short, lasting, out, tips = root / "short", root / "long", root / "dataset", root / "fingertips"
    write_short(short, range(sessions))
    found: dict[str, Any] = {"sessions": sessions, "long_sessions": long}
    found["build"] = timed(f"build of {sessions}", lambda: build_dataset([short], out))
    found["sessions_per_s"] = round(sessions / found["build"]["wall_s"])
    found["nothing_new"] = timed("nothing new", lambda: build_dataset([short], out))
    write_short(short, range(sessions, sessions + NEW))
    found["append"] = timed(f"{NEW} new", lambda: build_dataset([short], out))
    found["summary"] = timed("summary", lambda: summarise(out))
    write_long(lasting, long)
    journals = sum(path.stat().st_size for path in lasting.rglob(JOURNAL_NAME))
    found["long_duration_s"] = read_document(next(path.parent for path in lasting.rglob(JOURNAL_NAME))).duration_s
    found["journals_mb"] = round(journals / 1e6, 1)
    found["long_build"] = timed(f"build of {long} of real length", lambda: build_dataset([lasting], root / "long-dataset"))
    found["fingertips"] = timed("the same with fingertips", lambda: build_dataset([lasting], tips, fingertips=True))
    found["journal_mb_per_s"] = round(journals / 1e6 / found["fingertips"]["wall_s"], 1)
    print(f"{found['sessions_per_s']} sessions/s; {found['journals_mb']} MB of journal, {found['journal_mb_per_s']} MB/s")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=10_000)
    parser.add_argument("--long", type=int, default=50)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as root:
        found = measure(Path(root), options.sessions, options.long)
    if options.json:
        options.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
