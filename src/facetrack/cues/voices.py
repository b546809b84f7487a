"""Finds the voices that systems bring: ``say``, Windows' SAPI, Speech Dispatcher, eSpeak NG. No network, nothing to install."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

PROBE_S: Final = 3.0
"""A voice that takes longer to say nothing is useless."""
_SAPI: Final = (
    "[Console]::InputEncoding = [Text.Encoding]::UTF8; Add-Type -AssemblyName System.Speech; "
    "(New-Object System.Speech.Synthesis.SpeechSynthesizer).Speak([Console]::In.ReadToEnd())"
)
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]+)*")
NO_WINDOW: Final = getattr(subprocess, "CREATE_NO_WINDOW", 0)
"""Flag without which Windows would open a console for each utterance."""


@dataclass(frozen=True, slots=True)
class Voice:
    """A program that speaks."""

    name: str  # A name for people
    command: tuple[str, ...]  # the command that starts it; it says what it reads from stdin
    argument: bool = False  # whether the words are the command's last argument instead
    stop_command: tuple[str, ...] = ()  # A command that stops speech that runs in a server of its own

    def start(self, words: str) -> "subprocess.Popen[bytes]":
        """Start to say the words. Raises OSError."""
        command = [*self.command, words] if self.argument else list(self.command)
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL if self.argument else subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            creationflags=NO_WINDOW,
        )
        if process.stdin is not None:
            try:
                process.stdin.write(words.encode())
                process.stdin.close()
            except OSError:  # it has ended already; its exit code says so
                pass
            process.stdin = None  # else ``communicate`` would want to flush it
        return process


def candidates(language: str, platform: str = sys.platform) -> list[Voice]:
    """List the voices that a system of that kind may have, best first."""
    spoken = language if _LANGUAGE.fullmatch(language) else "en"
    if platform == "darwin":
        return [Voice("say", ("say", "-f", "-"))]
    if platform == "win32":
        return [Voice("Windows' voice", ("powershell", "-NoProfile", "-NonInteractive", "-Command", _SAPI))]
    return [
        Voice(
            "spd-say", ("spd-say", "--wait", "--language", spoken, "--"), argument=True, stop_command=("spd-say", "--cancel")
        ),
        Voice("espeak-ng", ("espeak-ng", "-v", spoken, "-s", "160", "--stdin")),
        Voice("espeak", ("espeak", "-v", spoken, "-s", "160", "--stdin")),
    ]


def works(voice: Voice) -> bool:
    """Check whether a voice can be heard, as far as it knows: eSpeak only complains if there is no sound, and exits with 0."""
    try:
        process = voice.start(" ")
    except OSError:
        return False
    try:
        _, complaints = process.communicate(timeout=PROBE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return False
    return process.returncode == 0 and not re.search(rb"^error", complaints, re.MULTILINE | re.IGNORECASE)


def find_voice(
    language: str = "en",
    platform: str = sys.platform,
    which: Callable[[str], str | None] = shutil.which,
    probe: Callable[[Voice], bool] = works,
) -> Voice | None:
    """Find the first of the system's voices that works, or None."""
    for voice in candidates(language, platform):
        # Those of macOS and Windows are always there, and slow to ask.
        if which(voice.command[0]) and (platform in ("darwin", "win32") or probe(voice)):
            return voice
    return None
