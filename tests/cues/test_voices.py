"""Which voice a system has, and what counts as one that can be heard."""

import sys
from pathlib import Path

import numpy as np
import pytest

from facetrack.cues.tones import NOTES, RATE_HZ, wave
from facetrack.cues.voices import Voice, candidates, find_voice, works


@pytest.mark.parametrize(("platform", "first"), [("darwin", "say"), ("win32", "powershell"), ("linux", "spd-say")])
def test_every_system_has_candidates(platform: str, first: str) -> None:
    assert candidates("en", platform)[0].command[0] == first


@pytest.mark.parametrize(("language", "spoken"), [("de", "de"), ("pt-BR", "pt-BR"), ("-x; rm", "en"), ("", "en")])
def test_the_routines_language_is_spoken_if_it_is_one(language: str, spoken: str) -> None:
    voices = candidates(language, "linux")
    assert all(spoken in voice.command for voice in voices)
    assert not any("rm" in part for voice in voices for part in voice.command)


def _script(path: Path, code: str) -> Voice:
    path.write_text(code)
    return Voice("test", (sys.executable, "-S", str(path)))


@pytest.mark.parametrize(
    ("code", "heard"),
    [
        ("import sys; sys.stdin.read()", True),
        ("import sys; sys.stdin.read(); sys.exit(1)", False),
        ("import sys; sys.stdin.read(); print('error: No such file or directory', file=sys.stderr)", False),
        ("import sys; sys.stdin.read(); print('ALSA lib: a remark', file=sys.stderr)", True),
        ("raise SystemExit", True),
    ],
)
def test_which_voices_work(tmp_path: Path, code: str, heard: bool) -> None:
    assert works(_script(tmp_path / "voice.py", code)) is heard


def test_a_voice_that_is_absent_or_hangs_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("facetrack.cues.voices.PROBE_S", 0.3)
    assert not works(Voice("absent", ("/no/such/voice",)))
    assert not works(_script(tmp_path / "voice.py", "import time; time.sleep(60)"))


def test_the_first_that_works_is_taken() -> None:
    def which(name: str) -> str | None:
        return None if name == "spd-say" else f"/bin/{name}"

    found = find_voice("en", "linux", which, lambda voice: voice.name != "espeak-ng")
    assert found is not None
    assert found.name == "espeak"
    assert find_voice("en", "linux", which, lambda _voice: False) is None
    assert find_voice("en", "linux", lambda _name: None, lambda _voice: True) is None
    mac = find_voice("en", "darwin", lambda name: name, lambda _voice: False)
    assert mac is not None, "it is always there, and slow to ask"


@pytest.mark.parametrize("tone", sorted(NOTES))
def test_tones_are_short_soft_and_begin_and_end_silent(tone) -> None:
    samples = wave(tone)
    assert 0.05 < len(samples) / RATE_HZ < 0.5
    assert np.abs(samples).max() < 0.4
    assert abs(samples[0]) < 0.01
    assert abs(samples[-1]) < 0.01
