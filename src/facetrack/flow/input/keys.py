"""Gives keys their meaning. A key without a meaning of its own pauses, so that an elbow on the space bar works too."""

import math
from typing import Final, Literal

Action = Literal["pause", "skip", "again", "mute", "help", "quit", "pulse", "report", "screen"]
"""What a key can do."""
ESCAPE: Final = 27
"""Key code of Esc."""
DEBOUNCE_S: Final = 0.6
"""A key counts again only after this time, because a key that is held down repeats and an elbow presses several."""
_ACTIONS: Final[dict[str, Action]] = {
    "q": "quit",
    "n": "skip",
    "a": "again",
    "m": "mute",
    "h": "help",
    "?": "help",
    "p": "pulse",
    "r": "report",
    "f": "screen",
}


def action_of(key: int) -> Action:
    """Return what a key does. key: the window's code; codes above 255 are keys without a letter (arrows, shift)."""
    if key == ESCAPE:
        return "quit"
    return _ACTIONS.get(chr(key).lower(), "pause") if 0 < key < 256 else "pause"


def digit_of(key: int) -> int | None:
    """Return the digit 1 to 9 of a key, or None."""
    return key - ord("0") if ord("1") <= key <= ord("9") else None


class Keys:
    """Collects keys from when they are pressed until the next frame."""

    def __init__(self) -> None:
        self._pressed: list[int] = []
        self._last: dict[Action, float] = {}

    def press(self, key: int) -> None:
        """Add a key that was pressed."""
        self._pressed.append(key)

    def taken(self, t_s: float) -> list[tuple[int, Action]]:
        """Return the keys pressed since the last frame, without the repetitions of a key that is held down."""
        pressed = []
        for key in self._pressed:
            action = action_of(key)
            if t_s - self._last.get(action, -math.inf) >= DEBOUNCE_S:
                pressed.append((key, action))
            self._last[action] = t_s
        self._pressed.clear()
        return pressed
