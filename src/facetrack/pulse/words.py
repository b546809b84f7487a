"""What is said of a pulse and of there being none: for the command line. A cue for tempo, not a medical reading."""

import math
from typing import Final

from facetrack.signal.pulse import PulseReading
from facetrack.signal.pulse_disturbance import NoReading

NOTE: Final = "A cue for the tempo of your massage, not a medical reading."
WHY: Final[dict[NoReading, str]] = {
    "short": "too short: 15 to 20 seconds of a face at rest are needed",
    "frames": "the pictures came too slowly or with gaps",
    "no-face": "no face was seen, or not for long enough at a time",
    "hands": "hands were at the face",
    "motion": "the head moved",
    "dark": "too little light on the face",
    "bright": "too much light: the skin is burnt out in the picture",
    "exposure": "the light changed, or the camera set its exposure anew",
    "flicker": "the light flickers",
    "unclear": "no beat stood out clearly enough; more even light on the face helps",
}


def pulse_words(reading: PulseReading) -> str:
    """In one line."""
    if reading.reason is not None:
        return f"No reading: {WHY[reading.reason]}."
    return f"Pulse at rest: about {reading.bpm:.0f} beats a minute (confidence {reading.confidence:.2f}). {NOTE}"


def pulse_document(reading: PulseReading, source: dict[str, str]) -> dict[str, object]:
    """As JSON. What could not be had is None."""
    return {
        "bpm": None if math.isnan(reading.bpm) else round(reading.bpm, 1),
        "confidence": round(reading.confidence, 3),
        "reason": reading.reason,
        "explanation": None if reading.reason is None else WHY[reading.reason],
        "seconds": round(reading.seconds, 2),
        "snr_db": None if math.isnan(reading.snr_db) else round(reading.snr_db, 2),
        "regions_bpm": {
            name: None if math.isnan(bpm) else round(float(bpm), 1)
            for name, bpm in zip(("forehead", "left_cheek", "right_cheek"), reading.regions_bpm, strict=True)
        },
        "source": source,
        "note": NOTE,
    }
