"""What facetrack and the green-channel method say of the same clips."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from benchmarks.accuracy.intervals import wilson
from benchmarks.pulse.clips import PulseClip
from facetrack.packets import Float
from facetrack.pulse import PulseWatch, SkinColours
from facetrack.pulse.watch import samples_of
from facetrack.signal.pulse.pos import GRID_HZ, WINDOW_S, evened
from facetrack.signal.pulse.spectrum import Spectrum

RIGHT_BPM: Final = 3.0


@dataclass(frozen=True, slots=True)
class MeasuredPulse:
    """bpm, green_bpm: NaN where there is no reading. seconds: until it was over."""

    clip: PulseClip
    bpm: float
    confidence: float
    reason: str | None
    green_bpm: float
    seconds: float

    @property
    def error_bpm(self) -> float:
        return abs(self.bpm - (self.clip.bpm or np.nan))

    @property
    def green_error_bpm(self) -> float:
        return abs(self.green_bpm - (self.clip.bpm or np.nan))


def measure_pulse(clip: PulseClip, look: Callable[[PulseClip], Iterator[SkinColours]]) -> MeasuredPulse:
    """The clip watched as the command does, and the green channel of the same frames."""
    watch, seen = PulseWatch(), []
    for colours in look(clip):
        seen.append(colours)
        watch.take(colours)
        if watch.reading is not None:
            break
    reading = watch.finish()
    return MeasuredPulse(clip, reading.bpm, reading.confidence, reading.reason, green_bpm(seen), seen[-1].t_s)


def green_bpm(seen: list[SkinColours]) -> float:
    """The strongest line in the band of the green channel, without its trend (Verkruysse et al. 2008). It always tells one."""
    samples = samples_of(seen)
    known = samples.usable
    if known.sum() < 2:
        return float("nan")
    green = evened(samples.t_s[known], samples.regions[known][:, :, 1].mean(axis=1))
    return 60.0 * Spectrum.of(green - _trend(green), GRID_HZ).strongest_hz()


def _trend(level: Float) -> Float:
    """The running mean over the window that POS takes, so that both see the same band."""
    width = min(round(WINDOW_S * GRID_HZ) | 1, len(level))
    trend: Float = np.convolve(np.pad(level, width // 2, mode="reflect"), np.full(width, 1.0 / width), mode="valid")
    return trend[: len(level)]


def share(hits: int, of: int) -> dict[str, Any]:
    """A share with its 95 % interval."""
    low, high = wilson(hits, of)
    value = hits / of if of else float("nan")
    return {"hits": hits, "of": of, "share": _rounded(value), "interval_95": [_rounded(low), _rounded(high)]}


def _rounded(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 4)


def positive_figures(told: Iterable[MeasuredPulse]) -> dict[str, Any]:
    """Of clips with a pulse."""
    every = list(told)
    given = [one for one in every if one.reason is None]
    right = sum(one.error_bpm <= RIGHT_BPM for one in given)
    reasons = [one.reason for one in every if one.reason is not None]
    return {
        "clips": len(every),
        "given": share(len(given), len(every)),
        "right_within_3_bpm_of_given": share(right, len(given)),
        "error_bpm": _errors([one.error_bpm for one in given]),
        "seconds_until_told_median": _rounded(float(np.median([one.seconds for one in every]))) if every else None,
        "no_reading_because": {reason: reasons.count(reason) for reason in sorted(set(reasons))},
        "green_channel": {
            "right_within_3_bpm_of_all": share(sum(one.green_error_bpm <= RIGHT_BPM for one in every), len(every)),
            "error_bpm_all": _errors([one.green_error_bpm for one in every]),
            "right_within_3_bpm_where_facetrack_gave_one": share(
                sum(one.green_error_bpm <= RIGHT_BPM for one in given), len(given)
            ),
            "error_bpm_where_facetrack_gave_one": _errors([one.green_error_bpm for one in given]),
        },
    }


def negative_figures(told: Iterable[MeasuredPulse]) -> dict[str, Any]:
    """Of clips without: every reading is a false one."""
    every = list(told)
    reasons = [one.reason for one in every if one.reason is not None]
    return {
        "false_readings": share(len(every) - len(reasons), len(every)),
        "highest_confidence": _rounded(max((one.confidence for one in every), default=float("nan"))),
        "no_reading_because": {reason: reasons.count(reason) for reason in sorted(set(reasons))},
        "green_channel_tells_one": sum(not np.isnan(one.green_bpm) for one in every),
    }


def _errors(errors: list[float]) -> dict[str, float | None]:
    if not errors:
        return {"mean": None, "median": None, "p95": None, "max": None}
    return {
        "mean": _rounded(float(np.mean(errors))),
        "median": _rounded(float(np.median(errors))),
        "p95": _rounded(float(np.percentile(errors, 95))),
        "max": _rounded(max(errors)),
    }
