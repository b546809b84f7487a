"""Makes the speaker a sink of the pipeline: it says what the flow decided, when it decided it."""

from typing import Protocol

from facetrack.cues.metronome_wave import BeatSchedule
from facetrack.flow.screen import Utterance
from facetrack.flow.tempo import Beat
from facetrack.pipeline.session_clock import SessionClock
from facetrack.pipeline.sinks import FrameResult, RunEnd


class Speaking(Protocol):
    """What ``Speaker`` and ``SpeakingProcess`` have in common."""

    def put(self, utterance: Utterance, /) -> None: ...
    def stop(self) -> None: ...
    def beat(self, schedule: BeatSchedule | None, /) -> None: ...
    def close(self) -> None: ...


class CueSink:
    """Speaks what each screen asks for. A muted screen says nothing, and muting also stops what is being said.

    clock: the clock of a session that runs in real time, so that its beat can be heard; None plays no beat.
    """

    name = "The voice"

    def __init__(self, speaker: Speaking, clock: SessionClock | None = None) -> None:
        self._speaker, self._clock = speaker, clock
        self._muted = False
        self._beat: Beat | None = None

    def on_frame(self, result: FrameResult) -> None:
        screen = result.screen
        if screen is None:
            return
        if screen.muted and not self._muted:
            self._speaker.stop()
        self._muted = screen.muted
        if not self._muted:
            for utterance in screen.utterances:
                self._speaker.put(utterance)
        if self._clock is not None:
            self._clock.update(result)
            self._sound(None if self._muted else screen.beat, self._clock.began_s)

    def _sound(self, beat: Beat | None, began_s: float) -> None:
        if beat != self._beat:
            self._beat = beat
            self._speaker.beat(None if beat is None else BeatSchedule(began_s, beat.tick_s, beat.accent))

    def finish(self, end: RunEnd) -> None:
        pass

    def close(self) -> None:
        self._speaker.close()
