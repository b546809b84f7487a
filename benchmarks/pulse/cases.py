"""Which clips are looked at."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from benchmarks.pulse.clips import PulseClip
from facetrack.mannequin import HeadMotion, UnsteadyLight
from facetrack.mannequin.render.scene import DIM_LIGHT, SIDE_LIGHT

TONES: Final = range(1, 11)
RATES: Final = (30.0, 15.0)
BPM: Final = (45.0, 140.0)
EACH: Final = 10
"""Clips of each tone and frame rate, their pulses spread evenly over BPM."""
NEGATIVES: Final = 50
SIDE_SHARE: Final = 0.3
"""Of the ordinary clips have light from the side; some drift or flicker a little as in any room."""
QUALITIES: Final = (70, 80, 90, None)


def ordinary(each: int = EACH, rows: int = 480, seed: int = 1000) -> list[PulseClip]:
    """A resting face in a room: every Monk tone, 15 and 30 frames a second, a webcam's noise and compression."""
    clips = []
    for tone in TONES:
        for fps in RATES:
            for place in range(each):
                rng = np.random.default_rng((seed, tone, int(fps), place))
                bpm = BPM[0] + (BPM[1] - BPM[0]) * (place + float(rng.uniform())) / each
                clips.append(_resting(bpm, tone, fps, rng, rows))
    return clips


def _resting(bpm: float | None, tone: int, fps: float, rng: np.random.Generator, rows: int = 480) -> PulseClip:
    light = {"light": SIDE_LIGHT} if rng.uniform() < SIDE_SHARE else {}
    flickering = float(rng.choice([0.0, 0.005]))
    unsteady = UnsteadyLight(
        float(rng.uniform(0, 0.02)), float(rng.uniform(7, 25)), flickering, float(rng.choice([50.0, 60.0]))
    )
    return PulseClip(
        bpm=bpm,
        tone=tone,
        fps=fps,
        noise=float(rng.uniform(1.5, 2.5)),
        jpeg_quality=QUALITIES[int(rng.integers(len(QUALITIES)))],
        unsteady=unsteady,
        head=HeadMotion(sway_deg=float(rng.uniform(0, 0.6)), sway_mm=float(rng.uniform(0, 1.2)), seed=int(rng.integers(1000))),
        rows=rows,
        seed=int(rng.integers(1 << 30)),
        **light,
    )


def without_pulse(count: int = NEGATIVES) -> list[PulseClip]:
    """Living faces' pictures in every way, but no blood in them."""
    return [_resting(None, TONES[k % 10], RATES[k // 10 % 2], np.random.default_rng((2000, k))) for k in range(count)]


def still_pictures(count: int = NEGATIVES) -> list[PulseClip]:
    """Half of them one picture again and again; half a photograph before a camera, with its noise."""
    same = [PulseClip(tone=TONES[k % 10], fps=15.0, kind="still", seed=3000 + k) for k in range(count // 2)]
    still = HeadMotion()
    held = [PulseClip(None, TONES[k % 10], 15.0, head=still, seed=3500 + k) for k in range(count - len(same))]
    return [*same, *held]


def faceless(count: int = NEGATIVES) -> list[PulseClip]:
    """Half of them heads from behind, half empty rooms."""
    return [
        PulseClip(tone=TONES[k % 10], fps=10.0, kind="behind" if k % 2 else "nobody", seconds=15.5, seed=4000 + k)
        for k in range(count)
    ]


def disturbed() -> dict[str, list[PulseClip]]:
    """Living faces in bad conditions: a reading may be given if it is right, or else the reason."""
    tones: Sequence[int] = (2, 4, 5, 6, 7, 8)
    bpm = [55.0 + 13.0 * k for k in range(len(tones))]
    steps = ((4.0, 1.2), (9.0, 0.8), (14.0, 1.15))
    pairs = list(zip(bpm, tones, strict=True))
    lamp = UnsteadyLight(flicker=0.03, mains_hz=60.0, readout_s=0.005)  # 120 Hz against 29.4 frames a second: 2.4 Hz
    even = {"frame_jitter_s": 0.0005, "lost_share": 0.0}
    stepping = UnsteadyLight(exposure_steps=steps)
    return {
        "dim light": [PulseClip(b, t, 30.0, light=DIM_LIGHT, seed=5000 + t) for b, t in pairs],
        "head moves": [PulseClip(b, t, 15.0, head=_restless(t), seed=5100 + t) for b, t in pairs],
        "exposure steps": [PulseClip(b, t, 30.0, unsteady=stepping, seed=5200 + t) for b, t in pairs],
        "flicker in the band": [PulseClip(b, t, 29.4, unsteady=lamp, seed=5300 + t, **even) for b, t in pairs],
    }


def _restless(seed: int) -> HeadMotion:
    return HeadMotion(sway_deg=5.0, sway_mm=18.0, seed=seed)
