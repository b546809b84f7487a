"""Plays short tones: before words, and alone where there is no voice."""

import contextlib
import shutil
import subprocess
from collections.abc import Callable
from functools import cache, partial
from typing import Final

import numpy as np

from facetrack.flow.screen import Tone
from facetrack.packets import Float

RATE_HZ: Final = 22_050
"""Samples a second."""
NOTES: Final[dict[Tone, tuple[tuple[float, float], ...]]] = {
    "correct": ((440.0, 0.12), (330.0, 0.18)),
    "mended": ((659.0, 0.07), (880.0, 0.10)),
    "praise": ((523.0, 0.10), (659.0, 0.10), (784.0, 0.16)),
    "pause": ((392.0, 0.22),),
    "go": ((392.0, 0.10), (523.0, 0.14)),
    "ask": ((587.0, 0.10),),
}
"""Notes (Hz, s) of each tone, one after the other: falling asks for a change, rising means well done, a single one asks."""
LOUDNESS: Final = 0.25
"""Amplitude of a tone, 0..1."""
FADE_S: Final = 0.012
"""Fade without which a tone begins and ends with a click."""
TonePlayer = Callable[[Tone], None]
"""Plays a tone; returns when it is over and never raises."""


@cache
def wave(tone: Tone) -> Float:
    """Make the samples (N,) of a tone, -1..1 at RATE_HZ."""
    notes = []
    for hz, seconds in NOTES[tone]:
        t_s = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
        fade = np.clip(np.minimum(t_s, seconds - t_s) / FADE_S, 0.0, 1.0)
        notes.append(LOUDNESS * fade * np.sin(2 * np.pi * hz * t_s))
    samples: Float = np.concatenate(notes)
    return samples


def find_tone_player() -> TonePlayer | None:
    """Find a way to play tones that can be heard, or None. Playing waits until the tone is over and never raises."""
    return _sounddevice_player() or _command_player()


def _sounddevice_player() -> TonePlayer | None:
    try:
        import sounddevice

        sounddevice.query_devices(kind="output")
    except Exception:  # no PortAudio on this system, or no device: each has an error of its own
        return None

    def play(tone: Tone) -> None:
        with contextlib.suppress(Exception):  # a device that was unplugged on the way
            sounddevice.play(wave(tone).astype(np.float32), RATE_HZ, blocking=True)

    return play


def _command_player() -> TonePlayer | None:
    command = find_command()
    return None if command is None else partial(_play_by, command)


@cache
def find_command() -> list[str] | None:
    """Find the sound server's own player (Linux without PortAudio), which reads 16-bit samples at RATE_HZ."""
    rate = str(RATE_HZ)
    for command in (
        ["paplay", "--raw", f"--rate={rate}", "--format=s16le", "--channels=1"],
        ["aplay", "-q", "-t", "raw", "-r", rate, "-f", "S16_LE", "-c", "1"],
    ):
        if shutil.which(command[0]) and _sent(command, b"\0\0" * 64):
            return command
    return None


def _play_by(command: list[str], tone: Tone) -> None:
    _sent(command, (wave(tone) * 32767.0).astype("<i2").tobytes())


def _sent(command: list[str], samples: bytes) -> bool:
    try:
        return subprocess.run(command, input=samples, capture_output=True, timeout=3.0, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False
