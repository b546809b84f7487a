"""Holds the numbers behind the rules: how motion is cut, contact is guessed, evidence is weighed. Private.

Units stand in names: ``_s`` seconds, ``_mm`` the user's millimetres unless the comment says chart, ``_deg`` degrees; a share is
0..1, a ratio has no unit. "Contract" marks a number that the public description of the rules gives. The others were chosen for
the reason that stands beside them, and tried on the mannequin's clips (``benchmarks/accuracy``); where "by trial" stands, these
clips are the only reason. ``score``, ``flow``, ``tracking`` and ``geometry`` keep their own numbers, as constants.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class HandMotionTuning:
    """Sets how a hand's working point is followed."""

    midline_mm: float = 10.0  # contract: nearer to the midline than this (chart) the hand decides the side
    gap_s: float = 0.25  # a shorter time out of sight is bridged
    longest_frame_s: float = 0.25  # more time than this between two frames was not seen, and counts for nothing beyond it
    jump_mm: float = 70.0  # a working point that leaps this far (chart) between frames is another one
    one_euro_rest_hz: float = 2.0  # the smoothing filter's cutoff at rest: 80 ms of lag
    one_euro_per_mm_s: float = 0.05  # and its rise with speed: 40 ms of lag at 40 mm/s
    velocity_window_s: float = 0.2  # noise of 1 mm a frame becomes about 7 mm/s at 30 frames a second
    pace_velocity_window_s: float = 0.1  # a longer window would level out small movements to and fro
    steep_ratio: float = 1.75  # skin that turns 55 degrees from the chart is stretched so: small errors of place are large
    steep_seen_share: float = 0.6  # of a length on such skin, what is seen of it from the front (the cosine of 53 degrees)
    # A curled finger's tip is nearer to the palm's centre than its middle joint: this times it or less is a fist,...
    curled_ratio: float = 0.85
    stretched_ratio: float = 1.1  # ...and this times it or more is none (flat hands: 1.6)
    # Where a tool is allowed: fingers bent more than this may hold one, and no longer from the second on (a brush, a lipstick
    # in real hands: 0.95-1.38; fingertips at work: 1.5-1.8).
    holding_ratio: tuple[float, float] = (1.3, 1.42)
    shape_s: float = 0.3  # another shape of the hand must last this long: a hand that turns looks curled for a moment


@dataclass(frozen=True, slots=True)
class ToolTuning:
    """Sets where a tool in the hand may touch."""

    reach_mm: float = 80.0  # contract; from the knuckles (chart), for a tool that was not shown
    widest_tolerance_mm: float = 25.0  # contract; an edge that is known less well than this is not judged
    telling_mm: float = 25.0  # a palm seen shorter than this (chart) points at the camera: a tool may be on any side of it
    sideways_rad: float = 2.1  # 120 degrees off the fingers' way: no tool reaches back over the palm to the wrist
    likely_mm: float = 45.0  # from the knuckles to the edge, ahead: half of the reach


@dataclass(frozen=True, slots=True)
class SegmentTuning:
    """Sets how a hand's motion is cut into movements."""

    moving_mm_s: float = 14.0  # a slower hand rests or settles: noise of the tracker moves it as much
    still_mm_s: float = 8.0  # hysteresis: a movement goes on until the hand is slower than this
    drift_moving_mm_s: float = 4.0  # the same two of a spiral's drift, which is a tenth as fast as its circles
    drift_still_mm_s: float = 1.5  # by trial
    pause_s: float = 0.12  # stillness of this length ends a movement
    direction_s: float = 0.2  # time constant of the recent direction that a reversal is measured against
    reversed_cosine: float = -0.3  # between it and the velocity: 107 degrees, so that a bend is no reversal
    faded_share: float = 0.35  # of its highest speed: slower than that a stroke has all but ended, and a quick movement has
    dash_ratio: float = 2.0  # of its highest speed: a hand that sets off again less suddenly may go on with its stroke
    sets_out_mm: float = 10.0  # no movement goes farther than this before its speed shows
    turned_round_mm: float = 8.0  # after this advance along the path, going back begins a movement however smoothly it turned
    arrives_after_s: float = 0.1  # a movement that enters the zone after this time came from elsewhere
    near_path_mm: float = 8.0  # of several paths, those not farther than this from the nearest compete by angle
    profile_bin_mm: float = 8.0  # the palm's size is compared place by place, in bins of this length along the path


