"""The speaker says things in order, the newest wins, and nobody ever waits for it."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from facetrack.cues import CueSink, Speaker, Voice
from facetrack.flow.screen import Screen, Utterance
from facetrack.pipeline.sinks import FrameResult
from tests.overlay import scenes

LOG = """
import sys, time
words = sys.stdin.read()
with open(sys.argv[1], "a") as log:
    log.write(f"+{words}\\n"); log.flush()
    time.sleep(float(sys.argv[2]))
    log.write(f"-{words}\\n")
"""


class Log:
    """A voice that writes when it begins (+) and has ended (-) to say something."""

    def __init__(self, path: Path, seconds: float) -> None:
        self.path = path
        path.touch()
        self.voice = Voice("log", (sys.executable, "-S", "-c", LOG, str(path), str(seconds)))

    @property
    def lines(self) -> list[str]:
        return self.path.read_text().split("\n")[:-1]

    def wait_for(self, line: str) -> None:
        limit = time.monotonic() + 20.0
        while line not in self.lines:
            assert time.monotonic() < limit, self.lines
            threading.Event().wait(0.02)


@pytest.fixture
def log(tmp_path: Path) -> Log:
    return Log(tmp_path / "log", 0.0)


@pytest.fixture
def slow(tmp_path: Path) -> Log:
    return Log(tmp_path / "slow", 30.0)


def test_says_what_it_is_given(log: Log) -> None:
    speaker = Speaker(log.voice, None)
    speaker.put(Utterance("Stroke outward", "correct"))
    log.wait_for("-Stroke outward")
    speaker.close()


def test_what_waits_is_replaced_by_what_comes_after_it(slow: Log) -> None:
    speaker = Speaker(slow.voice, None)
    speaker.put(Utterance("first", "go"))
    slow.wait_for("+first")
    for words in ("second", "third"):
        speaker.put(Utterance(words, "go"))
    assert slow.lines == ["+first"]
    speaker.put(Utterance("urgent", "correct", urgent=True))
    slow.wait_for("+urgent")
    assert slow.lines == ["+first", "+urgent"], "the first was cut short, the others were never said"
    speaker.put(Utterance("last", "go"))
    speaker.close()
    assert "-urgent" not in slow.lines


def test_what_follows_an_urgent_word_does_not_replace_it() -> None:
    playing, go_on, heard = threading.Event(), threading.Event(), []

    def tone(name: str) -> None:
        heard.append(name)
        playing.set()
        go_on.wait(10.0)

    speaker = Speaker(None, tone)
    speaker.put(Utterance("first", "go"))
    assert playing.wait(10.0)
    speaker.put(Utterance("correction", "correct", urgent=True))
    speaker.put(Utterance("next step", "praise"))
    go_on.set()
    limit = time.monotonic() + 10.0
    while len(heard) < 3 and time.monotonic() < limit:
        threading.Event().wait(0.01)
    speaker.close()
    assert heard == ["go", "correct", "praise"]


def test_hush_stops_at_once(slow: Log) -> None:
    speaker = Speaker(slow.voice, None)
    speaker.put(Utterance("long", "go"))
    slow.wait_for("+long")
    speaker.stop()
    speaker.put(Utterance("after", "go"))
    slow.wait_for("+after")
    speaker.close()
    assert "-long" not in slow.lines


def test_a_voice_that_fails_falls_silent_and_tones_go_on() -> None:
    heard = threading.Semaphore(0)
    gone = Voice("gone", (sys.executable, "-S", "-c", "raise SystemExit(1)"))
    speaker = Speaker(gone, lambda _tone: heard.release())
    for _ in range(4):
        speaker.put(Utterance("x", "go"))
        assert heard.acquire(timeout=20.0)
    speaker.close()
    absent = Speaker(Voice("absent", ("/no/such/voice",)), None)
    absent.put(Utterance("x", "go"))
    absent.close()


def test_put_never_waits(slow: Log) -> None:
    speaker = Speaker(slow.voice, lambda _tone: time.sleep(0.2))
    began = time.perf_counter()
    for number in range(2000):
        speaker.put(Utterance(f"{number}", "go", urgent=number % 7 == 0))
    assert time.perf_counter() - began < 5.0  # 2000 waits for a tone would be 400 s
    speaker.close()


def _frame_result(**screen) -> FrameResult:
    shown = Screen("working", **screen)
    frame, seen = scenes.frame(), scenes.observation()
    return FrameResult(frame, seen, scenes.points(), None, scenes.verdict(), 0.0, shown)


def test_the_sink_says_what_the_flow_decided_unless_muted() -> None:
    class Heard:
        def __init__(self) -> None:
            self.calls: list[str] = []

        def put(self, say: Utterance) -> None:
            self.calls.append(say.words)

        def stop(self) -> None:
            self.calls.append("(hush)")

        def close(self) -> None:
            self.calls.append("(close)")

    heard = Heard()
    sink = CueSink(heard)  # type: ignore[arg-type]
    words = (Utterance("a", "go"), Utterance("b", "go"))
    for result in (
        _frame_result(utterances=words),
        _frame_result(),
        _frame_result(muted=True, utterances=words),
        _frame_result(muted=True),
        _frame_result(utterances=words[:1]),
    ):
        sink.on_frame(result)
    sink.close()
    assert heard.calls == ["a", "b", "(hush)", "a", "(close)"]


def test_a_speaking_process_ends_with_the_session(slow: Log) -> None:
    speaker = Speaker(slow.voice, None)
    speaker.put(Utterance("endless", "go"))
    slow.wait_for("+endless")
    speaker.close()
    found = subprocess.run(["pgrep", "-f", str(slow.path)], capture_output=True, text=True, check=False)
    assert found.stdout == ""
