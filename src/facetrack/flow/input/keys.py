"""What a key means. Any key that means nothing else pauses: an elbow on the space bar must do."""

import math
from typing import Final, Literal

Action = Literal["toggle", "skip", "again", "mute", "help", "quit"]
ESCAPE: Final = 27
DEBOUNCE_S: Final = 0.6
"""A key that is held down repeats itself; an elbow lies on several."""
_ACTIONS: Final[dict[str, Action]] = {"q": "quit", "n": "skip", "a": "again", "m": "mute", "h": "help", "?": "help"}


def action_of(key: int) -> Action:
    """key: as the window gives it; beyond 255 are keys without a letter (arrows, shift)."""
    if key == ESCAPE:
        return "quit"
    return _ACTIONS.get(chr(key).lower(), "toggle") if 0 < key < 256 else "toggle"


def digit_of(key: int) -> int | None:
    """1 to 9, or None."""
    return key - ord("0") if ord("1") <= key <= ord("9") else None


class Keys:
    """Keys wait here from when they were pressed until the next frame."""

    def __init__(self) -> None:
        self._pressed: list[int] = []
        self._last: dict[Action, float] = {}

    def press(self, key: int) -> None:
        self._pressed.append(key)

    def taken(self, t_s: float) -> list[tuple[int, Action]]:
        """Those pressed since the last frame, without repetitions of a key that is held down."""
        told = []
        for key in self._pressed:
            action = action_of(key)
            if t_s - self._last.get(action, -math.inf) >= DEBOUNCE_S:
                told.append((key, action))
            self._last[action] = t_s
        self._pressed.clear()
        return told
