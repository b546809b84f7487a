"""Says what went well and the one thing to change next time, in short sentences from a session's figures."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from facetrack.inspection.reasons import LOOKS, REMEDIES, main_reason, why_nothing
from facetrack.packets import SIDES
from facetrack.session.document import CorrectionEvent, SessionDocument, SideFigures, StepFigures

Titles = Callable[[str], str]

GOOD_SHARE: Final = 0.9
GOOD_BALANCE: Final = 0.85
MUCH_UNSEEN: Final = 0.3
"""With more than this withheld, being seen better helps more than any correction."""
CLOSE: Final = 75
"""From this score on the movements were close to the routine."""
BETTER: Final = 5
"""A score that differs by this many points differs by more than a day's chance."""

SLIDING: Final = "direction.lift"
"""This message is about going back in contact."""


@dataclass(frozen=True, slots=True)
class Summary:
    """Holds the report's first words. good: what went well. change: the one thing to change; how: what to do about it."""

    grade: str
    good: tuple[str, ...]
    change: str
    how: str


def grade(score: float | None) -> str:
    """Return the score in words."""
    if score is None:
        return "Too little was seen for a score"
    steps = ((90, "Very close to the routine"), (CLOSE, "Close to the routine"), (50, "Partly as the routine asks"))
    return next((words for least, words in steps if score >= least), "Far from the routine")


def summarise(document: SessionDocument, titles: Titles, usual: Mapping[str, float]) -> Summary:
    """Sum a session up. titles: from a step's id; usual: scores of the steps in sessions before."""
    change, how = _advice(document, titles)
    return Summary(grade(document.score), _praise(document, titles, usual), change, how)


def _praise(document: SessionDocument, titles: Titles, usual: Mapping[str, float]) -> tuple[str, ...]:
    """Return at most three sentences, the most important first."""
    scored = [(step.score, step) for step in document.steps if step.score is not None]
    steps = [step for _, step in scored]
    if not scored:
        return ()
    found: list[str] = []
    gained = [(score - usual[step.id], step) for score, step in scored if step.id in usual]
    gain, most = max(gained, key=lambda one: one[0], default=(0.0, None))
    if most is not None and gain >= BETTER:
        found.append(f"“{titles(most.id)}” went better than usual: {most.score} instead of {usual[most.id]:.0f}.")
    zone = _mean(steps, lambda side: side.zone_share)
    if zone is not None and zone >= GOOD_SHARE:
        found.append(f"Your hands were in the right area {100 * zone:.0f} % of the time.")
    direction = _mean(steps, lambda side: side.direction_score)
    if direction is not None and direction >= GOOD_SHARE:
        corrected = any(one.kind == "direction" for one in document.corrections)
        found.append("Most of your strokes went the right way." if corrected else "Your strokes went the right way.")
    if not any(one.kind == "pace" for one in document.corrections) and _paces(steps):
        found.append(f"Your pace was calm: about {sum(_paces(steps)) / len(_paces(steps)):.0f} mm a second.")
    balances = [step.balance for step in steps if step.balance is not None]
    if balances and sum(balances) / len(balances) >= GOOD_BALANCE:
        found.append("Both sides got the same attention.")
    if not found:
        highest, best = max(scored, key=lambda one: one[0])
        found.append(f"Your best step was “{titles(best.id)}” with {highest} of 100.")
    return tuple(found[:3])


def _mean(steps: Sequence[StepFigures], figure: Callable[[SideFigures], float | None]) -> float | None:
    """Return the mean of a figure, weighted by what was observed of each step."""
    known = [(value, step.observed_s) for step in steps for side in step.sides if (value := figure(side)) is not None]
    seconds = sum(weight for _, weight in known)
    return sum(value * weight for value, weight in known) / seconds if seconds > 0 else None


def _paces(steps: Sequence[StepFigures]) -> list[float]:
    return [side.pace_mm_s.median for step in steps for side in step.sides if side.pace_mm_s.median is not None]


