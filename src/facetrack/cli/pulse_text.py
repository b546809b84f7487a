"""Writes a pulse, or why there is none, for the command line. It is a cue for tempo, not a medical reading."""

import math
from typing import Final

from facetrack.flow.texts import TEXTS
from facetrack.signal.pulse.estimate import PulseReading

NOTE: Final = "A cue for the tempo of your massage, not a medical reading."


def why_none(reading: PulseReading) -> str | None:
    """Say why there is no reading; None where there is one."""
    return None if reading.reason is None else TEXTS[f"pulse.why.{reading.reason}"]


def pulse_words(reading: PulseReading) -> str:
    """Write a reading in one line."""
    why = why_none(reading)
    if why is not None:
        return f"{TEXTS['pulse.none']}. {why}."
    return f"Pulse at rest: about {reading.bpm:.0f} beats a minute (confidence {reading.confidence:.2f}). {NOTE}"


def pulse_document(reading: PulseReading, source: dict[str, str]) -> dict[str, object]:
    """Write a reading as JSON values; None is what could not be had."""
    return {
        "bpm": None if math.isnan(reading.bpm) else round(reading.bpm, 1),
        "confidence": round(reading.confidence, 3),
        "reason": reading.reason,
        "explanation": why_none(reading),
        "seconds": round(reading.seconds, 2),
        "snr_db": None if math.isnan(reading.snr_db) else round(reading.snr_db, 2),
        "regions_bpm": {
            name: None if math.isnan(bpm) else round(float(bpm), 1)
            for name, bpm in zip(("forehead", "left_cheek", "right_cheek"), reading.regions_bpm, strict=True)
        },
        "source": source,
        "note": NOTE,
    }
