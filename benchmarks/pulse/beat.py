"""How even the beat is in a live session, heard and seen, and what it costs a frame."""

import json
import os
import stat
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from facetrack.app.session_config import JudgingConfig, PresentationConfig, SessionConfig
from facetrack.app.session_runner import run_session
from facetrack.capture import VideoSource
from facetrack.flow import FlowOptions, Screen
from facetrack.flow.tempo import beat_of
from facetrack.mannequin import Scene, SensorArtifacts, Style, perform, render_clip
from facetrack.overlay import Overlay, OverlayRenderer
from facetrack.packets import Float
from facetrack.pipeline.session_clock import SessionClock
from facetrack.pipeline.sinks import FrameResult, RunEnd
from facetrack.routine import load_routine

BPM: Final = 72.0
SECONDS: Final = 40.0
FPS: Final = 30.0
STEP: Final = "cheeks"
SETTLE_TICKS: Final = 3
"""After the player has begun; a stream may begin within a tick."""
DRAWN: Final = 400
"""Pictures drawn with and without a beat."""


class Shown:
    """Draws as the window does, and notes how far the beat that is shown is off the clock's once it is drawn."""

    name = "The picture"

    def __init__(self) -> None:
        self._clock = SessionClock()
        self._picture = OverlayRenderer(Overlay(), load_routine("japanese"), None, self._clock)
        self.off_s: list[float] = []
        self.last: FrameResult | None = None

    def on_frame(self, result: FrameResult) -> None:
        shown_s = self._clock.update(result)
        self._picture.render(result)
        if result.screen is not None and result.screen.beat is not None:
            self.off_s.append(self._clock.update(result) - shown_s)
            self.last = result

    def finish(self, end: RunEnd) -> None: ...
    def close(self) -> None: ...


@contextmanager
def _sound_card(folder: Path) -> Iterator[Path]:
    """A ``paplay`` in the path that keeps time and notes when ticks are heard."""
    log, player = folder / "ticks", folder / "paplay"
    player.write_text(
        f'#!/bin/sh\nexec "{sys.executable}" -c "import sys; sys.path.insert(0, {str(Path.cwd())!r})\n'
        f'from pathlib import Path; from benchmarks.pulse.sound_card import play; play(Path({str(log)!r}))"\n'
    )
    player.chmod(player.stat().st_mode | stat.S_IXUSR)
    before = os.environ["PATH"]
    os.environ["PATH"] = f"{folder}{os.pathsep}{before}"
    try:
        yield log
    finally:
        os.environ["PATH"] = before


def live_figures() -> dict[str, Any]:
    """A live session at a camera's pace on a rendered film, with everything running: tracking, coach, drawing, voice."""
    routine = load_routine("japanese")
    step = routine.step(STEP)
    film = render_clip(
        perform(step, (), Style(order="together"), neutral_s=2.5, seconds=SECONDS),
        Scene(flaws=SensorArtifacts(noise=1.0)),
        fps=FPS,
    )
    beat = beat_of(step, BPM)
    assert beat is not None
    shown = Shown()
    with tempfile.TemporaryDirectory() as folder, _sound_card(Path(folder)) as log:
        flow = FlowOptions(interactive=False, safety=False, bpm=BPM)
        config = SessionConfig(JudgingConfig(routine, STEP), presentation=PresentationConfig(voice=True, flow=flow), live=True)
        run_session(config, VideoSource(film, paced=True), sinks=[shown])
        lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()] if log.exists() else []
    players = [line["player"] for line in lines]  # the beat's is one of them; the tones before words are others
    lines = [line for line in lines if line["player"] == max(set(players), key=players.count)]
    ticks = np.array([line["tick_s"] for line in lines])[SETTLE_TICKS:]
    missing = max((line["missing"] for line in lines), default=0)
    return {
        "frames_with_beat": len(shown.off_s),
        "heard": _jitter(_off_grid_s(ticks, beat.tick_s)) | {"ticks": len(ticks), "samples_missing": int(missing)},
        "seen": _jitter(np.array(shown.off_s)),
        "cost": cost_figures(shown.last),
    }


def _off_grid_s(ticks_s: Float, tick_s: float) -> Float:
    """(N,) how far each tick is from the best even grid."""
    turns = np.exp(2j * np.pi * ticks_s / tick_s)
    off: Float = np.angle(turns / turns.mean()) / (2 * np.pi) * tick_s
    return off


def _jitter(off_s: Float) -> dict[str, float | None]:
    """Of deviations from their median."""
    if not len(off_s):
        return {"p50_ms": None, "p99_ms": None, "max_ms": None}
    away = np.abs(off_s - np.median(off_s)) * 1000.0
    return {
        "p50_ms": round(float(np.median(away)), 3),
        "p99_ms": round(float(np.percentile(away, 99)), 3),
        "max_ms": round(float(away.max()), 3),
    }


def cost_figures(result: FrameResult | None) -> dict[str, Any]:
    """What drawing the beat adds to drawing a picture, in turns so that both see the same machine. CPU time."""
    if result is None or result.screen is None:
        return {}
    routine, overlay = load_routine("japanese"), Overlay()
    screens: tuple[Screen, Screen] = (replace(result.screen, beat=None), result.screen)
    spent: tuple[list[float], list[float]] = ([], [])
    for k in range(2 * DRAWN):
        begun = time.thread_time()
        overlay.draw(
            result.frame,
            result.observation,
            result.points,
            result.projection,
            result.verdict,
            routine,
            screens[k % 2],
            None,
            0.01 * k,
        )
        spent[k % 2].append(time.thread_time() - begun)
    without, with_beat = (np.array(one) * 1e6 for one in spent)
    rng = np.random.default_rng(0)
    picks = rng.integers(0, DRAWN, (1000, DRAWN))
    more = np.median(with_beat[picks], axis=1) - np.median(without[picks], axis=1)
    return {
        "drawing_without_us": round(float(np.median(without)), 1),
        "drawing_with_us": round(float(np.median(with_beat)), 1),
        "more_us_interval_95": [round(float(q), 1) for q in np.percentile(more, [2.5, 97.5])],
        "share_of_a_frame_at_30_fps": round(float(np.median(more)) * 1e-6 * FPS, 5),
    }
