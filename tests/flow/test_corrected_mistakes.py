"""A mend is told by a tone, and praised in words when it stays so; nothing else is praised."""

from dataclasses import replace

from facetrack.coach.verdict import Correction, Cue, Verdict
from facetrack.flow.corrected_mistakes import STAYS_S, CorrectedMistakes
from tests.flow import people
from tests.overlay import scenes

EVENT = replace(scenes.correction(), t_start_s=1.0)


def frame(
    t_s: float, open_now: tuple[Correction, ...] = (), changed: tuple[Correction, ...] = (), cued=False, **more
) -> Verdict:
    cue = Cue(t_s, EVENT.index, shown=True, spoken=True, why_not=None) if cued else None
    return people.verdict(t_s, corrections=open_now, changed=changed, cue=cue, shown=None, **more)


def told(mistakes: CorrectedMistakes) -> None:
    mistakes.update(frame(1.0, (EVENT,), (EVENT,), cued=True))


def after(
    mistakes: CorrectedMistakes, end: Correction, seconds: float = STAYS_S + 1.0, t_s: float = 3.0, **more
) -> tuple[int, int]:
    """(mistakes, praises) from the end of a correction on."""
    mended = praised = 0
    for n in range(round(seconds * 10)):
        now = t_s + n / 10
        mistakes.update(frame(now, changed=(end,) if n == 0 else (), **(more if n == 0 else {})))
        mended, praised = mended + mistakes.corrected, praised + mistakes.praised
    return mended, praised


def test_a_mend_is_told_once_and_praised_once_when_it_stays_so() -> None:
    mistakes = CorrectedMistakes()
    told(mistakes)
    assert after(mistakes, replace(EVENT, t_end_s=3.0, mended=True)) == (1, 1)


def test_a_mend_that_does_not_stay_is_not_praised() -> None:
    mistakes = CorrectedMistakes()
    told(mistakes)
    assert after(mistakes, replace(EVENT, t_end_s=3.0, mended=True), seconds=2.0) == (1, 0)
    again = replace(EVENT, index=7, t_start_s=5.0)
    mistakes.update(frame(5.0, (again,), (again,)))
    assert after(mistakes, replace(again, t_end_s=6.0, mended=True), t_s=6.0) == (0, 0), "it was never told"


def test_what_ends_without_a_mend_or_was_never_told_is_not_praised() -> None:
    for end, more in (
        (replace(EVENT, t_end_s=1.2), {}),  # at its last evidence: nobody saw it mended
        (replace(EVENT, t_end_s=3.0), {"ended": (people.ended(3.0),)}),
    ):
        mistakes = CorrectedMistakes()
        told(mistakes)
        assert after(mistakes, end, **more) == (0, 0)
    silent = CorrectedMistakes()
    silent.update(frame(1.0, (EVENT,), (EVENT,)))
    assert after(silent, replace(EVENT, t_end_s=3.0, mended=True)) == (0, 0)


def test_nobody_at_work_is_not_praised() -> None:
    mistakes = CorrectedMistakes()
    told(mistakes)
    mistakes.update(frame(3.0, changed=(replace(EVENT, t_end_s=3.0, mended=True),)))
    away = tuple(replace(side, hand=None) for side in people.verdict(0.0).sides)
    praised = 0
    for n in range(100):
        mistakes.update(frame(3.1 + n / 10, sides=away))
        praised += mistakes.praised
    assert praised == 0