@dataclass(frozen=True, slots=True)
class StrokeTuning:
    """Sets which movements are strokes."""

    shortest_mm: float = 10.0  # contract; a shorter movement is a hand that settles
    shortest_to_and_fro_mm: float = 5.0  # the ways of a back-and-forth are shorter
    reposition_ratio: float = 2.0  # a movement this much quicker than the one after it put the hand elsewhere: no stroke
    arrival_mm_s: float = 400.0  # a quicker hand travels, it does not stroke
    travel_mm_s: float = 110.0  # with this mean speed into the zone or out of it a hand comes or goes
    travel_peak_ratio: float = 2.0  # and with a peak of this many times that speed outside the zone
    early_s: float = 0.5  # a younger movement shows too little of its contact
    landing_share: float = 0.6  # of the path: what follows on a way back at once, and is shorter, is the hand coming down
    farthest_share: float = 1.5  # of the path: a hand that goes on farther is on its way to another place
    undecided_s: float = 4.0  # a movement whose contact is unknown waits this long for others to compare it with
    arrived_mm_s: float = 60.0  # a hand that has just come to the face is on its way until it is slower than this
    arriving_s: float = 1.2  # but no longer than this
    drift_slope_s: float = 0.3  # window of a spiral's drift velocity
    run_s: float = 0.35  # a hand that goes straight for this time and way does not circle: it goes to the next spiral
    run_mm: float = 22.0  # more than a circle of 10 mm radius is wide, so no part of a circle is as long and straight
    run_straightness: float = 0.9  # displacement over length: half a circle has 0.64
    least_chart_mm_s: float = 1.0  # a slower hand does not show how the skin is stretched along its way
    rests_mm_s: float = 10.0  # a hand slower than this on an average over rests_s does not circle: its drift is noise
    rests_s: float = 0.6  # by trial
    least_turning_share: float = 0.4  # of the turning that a circling hand should show


@dataclass(frozen=True, slots=True)
class SignTuning:
    """Describes what a sign of a lift shows in movements that touch, and in lifted ones."""

    touching: float  # mean of strokes and slides back
    touching_spread: float  # standard deviation of a movement
    lifted: float  # mean of people's lifted returns
    people_spread: float  # standard deviation of people's own means
    own_spread: float  # standard deviation of one person's returns


@dataclass(frozen=True, slots=True)
class ContactTuning:
    """Weighs the signs of contact and lift, as log odds. ``python -m benchmarks.accuracy.signs`` measures them."""

    quick: SignTuning = SignTuning(0.0, 0.15, 0.8, 0.4, 0.2)  # natural log of the speed over the strokes'
    beside: SignTuning = SignTuning(0.6, 0.5, 2.0, 0.7, 0.35)  # natural log of the mm beside the strokes' way
    nearer: SignTuning = SignTuning(0.0, 0.035, 0.03, 0.05, 0.035)  # natural log of the palm's size over the strokes'
    sign_cap: float = 3.0  # because each can mislead
    least_beside_mm: float = 0.5  # so that its logarithm stays finite
    usual_pace_share: float = 0.56  # of a step's highest pace: taken as a hand's own until some of its strokes are known
    slowest_mm_s: float = 1.0  # slower speeds are taken for this, so that their ratio stays finite
    changes_share: float = 0.25  # of movements after which a person lifts that way who did not, or the other way round
    lifted_evidence: float = 0.6  # from this on a movement is taken as lifted
    contact_evidence: float = 1.7  # and from minus this as in contact: calling a return a wrong stroke is the worse mistake
    slid_evidence: float = 2.5  # the same of what goes against the path, where nearly everything is a return
    remembered_count: int = 6  # movements that are kept to compare others with
    remembered_s: float = 25.0  # older ones may have been made in another posture
    common_frames: int = 4  # a comparison rests on at least this many frames at common places
    telling_share: float = 0.35  # of the path: a movement this long shows its contact, a shorter one may be a hand put right
    telling_mm: tuple[float, float] = (12.0, 40.0)  # limits of that length (chart)
    late_share: float = 0.5  # of the path, after which no stroke sets out


