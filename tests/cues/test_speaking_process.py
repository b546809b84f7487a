"""The process that speaks: finds the system's voice, says what it is handed, and ends with the session."""

import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from facetrack.cues import SpeakingProcess
from facetrack.flow import Utterance

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="puts a voice of Linux' kind into the path")


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What a voice named espeak-ng was given to say."""
    voices = tmp_path / "bin"
    voices.mkdir()
    said = tmp_path / "said"
    said.touch()
    voice = voices / "espeak-ng"
    voice.write_text(f"#!/bin/sh\ncat >> {said}\necho >> {said}\n")
    voice.chmod(0o755)
    monkeypatch.setenv("PATH", f"{voices}:/usr/bin:/bin")
    return said


def _wait_for(log: Path, words: str) -> None:
    limit = time.monotonic() + 20.0
    while words not in log.read_text():
        assert time.monotonic() < limit, log.read_text()
        threading.Event().wait(0.02)


def test_finds_the_voice_and_says_what_it_is_handed(log: Path) -> None:
    speaker = SpeakingProcess("en")
    assert speaker.found.voice == "espeak-ng"
    speaker.put(Utterance('Stroke "outward", größer', "correct", urgent=True))
    _wait_for(log, 'Stroke "outward", größer')
    speaker.stop()
    speaker.close()
    speaker.put(Utterance("too late", "go"))
    speaker.close()


@pytest.mark.usefixtures("log")
def test_a_process_that_died_or_is_stuck_holds_nobody_up() -> None:
    speaker = SpeakingProcess("en")
    assert speaker._process is not None
    os.kill(speaker._process.pid, signal.SIGSTOP)
    for number in range(3000):  # far more than a pipe holds
        speaker.put(Utterance(f"{number} " * 20, "go"))
    os.kill(speaker._process.pid, signal.SIGKILL)
    speaker._process.wait()
    speaker.put(Utterance("x", "go"))
    speaker.close()


@pytest.mark.usefixtures("log")
def test_it_ends_when_the_session_does_not_say_goodbye() -> None:
    speaker = SpeakingProcess("en")
    process = speaker._process
    assert process is not None
    assert process.stdin is not None
    process.stdin.close()  # as when the session is killed
    assert process.wait(20) == 0
    speaker.close()


def test_no_voice_and_no_tones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    speaker = SpeakingProcess("en")
    if speaker.found.tones:
        pytest.skip("this machine has sound")
    assert not speaker.found.anything
    speaker.put(Utterance("unheard", "go"))
    speaker.close()
