"""Decides when the work is paused and when it continues: by key, by palms, by leaving the picture, by a lost camera."""

import math
from typing import Final, Literal

from facetrack.flow.speech import Speech
from facetrack.flow.texts import TEXTS

LONGEST_PAUSE_S: Final = 600.0
"""A pause that lasts longer ends the session; what was done is kept."""
LONGEST_ABSENCE_S: Final = 120.0
"""An absence of the user, or of the camera, that lasts longer ends the session."""
PausedBy = Literal["key", "palms", "away", "camera"]


class Pauses:
    """Holds why the session is paused, in ``by``; None while it is not. Its methods return commands for the coach."""

    def __init__(self, speech: Speech) -> None:
        self._speech = speech
        self._since_s = math.nan
        self.by: PausedBy | None = None

    def toggle(self, why: PausedBy, t_s: float) -> list[str]:
        """Pause or continue, as the user asks. A lost camera can't be continued without."""
        if self.by == "camera":
            return []
        return self._begin(why, t_s) if self.by is None else self.end()

    def follow(self, away: bool, camera_lost: bool, t_s: float) -> list[str]:
        """Pause while the user is away or the camera lost, and continue when that is over."""
        commands: list[str] = []
        present: tuple[tuple[PausedBy, bool], ...] = (("away", away), ("camera", camera_lost))
        for why, holds in present:
            if holds and self.by is None:
                commands += self._begin(why, t_s)
            elif not holds and self.by == why:
                commands += self.end()
        return commands

    def too_long(self, t_s: float) -> bool:
        """Return whether the pause is longer than a session waits."""
        longest = LONGEST_PAUSE_S if self.by in ("key", "palms") else LONGEST_ABSENCE_S
        return self.by is not None and t_s - self._since_s > longest

    def end(self) -> list[str]:
        """Continue, if the session is paused."""
        if self.by is None:
            return []
        self.by = None
        self._speech.say(TEXTS["resumed.say"], "go", urgent=True)
        return ["resume"]

    def _begin(self, why: PausedBy, t_s: float) -> list[str]:
        self.by, self._since_s = why, t_s
        said = {"away": "paused.away-say", "camera": "paused.camera-say"}.get(why, "paused.say")
        # If the camera is the reason, that has just been said and must not be interrupted.
        self._speech.say(TEXTS[said], "pause", urgent=why != "camera")
        return ["pause"]