@dataclass(frozen=True, slots=True)
class RepetitionTuning:
    """Sets how repetitions are counted."""

    least_share: float = 0.4  # of the path that a repetition covers
    went_back_share: float = 0.25  # a stroke that begins this much of the path before the last one's end is another repetition
    span_ratio: float = 1.25  # pieces that span this many times the least share make up a repetition...
    span_seen_share: float = 0.5  # ...with this much of it seen as strokes: the tracker lost or cut what lies between
    held_share: float = 0.9  # of a hold: it begins before the hand is known to be still, and a twitch is not held
    hold_mm_s: float = 18.0  # a slower hand holds still


@dataclass(frozen=True, slots=True)
class ZoneTuning:
    """Weighs time outside the zone."""

    hovering_share: float = 0.5  # a hand that waits may hang in the air beside its zone: its time weighs less than stroking
    work_forgives_ratio: float = 4.0  # each second of strokes in the zone takes back this many of waiting
    confirm_s: float = 0.3  # a hand that comes down beside its zone has moved into it by then
    gone_s: float = 1.0  # away from the face for longer, what was gathered outside is forgotten
    reset_s: float = 1.2  # after this time in the zone what was gathered outside is forgotten
    lifted_s: float = 1.5  # a hand that was lifted to go back is put down within this time
    head_half_mm: float = 90.0  # no head is wider than this (chart, half, with the ears)...
    jaw_mm: float = -100.0  # ...above the jaw: beside it there is no skin to be wrong on


@dataclass(frozen=True, slots=True)
class DirectionTuning:
    """Weighs strokes off the path."""

    margin_ratio: float = 1.1  # of the limit, in degrees; contract: within a tenth of a limit either verdict is right
    release_mm: float = 10.0  # a right stroke under way mends when it is this long (and as old as the release)
    shown_s: float = 1.5  # a movement under way that is younger, and not half a path long, may still turn out to be lifted


@dataclass(frozen=True, slots=True)
class PaceTuning:
    """Sets which parts of the strokes show their pace."""

    margin_ratio: float = 1.05  # of the limit: half of what a median over so short a time is known to
    tool_margin_ratio: float = 1.3  # with a tool: the hand that turns about the edge goes up to so much faster than the edge
    enough_strokes: int = 2  # contract; those that have ended
    kept_strokes: int = 12  # as many as oldest_s holds at a stroke a second; older ones no longer count anyway
    oldest_s: float = 12.0  # who rests between strokes has made the third only after this time
    whole_share: float = 0.3  # of the longest stroke: a shorter movement is a hand that settles, lifts off or sways
    least_mm: float = 8.0  # a shorter one is as often the tracker's noise while the hand rests
    flank_share: float = 0.16  # of a stroke's peak: slower than that the hand settles or hovers before and after it
    young_s: float = 0.4  # the first of a movement under way may be a hand that is about to lift
    long_s: float = 1.0  # at the end of a stroke longer than this...
    lift_off_s: float = 0.2  # ...this time may be a hand that lifts off, which is quick
    back_ratio: float = 1.25  # of a stroke off the path: what goes along the path after it, so much quicker, is its way back
    fro_ratio: float = 2.0  # to and fro, a movement this much quicker than the one the other way is its lifted way back


@dataclass(frozen=True, slots=True)
class SymmetryTuning:
    """Sets how the sides are compared."""

    least_path_mm: float = 40.0  # of the busier side: less path shows no balance
    margin_ratio: float = 0.9  # of the share; contract: within a tenth of a limit either verdict is right
    lasts_s: float = 1.5  # a stroke that leaves the window tips the balance for a moment
    moved_share: float = 0.75  # of what the other side moved, returns included: a side that does less moves less in all
    mended_share: float = 0.75  # contract; of the other side's path over the last two strokes of each
    still_extent_mm: float = 9.0  # noise moves a resting working point by less (chart), the smallest stroke moves it by more
    least_work_mm: float = 15.0  # path of the other side in the same time, without which nobody is idle...
    work_share: float = 0.4  # ...and this share of the step's path: a hand put right has not worked
    at_it_s: float = 1.0  # after its last stroke a hand is taken to be at work still
    late_s: float = 0.6  # a hand that sets out this much later than the other is not idle yet
    turns_ratio: float = 2.0  # steps whose sides take turns are compared over windows this much longer
    cycles: float = 2.0  # contract: two strokes are compared where they take longer than the window
    longest_window_s: float = 12.0  # of slower cycles only this time is compared, so that a correction is not late; by trial
    kept_strokes: int = 64  # of each side: more than the longest window holds
    with_return_ratio: float = 1.8  # a stroke and its return take this many times the stroke
    extent_every_s: float = 0.1  # places are kept this often
    extent_share: float = 0.8  # of a window that its places must fill, or
    extent_count: int = 8  # this many of them
    outlier_count: int = 15  # of this many places the outermost each way is left out: one leap of noise is no movement
    unplaced_share: float = 0.1  # contract; of a step in which a hand was at the face out of sight: its path is no measure
    at_work_s: float = 3.0  # a side that was stroked so lately is still being done


