"""Makes the words of corrections and hints, in English, and an id of each. Places and goals stand in the words only.

A further kind may make its own words in its check.
"""

import numpy as np

from facetrack.coach.step_plan import StepPlan
from facetrack.geometry.chart.zones import nearest_in_zone
from facetrack.packets import Float
from facetrack.routine.compiled import CompiledStep

_WAYS = {
    "outward": "outward",
    "inward": "inward, to the middle",
    "up": "upward",
    "down": "downward",
}

_TO_ZONE = {"outward": "Further out", "inward": "Further in", "up": "Higher", "down": "Lower"}
_PLACES = {
    "nose-bridge": "the bridge of the nose",
    "nose-side": "the side of the nose",
    "mouth-corner": "the corner of the mouth",
    "jawline": "the jaw",
    "ear-base": "the bottom of the ear",
    "neck-front": "the front of the neck",
    "neck-side": "the side of the neck",
}
"""Areas that are called otherwise than by their names on the face's map."""

HINTS = {
    "unseen.face": "I can't see your face",
    "unseen.left": "I can't see your left hand",
    "unseen.right": "I can't see your right hand",
    "unseen.hands": "I can't see your hands",
    "unseen.lift-left": "I lost your left hand: lift it off and back",
    "unseen.lift-right": "I lost your right hand: lift it off and back",
    "unseen.lift-hands": "I lost your hands: lift them off and back",
    "unseen.covered": "Your hands hide your face",
    "unseen.frame-rate": "Too few pictures a second to judge",
    "unseen.picture": "This picture can't be judged",
    "unseen.person": "Two people look alike: I can't tell who you are",
    "calibrating": "Look at the camera, hands off your face",
}


def way_of(dx: float, dy: float) -> str:
    """Name a direction on the left side of the chart (x outward, y up)."""
    if abs(dx) >= abs(dy):
        return "outward" if dx > 0 else "inward"
    return "up" if dy > 0 else "down"


def one_sided(side: str, words: str) -> str:
    """Begin with the side that the words are for: "Slower" becomes "Left: slower"."""
    return f"{side.capitalize()}: {words[:1].lower()}{words[1:]}"


def nearest_place(step: CompiledStep, here_mm: Float) -> tuple[Float, str]:
    """Return the point (2,) of the step's zone that is nearest to a place (2,), and what the area there is called.

    Both are on the left side of the chart. Words and arrow both come from it.
    """
    points = [nearest_in_zone(here_mm, (polygon,)) for polygon in step.zone]
    nearest = int(np.argmin([np.hypot(*(point - here_mm)) for point in points]))
    named = len(step.zone_names) == len(step.zone)
    name = step.zone_names[nearest] if named else ""
    return points[nearest], _PLACES.get(name, f"the {name.replace('-', ' ')}" if name else "the marked area")


def zone_message(step: CompiledStep, here_mm: Float) -> tuple[str, str]:
    """Return (id, words) for a working point (2,), on the left side of the chart, that should be in the step's zone."""
    aim_mm, place = nearest_place(step, here_mm)
    way = way_of(*(aim_mm - here_mm).tolist())
    return f"zone.{way}", f"{_TO_ZONE[way]}, to {place}"


def direction_message(plan: StepPlan, path: int, sliding: bool) -> tuple[str, str]:
    """Return (id, words): which way to stroke and where to, or to lift on the way back."""
    if sliding:
        return "direction.lift", "Lift on the way back"
    phase = plan.moving[path]
    way = way_of(*(phase.path_mm[-1] - phase.path_mm[0]).tolist())
    return f"direction.{way}", phase.way or f"Stroke {_WAYS[way]}"


def pace_message(plan: StepPlan) -> tuple[str, str]:
    """Return (id, words): to be slower."""
    return ("pace.slower-turns", "Slower circles") if plan.spiral else ("pace.slower", "Slower")


def symmetry_message(idle: bool) -> tuple[str, str]:
    """Return (id, words) for the side that does less, or nothing at all."""
    if idle:
        return "symmetry.idle", "Stroke this side too"
    return "symmetry.less", "Longer strokes"


def totals_message() -> tuple[str, str]:
    """Return (id, words) for the side that got less in a step that does one side after the other."""
    return "symmetry.totals", "A few more strokes"
