"""Notices that a mistake which was pointed out is corrected, and that it stays so."""

from typing import Final

from facetrack.coach.verdict import Verdict
from facetrack.routine.compiled import Kind

STAYS_S: Final = 5.0
"""What has been right for this long since its mend is praised."""


class CorrectedMistakes:
    """Follows the corrections of a step that reached the user. ``corrected`` and ``praised`` hold for the last frame."""

    def __init__(self) -> None:
        self.corrected = self.praised = False
        self.begin_step()

    def begin_step(self) -> None:
        """Begin another step: a word of praise for each kind is due again."""
        self._told: set[int] = set()
        self._praised_kinds: set[Kind] = set()
        self._right_since: dict[Kind, float] = {}

    def update(self, verdict: Verdict) -> None:
        """Process a frame of the work. A correction that ends at its last evidence, or with its step, is not mended."""
        t_s = verdict.t_s
        self.corrected = self.praised = False
        if verdict.cue is not None and verdict.cue.shown:
            self._told.add(verdict.cue.correction)
        for event in verdict.changed:
            if event.index in self._told and event.mended and event.t_end_s == t_s and not verdict.ended:
                self.corrected = True
                self._right_since[event.kind] = t_s
        for open_now in verdict.corrections:
            self._right_since.pop(open_now.kind, None)
        lasting = [kind for kind, since_s in self._right_since.items() if t_s - since_s >= STAYS_S]
        working = any(side.hand is not None and side.withheld is None for side in verdict.sides)
        if lasting and working and not verdict.corrections:
            self.praised = not self._praised_kinds.issuperset(lasting)
            self._praised_kinds.update(lasting)
            self._right_since.clear()
