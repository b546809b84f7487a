"""``python -m facetrack.cues.mouth LANGUAGE``: the process that speaks.

Starting a voice holds Python's lock for milliseconds, which a frame of the session would feel; here nobody does. Its first line
on stdout says what it found, ``{"voice": name or null, "tones": true or false}``; then each line on stdin is a word to say,
``{"words": ..., "tone": ..., "urgent": ...}``, or ``{"hush": true}``, or a beat, ``{"beat": {"start_s": ..., "tick_s": ...,
"accent": ...}}``, which null ends. It ends with its stdin.
"""

import contextlib
import json
import sys
from typing import TextIO

from facetrack.cues.beat_player import BeatPlayer
from facetrack.cues.beat_wave import BeatSchedule
from facetrack.cues.speaker import Speaker
from facetrack.cues.tones import find_tone_player
from facetrack.cues.voices import find_voice
from facetrack.flow.screen import Say


def serve(language: str, asked: TextIO, told: TextIO) -> None:
    """Says what it is asked until there is no more."""
    voice, tones = find_voice(language), find_tone_player()
    told.write(json.dumps({"voice": voice.name if voice else None, "tones": tones is not None}) + "\n")
    told.flush()
    if voice is None and tones is None:
        return
    speaker = Speaker(voice, tones, BeatPlayer() if tones is not None else None)
    for line in asked:
        with contextlib.suppress(ValueError, KeyError, TypeError):  # a line that the pipe had no more room for
            wish = json.loads(line)
            if wish.get("hush"):
                speaker.hush()
            elif "beat" in wish:
                speaker.beat(None if wish["beat"] is None else BeatSchedule(**wish["beat"]))
            else:
                speaker.put(Say(wish["words"], wish["tone"], wish["urgent"]))
    speaker.close()


if __name__ == "__main__":
    serve(sys.argv[1] if len(sys.argv) > 1 else "en", sys.stdin, sys.stdout)
