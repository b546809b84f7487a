"""Tells whether hands have gone on to the next step: no key is needed for it."""

import math

from facetrack.coach.step_plan import StepPlan
from facetrack.coach.strokes.hand_motion import HandSample, HandTrack
from facetrack.coach.strokes.segments import PathHere
from facetrack.coach.thresholds import Thresholds
from facetrack.coach.touch.place import Place
from facetrack.geometry.face_points import FacePoints
from facetrack.packets import LEFT, RIGHT


class NextStep:
    """Looks for work on the next step; ``update`` once a frame.

    What works there is what that step names: where fingertips follow palms, the fingertips are looked at.
    """

    def __init__(self, thresholds: Thresholds) -> None:
        self._tuning = thresholds.tuning
        self._aside_cosine = math.cos(math.radians(thresholds.off_path_deg))
        self._tracks = [HandTrack(hand, thresholds) for hand in (LEFT, RIGHT)]
        self._following: StepPlan | None = None
        self._ahead: list[HandSample | None] = [None, None]
        self._there: list[Place | None] = [None, None]
        self._inside: list[bool | None] = [False, False]
        self._begun_s = self._stroked_s = -math.inf  # when a hand began to stroke validly there, and when it last did

    def update(
        self,
        points: FacePoints,
        samples: list[HandSample | None],
        places: list[Place | None],
        in_zone: list[bool | None],
        plan: StepPlan,
        following: StepPlan | None,
    ) -> bool | None:
        """Return whether a hand strokes validly on the next step (True), on this one (False), or none does either (None).

        samples, places, in_zone: of this step. following: the next step; None where none follows. A tool that was not shown
        has gone on where it can't touch this step's zone and could touch the next one's.
        """
        self._follow(points, samples, places, plan, following)
        self._inside = in_zone
        if following is None:
            return None
        answers = [self._of_hand(hand, samples[hand], places[hand], plan, following) for hand in (LEFT, RIGHT)]
        if True in answers:
            if points.t_s - self._stroked_s > self._tuning.steps.next_pause_s:
                self._begun_s = points.t_s
            self._stroked_s = points.t_s
            return True
        return False if False in answers else None

    def at_work(self, t_s: float) -> bool:
        """Return whether a hand strokes validly on the next step, or rests or goes back there just after.

        A hand that passes on its way does not work there yet: it has stroked for as long as it may rest.
        """
        since_s, pause_s = t_s - self._stroked_s, self._tuning.steps.next_pause_s
        works = self._stroked_s - self._begun_s >= pause_s
        return since_s == 0.0 or (works and since_s <= pause_s and self.reached)

    @property
    def reached(self) -> bool:
        """Whether a hand is in the next step's zone, whatever it does there."""
        following = self._following
        if following is None:
            return False
        return any(self._reached(hand, following) for hand in (LEFT, RIGHT))

    def _reached(self, hand: int, following: StepPlan) -> bool:
        """Return whether one hand is there; of a tool that was not shown, whether it could be there and is not here."""
        there = self._there[hand]
        holds = there is not None and there.in_zone(following)
        return holds is True or (holds is None and self._inside[hand] is False)

    def _follow(
        self,
        points: FacePoints,
        samples: list[HandSample | None],
        places: list[Place | None],
        plan: StepPlan,
        following: StepPlan | None,
    ) -> None:
        """Find what would work on the next step of each hand that is placed now, and where that is."""
        if following is not self._following:
            self._following = following
            self._begun_s = self._stroked_s = -math.inf
            for track in self._tracks:
                track.reset()
        if following is None or following.working_points == plan.working_points:
            self._ahead, self._there = [*samples], [*places]
            return
        for hand, (sample, place, track) in enumerate(zip(samples, places, self._tracks, strict=True)):
            if place is not None and place.contact == "tool":
                self._ahead[hand], self._there[hand] = sample, place
                continue
            ahead = None if sample is None else track.update(points, following.working_points)
            self._ahead[hand] = ahead
            self._there[hand] = None if ahead is None else Place(following.step.contact, ahead.x, ahead.y)

    def _of_hand(
        self, hand: int, sample: HandSample | None, place: Place | None, plan: StepPlan, following: StepPlan
    ) -> bool | None:
        ahead, then, inside = self._ahead[hand], self._there[hand], self._inside[hand]
        if sample is None or place is None or ahead is None or then is None or inside is None:
            return None
        here, there = plan.fields.here(place.x, place.y), following.fields.here(then.x, then.y)
        here_mm, there_mm = (min(row[3] for row in rows) for rows in (here, there))
        clearly_mm = self._tuning.steps.clearly_nearer_mm
        stays = inside and self._strokes(plan, here, sample)
        if not self._reached(hand, following):
            return False if stays else None
        near = there_mm < clearly_mm
        # Where another part of the hand is looked at, two distances say less: it must be on the next step's own way.
        goes_on = (near or ahead is sample) and self._strokes(following, there, ahead)
        goes_on = goes_on or (near and self._holds(following, ahead))
        if goes_on and (not inside or there_mm + clearly_mm < here_mm):
            return True
        return False if stays and here_mm + clearly_mm < there_mm else None

    def _strokes(self, plan: StepPlan, here: PathHere, sample: HandSample) -> bool:
        """Return whether a hand moves as the step asks at its place."""
        moves = sample.speed >= self._tuning.segments.moving_mm_s
        return moves and (plan.bidirectional or self._goes_along(here, sample))

    def _holds(self, plan: StepPlan, sample: HandSample) -> bool:
        """Return whether a hand rests, in a step that asks for it."""
        return plan.hold_at is not None and sample.speed < self._tuning.repetitions.hold_mm_s

    def _goes_along(self, here: PathHere, sample: HandSample) -> bool:
        """Return whether a hand goes the right way along one of the paths at its place."""
        least = self._aside_cosine * math.hypot(sample.vx, sample.vy)
        return any(tx * sample.vx + ty * sample.vy > least for tx, ty, _, _ in here)