def _advice(document: SessionDocument, titles: Titles) -> tuple[str, str]:
    withheld = document.tracking.withheld
    nothing = why_nothing(document)
    if nothing is not None:
        what, _, remedy = nothing.partition(". ")
        return f"{what.rstrip('.')}.", remedy
    if all(step.status in ("skipped", "unseen") for step in document.steps):
        return "Your hands did not come to your face.", "Steps that were not done have no score."
    if withheld is not None and withheld > MUCH_UNSEEN:
        reason = main_reason(document)
        return f"Let yourself be seen: {100 * withheld:.0f} % of the time {LOOKS[reason]}.", REMEDIES[reason]
    worst = worst_correction(document.corrections, document.duration_s)
    if worst is None:
        return _without_corrections(document, titles)
    step, kind, message_id, message = worst
    return f"In “{titles(step)}”, {advice_from(kind, message_id, message)}.", _because(document, step, kind, message_id)


def _without_corrections(document: SessionDocument, titles: Titles) -> tuple[str, str]:
    """Return advice where nothing was wrong for long enough to be corrected; that alone is not praised."""
    score = document.score
    if score is None:
        return "Let more be seen: there was too little to judge.", REMEDIES[main_reason(document)]
    if score >= CLOSE:
        return "Nothing: keep doing it like this.", ""
    lowest, step = min(((step.score, step) for step in document.steps if step.score is not None), key=lambda one: one[0])
    return f"Take more time for “{titles(step.id)}”.", f"It followed the routine least: {lowest} of 100."


def advice_from(kind: str, message_id: str, message: str) -> str:
    """Turn the words of a correction, such as "Left: lower, to the jaw", into advice for the next time."""
    side, colon, rest = message.partition(": ")
    one = side.lower() if colon and side.lower() in SIDES else ""
    words = rest if one else message
    words = words[:1].lower() + words[1:]
    if kind == "zone" and ", to " in words:
        way, place = words.split(", to ", 1)
        return f"keep your {one + ' ' if one else ''}fingers {way}, on {place}"
    advice = {
        "symmetry.idle": f"stroke your {one or 'other'} side too",
        "symmetry.less": f"make longer strokes on your {one or 'weaker'} side",
        "symmetry.totals": f"do your {one or 'other'} side as long as the other",
        "direction.lift": "lift on the way back",
        "pace.slower": "go slower",
        "pace.slower-turns": "make slower circles",
    }.get(message_id)
    if advice is None:
        advice = f"stroke {words}" if kind == "direction" else words
    on = f" with your {one} hand" if one and kind in ("direction", "pace") else ""
    return advice + on


def worst_correction(corrections: Sequence[CorrectionEvent], duration_s: float) -> tuple[str, str, str, str] | None:
    """Return (step, kind, message id, message) of what was corrected longest in all; an open correction lasts to the end."""
    seconds: defaultdict[tuple[str, str], float] = defaultdict(float)
    for one in corrections:
        seconds[one.step, one.kind] += max(1.0, one.lasted_s(duration_s))
    if not seconds:
        return None
    step, kind = max(seconds, key=lambda key: seconds[key])
    messages = Counter((one.message_id, one.message) for one in corrections if (one.step, one.kind) == (step, kind))
    return step, kind, *messages.most_common(1)[0][0]


def _because(document: SessionDocument, step_id: str, kind: str, message_id: str) -> str:
    """Return the figure behind the advice."""
    sides = [side for step in document.steps if step.id == step_id for side in step.sides]
    if kind == "zone":
        inside = [side.zone_share for side in sides if side.zone_share is not None]
        return f"They were off it for up to {100 * (1 - min(inside)):.0f} % of the step." if inside else ""
    if kind == "direction":
        if message_id == SLIDING:
            return "On the way back to the start your hands slid over the skin."
        return "Several strokes in a row did not follow the path."
    if kind == "pace":
        paces = [side.pace_mm_s.p90 for side in sides if side.pace_mm_s.p90 is not None]
        same = (one for one in document.corrections if one.step == step_id and one.message_id == "pace.slower")
        limits = [one.limit for one in same if one.limit is not None]  # of turns there is another
        most = f", and the step asks for at most {min(limits):.0f}" if limits else ""
        return f"Your quickest strokes went at {max(paces):.0f} mm a second{most}." if paces else ""
    balances = [step.balance for step in document.steps if step.id == step_id and step.balance is not None]
    if kind != "symmetry" or not balances:
        return ""
    return f"The side that got less had {100 * min(balances):.0f} % of the other's path."
