"""What the user hears: the system's voice, tones where there is no voice, silence where there is no sound. Decides nothing."""

from facetrack.cues.cue_sink import CueSink
from facetrack.cues.speaker import Speaker
from facetrack.cues.speaking_process import Found, SpeakingProcess
from facetrack.cues.tones import TonePlayer, find_tone_player
from facetrack.cues.voices import Voice, find_voice

__all__ = ["CueSink", "Found", "Speaker", "SpeakingProcess", "TonePlayer", "Voice", "find_tone_player", "find_voice"]
