"""Says things in a thread of its own: whoever asks never waits, and the newest wins."""

import contextlib
import subprocess
import threading
from typing import Final

from facetrack.cues.beat_player import BeatPlayer
from facetrack.cues.beat_wave import BeatSchedule
from facetrack.cues.tones import TonePlayer
from facetrack.cues.voices import NO_WINDOW, Voice
from facetrack.flow.screen import Say

LOOK_S: Final = 0.05
"""How often a running voice is looked at; an urgent word interrupts it after at most as long."""
LONGEST_S: Final = 40.0
"""A voice that takes longer hangs."""
MOST_FAILURES: Final = 2
"""After so many in a row there is no sound."""
LEAVE_S: Final = 1.0


class Speaker:
    """``put`` hands over and returns at once. What waits is replaced by what comes after it, unless only the former is urgent;
    what is urgent also cuts short what is being said."""

    def __init__(self, voice: Voice | None, tones: TonePlayer | None, beats: BeatPlayer | None = None) -> None:
        self._voice, self._tones, self._beats = voice, tones, beats
        self._changed = threading.Condition()
        self._waiting: list[Say] = []
        self._interrupt = self._closed = False
        self._failures = 0
        self._thread = threading.Thread(target=self._work, name="facetrack-speaker", daemon=True)
        self._thread.start()

    def put(self, say: Say) -> None:
        """Say it next."""
        with self._changed:
            self._waiting = [say] if say.urgent else [*(one for one in self._waiting if one.urgent), say]
            self._interrupt = self._interrupt or say.urgent
            self._changed.notify()

    def hush(self) -> None:
        """Stop, and forget what waits."""
        with self._changed:
            self._waiting, self._interrupt = [], True
            self._changed.notify()

    def beat(self, schedule: BeatSchedule | None) -> None:
        """Sound it beside all else from now on; None: none any more."""
        if self._beats is not None:
            self._beats.play(schedule)

    def close(self) -> None:
        """Be silent for good. May be called more than once."""
        if self._beats is not None:
            self._beats.close()
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join(LEAVE_S)

    def _work(self) -> None:
        while True:
            with self._changed:
                while not self._waiting and not self._closed:
                    self._changed.wait()
                if self._closed:
                    return
                say = self._waiting.pop(0)
                self._interrupt = False
            self._utter(say)

    def _utter(self, say: Say) -> None:
        if self._tones is not None:
            self._tones(say.tone)
        if self._voice is None or self._failures >= MOST_FAILURES:
            return
        try:
            process = self._voice.start(say.words)
        except OSError:
            self._failures += 1
            return
        if self._followed(process):
            self._failures = self._failures + 1 if process.returncode else 0
        with contextlib.suppress(OSError):
            process.communicate()

    def _followed(self, process: "subprocess.Popen[bytes]") -> bool:
        """Waits for the end of a voice; False if it was cut short."""
        waited_s = 0.0
        with self._changed:
            while process.poll() is None:
                if self._interrupt or self._closed or waited_s > LONGEST_S:
                    break
                self._changed.wait(LOOK_S)
                waited_s += LOOK_S
            else:
                return True
        process.kill()
        if self._voice is not None and self._voice.hush:
            with contextlib.suppress(OSError):
                subprocess.run(self._voice.hush, capture_output=True, timeout=LEAVE_S, creationflags=NO_WINDOW, check=False)
        return False
