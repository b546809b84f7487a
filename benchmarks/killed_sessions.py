"""200 SIGKILLs at random moments of a session: no flushed record may be lost, and every session must open again.

python benchmarks/killed_sessions.py [--kills N] [--seed S]
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CHECKOUT = Path(__file__).parents[1]

SESSION = """
import os, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from tests.session.session_fakes import FakeCoach, identity, moving_hands
from facetrack.session import SessionRecorder
recorder = SessionRecorder(identity(), Path(sys.argv[1]))
coach = FakeCoach(identity().routine)
frames = list(moving_hands(20.0))
os.write(1, b"go\\n")
for n, seen in enumerate(frames, start=1):
    recorder.take(seen, coach.update(seen))
    os.write(1, b"%d\\n" % n)  # acknowledged: from here on it must not be lost
recorder.finish(frames[-1].t_s, complete=True)
os.write(1, b"done\\n")
"""


def killed(folder: Path, after_s: float) -> tuple[int, bool]:
    """Run a session and kill it so long after its first moment: records acknowledged, and whether it had ended."""
    with subprocess.Popen([sys.executable, "-c", SESSION, str(folder), str(CHECKOUT)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(after_s)
        process.send_signal(signal.SIGKILL)
        lines = process.stdout.read().splitlines(keepends=True)
    whole = [line.strip() for line in lines if line.endswith(b"\n")]
    numbers = [int(line) for line in whole if line.isdigit()]
    return max(numbers, default=0), b"done" in whole


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    sys.path.insert(0, str(CHECKOUT))
    from facetrack.session import recover
    from tests.session.session_fakes import fake_coach

    random.seed(options.seed)
    lost = torn = ended = unopened = 0
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    with tempfile.TemporaryDirectory() as root:
        for n in range(options.kills):
            folder = Path(root) / str(n)
            told, done = killed(folder, random.uniform(0.0, 0.25))
            ended += done
            journal = (folder / "frames.jsonl").read_bytes()
            torn += not journal.endswith(b"\n")
            try:
                found = recover(folder, fake_coach).tracking.frames
            except Exception as error:  # the figure to report
                print(f"{n}: {error!r}")
                unopened += 1
                continue
            lost += max(0, told - found)
    print(f"{options.kills} kills, seed {options.seed}: {lost} records lost, {torn} torn lines, {unopened} sessions unopened,")
    print(f"{ended} had ended before the kill")


if __name__ == "__main__":
    main()
