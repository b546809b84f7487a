"""The beat of a step: in time with the pulse, halved or doubled where its pace would not allow it."""

from dataclasses import replace

import numpy as np
import pytest

from facetrack.flow.tempo import STROKE_SHARE, beat_of
from facetrack.routine import load_routine
from tests.mannequin.steps import CHEEK_SPIRAL, FOREHEAD, NOSTRIL, phase, step

SPIRAL = replace(CHEEK_SPIRAL, tempo="pulse")  # 0.5 to 2 turns a second
STROKE = replace(FOREHEAD, tempo="pulse")
RUB = replace(NOSTRIL, tempo="pulse")


@pytest.mark.parametrize(
    ("bpm", "per_beat", "words"),
    [
        (60.0, 1.0, "One turn with each beat"),
        (105.0, 1.0, "One turn with each beat"),
        (130.0, 0.5, "One turn every 2 beats"),
        (20.0, 2.0, "2 turns with each beat"),
    ],
)
def test_turns_stay_inside_the_steps_pace(bpm: float, per_beat: float, words: str) -> None:
    beat = beat_of(SPIRAL, bpm)
    assert beat is not None
    assert (beat.per_beat, beat.words, beat.turns) == (per_beat, words, True)
    assert 0.5 <= bpm / 60.0 * per_beat <= 2.0


def test_ticks_are_the_pulses_and_twice_as_many_where_two_movements_go_to_one() -> None:
    one, half, double = (beat_of(SPIRAL, bpm) for bpm in (60.0, 130.0, 20.0))
    assert one is not None
    assert half is not None
    assert double is not None
    assert (one.tick_s, one.accent) == (1.0, 1)
    assert (half.tick_s, half.accent) == (pytest.approx(60.0 / 130.0), 2)  # a strong tick where a turn begins
    assert (double.tick_s, double.accent) == (1.5, 2)  # a strong tick at the heart's own beat


@pytest.mark.parametrize("bpm", [40.0, 55.0, 72.0, 95.0, 140.0, 190.0])
@pytest.mark.parametrize("name", ["spiral-out", "cheeks"])
def test_every_pulse_has_a_beat_in_the_shipped_steps(name: str, bpm: float) -> None:
    own = load_routine("japanese").step(name)
    beat = beat_of(own, bpm)
    assert beat is not None
    for part in own.phases:
        assert part.turns_s[0] <= bpm / 60.0 * beat.per_beat <= part.turns_s[1]


@pytest.mark.parametrize("bpm", [45.0, 80.0, 140.0])
def test_strokes_leave_time_to_go_back(bpm: float) -> None:
    beat = beat_of(STROKE, bpm)
    assert beat is not None
    (low, high), path = STROKE.phases[0].pace_mm_s, STROKE.phases[0].path_mm
    mm_s = np.hypot(*(path[1] - path[0])) / STROKE_SHARE * bpm / 60.0 * beat.per_beat
    assert low <= mm_s <= high
    assert "stroke" in beat.words


def test_rubbing_to_and_fro_has_no_way_back() -> None:
    beat = beat_of(RUB, 60.0)
    assert beat is not None
    assert beat.per_beat * np.hypot(2.0, 20.0) <= RUB.phases[0].pace_mm_s[1]


def test_without_a_tempo_a_pulse_or_a_pace_that_fits_there_is_none() -> None:
    assert beat_of(CHEEK_SPIRAL, 60.0) is None
    assert beat_of(SPIRAL, float("nan")) is None
    narrow = step("narrow", phase("stroke", (8, 45), (62, 35), pace=(40.0, 41.0)), tempo="pulse")
    assert beat_of(narrow, 61.0) is None
    assert beat_of(step("still", phase("hold", (8, 45)), tempo="pulse"), 60.0) is None


def test_the_phase_runs_from_tick_to_tick_of_the_sessions_clock() -> None:
    beat = beat_of(SPIRAL, 130.0)
    assert beat is not None
    for k in range(5):
        assert beat.phase((k + 0.25) * beat.tick_s) == pytest.approx(0.25)
        assert beat.accented((k + 0.25) * beat.tick_s) == (k % 2 == 0)
