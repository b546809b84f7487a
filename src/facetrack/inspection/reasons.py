"""Says in words why a session, or a part of it, could not be judged, and what to do about it."""

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from facetrack.inspection.remarks import REMARKS

if TYPE_CHECKING:  # the command line reads these words before it loads anything
    from facetrack.session.document import SessionDocument

LOOKS: Final = {
    "face": "your face was not in view",
    "hand": "a hand was not in view",
    "contact": "it could not be seen whether your hands touched",
    "covered": "your hands hid too much of your face",
    "calibration": "the calibration had not ended",
    "frame-rate": "there were fewer than 8 pictures a second",
    "picture": "the picture could not be used",
    "person": "it could not be told which of two people was you",
    "tool": "the edge of your tool was not known",
}
"""Each reason for which a side is withheld, as the end of a sentence."""
REMEDIES: Final = {
    "face": "Sit so that your whole face and neck stay in the picture, with the light in front of you.",
    "hand": "Sit a little further from the camera, so that both hands stay in the picture.",
    "contact": "Sit nearer to the camera and straight in front of it, with the light in front of you.",
    "covered": "Turn your palms a little, so that brows and nose stay in view.",
    "calibration": "Look into the camera for two seconds with your hands off your face before you begin.",
    "frame-rate": "Record with 15 pictures a second or more; more light helps a camera that is slow.",
    "picture": "Play the recording in a video player, and record it again upright and in its own proportions.",
    "person": "Let only one face be in the picture.",
    "tool": "Let such steps judge direction or pace as well.",
}
"""What to do about each."""


def main_reason(document: "SessionDocument") -> str:
    """Return why most of what could not be judged could not."""
    seconds: defaultdict[str, float] = defaultdict(float)
    for one in document.tracking.withheld_intervals:
        seconds[one.reason] += one.t_end_s - one.t_start_s
    return max(seconds, key=lambda reason: seconds[reason], default="hand")


def why_nothing(document: "SessionDocument") -> str | None:
    """Say why nothing of a session could be judged; None where something could."""
    if any(step.status != "unseen" for step in document.steps):
        return None
    tracking = document.tracking
    if tracking.frames == 0:
        return "There was no picture to judge."
    reason = main_reason(document)
    if reason == "picture" and tracking.remarks:
        return f"Nothing was judged. {REMARKS.get(tracking.remarks[-1].id, tracking.remarks[-1].message)}"
    if document.steps or reason in ("frame-rate", "picture", "person"):
        return f"Nothing was judged: {LOOKS[reason]}. {REMEDIES[reason]}"
    if not tracking.face_seen:
        return f"Nothing was judged: no face was seen. {REMEDIES['face']}"
    ended = "recording" if document.source.kind == "video" else "session"
    return (
        f"Nothing was judged: the {ended} ended ({document.duration_s:.1f} s) before facetrack had learnt your face."
        " Start with two seconds without hands."
    )
