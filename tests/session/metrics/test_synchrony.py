"""Synchrony: high for movements that begin with the beat, low by chance, null of too few; the same in a recovered session."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from facetrack.flow.tempo import PulseRate, beat_of
from facetrack.mannequin import Style, perform
from facetrack.session import SessionRecorder, recover
from facetrack.session.metrics.stroke_onsets import StrokeOnsets
from facetrack.session.metrics.synchrony import FEWEST, StepRhythm, synchrony
from facetrack.session.metrics.turn_onsets import TurnOnsets
from tests.mannequin.steps import CHEEK_SPIRAL, FOREHEAD
from tests.session.session_fakes import FPS, identity, routine, side, step, stroke, verdict
from tests.session.test_recorder import fake_coach, moving_hands

BPM = 72.0
BEAT_S = 60.0 / BPM
SPIRAL = replace(CHEEK_SPIRAL, tempo="pulse")


def test_phases_that_agree_are_one_whatever_they_are() -> None:
    assert synchrony([np.full(20, 1.3)]) == pytest.approx(1.0)
    assert synchrony([np.full(20, 1.3), np.full(20, -2.0)]) == pytest.approx(1.0)  # each side may lag by its own


def test_it_is_the_resultant_length_of_many() -> None:
    phases = np.random.default_rng(4).normal(0.0, 0.7, 4000)
    assert synchrony([phases]) == pytest.approx(abs(np.exp(1j * phases).mean()), abs=0.01)


def test_chance_adds_nothing() -> None:
    rng = np.random.default_rng(5)
    found = [synchrony([rng.uniform(0, 2 * np.pi, 20), rng.uniform(0, 2 * np.pi, 20)]) for _ in range(400)]
    assert np.median(found) < 0.12
    assert np.percentile(found, 95) < 0.35


def test_of_too_few_there_is_none() -> None:
    assert np.isnan(synchrony([]))
    assert np.isnan(synchrony([np.zeros(FEWEST - 1)]))
    assert np.isnan(synchrony([np.zeros(3)] * 6))  # three of a kind have no rhythm
    assert synchrony([np.zeros(FEWEST)]) == pytest.approx(1.0)


@pytest.mark.parametrize("clockwise", [False, True])
@pytest.mark.parametrize("fps", [30.0, 15.0])
def test_turns_begin_once_each(clockwise: bool, fps: float) -> None:
    rng, onsets, hz = np.random.default_rng(0), TurnOnsets(), 1.3
    for t_s in np.arange(0.0, 12.0, 1.0 / fps) + rng.uniform(0, 0.008, round(12 * fps)):
        angle = 2 * np.pi * hz * t_s * (-1 if clockwise else 1)
        x, y = 8.0 * np.cos(angle) + 2.0 * t_s, 8.0 * np.sin(angle) + t_s
        onsets.update(x + rng.normal(0, 0.3), y + rng.normal(0, 0.3), t_s)
    times = np.array(onsets.times_s)
    assert len(times) == pytest.approx(12.0 * hz - 1.0, abs=1.5)  # neither the first nor the last is whole
    np.testing.assert_allclose(np.diff(times), 1.0 / hz, atol=0.02)


def test_a_resting_or_lost_hand_makes_no_turn() -> None:
    rng, onsets = np.random.default_rng(0), TurnOnsets()
    for t_s in np.arange(0.0, 10.0, 1 / 30):
        onsets.update(*rng.normal(0, 0.15, 2), float(t_s))
    assert onsets.times_s == []
    torn = TurnOnsets()
    for k, t_s in enumerate(np.arange(0.0, 10.0, 1 / 30)):
        if k % 20 == 0:
            torn.lost()
        torn.update(8.0 * np.cos(np.pi * t_s), 8.0 * np.sin(np.pi * t_s), float(t_s))
    assert torn.times_s == []


def test_strokes_to_and_fro_are_no_turns() -> None:
    onsets = TurnOnsets()
    for t_s in np.arange(0.0, 12.0, 1 / 30):
        onsets.update(40.0 * np.cos(np.pi * t_s), 3.0 * np.sin(2.0 * np.pi * t_s), float(t_s))
    assert len(onsets.times_s) <= 1


def rhythm_of(style: Style, made=SPIRAL, repetitions: int = 3) -> StepRhythm:
    """A performance's truth, with a tracker's noise, as the metrics are given it."""
    play, rhythm, rng = perform(made, style=style, repetitions=repetitions), StepRhythm(made), np.random.default_rng(style.seed)
    for at in range(0, len(play.tracks.t_s), 8):
        noise = rng.normal(0, 0.5, (2, 2))
        shown = [side(working_mm=play.tracks.working_mm[at, k] + noise[k]) for k in (0, 1)]
        rhythm.add(float(play.tracks.t_s[at]), shown)
    for one in play.strokes:
        if one.kind == "along":
            rhythm.add_stroke(stroke(side=one.side, t_start_s=one.t_start_s + rng.normal(0, 0.03)))
    return rhythm


@pytest.mark.parametrize("seed", range(3))
def test_turning_on_the_beat_is_told_from_turning_at_will(seed: int) -> None:
    assert synchrony(rhythm_of(Style(seed=seed, beat_s=BEAT_S)).phases(BPM)) > 0.9
    assert synchrony(rhythm_of(Style(seed=seed, tempo=0.83)).phases(BPM)) < 0.3


def test_strokes_count_where_a_step_has_strokes() -> None:
    made = replace(FOREHEAD, tempo="pulse")
    beat = beat_of(made, BPM)
    assert beat is not None
    assert synchrony(rhythm_of(Style(seed=1, beat_s=beat.move_s), made, 12).phases(BPM)) > 0.9
    assert synchrony(rhythm_of(Style(seed=1), made, 12).phases(BPM)) < 0.4


def test_a_step_without_tempo_or_a_user_without_pulse_has_none() -> None:
    assert rhythm_of(Style(beat_s=BEAT_S), CHEEK_SPIRAL, 1).phases(BPM) == []
    assert rhythm_of(Style(beat_s=BEAT_S), SPIRAL, 1).phases(float("nan")) == []


def test_the_pulse_is_in_the_session_and_a_recovered_one_has_the_same(tmp_path: Path) -> None:
    paced = identity(routine=routine(step(0, tempo="pulse"), step(1)))
    recorder, coach = SessionRecorder(paced, tmp_path), fake_coach(paced)
    recorder.pulse(0.0, PulseRate(61.23456, "camera", 0.87654))
    for seen in moving_hands(40.0):
        said = coach.update(seen)
        if said.step == 0 and round(seen.t_s * FPS) % 30 == 29:
            said = replace(said, strokes=(stroke(t_start_s=seen.t_s - 0.9, t_end_s=seen.t_s),))
        recorder.take(seen, said)
    document = recorder.document(40.0, complete=True)
    assert document.pulse is not None
    assert document.pulse.bpm == pytest.approx(61.23, abs=0.01)
    assert document.pulse.source == "camera"
    assert document.pulse.confidence == pytest.approx(0.877, abs=0.001)
    recorder.close()  # killed
    recovered = recover(tmp_path, fake_coach).pulse
    assert recovered is not None
    assert recovered == document.pulse.model_copy(update={"synchrony": recovered.synchrony}), "which needs the last frames"


def test_a_typed_pulse_has_no_confidence(tmp_path: Path) -> None:
    recorder = SessionRecorder(identity(), tmp_path)
    recorder.pulse(0.0, PulseRate(64.0, "typed"))
    recorder.take(next(moving_hands(1.0)), verdict(0.0))
    recorder.finish(1.0, complete=True)
    assert json.loads((tmp_path / "session.json").read_text())["pulse"] == {
        "bpm": 64.0,
        "source": "typed",
        "confidence": None,
        "synchrony": None,
    }


@pytest.mark.parametrize("seed", range(4))
def test_a_strokes_beginning_is_found_more_sharply_than_it_was_noticed(seed: int) -> None:
    rng, onsets, told = np.random.default_rng(seed), StrokeOnsets(), []
    for k in range(12):
        begun_s, long_s = 4.0 * k, 2.4
        times_s = begun_s + np.arange(-0.4, long_s + 0.4, 1 / 30)
        share = np.clip((times_s - begun_s) / long_s, 0.0, 1.0)
        way = 60.0 * (share - np.sin(2 * np.pi * share) / (2 * np.pi))  # speeds up and slows down
        for t_s, x in zip(times_s, way, strict=True):
            onsets.update(x + rng.normal(0, 0.5), 40.0 + rng.normal(0, 0.5), float(t_s))
        noticed_s = begun_s + rng.uniform(0.1, 0.5)
        start_mm = (float(np.interp(noticed_s, times_s, way)), 40.0)
        onsets.add(stroke(t_start_s=noticed_s, t_end_s=begun_s + long_s, start_mm=start_mm, end_mm=(60.0, 40.0)))
        told.append(noticed_s - begun_s)
    found = np.array(onsets.times_s) - 4.0 * np.arange(12)
    assert found.std() < 0.6 * np.std(told)


def test_of_a_stroke_that_was_not_seen_the_coachs_word_counts() -> None:
    onsets = StrokeOnsets()
    onsets.add(stroke(t_start_s=3.0, t_end_s=4.0))
    assert onsets.times_s == [3.0]
