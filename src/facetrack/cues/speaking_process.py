"""The session's side of the process that speaks: handing over an utterance costs one write into a pipe."""

import contextlib
import json
import os
import subprocess
import threading
from dataclasses import asdict, dataclass
from typing import Any, Final

from facetrack.cues.metronome_wave import BeatSchedule
from facetrack.cues.voices import NO_WINDOW
from facetrack.flow.screen import Utterance
from facetrack.system.processes import python_module

FOUND_S: Final = 12.0
"""A process that has not reported by then has found nothing. Voices are tried for up to 3 s each."""
SHUTDOWN_TIMEOUT_S: Final = 0.8
"""How long closing waits for the process."""


@dataclass(frozen=True, slots=True)
class Found:
    """What the process found to speak with."""

    voice: str | None = None  # name of the voice; None if there is none
    tones: bool = False  # whether tones can be played

    @property
    def anything(self) -> bool:
        """Whether anything can be heard."""
        return self.voice is not None or self.tones


class SpeakingProcess:
    """Speaks like ``Speaker``, in another process. ``found`` is known when the constructor returns; never raises."""

    def __init__(self, language: str) -> None:
        self.found = Found()
        self._process: subprocess.Popen[bytes] | None = None
        try:
            self._process = subprocess.Popen(
                python_module("facetrack.cues.speech_worker", language),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                creationflags=NO_WINDOW,
                start_new_session=os.name == "posix",  # a Ctrl-C is the session's, which then ends this one
            )
        except OSError:
            return
        self._listen(self._process)

    def _listen(self, process: "subprocess.Popen[bytes]") -> None:
        """Wait for the first line, in a thread: not every system can wait for a pipe with a time limit."""
        lines: list[bytes] = []

        def read() -> None:
            if process.stdout is not None:
                lines.append(process.stdout.readline())

        reader = threading.Thread(target=read, name="facetrack-mouth", daemon=True)
        reader.start()
        reader.join(FOUND_S)
        with contextlib.suppress(ValueError, KeyError, IndexError):
            reply = json.loads(lines[0])
            self.found = Found(reply["voice"], reply["tones"])
        if process.stdin is not None:
            with contextlib.suppress(OSError, AttributeError):  # Windows has no such pipes before Python 3.12
                os.set_blocking(process.stdin.fileno(), False)
        if not self.found.anything:
            self.close()

    def put(self, utterance: Utterance) -> None:
        """Say it next. Returns at once, and drops the utterance if the process is gone or stuck."""
        self._send(asdict(utterance))

    def stop(self) -> None:
        """Stop speaking and drop what waits."""
        self._send({"stop": True})

    def beat(self, schedule: BeatSchedule | None) -> None:
        """Play a beat beside everything else from now on; None ends it. The monotonic clock is the same in every process."""
        self._send({"beat": None if schedule is None else asdict(schedule)})

    def _send(self, message: dict[str, Any]) -> None:
        if self._process is not None and self._process.stdin is not None:
            with contextlib.suppress(OSError, ValueError):
                os.write(self._process.stdin.fileno(), json.dumps(message).encode() + b"\n")

    def close(self) -> None:
        """Fall silent for good. May be called more than once."""
        process, self._process = self._process, None
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        try:
            process.wait(SHUTDOWN_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
