"""A live session of the real command line on a camera that a test commands, watched from outside with a clock."""

import functools
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

PATIENCE_S: Final = 40.0
"""For what comes at once on a machine that is not busy."""
POLL_INTERVAL_S: Final = 0.005
ROOT: Final = Path(__file__).parents[2]


@functools.cache
def film() -> Path:
    """What the camera sees: the mannequin's face at rest, then strokes over its forehead. Rendered once."""
    from facetrack.mannequin import Scene, Style, perform, render_clip
    from facetrack.routine import load_routine

    play = perform(load_routine("fascia").step("forehead"), (), Style(order="together"), neutral_s=2.5, repetitions=3)
    return render_clip(play, Scene(), fps=15.0)


class Live:
    """``facetrack run`` in a process of its own. A context manager: the process is gone afterwards, whatever happened."""

    def __init__(
        self,
        folder: Path,
        env: dict[str, str],
        *arguments: str | Path,
        state: Path | None = None,
        out: Path | None = None,
        wrapper: tuple[str, ...] = (),
        blind: bool = False,
        **options: Any,
    ) -> None:
        """state: the camera of another session, to share it. out: the session's folder. wrapper: what runs it. blind: its
        tracker sees nobody, and starts at once. arguments: after the usual ones."""
        self.out = out or folder / "out"
        self.state = state or folder / "camera"
        if state is None:
            self.set("good")
        command = [
            *wrapper,
            sys.executable,
            "-m",
            "tests.faults.with_camera",
            self.state,
            film(),
            "blind" if blind else "seeing",
            "run",
            "fascia",
            "--step",
            "forehead",
        ]
        command += ["--camera", "0", "--yes", "--no-voice", "--out", self.out, *arguments]
        self.process = subprocess.Popen(
            [str(part) for part in command],
            cwd=ROOT,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **options,
        )
        self.lines: list[tuple[float, str]] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.append((time.monotonic(), line.rstrip("\n")))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()
        self._reader.join()

    def set(self, state: str) -> float:
        """From now on the camera is so. Gives when: from just before."""
        now_s = time.monotonic()
        fresh = self.state.with_suffix(".new")
        if self.state.exists():  # the same file: its lock says who has the camera
            self.state.write_text(state)
        else:
            fresh.write_text(state)
            fresh.replace(self.state)
        return now_s

    def told(self, words: str, since_s: float) -> float:
        """Seconds from since_s until a line with these words came."""
        return self._wait(lambda: next((t for t, line in self.lines if t > since_s and words in line), None), words) - since_s

    def frames(self, number: int) -> None:
        """Until the journal ends with so many new frames with a picture."""
        before = len(self.journal())

        def there() -> float | None:
            new = self.journal()[before:][-number:]
            return time.monotonic() if len(new) == number and all('"p":' in line for line in new) and self._sees() else None

        self._wait(there, f"{number} frames")

    def _sees(self) -> bool:
        """Whether the camera was not lost or black when last heard of."""
        faults = [line for line in self.journal() if '"fault":' in line]
        return not faults or faults[-1].endswith('"fault":null}')

    def marked(self) -> None:
        """Until the journal says that the camera is lost or black: the terminal may say so a moment earlier."""
        self._wait(lambda: None if self._sees() else time.monotonic(), "a fault in the journal")

    def picture(self, since_s: float, skip: int, face: bool = False) -> float:
        """Seconds from since_s until the journal has a frame that is none of the first ``skip`` lines and has no fault
        (face: and in which the face was seen)."""

        def there() -> float | None:
            lost = False
            for number, line in enumerate(self.journal()):
                record = json.loads(line)
                lost = record["fault"] is not None if "fault" in record else lost
                if number >= skip and "p" in record and not lost and (record["face"] or not face):
                    return time.monotonic()
            return None

        return self._wait(there, "a picture") - since_s

    def journal(self) -> list[str]:
        """Whole lines."""
        path = self.out / "frames.jsonl"
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        return text[: text.rfind("\n") + 1].splitlines()

    def _wait(self, look: Any, what: str) -> float:
        limit_s = time.monotonic() + PATIENCE_S
        while True:
            found: float | None = look()
            if found is not None:
                return found
            ended = self.process.poll() is not None
            assert not ended, f"{what}: it has ended with {self.process.returncode}: {self.lines}"
            assert time.monotonic() < limit_s, f"{what} did not come: {self.lines}"
            time.sleep(POLL_INTERVAL_S)

    def stop(self, by: signal.Signals = signal.SIGINT) -> float:
        """Ends it. Gives how long that took."""
        began_s = time.monotonic()
        os.kill(self.process.pid, by)
        self.process.wait(PATIENCE_S)
        return time.monotonic() - began_s

    def document(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.out / "session.json").read_text(encoding="utf-8"))
        return found

    @property
    def said(self) -> str:
        return "\n".join(line for _, line in self.lines)
