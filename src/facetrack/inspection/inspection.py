"""Decides, from a source's pictures and what is seen in them, what may be judged and what is said about them once."""

from dataclasses import replace
from typing import Final

from facetrack.inspection.mirror import MirrorEvidence
from facetrack.inspection.pictures import BLANK_S, Pictures
from facetrack.inspection.proportions import Proportions
from facetrack.packets import Frame, Observation

SAID_AFTER_S: Final = 3.0
"""Pictures that show nothing, or nothing new, for this long are spoken of."""


class Inspection:
    """Looks at every frame and its observation; ``update`` gives the observation with its doubts.

    kind: of the source, or "none" without a camera: the grey that stands for its pictures is not looked at. A drawn person's
        pictures may repeat, since a drawn person can hold still.
    """

    def __init__(self, kind: str = "video") -> None:
        self._drawn = kind in ("mannequin", "none")
        self._pictures, self._proportions, self._mirror = Pictures(), Proportions(), MirrorEvidence()
        self._repeated_s = self._last_s = 0.0
        self._said: set[str] = set()
        self._elsewhere: list[str] = []
        self.remarks: tuple[str, ...] = ()
        """Ids of what is said from this frame on, each once."""

    def update(self, frame: Frame, observation: Observation) -> Observation:
        """Process a frame; times must rise. A frame without a picture, which its source explains, is left as it is."""
        self.remarks = ()
        while self._elsewhere:
            self._say(self._elsewhere.pop(0), True)
        if frame.source_error is not None or self._drawn:
            return observation
        self._pictures.update(frame.image_bgr, frame.t_s)
        self._proportions.update(observation)
        self._mirror.update(observation)
        blank, repeated = self._pictures.blank_s >= BLANK_S, self._pictures.repeated
        squeezed = self._proportions.squeezed is True
        self._repeated_s = self._repeated_s + frame.t_s - self._last_s if repeated and not blank else 0.0
        self._last_s = frame.t_s
        self._say("blank", self._pictures.blank_s >= SAID_AFTER_S)
        self._say("still", self._repeated_s >= SAID_AFTER_S)
        self._say("squeezed", squeezed)
        self._say("mirrored", self._mirror.mirrored)
        doubt = "picture" if blank or squeezed else observation.doubt
        return replace(observation, doubt=doubt, repeated=repeated)

    def say(self, remark: str) -> None:
        """Say something that was found elsewhere, with the next frame."""
        self._elsewhere.append(remark)

    def _say(self, remark: str, found: bool) -> None:
        if found and remark not in self._said:
            self._said.add(remark)
            self.remarks = (*self.remarks, remark)
