"""Follows somebody who shows steps, at a camera or in a recording: what belongs to which step, and what the screen says."""

import math
from collections import Counter
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetrack.coach.verdict import Verdict
from facetrack.flow.input.frame_facts import FrameFacts
from facetrack.flow.input.keys import Keys
from facetrack.flow.input.palm_gesture import HELD_S, PalmsGesture
from facetrack.flow.input.pauses import LONGEST_ABSENCE_S
from facetrack.flow.input.presence import Presence
from facetrack.flow.screen import Screen, Utterance
from facetrack.flow.texts import TEXTS
from facetrack.geometry.face_points import FacePoints
from facetrack.learn.step import LEAST_S
from facetrack.packets import Observation

AGAIN_S: Final = 3.0
"""Palms that are held up again so soon after a step was finished ask to show this one once more."""
NOBODY_S: Final = 20.0
"""Somebody whose hands are away from the face for so long has finished."""
WARNED_S: Final = 10.0
"""From then on the screen says when that will be."""
LONGEST_FRAME_S: Final = 0.2
"""A frame stands for no longer than this."""


class Showing:
    """Parts what is shown into steps by gestures, and decides when all has been shown. The pipeline asks it as its flow.

    steps: of each step its performances, of each the frames in which the face was known. doubts: how many frames were doubted
    and why; "repeated" are pictures that were shown before. frames: of all.
    """

    def __init__(self) -> None:
        self.steps: list[list[list[FacePoints]]] = [[[]]]
        self.doubts: Counter[str] = Counter()
        self.frames = 0
        self.last_s = 0.0
        self.face_seen = self.over = self.learn_face = self.asks_for_tool = False
        self._keys, self._palms, self._presence = Keys(), PalmsGesture(), Presence()
        self._points: FacePoints | None = None
        self._muted = self._error = False
        self._worked_s = 0.0  # in the running performance
        self._work_s = self._first_s = math.nan  # when a hand was last at work, and when the first frame came
        self._kept_s = -math.inf  # when a step was finished
        self._page: tuple[str, int, int] | None = None

    @property
    def number(self) -> int:
        """Return the number of the step that is shown, from 1."""
        return len(self.steps)

    def key(self, code: int) -> None:
        """Process a key; any but M is as good as the palms."""
        self._keys.press(code)

    def pre_coach(
        self, _image_bgr: NDArray[np.uint8], observation: Observation, points: FacePoints, source_error: str | None = None
    ) -> tuple[str, ...]:
        """Process a frame. The coach judges nothing: it is told to pause."""
        first, t_s = self._points is None, points.t_s
        elapsed_s = 0.0 if first else min(t_s - self.last_s, LONGEST_FRAME_S)
        self._first_s = t_s if first else self._first_s
        self._points, self._error = points, source_error is not None
        self.frames, self.last_s, self.face_seen = self.frames + 1, t_s, self.face_seen or points.face_seen
        self.doubts.update(filter(None, (observation.doubt, "repeated" if observation.repeated else None)))
        palms = self._palms.update(observation, t_s)
        self._keep(points, elapsed_s)
        if self._pressed(t_s) or palms:
            self._finish_step(t_s - (HELD_S if palms else 0.0), t_s)
        if source_error is None and self._presence.update(FrameFacts.of(observation, points)):
            self.over |= not math.isnan(self._work_s)
        self.over |= self._idle_s > (LONGEST_ABSENCE_S if math.isnan(self._work_s) else NOBODY_S)
        return ("pause",) if first else ()

    def post_coach(self, _verdict: Verdict) -> Screen:
        """Return the screen of the frame that ``pre_coach`` was given, with what is said as its page begins."""
        screen = self._screen()
        page = (screen.page, self.number, len(self.steps[-1]))
        if page != self._page and not self._error:
            self._page = page
            words = " ".join(f"{words}." for words in (screen.title, screen.ask))
            screen = replace(screen, utterances=(Utterance(words, "go" if screen.page == "shown" else "ask"),))
        return screen

    @property
    def _idle_s(self) -> float:
        """Return for how long no hand has been at work; the end of a step is work."""
        since = [at for at in (self._work_s, self._kept_s, self._first_s) if math.isfinite(at)]
        return self.last_s - max(since)

    def _pressed(self, t_s: float) -> bool:
        actions = [action for _, action in self._keys.taken(t_s)]
        self._muted ^= "mute" in actions
        return any(action not in ("mute", "screen", "help", "quit") for action in actions)

    def _keep(self, points: FacePoints, elapsed_s: float) -> None:
        """Take a frame into the running performance; palms that are held up beside the face belong to none."""
        if points.calibration == "running" or self._palms.share > 0.0:
            return
        self.steps[-1][-1].append(points)
        if points.near_face.any():
            self._worked_s += elapsed_s
            self._work_s = points.t_s

    def _finish_step(self, asked_s: float, t_s: float) -> None:
        """Begin the next step; soon after that, begin another performance of the last one instead."""
        if self.number > 1 and asked_s - self._kept_s <= AGAIN_S:
            self.steps.pop()
            self.steps[-1].append([])
            self._kept_s = -math.inf
        elif self._worked_s >= LEAST_S:
            self.steps.append([[]])
            self._kept_s = t_s
        self._worked_s = 0.0

    def _screen(self) -> Screen:
        assert self._points is not None
        if self._points.calibration == "running":
            ask = TEXTS["neutral.ask" if self._points.face_seen else "framing.no-face"]
            return Screen("neutral", TEXTS["neutral.title"], ask=ask, share=self._points.calibrated_share, muted=self._muted)
        palms = self._palms.share
        since_kept_s = self.last_s - self._kept_s
        if since_kept_s - palms * HELD_S <= AGAIN_S:
            left_s = max(0.0, AGAIN_S - since_kept_s)
            title, ask = TEXTS["learn.kept"].format(number=self.number - 1), TEXTS["learn.again"]
            return Screen("shown", title, ask=ask, share=left_s / AGAIN_S, palms=palms, muted=self._muted)
        once_more = "learn.once-more" if len(self.steps[-1]) > 1 else "learn.step"
        left_s = NOBODY_S - self._idle_s if self._idle_s > WARNED_S and not math.isnan(self._work_s) else math.nan
        title, ask = TEXTS[once_more].format(number=self.number), TEXTS["learn.ask"]
        return Screen("showing", title, ask=ask, left_s=left_s, palms=palms, muted=self._muted)
