"""``python -m facetrack.cues.speech_worker LANGUAGE``: the process that speaks.

Starting a voice holds Python's lock for milliseconds, which would delay a frame of the session; here it delays nothing. The
first line on stdout says what it found, ``{"voice": name or null, "tones": true or false}``. Then each line on stdin is
something to say, ``{"words": ..., "tone": ..., "urgent": ...}``, or ``{"stop": true}``, or a beat, ``{"beat": {"start_s": ...,
"tick_s": ..., "accent": ...}}``, which null ends. The process ends with its stdin.
"""

import contextlib
import json
import sys
from typing import TextIO

from facetrack.cues.metronome import Metronome
from facetrack.cues.metronome_wave import BeatSchedule
from facetrack.cues.speaker import Speaker
from facetrack.cues.tones import find_tone_player
from facetrack.cues.voices import find_voice
from facetrack.flow.screen import Utterance


def run_speech_worker(language: str, requests: TextIO, replies: TextIO) -> None:
    """Say what each request asks for until there are no more."""
    voice, tones = find_voice(language), find_tone_player()
    replies.write(json.dumps({"voice": voice.name if voice else None, "tones": tones is not None}) + "\n")
    replies.flush()
    if voice is None and tones is None:
        return
    speaker = Speaker(voice, tones, Metronome() if tones is not None else None)
    for line in requests:
        with contextlib.suppress(ValueError, KeyError, TypeError):  # a line that the pipe had no more room for
            message = json.loads(line)
            if message.get("stop"):
                speaker.stop()
            elif "beat" in message:
                speaker.beat(None if message["beat"] is None else BeatSchedule(**message["beat"]))
            else:
                speaker.put(Utterance(message["words"], message["tone"], message["urgent"]))
    speaker.close()


if __name__ == "__main__":
    run_speech_worker(sys.argv[1] if len(sys.argv) > 1 else "en", sys.stdin, sys.stdout)
