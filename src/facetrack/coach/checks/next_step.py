"""Tells whether hands have gone on to the next step: no key is needed for it."""

import math

from facetrack.coach.step_plan import StepPlan
from facetrack.coach.strokes.hand_motion import HandSample, HandTrack
from facetrack.coach.strokes.segments import PathHere
from facetrack.coach.thresholds import Thresholds
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
        self._begun_s = self._stroked_s = -math.inf  # when a hand began to stroke validly there, and when it last did

    def update(
        self,
        points: FacePoints,
        samples: list[HandSample | None],
        in_zone: list[bool | None],
        plan: StepPlan,
        following: StepPlan | None,
    ) -> bool | None:
        """Return whether a hand strokes validly on the next step (True), on this one (False), or none does either (None).

        samples, in_zone: of this step. following: the next step; None where none follows.
        """
        self._follow(points, samples, plan, following)
        if following is None:
            return None
        pairs = zip(samples, self._ahead, in_zone, strict=True)
        answers = [self._of_hand(sample, ahead, inside, plan, following) for sample, ahead, inside in pairs]
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
        return any(one is not None and following.atlas.holds(one.x, one.y, following.step.index) for one in self._ahead)

    def _follow(self, points: FacePoints, samples: list[HandSample | None], plan: StepPlan, following: StepPlan | None) -> None:
        """Find what would work on the next step of each hand that is placed now."""
        if following is not self._following:
            self._following = following
            self._begun_s = self._stroked_s = -math.inf
            for track in self._tracks:
                track.reset()
        if following is None or following.working_points == plan.working_points:
            self._ahead = samples
        else:
            self._ahead = [
                None if sample is None else track.update(points, following.working_points)
                for sample, track in zip(samples, self._tracks, strict=True)
            ]

    def _of_hand(
        self, sample: HandSample | None, ahead: HandSample | None, inside: bool | None, plan: StepPlan, following: StepPlan
    ) -> bool | None:
        if sample is None or ahead is None or inside is None:  # None: it is not known where its tool touches
            return None
        here, there = plan.fields.here(sample.x, sample.y), following.fields.here(ahead.x, ahead.y)
        here_mm, there_mm = (min(row[3] for row in rows) for rows in (here, there))
        clearly_mm = self._tuning.steps.clearly_nearer_mm
        stays = inside and self._strokes(plan, here, sample)
        if not following.atlas.holds(ahead.x, ahead.y, following.step.index):
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
