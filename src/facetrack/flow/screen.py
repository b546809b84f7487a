"""Defines what one frame's screen shows besides the verdict, and what is said aloud. Overlay and cues read it."""

from dataclasses import dataclass
from typing import Literal

from facetrack.flow.pointing import NOTHING, Pointing
from facetrack.flow.tempo import Beat, PulseRate

Page = Literal[
    "safety",
    "duration",
    "advice",
    "concern",
    "framing",
    "neutral",
    "pulse",
    "pulse-result",
    "prepare",
    "tool",
    "working",
    "paused",
    "end",
    "showing",
    "shown",
]
"""Names of the pages of a session, and of those on which a routine is shown that is to be learnt."""
Tone = Literal["correct", "mended", "praise", "pause", "go", "ask"]
"""Names of the short tones."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """Something to say aloud."""

    words: str  # spoken, if the computer has a voice; empty: only the tone
    tone: Tone  # played before the words, and alone where there is no voice
    urgent: bool = False  # interrupts what is being said


@dataclass(frozen=True, slots=True)
class Screen:
    """What the user sees and hears in one frame, apart from the coach's verdict."""

    page: Page
    title: str = ""  # heading of the page
    lines: tuple[str, ...] = ()  # text of the page, a paragraph each
    ask: str = ""  # the one thing that the user is asked to do now
    share: float = float("nan")  # 0..1, how much of what the page waits for is there; NaN shows nothing
    left_s: float = float("nan")  # seconds until the page continues by itself; NaN shows nothing
    demonstration: str | None = None  # id of the step whose demonstration is shown in the picture
    praise: str = ""  # words of praise
    pointing: Pointing = NOTHING  # what the correction that is shown says, and its arrows
    hint: str = ""  # what can't be seen, once it has lasted
    palms: float = 0.0  # 0..1, how much of the palm gesture's time has passed
    # (number of the running step, counted from 1; number of steps). (0, n) before the first step.
    place: tuple[int, int] = (0, 0)
    session_left_s: float = float("nan")  # planned seconds until the session ends; NaN if not known
    keys: tuple[tuple[str, str], ...] = ()  # (key, what it does) while the help is shown
    muted: bool = False
    utterances: tuple[Utterance, ...] = ()  # what to say, decided in this frame
    over: bool = False  # whether the session has ended
    no_camera: bool = False  # whether there is no picture of the user, so that the demonstration takes its place
    pulse: PulseRate | None = None  # the user's pulse, once it is known
    beat: Beat | None = None  # the beat of the running step, if it has one
