"""The beat's sound: every tick on its sample, whoever is late; begun, changed and ended with the step."""

import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest

from facetrack.cues import CueSink, SpeakingProcess, metronome as player
from facetrack.cues.metronome import LEAD_S, Metronome, PipedMetronome
from facetrack.cues.metronome_wave import TICK_S, BeatSchedule, beat_samples
from facetrack.cues.tones import RATE_HZ
from facetrack.flow.screen import Screen
from facetrack.flow.tempo import Beat
from facetrack.pipeline.session_clock import SessionClock
from facetrack.pipeline.sinks import FrameResult
from tests.overlay import scenes

BEAT = BeatSchedule(start_s=100.03, tick_s=0.8, accent=2)


def onsets_s(samples: np.ndarray, from_s: float) -> np.ndarray:
    """Where ticks begin in a stream."""
    loud = np.flatnonzero(np.abs(samples) > 1e-4)
    return from_s + loud[np.diff(loud, prepend=-RATE_HZ) > RATE_HZ * TICK_S] / RATE_HZ


def test_every_tick_is_on_its_sample() -> None:
    found = onsets_s(beat_samples(BEAT, 101.0, 0, 5 * RATE_HZ), 101.0)
    np.testing.assert_allclose(found, 100.03 + 0.8 * np.arange(2, 8), atol=2.0 / RATE_HZ)


@pytest.mark.parametrize("chunk", [64, 441, 5000])
def test_a_stream_in_pieces_is_the_same(chunk: int) -> None:
    whole = beat_samples(BEAT, 99.0, 0, 4 * RATE_HZ)
    pieces = [beat_samples(BEAT, 99.0, at, min(chunk, len(whole) - at)) for at in range(0, len(whole), chunk)]
    np.testing.assert_array_equal(np.concatenate(pieces), whole)


