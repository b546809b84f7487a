"""Makes the words of corrections and hints, in English. Ids let other programs translate them; facetrack has no translations.

A further kind may make its own words in its check.
"""

from facetrack.coach.step_plan import StepPlan

_WAYS = {
    "outward": "outward",
    "inward": "inward, to the middle",
    "up": "upward",
    "down": "downward",
}

HINTS = {
    "unseen.face": "I can't see your face",
    "unseen.left": "I can't see your left hand",
    "unseen.right": "I can't see your right hand",
    "unseen.hands": "I can't see your hands",
    "unseen.lift-left": "I lost your left hand: lift it off and back",
    "unseen.lift-right": "I lost your right hand: lift it off and back",
    "unseen.lift-hands": "I lost your hands: lift them off and back",
    "unseen.covered": "Your hands hide your face",
    "calibrating": "Look at the camera, hands off your face",
}


def way_of(dx: float, dy: float) -> str:
    """Name a direction on the left side of the chart (x outward, y up)."""
    if abs(dx) >= abs(dy):
        return "outward" if dx > 0 else "inward"
    return "up" if dy > 0 else "down"


def zone_name(plan: StepPlan) -> str:
    """Name the step's zone in words, such as "cheek and jaw"."""
    names = [name.replace("-", " ") for name in plan.step.zone_names]
    return " and ".join(names[-2:]) if names else "the marked area"


def zone_message(plan: StepPlan, dx: float, dy: float) -> tuple[str, str]:
    """Return (id, words) for a working point that should go by (dx, dy) on the left side of the chart to be in its zone."""
    way = way_of(dx, dy)
    words = {"outward": "Further out", "inward": "Further in", "up": "Higher", "down": "Lower"}[way]
    return f"zone.{way}", f"{words}: to the {zone_name(plan)}"


def direction_message(plan: StepPlan, path: int, sliding: bool) -> tuple[str, str]:
    """Return (id, words): which way to stroke, or to lift on the way back."""
    if sliding:
        return "direction.lift", "Lift your hands on the way back"
    points = plan.moving[path].path_mm
    dx, dy = (points[-1] - points[0]).tolist()
    way = way_of(dx, dy)
    return f"direction.{way}", f"Stroke {_WAYS[way]}"


def pace_message(plan: StepPlan) -> tuple[str, str]:
    """Return (id, words): to be slower."""
    return ("pace.slower-turns", "Slower circles") if plan.spiral else ("pace.slower", "Slower")


def symmetry_message(side: str, idle: bool) -> tuple[str, str]:
    """Return (id, words) for the side that does less, or nothing at all."""
    if idle:
        return "symmetry.idle", f"Your {side} side as well"
    return "symmetry.less", f"Longer strokes on your {side} side"


def totals_message(side: str) -> tuple[str, str]:
    """Return (id, words) for the end of a step that does one side after the other."""
    return "symmetry.totals", f"Your {side} side got less: do it a little longer"
