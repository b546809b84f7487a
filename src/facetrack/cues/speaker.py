"""Speaks in a thread of its own: callers never wait, and the newest utterance wins."""

import contextlib
import subprocess
import threading
from typing import Final

from facetrack.cues.metronome import Metronome
from facetrack.cues.metronome_wave import BeatSchedule
from facetrack.cues.tones import TonePlayer
from facetrack.cues.voices import NO_WINDOW, Voice
from facetrack.flow.screen import Utterance

POLL_INTERVAL_S: Final = 0.05
"""How often a running voice is checked; an urgent utterance interrupts it after at most this time."""
LONGEST_S: Final = 40.0
"""A voice that takes longer hangs."""
MOST_FAILURES: Final = 2
"""After this many failures in a row there is no sound."""
SHUTDOWN_TIMEOUT_S: Final = 1.0
"""How long closing waits for the thread, and for a command that stops a voice."""


class Speaker:
    """Says one utterance after the other. What waits is replaced by what comes after it, unless only the former is urgent; an
    urgent utterance also interrupts what is being said."""

    def __init__(self, voice: Voice | None, tones: TonePlayer | None, beats: Metronome | None = None) -> None:
        self._voice, self._tones, self._beats = voice, tones, beats
        self._changed = threading.Condition()
        self._waiting: list[Utterance] = []
        self._interrupt = self._closed = False
        self._failures = 0
        self._thread = threading.Thread(target=self._work, name="facetrack-speaker", daemon=True)
        self._thread.start()

    def put(self, utterance: Utterance) -> None:
        """Say it next. Returns at once."""
        with self._changed:
            if not utterance.words:  # a tone has nothing to say in the place of what waits
                self._waiting.append(utterance)
            elif utterance.urgent:
                self._waiting = [utterance]
            else:
                self._waiting = [*(one for one in self._waiting if one.urgent or not one.words), utterance]
            self._interrupt = self._interrupt or utterance.urgent
            self._changed.notify()

    def stop(self) -> None:
        """Stop speaking and drop what waits."""
        with self._changed:
            self._waiting, self._interrupt = [], True
            self._changed.notify()

    def beat(self, schedule: BeatSchedule | None) -> None:
        """Play a beat beside everything else from now on; None ends it."""
        if self._beats is not None:
            self._beats.play(schedule)

    def close(self) -> None:
        """Fall silent for good. May be called more than once."""
        if self._beats is not None:
            self._beats.close()
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join(SHUTDOWN_TIMEOUT_S)

    def _work(self) -> None:
        while True:
            with self._changed:
                while not self._waiting and not self._closed:
                    self._changed.wait()
                if self._closed:
                    return
                utterance = self._waiting.pop(0)
                self._interrupt = False
            self._utter(utterance)

    def _utter(self, utterance: Utterance) -> None:
        if self._tones is not None:
            self._tones(utterance.tone)
        if not utterance.words or self._voice is None or self._failures >= MOST_FAILURES:
            return
        try:
            process = self._voice.start(utterance.words)
        except OSError:
            self._failures += 1
            return
        if self._wait_for_end(process):
            self._failures = self._failures + 1 if process.returncode else 0
        with contextlib.suppress(OSError):
            process.communicate()

    def _wait_for_end(self, process: "subprocess.Popen[bytes]") -> bool:
        """Wait for a voice to end. Returns False if it was interrupted."""
        waited_s = 0.0
        with self._changed:
            while process.poll() is None:
                if self._interrupt or self._closed or waited_s > LONGEST_S:
                    break
                self._changed.wait(POLL_INTERVAL_S)
                waited_s += POLL_INTERVAL_S
            else:
                return True
        process.kill()
        if self._voice is not None and self._voice.stop_command:
            with contextlib.suppress(OSError):
                subprocess.run(
                    self._voice.stop_command,
                    capture_output=True,
                    timeout=SHUTDOWN_TIMEOUT_S,
                    creationflags=NO_WINDOW,
                    check=False,
                )
        return False
