"""Says where a hand touches: at its working point, at the edge of a tool that was shown, or somewhere within a tool's reach."""

import math
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from facetrack.coach.step_plan import StepPlan
from facetrack.coach.strokes.hand_motion import HandSample
from facetrack.coach.tuning import ToolTuning
from facetrack.geometry.chart.zones import zone_distance
from facetrack.geometry.face_points import KNUCKLE, PALM, FacePoints
from facetrack.packets import LEFT, Float
from facetrack.routine.compiled import ContactPart

_RINGS: Final = 6
_SPOKES: Final = 24


@dataclass(frozen=True, slots=True)
class Place:
    """Holds where one hand touches in one frame.

    x, y: chart mm, mirrored to the left side; of a tool that was not shown where it most likely touches. tolerance_mm: how far
    off that may be, NaN where the step's own tolerance holds. reach_mm: (N, 2) all places, mirrored, that such a tool could
    touch; None for anything else.
    """

    contact: ContactPart
    x: float
    y: float
    tolerance_mm: float = math.nan
    reach_mm: Float | None = field(default=None, repr=False)

    def in_zone(self, plan: StepPlan) -> bool | None:
        """Return whether it is in the step's zone, its tolerance included; None where a tool might be, or not."""
        zone = plan.step.index
        if self.reach_mm is not None:
            within = plan.atlas.member(self.reach_mm, zone)
            return None if within.any() else False
        if math.isnan(self.tolerance_mm):
            return plan.atlas.holds(self.x, self.y, zone)
        return bool(plan.atlas.zones[zone].distance(np.array((self.x, self.y))) <= self.allowed_mm(plan))

    def allowed_mm(self, plan: StepPlan) -> float:
        """Return how far outside the step's zone it may be."""
        step_mm = plan.step.tolerance_mm
        return step_mm if math.isnan(self.tolerance_mm) else max(self.tolerance_mm, step_mm)

    def outside_mm(self, plan: StepPlan) -> float:
        """Return how far it is outside the step's zone at least, in mm; 0 inside."""
        places = np.array([(self.x, self.y)]) if self.reach_mm is None else self.reach_mm
        return float(zone_distance(places, plan.step.zone).min())


def edge_of(points: FacePoints, hand: int, tuning: ToolTuning) -> tuple[float, float, float] | None:
    """Return x, y and tolerance of the edge of a tool that was shown, if it is known well enough."""
    if points.edge_mm is None:
        return None
    x, y, tolerance = points.edge_mm[hand].tolist()
    return (x, y, tolerance) if tolerance <= tuning.widest_tolerance_mm and not math.isnan(x) else None


def place_of(points: FacePoints, sample: HandSample, contact: ContactPart, tuning: ToolTuning) -> Place:
    """Return where the hand of a sample touches with ``contact``."""
    if contact != "tool":
        return Place(contact, sample.x, sample.y)
    sign = 1.0 if sample.side == LEFT else -1.0
    edge = edge_of(points, sample.hand, tuning)
    if edge is not None:
        return Place("tool", sign * edge[0], edge[1], edge[2])
    hand_mm = points.points_mm[sample.hand] * np.array([sign, 1.0])
    knuckle = hand_mm[KNUCKLE]
    if math.isnan(knuckle[0]):  # round the side of the head, where the fingers are still in sight
        knuckle = np.array([sample.x, sample.y])
    return _somewhere(knuckle, hand_mm[PALM], tuning)


def _somewhere(knuckle: Float, palm: Float, tuning: ToolTuning) -> Place:
    """Return the place of a tool that was not shown. knuckle, palm: (2,) mirrored; palm may be NaN."""
    ahead = knuckle - palm
    length = float(np.hypot(*ahead))
    points_ahead = length >= tuning.telling_mm  # else it points at the camera, or its palm is not known
    towards = math.atan2(ahead[1], ahead[0])
    widest = tuning.sideways_rad if points_ahead else math.pi
    angle = towards + np.linspace(-widest, widest, _SPOKES)
    radius = np.linspace(0.0, tuning.reach_mm, _RINGS)[1:, None]
    reach = knuckle + np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=-1).reshape(-1, 2)
    reach = np.concatenate([knuckle[None], reach])
    likely = knuckle + ahead * (tuning.likely_mm / length) if points_ahead else knuckle
    x, y = likely.tolist()
    reach[:, 0] = np.abs(reach[:, 0])  # over the midline it is the other side's zone
    return Place("tool", x, y, reach_mm=reach)
