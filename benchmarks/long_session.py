"""An hour's session and a history of 2,000: sizes of journal and report, and how long report and list take.

python benchmarks/long_session.py [--minutes N] [--sessions N]
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

CHECKOUT = Path(__file__).parents[1]
sys.path.insert(0, str(CHECKOUT))


def long_session(folder: Path, minutes: float) -> None:
    from facetrack.session import SessionRecorder
    from tests.session.session_fakes import FakeCoach, identity, moving_hands, routine, step

    made = replace(identity(), routine=routine(*[step(index) for index in range(12)]))
    recorder, coach = SessionRecorder(made, folder), FakeCoach(made.routine)
    coach.STEP_S = minutes * 60 / 12
    took = 0.0
    frames = 0
    for seen in moving_hands(minutes * 60):
        verdict = coach.update(seen)
        begun = time.perf_counter()
        recorder.take(seen, verdict)
        took += time.perf_counter() - begun
        frames += 1
    begun = time.perf_counter()
    recorder.finish(seen.t_s, complete=True, last=coach.finish(seen.t_s))
    journal = (folder / "frames.jsonl").stat().st_size
    finish = time.perf_counter() - begun
    print(f"{minutes:.0f} min, {frames} frames: take {1e6 * took / frames:.0f} us a frame, finish {finish:.2f} s")
    print(f"journal {journal / 1e6:.1f} MB, {journal / frames:.0f} bytes a record")


def report(folder: Path) -> None:
    begun = time.perf_counter()
    script = "import sys; from pathlib import Path; from facetrack.report import write_report; write_report(Path(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", script, str(folder)], check=True)
    took = time.perf_counter() - begun
    print(f"report {(folder / 'report.html').stat().st_size / 1e6:.2f} MB, {took:.2f} s with the start of Python")


def history(sessions: int, template: Path) -> None:
    from facetrack.session.folder import read_document
    from facetrack.session.history.database import HistoryDatabase, children_of
    from facetrack.session.history.history import read_strokes
    from facetrack.session.tables import session_row

    document, strokes = read_document(template), read_strokes(template)[:200]
    first = datetime(2020, 1, 1, tzinfo=UTC)
    with HistoryDatabase() as store:
        for n in range(sessions):
            begun = first + timedelta(days=n)
            own = document.model_copy(
                update={"id": f"{begun:%Y%m%d-%H%M%S}-{n:04x}", "started_at": f"{begun:%Y-%m-%dT%H:%M:%SZ}"}
            )
            rows = [stroke | {"session_id": own.id} for stroke in strokes]
            store.add(session_row(own), own.labels, template.with_name(own.id), children_of(own, rows))
        print(f"history of {sessions} sessions: {store.path.stat().st_size / 1e6:.0f} MB")
    for arguments in (["list"], ["show"]):
        script = f"from facetrack.cli.commands.sessions import app; app({arguments!r})"
        times = []
        for _ in range(5):
            begun_s = time.perf_counter()
            subprocess.run([sys.executable, "-c", script], check=True, stdout=subprocess.DEVNULL)
            times.append(time.perf_counter() - begun_s)
        print(f"sessions {arguments[0]}: {sorted(times)[2]:.2f} s (median of 5, with the start of Python)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--sessions", type=int, default=2000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as root:
        os.environ["FACETRACK_DATA_DIR"] = root
        folder = Path(root) / "sessions" / "long"
        long_session(folder, options.minutes)
        report(folder)
        history(options.sessions, folder)


if __name__ == "__main__":
    main()
