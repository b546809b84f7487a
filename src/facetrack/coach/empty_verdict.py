"""Makes the verdict of a frame in which nothing is judged: before the first step, in a pause, after the last."""

import math

import numpy as np

from facetrack.coach.feedback.messages import HINTS
from facetrack.coach.verdict import SessionState, SideVerdict, Verdict, WithheldReason


def empty_verdict(t_s: float, state: SessionState, step: int, hint: str | None, withheld: WithheldReason | None) -> Verdict:
    """Return a verdict without findings.

    step: index in the routine, -1 before the first. hint: its id, or None. withheld: the reason, for both sides.
    """
    nobody = SideVerdict(
        needed=False,
        withheld=withheld,
        hand=None,
        working_mm=np.full(2, np.nan),
        in_zone=None,
        in_contact=None,
        stroking=None,
        speed_mm_s=math.nan,
        acceleration_mm_s2=math.nan,
        off_path_deg=math.nan,
        pace=math.nan,
        repetitions=0,
        path_mm=0.0,
    )
    return Verdict(
        t_s=t_s,
        state=state,
        step=step,
        phase_index=0,
        sides=(nobody, nobody),
        balance=math.nan,
        corrections=(),
        changed=(),
        shown=None,
        cue=None,
        strokes=(),
        ended=(),
        step_elapsed_s=0.0,
        step_left_s=math.nan,
        target=None,
        hint_id=hint,
        hint=HINTS[hint] if hint else None,
    )
