"""What one frame's screen shows besides the verdict, and what is said aloud. Frozen: overlay and cues read it."""

from dataclasses import dataclass
from typing import Literal

from facetrack.coach.verdict import Correction
from facetrack.flow.tempo import Beat, Pulse

Page = Literal["safety", "duration", "framing", "neutral", "pulse", "pulse-told", "prepare", "working", "paused", "end"]
Tone = Literal["correct", "praise", "pause", "go", "ask"]


@dataclass(frozen=True, slots=True)
class Say:
    """words: for a voice. tone: for where there is none. urgent: cuts short what is being said."""

    words: str
    tone: Tone
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Screen:
    """title, lines, ask: of a page: its heading, its text, and the one thing that is asked for now.

    share: 0..1 of what the page waits for, left_s: until it goes on by itself; NaN: nothing to show.
    demonstration: the step whose demonstration is shown in the picture, or None. praise: a word after a step, or "".
    told: a correction that was told at the step's end and stays for a while, or None. palms: 0..1 of the gesture.
    place: (number, of how many) of the running step, from 1; (0, n) before. session_left_s: planned, NaN: not known.
    keys: (key, what it does) while help is shown. say: decided in this frame. over: the session is. alone: there is no picture
    of the user, and the demonstration takes its place. pulse: the user's, once it is known. beat: of the running step, or None.
    """

    page: Page
    title: str = ""
    lines: tuple[str, ...] = ()
    ask: str = ""
    share: float = float("nan")
    left_s: float = float("nan")
    demonstration: str | None = None
    praise: str = ""
    told: Correction | None = None
    palms: float = 0.0
    place: tuple[int, int] = (0, 0)
    session_left_s: float = float("nan")
    keys: tuple[tuple[str, str], ...] = ()
    muted: bool = False
    say: tuple[Say, ...] = ()
    over: bool = False
    alone: bool = False
    pulse: Pulse | None = None
    beat: Beat | None = None