@dataclass(frozen=True, slots=True)
class StepTuning:
    """Sets when a step ends."""

    next_zone_s: float = 3.0  # contract: work on the next step's zone for this time goes on to it
    next_zone_due_s: float = 0.5  # the same, of a step that is due and waits for the side that got less
    next_pause_s: float = 1.5  # a rest or a way back there so short is no wrong place
    clearly_nearer_mm: float = 8.0  # where two steps' zones overlap, the path this much nearer (chart) shows which is done
    settle_s: float = 3.0  # after a change of step the hands may still be on their way
    waits_for_side_s: float = 15.0  # contract: a step that is due waits so long for the side that got less
    overtime_ratio: float = 2.0  # contract; of its planned time: a step that counts repetitions ends then at the latest
    waits_s: float = 20.0  # contract: in each step its clock waits so long for hands that are not at the face
    unseen_share: float = 0.8  # contract: a step of which this share was withheld, or in which the face lay open, was not done
    worked_s: float = 2.0  # contract: hands at the face for less in all have not worked
    reach_mm: float = 25.0  # contract: a hand within this distance of the face has come to it
    face_half_mm: float = 71.0  # extent of the canonical face's mesh on the chart: half of its width...
    face_y_mm: tuple[float, float] = (-114.0, 57.0)  # ...chin and hairline
    rate_window_s: float = 2.0  # contract: the pictures are counted over this time
    rate_early_s: float = 1.0  # at a session's start over no less than this
    least_per_s: float = 8.0  # contract: with fewer pictures a second nothing is judged
    uncertain_s: float = 0.8  # a younger movement off the path is no evidence yet, so nothing is withheld for it


@dataclass(frozen=True, slots=True)
class FeedbackTuning:
    """Sets what reaches the user, and when."""

    both_within_s: float = 0.5  # contract: sides raised within this time become one correction of both
    relapse_s: float = 8.0  # what is wrong again so soon after its mend was not mended: by then the next stroke has shown it
    shown_s: float = 4.0  # contract: words stay on the screen this long after the work, requests too, and others get a turn
    again_s: float = 8.0  # contract: before the same is said again
    times: int = 3  # contract: a correction is said, and of a kind in a step; then silence
    lift_after_s: float = 0.9  # the tracker has looked a second time for a lost hand for this long
    lift_again_s: float = 10.0  # before the request to lift a hand is repeated


@dataclass(frozen=True, slots=True)
class Tuning:
    """Groups all of them by what they are for."""

    mostly: float = 0.5  # "more than half": of a movement in its zone, of a step withheld, of its repetitions done
    filled_share: float = 0.95  # of a window, from which it counts as filled: frames seldom end with it
    hand: HandMotionTuning = field(default_factory=HandMotionTuning)
    segments: SegmentTuning = field(default_factory=SegmentTuning)
    strokes: StrokeTuning = field(default_factory=StrokeTuning)
    contact: ContactTuning = field(default_factory=ContactTuning)
    tool: ToolTuning = field(default_factory=ToolTuning)
    repetitions: RepetitionTuning = field(default_factory=RepetitionTuning)
    zone: ZoneTuning = field(default_factory=ZoneTuning)
    direction: DirectionTuning = field(default_factory=DirectionTuning)
    pace: PaceTuning = field(default_factory=PaceTuning)
    symmetry: SymmetryTuning = field(default_factory=SymmetryTuning)
    steps: StepTuning = field(default_factory=StepTuning)
    feedback: FeedbackTuning = field(default_factory=FeedbackTuning)