def test_strong_ticks_are_louder_and_all_are_quiet() -> None:
    levels = [np.abs(beat_samples(BEAT, BEAT.at(k) - 0.01, 0, RATE_HZ // 5)).max() for k in range(4)]
    assert levels[0] == pytest.approx(levels[2])
    assert levels[0] > levels[1] == pytest.approx(levels[3])
    assert max(levels) < 0.2


SOUND_CARD = "import sys; out = open(sys.argv[1], 'wb', 0)\nwhile chunk := sys.stdin.buffer.read(882): out.write(chunk)"


def test_a_piped_player_is_given_the_beat_ahead_of_time(tmp_path: Path) -> None:
    heard = tmp_path / "heard"
    begun_s = time.monotonic()
    beat = PipedMetronome(BeatSchedule(begun_s, 0.25), [sys.executable, "-S", "-c", SOUND_CARD, str(heard)])
    limit_s = begun_s + 20.0
    while not heard.exists() or heard.stat().st_size < RATE_HZ * 2:
        assert time.monotonic() < limit_s
        threading.Event().wait(0.02)
    spent_s = time.monotonic() - begun_s
    beat.close()
    samples = np.frombuffer(heard.read_bytes()[: 2 * RATE_HZ], "<i2") / 32767.0
    assert spent_s > 1.0 - 2 * LEAD_S - 0.1  # at the clock's pace, not as fast as the pipe takes it
    ticks = onsets_s(samples, 0.0)
    assert len(ticks) >= 3
    np.testing.assert_allclose(np.diff(ticks[1:]), 0.25, atol=2.0 / RATE_HZ)  # the stream may begin within one


def test_a_player_that_dies_or_is_missing_is_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    PipedMetronome(BEAT, [sys.executable, "-S", "-c", ""]).close()
    monkeypatch.setattr(player, "_stream_output", lambda _beat: None)
    monkeypatch.setattr(player, "find_command", lambda: ["/no/such/player"])
    silent = Metronome()
    silent.play(BEAT)
    silent.close()
    monkeypatch.setattr(player, "find_command", lambda: None)
    silent.play(BEAT)
    silent.play(None)


def test_a_sound_cards_stream_is_filled_where_the_clock_is(monkeypatch: pytest.MonkeyPatch) -> None:
    class Card:
        latency: ClassVar[float] = 0.05
        OutputStream: ClassVar[type]

        def __init__(self, callback, **_wanted) -> None:
            self.fill = callback

        def start(self) -> None:
            Card.running = self

        def close(self) -> None:
            Card.running = None

    Card.OutputStream = Card
    monkeypatch.setitem(sys.modules, "sounddevice", Card)
    now_s = time.monotonic()
    beats = Metronome()
    beats.play(BeatSchedule(now_s, 0.3))
    heard = []
    for _ in range(20):
        out = np.zeros((1024, 1), np.float32)
        Card.running.fill(out, 1024, None, False)
        heard.append(out[:, 0])
    began_s = beats._output._heard_s  # type: ignore[union-attr]
    assert began_s == pytest.approx(now_s + Card.latency, abs=0.5)
    found = onsets_s(np.concatenate(heard), began_s)[1:]  # the stream may begin within a tick
    assert np.abs((found - now_s + 0.15) % 0.3 - 0.15).max() < 2.0 / RATE_HZ
    beats.close()
    assert Card.running is None


class Heard:
    """Takes the place of a speaker."""

    def __init__(self) -> None:
        self.beats: list[BeatSchedule | None] = []

    def beat(self, schedule: BeatSchedule | None) -> None:
        self.beats.append(schedule)

    def put(self, _say) -> None: ...
    def stop(self) -> None: ...
    def close(self) -> None: ...


def frame_result(t_s: float, beat: Beat | None, muted: bool = False) -> FrameResult:
    screen = Screen("working", beat=beat, muted=muted)
    return FrameResult(
        replace(scenes.frame(), t_s=t_s), scenes.observation(), scenes.points(), None, scenes.verdict(), 0.02, screen
    )


def test_the_sessions_zero_is_told_by_the_least_late_frame() -> None:
    beat, heard, late = Beat(0.9, 1, 1.0, True, ""), Heard(), iter([0.20, 0.05, 0.12, 0.03, 0.30])
    clock = {"t_s": 0.0}
    told = SessionClock(lambda: 500.0 + clock["t_s"] + 0.02 + next(late))
    sink = CueSink(heard, told)  # type: ignore[arg-type]
    for number, running in enumerate([None, None, None, beat, beat]):
        clock["t_s"] = number / 30.0
        sink.on_frame(frame_result(clock["t_s"], running))
    assert len(heard.beats) == 1
    assert heard.beats[0] is not None
    assert heard.beats[0].start_s == pytest.approx(500.03)
    assert heard.beats[0].tick_s == 0.9


def test_the_beat_ends_with_its_step_and_when_muted() -> None:
    one, other, heard = Beat(0.9, 1, 1.0, True, ""), Beat(1.1, 1, 1.0, True, ""), Heard()
    sink = CueSink(heard, SessionClock())  # type: ignore[arg-type]
    for number, (beat, muted) in enumerate(
        [(None, False), (one, False), (other, False), (other, True), (other, False), (None, False)]
    ):
        sink.on_frame(frame_result(float(number), beat, muted))
    assert [None if beat is None else beat.tick_s for beat in heard.beats] == [0.9, 1.1, None, 1.1, None]


def test_where_the_clock_is_not_the_sessions_there_is_no_beat() -> None:
    heard = Heard()
    CueSink(heard).on_frame(frame_result(0.0, Beat(0.9, 1, 1.0, True, "")))  # type: ignore[arg-type]
    assert heard.beats == []


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="puts a player of Linux' kind into the path")
def test_the_speaking_process_sounds_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    heard, players = tmp_path / "heard", tmp_path / "bin"
    players.mkdir()
    card = players / "paplay"
    card.write_text(f"#!/bin/sh\nexec cat > {heard}\n")
    card.chmod(0o755)
    monkeypatch.setenv("PATH", f"{players}:/usr/bin:/bin")
    speaker = SpeakingProcess("en")
    assert speaker.found.tones
    speaker.beat(BeatSchedule(time.monotonic(), 0.2))
    limit_s = time.monotonic() + 20.0
    while (
        not heard.exists()
        or np.abs(np.frombuffer(heard.read_bytes()[: heard.stat().st_size // 2 * 2], "<i2")).max(initial=0) < 500
    ):
        assert time.monotonic() < limit_s
        threading.Event().wait(0.05)
    speaker.beat(None)
    speaker.close()
