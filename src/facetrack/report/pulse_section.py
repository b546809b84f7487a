"""Says what the pulse was and how well its beat was kept. A cue for the tempo, not a medical reading."""

from typing import Any, Final

from facetrack.flow.tempo import beat_of
from facetrack.report.data import ReportData
from facetrack.session.document import PulseFigures, StepFigures

CLOSELY: Final = 0.8
PARTLY: Final = 0.4
"""From these values of synchrony on the beat was kept closely, or partly: three of four movements begin within an eighth of a
beat, or within a quarter, of where most do."""


def pulse_section(data: ReportData) -> dict[str, Any] | None:
    """Return what the template needs; None for a session without a pulse."""
    pulse = data.document.pulse
    if pulse is None:
        return None
    return {
        "rate": _rate(pulse),
        "kept": _kept(pulse.synchrony),
        "steps": [line for step in data.document.steps if (line := _step(data, step, pulse.bpm)) is not None],
    }


def _rate(pulse: PulseFigures) -> str:
    rate = f"{pulse.bpm:.0f} beats a minute"
    if pulse.source == "typed":
        return f"{rate}, as you typed it."
    return f"About {rate}, taken from the picture of your face at rest (confidence {pulse.confidence:.2f} of 1)."


def _kept(synchrony: float | None) -> str:
    if synchrony is None:
        return "Too few movements could be seen in steps with a beat to say how well you kept to it."
    how = "closely" if synchrony >= CLOSELY else "partly" if synchrony >= PARTLY else "hardly"
    return f"Your movements kept {how} to the beat."


def _step(data: ReportData, step: StepFigures, bpm: float) -> dict[str, Any] | None:
    """Return the line of a step that has a beat; None for any other."""
    compiled = next((one for one in data.routine.steps if one.id == step.id), None) if data.routine is not None else None
    beat = beat_of(compiled, bpm) if compiled is not None else None
    if beat is None or step.status == "skipped":
        return None
    return {"title": data.title(step.id), "words": beat.words, "synchrony": step.synchrony}
