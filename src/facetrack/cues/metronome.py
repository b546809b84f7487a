"""Plays a beat as one continuous stream of samples, so that nothing Python does in between can shift a tick."""

import contextlib
import subprocess
import threading
import time
from typing import Any, Final, Protocol

import numpy as np

from facetrack.cues.metronome_wave import BeatSchedule, beat_samples
from facetrack.cues.tones import RATE_HZ, find_command
from facetrack.cues.voices import NO_WINDOW

LEAD_S: Final = 0.12
"""How far ahead of the clock a player's pipe is filled. It is longer than a thread is ever kept waiting."""
CHUNK_S: Final = 0.02
"""How much sound is written at a time."""
SHUTDOWN_TIMEOUT_S: Final = 1.0
"""How long closing waits for the thread, and for the player."""
_PROMPT: Final = {"paplay": ["--latency-msec=60"], "aplay": ["--buffer-time=100000"]}
"""Options without which a player buffers half a second of sound."""


class MetronomeOutput(Protocol):
    """Sounds one beat until it is closed; never raises."""

    def close(self) -> None: ...


class Metronome:
    """Plays the beat of a step. Never waits and never raises."""

    def __init__(self) -> None:
        self._output: MetronomeOutput | None = None

    def play(self, beat: BeatSchedule | None) -> None:
        """Play another beat from now on; None is silence."""
        self.close()
        if beat is not None:
            self._output = _stream_output(beat) or _pipe_output(beat)

    def close(self) -> None:
        """Stop the sound. May be called more than once."""
        output, self._output = self._output, None
        if output is not None:
            output.close()


def _stream_output(beat: BeatSchedule) -> MetronomeOutput | None:
    with contextlib.suppress(Exception):  # no PortAudio, or no device: each has an error of its own
        return _Stream(beat)
    return None


class _Stream:
    """A sound card's stream, which asks for samples."""

    def __init__(self, beat: BeatSchedule) -> None:
        import sounddevice

        self._beat = beat
        self._heard_s = 0.0
        self._sent = 0
        self._stream = sounddevice.OutputStream(
            samplerate=RATE_HZ, channels=1, dtype="float32", latency="low", callback=self._fill
        )
        self._stream.start()

    def _fill(self, out: Any, frames: int, _time: Any, status: Any) -> None:
        if self._sent == 0 or status:  # samples were lost: the stream is late by as much
            self._heard_s = time.monotonic() + float(self._stream.latency) - self._sent / RATE_HZ
        out[:, 0] = beat_samples(self._beat, self._heard_s, self._sent, frames)
        self._sent += frames

    def close(self) -> None:
        with contextlib.suppress(Exception):  # a device that was unplugged on the way
            self._stream.close()


def _pipe_output(beat: BeatSchedule) -> MetronomeOutput | None:
    command = find_command()
    if command is None:
        return None
    with contextlib.suppress(OSError):
        return PipedMetronome(beat, [*command, *_PROMPT.get(command[0], [])])
    return None


class PipedMetronome:
    """Writes the beat into a player's pipe, LEAD_S ahead of the clock. Raises OSError if the player can't be started."""

    def __init__(self, beat: BeatSchedule, command: list[str]) -> None:
        self._beat = beat
        self._over = threading.Event()
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, creationflags=NO_WINDOW
        )
        self._thread = threading.Thread(target=self._feed, name="facetrack-beat", daemon=True)
        self._thread.start()

    def _feed(self) -> None:
        pipe = self._process.stdin
        assert pipe is not None
        count = round(CHUNK_S * RATE_HZ)
        begins_s, sent = time.monotonic(), 0
        with contextlib.suppress(OSError, ValueError):  # the player has gone
            while not self._over.is_set():
                now_s = time.monotonic()
                while begins_s + sent / RATE_HZ < now_s + LEAD_S:
                    chunk = beat_samples(self._beat, begins_s, sent, count)
                    pipe.write((chunk * 32767.0).astype(np.dtype("<i2")).tobytes())
                    sent += count
                pipe.flush()
                self._over.wait(CHUNK_S)

    def close(self) -> None:
        self._over.set()
        self._process.kill()
        self._thread.join(SHUTDOWN_TIMEOUT_S)
        if self._process.stdin is not None:
            with contextlib.suppress(OSError):  # what was left in it can't be handed over
                self._process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(SHUTDOWN_TIMEOUT_S)
