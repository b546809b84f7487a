"""The pulse in a session: measured on a page that never blocks, or while a recording begins, or typed."""

from dataclasses import replace

import numpy as np
import pytest

from facetrack.flow import FlowOptions, SessionFlow
from facetrack.flow.pages.pulse_measuring import MEASURE_MOST_S, RECORDING_MOST_S, RESULT_SHOWN_S
from facetrack.flow.texts import TEXTS
from facetrack.signal.pulse.estimate import PulseReading
from facetrack.signal.pulse.quality import NoReading
from tests.flow.test_session_flow import ADVICE_S, BEFORE_S, ROUTINE, STEPS, Session

READ = PulseReading(64.2, 0.9, None, 8.0, np.full(3, 64.0), 15.0)


class Watch:
    """Gives its reading after so many seconds of frames; when it is told to finish, the reason that there is none."""

    def __init__(self, after_s: float, reading: PulseReading | None = READ, fault: NoReading | None = None) -> None:
        self.reading: PulseReading | None = None
        self.fault = fault
        self._after_s, self._read, self.frames, self.seconds = after_s, reading, 0, 0.0
        self._began_s = float("nan")

    @property
    def left_s(self) -> float:
        return max(0.0, 20.0 - self.seconds)

    def update(self, _image, observation) -> None:
        self._began_s = observation.t_s if np.isnan(self._began_s) else self._began_s
        self.frames += 1
        self.seconds = observation.t_s - self._began_s
        if self.seconds >= self._after_s and self._read is not None:
            self.reading = self._read

    def finish(self) -> PulseReading:
        self.reading = self.reading or PulseReading.none("motion", self.seconds)
        return self.reading


def session(watch: Watch | None, steps=STEPS, **options) -> Session:
    made = Session(FlowOptions(**{"safety": False, "measure_pulse": watch is not None} | options))
    made.flow = SessionFlow(ROUTINE, steps, made.options, watch)
    return made


def seconds_on(made: Session, page: str) -> float:
    return sum(screen.page == page for screen in made.screens) / 10.0


def test_measured_before_the_work_without_a_key_and_told() -> None:
    made = session(Watch(15.0)).go(ADVICE_S + 40.0).go(1.0, hands=True)
    assert made.pages == ["duration", "advice", "framing", "neutral", "pulse", "pulse-result", "prepare", "working"]
    assert seconds_on(made, "pulse") == pytest.approx(15.0, abs=0.5)
    assert seconds_on(made, "pulse-result") == pytest.approx(RESULT_SHOWN_S, abs=0.3)
    assert "Your pulse at rest." in made.said
    assert "About 64 beats a minute." in made.said
    assert TEXTS["pulse.note"] in {line for screen in made.screens for line in screen.lines}
    pulse = made.last.pulse
    assert pulse is not None
    assert (pulse.bpm, pulse.source, pulse.confidence) == (64.2, "camera", 0.9)


def test_a_beat_is_offered_with_the_cream_and_one_key_measures_the_pulse() -> None:
    paced = tuple(replace(step, tempo="pulse") for step in STEPS)
    made = session(Watch(15.0), paced, measure_pulse=False).go(BEFORE_S)
    assert made.last.page == "prepare"
    assert TEXTS["prepare.beat"] in made.last.lines
    assert TEXTS["prepare.beat"] in made.said
    made.flow.key(ord("p"))
    made.go(22.0)
    assert made.pages[-3:] == ["pulse", "pulse-result", "prepare"]
    assert made.last.pulse is not None
    assert TEXTS["prepare.beat"] not in made.last.lines
    for other in (session(Watch(15.0), measure_pulse=False), session(None, paced, bpm=64.0)):
        assert TEXTS["prepare.beat"] not in other.go(BEFORE_S).said, "no step has a tempo, or the pulse is known"


def test_it_counts_down() -> None:
    made = session(Watch(15.0)).go(ADVICE_S + 15.0)
    titles = [screen.title for screen in made.screens if screen.page == "pulse"]
    assert titles[0].endswith("20 s")
    assert titles[-1] < titles[0]


def test_no_reading_never_blocks_and_is_told() -> None:
    made = session(Watch(99.0, None)).go(ADVICE_S + MEASURE_MOST_S + 30.0).go(1.0, hands=True)
    assert made.pages[-3:] == ["pulse-result", "prepare", "working"]
    assert seconds_on(made, "pulse") == pytest.approx(MEASURE_MOST_S, abs=0.5)
    assert f"No reading. {TEXTS['pulse.why.motion']}. {TEXTS['pulse.without']}." in made.said
    assert made.last.pulse is None
    assert made.last.beat is None


def test_without_a_reading_the_typed_figure_counts() -> None:
    made = session(Watch(99.0, None), bpm=71.0).go(ADVICE_S + MEASURE_MOST_S + 30.0).go(1.0, hands=True)
    assert "Using the pulse you entered: 71 beats a minute" in made.said
    assert made.last.pulse is not None
    assert (made.last.pulse.bpm, made.last.pulse.source) == (71.0, "typed")


def test_a_key_skips_it() -> None:
    made = session(Watch(15.0)).go(ADVICE_S + 10.0)
    assert made.last.page == "pulse"
    made.flow.key(ord("x"))
    made.go(1.0)
    assert made.last.page == "pulse-result"


@pytest.mark.parametrize(
    ("fault", "ask"), [("motion", "Hold still"), ("hands", "Hands off your face"), ("dark", "Turn the lamp towards you")]
)
def test_what_to_mend_is_asked_for(fault: NoReading, ask: str) -> None:
    made = session(Watch(15.0, fault=fault)).go(ADVICE_S + 12.0)
    assert made.last.page == "pulse"
    assert made.last.ask == ask
    assert f"{ask}." in made.said


def test_a_recording_is_watched_as_it_begins_and_waits_for_nothing() -> None:
    watch = Watch(15.0)
    made = session(watch, interactive=False).go(20.0, hands=True)
    assert made.pages == ["working"]
    assert made.screens[100].pulse is None
    assert made.last.pulse is not None
    assert "About 64 beats a minute." in made.said
    known = session(Watch(15.0), interactive=False, bpm=50.0).go(20.0, hands=True)
    assert [screen.pulse.bpm for screen in (known.screens[100], known.last)] == [50.0, 64.2]
    never = Watch(999.0, None)
    session(never, interactive=False).go(RECORDING_MOST_S + 2.0)
    assert never.reading is not None


def test_a_typed_pulse_needs_no_page() -> None:
    made = session(None, bpm=64.0).go(BEFORE_S + 4.0).go(1.0, hands=True)
    assert "pulse" not in made.pages
    assert made.last.pulse is not None
    assert made.last.pulse.source == "typed"
    assert made.last.beat is None  # neither step has a tempo


def test_the_beat_runs_with_its_step_and_not_in_a_pause() -> None:
    steps = tuple(
        replace(step, tempo="pulse", phases=tuple(replace(p, pace_mm_s=(5.0, 90.0)) for p in step.phases)) for step in STEPS
    )
    made = session(None, bpm=64.0)
    made.flow = SessionFlow(replace(ROUTINE, steps=steps), steps, made.options)
    made.go(BEFORE_S + 4.0).go(1.0, hands=True)
    beat = made.last.beat
    assert beat is not None
    assert beat.words in made.said
    made.flow.key(ord("x"))
    made.go(1.0, hands=True)
    assert made.last.page == "paused"
    assert made.last.beat is None
    made.flow.key(ord("x"))
    made.go(1.0, hands=True)
    assert made.last.page == "working"
    assert made.last.beat == beat
