"""The speaker as a sink of the line: says what the flow decided, when it decided it."""

import math
import time
from collections.abc import Callable
from typing import Protocol

from facetrack.cues.beat_wave import BeatSchedule
from facetrack.flow.screen import Say
from facetrack.flow.tempo import Beat
from facetrack.sinks import Ending, Tick


class Speaking(Protocol):
    """``Speaker`` and ``SpeakingProcess``."""

    def put(self, say: Say, /) -> None: ...
    def hush(self) -> None: ...
    def beat(self, schedule: BeatSchedule | None, /) -> None: ...
    def close(self) -> None: ...


class CueSink:
    """Muted screens say nothing; muting also stops what is being said.

    beats: sound the steps' beat, which only a session that runs as fast as the clock can have. now: the clock, in s.
    """

    name = "The voice"

    def __init__(self, speaker: Speaking, beats: bool = False, now: Callable[[], float] = time.monotonic) -> None:
        self._speaker, self._beats, self._now = speaker, beats, now
        self._muted = False
        self._beat: Beat | None = None
        self._began_s = math.inf

    def take(self, tick: Tick) -> None:
        screen = tick.screen
        if screen is None:
            return
        if screen.muted and not self._muted:
            self._speaker.hush()
        self._muted = screen.muted
        if not self._muted:
            for say in screen.say:
                self._speaker.put(say)
        if self._beats:
            self._sound(tick, None if self._muted else screen.beat)

    def _sound(self, tick: Tick, beat: Beat | None) -> None:
        """Frames come late by more or less; the least late of them says best when the session's clock was 0."""
        self._began_s = min(self._began_s, self._now() - tick.latency_s - tick.frame.t_s)
        if beat != self._beat:
            self._beat = beat
            self._speaker.beat(None if beat is None else BeatSchedule(self._began_s, beat.tick_s, beat.accent))

    def finish(self, ending: Ending) -> None:
        pass

    def close(self) -> None:
        self._speaker.close()
