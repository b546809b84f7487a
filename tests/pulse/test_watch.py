"""Watching: a clear reading ends it early, a lost face begins it anew, nothing lasts for ever."""

import numpy as np
import pytest

from facetrack.pulse.skin_regions import SkinColours
from facetrack.pulse.watch import FIRST_LOOK_S, PulseWatch
from facetrack.signal.pulse.estimate import MOST_S, PulseSamples
from tests.signal.pulses import frame_times, samples


def play(watch: PulseWatch, seen: PulseSamples) -> float:
    """Until there is a reading, or the end; when that was."""
    for k, t_s in enumerate(seen.t_s):
        one = (seen.regions[k], seen.surround[k], seen.head_mm[k], bool(seen.face[k]), bool(seen.hands[k]))
        watch.take(SkinColours(float(t_s), *one))
        if watch.reading is not None:
            break
    return float(t_s)


def without(seen: PulseSamples, start_s: float, end_s: float, hands: bool) -> PulseSamples:
    gone = (seen.t_s >= start_s) & (seen.t_s < end_s)
    regions = np.where(gone[:, None, None], np.nan, seen.regions)
    return PulseSamples(seen.t_s, regions, seen.surround, seen.head_mm, ~gone | hands, gone & hands)


def test_a_clear_pulse_is_read_at_the_first_look() -> None:
    watch = PulseWatch()
    end_s = play(watch, samples(66.0, frame_times(30.0)))
    assert end_s == pytest.approx(FIRST_LOOK_S, abs=0.2)
    assert watch.reading is not None
    assert watch.reading.bpm == pytest.approx(66.0, abs=1.0)


def test_without_one_it_ends_after_the_longest_time() -> None:
    watch = PulseWatch()
    end_s = play(watch, samples(None, frame_times(30.0), noise=0.4))
    assert end_s == pytest.approx(MOST_S, abs=0.2)
    assert watch.reading is not None
    assert watch.reading.reason == "unclear"


def test_hands_begin_it_anew_and_are_told() -> None:
    watch = PulseWatch()
    seen = without(samples(66.0, frame_times(40.0)), 8.0, 10.0, hands=True)
    play(watch, seen[seen.t_s < 9.5])
    assert watch.fault == "hands"
    end_s = play(watch, seen[seen.t_s >= 9.5])
    assert watch.reading is not None
    assert end_s == pytest.approx(10.0 + FIRST_LOOK_S, abs=0.2)


def test_a_rest_that_was_long_enough_is_read_when_it_ends() -> None:
    watch = PulseWatch()
    end_s = play(watch, without(samples(66.0, frame_times(20.0)), 13.5, 15.0, hands=True))
    assert watch.reading is not None
    assert watch.reading.bpm == pytest.approx(66.0, abs=1.5)
    assert end_s > 13.5


def test_a_rest_that_told_nothing_is_followed_by_another() -> None:
    watch = PulseWatch()
    silent = without(samples(None, frame_times(15.0), noise=0.4), 13.0, 15.0, hands=True)
    play(watch, silent)
    assert watch.reading is None
    play(watch, samples(66.0, frame_times(20.0) + 15.1))
    assert watch.reading is not None
    assert watch.reading.bpm == pytest.approx(66.0, abs=1.0)


def test_a_recording_that_ends_early_is_read_as_far_as_it_went() -> None:
    long_enough, too_short = PulseWatch(), PulseWatch()
    play(long_enough, samples(66.0, frame_times(13.0)))
    play(too_short, samples(66.0, frame_times(6.0)))
    assert long_enough.finish().bpm == pytest.approx(66.0, abs=1.5)
    assert too_short.finish().reason == "short"
    assert PulseWatch().finish().reason == "short"


def test_what_to_mend_is_told_while_it_lasts() -> None:
    t_s = frame_times(3.0)
    dark = PulseWatch()
    play(dark, samples(66.0, t_s, light=0.2))
    assert dark.fault == "dark"
    moving = PulseWatch()
    play(moving, samples(66.0, t_s, head_mm=np.stack([20.0 * t_s, 0 * t_s], axis=-1)))
    assert moving.fault == "motion"
    gone = PulseWatch()
    play(gone, without(samples(66.0, t_s), 1.5, 9.0, hands=False))
    assert gone.fault == "no-face"
    well = PulseWatch()
    assert well.fault is None
    play(well, samples(66.0, t_s))
    assert well.fault is None
    assert well.left_s == pytest.approx(MOST_S - 3.0, abs=0.1)
