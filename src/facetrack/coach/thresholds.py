"""The coach's thresholds. Each is a meaning of the public contract or a reasoned constant; all go into session.json."""

from dataclasses import asdict, dataclass, field
from typing import Final

MOVING_MM_S: Final = 14.0
"""A hand that is slower than this rests or settles: noise of the tracker moves it as much."""
SLACK_S: Final = 1e-4
"""So that rounding of times decides nothing."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Times in seconds, lengths in mm, speeds in the user's mm/s unless a name says otherwise."""

    # Following a hand
    midline_mm: float = 10.0  # nearer to the midline than this the hand tells the side
    gap_s: float = 0.25  # a shorter gap in sight is bridged
    jump_mm: float = 70.0  # a working point that leaps this far between frames is another one
    one_euro_rest_hz: float = 2.0
    one_euro_per_mm_s: float = 0.05
    velocity_window_s: float = 0.2  # noise of 1 mm a frame becomes about 7 mm/s at 30 fps
    pace_velocity_window_s: float = 0.1
    # Strokes
    moving_mm_s: float = MOVING_MM_S
    still_mm_s: float = 8.0
    pause_s: float = 0.12  # stillness that ends a stroke
    shortest_stroke_mm: float = 10.0
    arrival_mm_s: float = 400.0  # quicker than this a hand travels, it does not stroke
    travel_mm_s: float = 110.0  # so quick into the zone or out of it, a hand comes or goes
    drift_moving_mm_s: float = 4.0  # of a spiral's drift
    drift_still_mm_s: float = 1.5
    repetition_share: float = 0.4  # of the path that a repetition covers at least
    # Contact: the palm's image size against the same hand's at the same place
    lifted_share: float = 0.0175  # half of what a return of 30 mm at 65 cm shows, averaged over its arc
    lifted_spread: float = 0.015  # standard error of that mean over a return
    beside_mm: float = 6.0  # strokes repeat their way within 3-4 mm; a lift of 30 mm beside the face shows 10 and more
    beside_spread_mm: float = 3.0
    quicker: float = 1.5  # returns are quicker than strokes by more than this, sliding back by less
    quickness_weight: float = 3.0
    slowness_weight: float = 6.0  # what is as slow as a stroke is hardly a return
    sure_lifted: float = 0.6  # evidence from which a movement off the path is taken as lifted
    sure_contact: float = 1.5  # and as in contact: calling a return a wrong stroke is the worse mistake
    sure_along_is_lifted: float = 2.0  # a movement along the path is a stroke unless it is clearly lifted
    # Zone
    zone_raise_s: float = 0.8
    zone_mend_s: float = 0.6
    zone_forget_s: float = 1.2  # so long in the zone forgets what was gathered outside
    # Direction
    off_path_deg: float = 60.0
    off_path_s: float = 1.0
    off_path_strokes: int = 2
    direction_zone_share: float = 0.5  # outside its zone a stroke has no right direction
    # Pace
    pace_window_s: float = 1.5
    pace_mend_s: float = 0.7
    # Symmetry
    still_raise_s: float = 2.0
    still_extent_mm: float = 9.0  # noise moves a resting working point by less, the smallest stroke moves it by more
    balance_window_s: float = 4.0
    balance_least: float = 0.6
    balance_lasts_s: float = 1.0  # a stroke that leaves the window tips the balance for a moment
    balance_stands_s: float = 0.15  # and is told when it has stood so long
    balance_least_path_mm: float = 40.0
    # Both sides, cues
    stands_s: float = 0.3  # zone, direction and pace are told when they have been wrong so long: an odd stroke is no mistake
    both_within_s: float = 0.5
    cue_again_s: float = 6.0
    cue_shown_s: float = 4.0
    cues_a_kind: int = 3
    lift_after_s: float = 0.9  # a second look has tried for so long to find a lost hand
    lift_shown_s: float = 4.0
    lift_again_s: float = 10.0
    # Steps
    next_zone_s: float = 3.0
    settle_s: float = 3.0  # after a change of step the hands may still be on their way
    overtime: float = 1.5  # a step counted by repetitions ends after this many planned durations
    hold_mm_s: float = 18.0  # slower than this a hand holds still


@dataclass(frozen=True, slots=True)
class CoachOptions:
    """step_id: judge this one step, for ever. again: steps to do a second time after the last. voice: cues are spoken."""

    step_id: str | None = None
    again: tuple[str, ...] = ()
    voice: bool = False
    thresholds: Thresholds = field(default_factory=Thresholds)

    def as_settings(self) -> dict[str, object]:
        """For session.json."""
        return {"step": self.step_id, "again": list(self.again), "voice": self.voice, "thresholds": asdict(self.thresholds)}
