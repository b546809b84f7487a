"""Every figure against a case whose answer is known."""

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from facetrack.coach.verdict import Cue, SideVerdict, StepEnd, Verdict
from facetrack.geometry.face_points import FacePoints
from facetrack.report.summary import CLOSE, grade
from facetrack.routine.compiled import CompiledRoutine
from facetrack.session.document import Pace
from facetrack.session.metrics.coverage import Coverage
from facetrack.session.metrics.entropy import approximate_entropy, binned
from facetrack.session.metrics.score import WEIGHTS, direction_part, score, share_part
from facetrack.session.metrics.session import SessionMetrics
from facetrack.session.metrics.side import weighted_quantiles
from tests.session.session_fakes import FakeCoach, correction, moving_hands, phase, points, routine, side, step, stroke, verdict

NAN = math.nan


def run(made: CompiledRoutine, frames: Iterable[tuple[FacePoints, Verdict]]) -> SessionMetrics:
    metrics = SessionMetrics(made)
    for seen, said in frames:
        metrics.add(seen, said)
    return metrics


def steady(seconds: float, left: SideVerdict, right: SideVerdict, fps: float = 10.0, **changes: Any) -> list[Any]:
    """Frames in which both sides say the same all the time; ``path_mm`` grows with the speed."""
    frames = []
    for i in range(round(seconds * fps) + 1):
        sides = tuple(grown(one, i / fps) for one in (left, right))
        frames.append((points(i / fps), verdict(i / fps, sides=sides, **changes)))
    return frames


def grown(one: SideVerdict, t_s: float) -> SideVerdict:
    return replace(one, path_mm=one.speed_mm_s * t_s if one.in_contact else 0.0)


def test_an_even_step_has_the_figures_of_its_frames() -> None:
    frames = steady(10.0, side(speed_mm_s=30.0), side(hand="right", speed_mm_s=24.0))
    strokes = (
        stroke(t_start_s=0.0, t_end_s=10.0, length_mm=300.0),
        stroke(side="right", hand="right", t_start_s=0.0, t_end_s=10.0, length_mm=240.0),
    )
    frames[-1] = (frames[-1][0], replace(frames[-1][1], strokes=strokes))
    metrics = run(routine(), frames)
    row = metrics.steps()[0]
    assert row.observed_s == pytest.approx(10.0)
    assert row.left.path_mm == pytest.approx(300.0)
    assert row.left.pace_mm_s == Pace(median=30.0, p90=30.0, in_range_share=1.0)
    assert row.balance == pytest.approx(0.8)
    assert row.mean_acceleration_mm_s2 == pytest.approx(200.0)
    assert row.withheld == 0.0
    assert row.left.zone_share == 1.0
    assert row.status == "stopped"


def test_zone_share_is_of_judged_contact_only() -> None:
    inside, outside = side(), side(in_zone=False)
    hovering, lost = side(in_contact=False, in_zone=False), side(withheld="hand", in_zone=None, in_contact=None)
    frames = [(points(i / 10), verdict(i / 10, sides=(one, side(hand="right")))) for i, one in
              enumerate([inside] + [inside] * 30 + [outside] * 10 + [hovering] * 20 + [lost] * 20)]  # fmt: skip
    assert run(routine(), frames).steps()[0].left.zone_share == pytest.approx(0.75)


def test_direction_is_the_mean_cosine_by_length_of_judged_strokes() -> None:
    strokes = (
        stroke(length_mm=60.0, off_path_deg=0.0),
        stroke(length_mm=20.0, off_path_deg=60.0),
        stroke(length_mm=20.0, off_path_deg=180.0, kind="against", counted=False),
        stroke(length_mm=90.0, off_path_deg=180.0, kind="return", counted=False),
        stroke(length_mm=90.0, off_path_deg=10.0, kind="uncertain", counted=False),
    )
    frames = steady(3.0, side(), side(hand="right"))
    frames[-1] = (frames[-1][0], verdict(3.0, strokes=strokes))
    row = run(routine(), frames).steps()[0].left
    assert row.direction_score == pytest.approx((60.0 + 10.0 + 0.0) / 100.0)
    assert row.strokes == 3
    assert row.repetitions == 2


def test_pace_in_range_holds_the_judged_pace_against_the_phase() -> None:
    fast = [(points(i / 10), verdict(i / 10, sides=(side(pace=30.0 if i <= 30 else 90.0), side(hand="right"))))
            for i in range(41)]  # fmt: skip
    assert run(routine(), fast).steps()[0].left.pace_mm_s.in_range_share == pytest.approx(0.75)
    spiral = routine(step(0, phases=(phase(motion="spiral", turns_s=(0.5, 1.5)),)), step(1))
    turning = steady(4.0, side(pace=1.0, speed_mm_s=200.0), side(hand="right", pace=2.0))
    turning[-1] = (turning[-1][0], replace(turning[-1][1], strokes=(stroke(t_start_s=0.0, t_end_s=4.0),)))
    row = run(spiral, turning).steps()[0]
    assert row.left.pace_mm_s.in_range_share == 1.0
    assert row.right.pace_mm_s.in_range_share == 0.0
    assert row.left.pace_mm_s.median == 200.0


def test_withheld_counts_from_the_first_hand() -> None:
    def frame(i: int) -> tuple[FacePoints, Verdict]:
        t_s = i / 10
        hand = t_s >= 2.0
        gone = side(withheld="hand", hand=None, in_zone=None, in_contact=None)
        left = gone if not hand or 5.0 < t_s <= 6.0 else side()
        return (
            points(t_s, hand_seen=np.array([hand, hand])),
            verdict(t_s, sides=(left, side(hand="right") if hand else gone)),
        )

    metrics = run(routine(), [frame(i) for i in range(121)])
    assert metrics.steps()[0].withheld == pytest.approx(0.1)
    assert metrics.steps()[0].observed_s == pytest.approx(9.1)
    assert metrics.withheld() == pytest.approx(0.1)
    intervals = metrics.tracking.figures(0.1, 0).withheld_intervals
    assert [(one.side, one.reason, one.t_start_s, one.t_end_s) for one in intervals] == [
        ("left", "hand", 0.0, 1.9),
        ("right", "hand", 0.0, 1.9),
        ("left", "hand", 5.0, 6.0),
    ]


def test_a_side_that_was_never_judged_has_no_figures() -> None:
    gone = side(withheld="hand", hand=None, in_zone=None, in_contact=None, speed_mm_s=NAN)
    row = run(routine(), steady(5.0, side(), gone)).steps()[0]
    assert row.right.repetitions is None
    assert row.right.path_mm is None
    assert row.right.pace_mm_s.median is None
    assert row.right.coverage is None
    assert row.balance is None
    assert row.score is None


def test_nothing_seen_is_unseen_and_wholly_withheld() -> None:
    gone = side(withheld="face", hand=None, in_zone=None, in_contact=None, speed_mm_s=NAN)
    frames = [(points(i / 10, face_seen=False, hand_seen=np.array([False, False])), verdict(i / 10, sides=(gone, gone)))
              for i in range(51)]  # fmt: skip
    metrics = run(routine(), frames)
    row = metrics.steps()[0]
    assert row.status == "unseen"
    assert row.withheld is None
    assert row.score is None
    assert metrics.withheld() == 1.0


def test_a_gap_between_frames_is_not_taken_for_seen() -> None:
    frames = steady(4.0, side(), side(hand="right"))
    later = [(points(8.0 + i / 10), verdict(8.0 + i / 10)) for i in range(41)]
    row = run(routine(), frames + later).steps()[0]
    assert row.observed_s == pytest.approx(8.5)
    assert row.withheld == pytest.approx(3.5 / 12.0, abs=0.001)


def test_a_step_that_ends_hands_its_last_stroke_on_to_itself() -> None:
    frames = steady(2.0, side(repetitions=3), side(hand="right", repetitions=4))
    last = stroke(t_start_s=1.2, t_end_s=2.0)
    more = [stroke(t_start_s=0.2 * i, t_end_s=0.2 * i + 0.2) for i in range(3)]
    end = StepEnd(0, "step-0", "done", 0.0, 2.1, 0.0)
    frames[5] = (frames[5][0], verdict(0.5, sides=(side(repetitions=3), side(repetitions=4)), strokes=tuple(more)))
    frames.append((points(2.1), verdict(2.1, step=1, ended=(end,), strokes=(last,))))
    frames += [(points(2.2 + i / 10), verdict(2.2 + i / 10, step=1, strokes=())) for i in range(20)]
    rows = run(routine(), frames).steps()
    assert [row.id for row in rows] == ["step-0", "step-1"]
    assert rows[0].left.repetitions == 4
    assert (rows[0].t_end_s, rows[0].status) == (2.1, "done")
    assert rows[1].left.strokes == 0


def test_the_last_step_ends_once() -> None:
    frames = steady(2.0, side(), side(hand="right"))
    end = StepEnd(0, "step-0", "done", 0.0, 2.1, 0.0)
    frames.append((points(2.1), verdict(2.1, state="finished", ended=(end,))))
    frames += [(points(2.2 + i / 10), verdict(2.2 + i / 10, state="finished")) for i in range(5)]
    metrics = run(routine(step(0)), frames)
    assert len(metrics.steps()) == 1
    metrics.finish(verdict(3.0, state="finished"))
    assert len(metrics.steps()) == 1


def test_a_step_done_twice_is_told_twice() -> None:
    end = StepEnd(0, "step-0", "done", 0.0, 1.0, 0.0)
    frames = steady(0.9, side(), side(hand="right"))
    frames.append((points(1.0), verdict(1.0, ended=(end,))))
    frames += [(points(1.1 + i / 10), verdict(1.1 + i / 10)) for i in range(10)]
    assert [row.t_start_s for row in run(routine(), frames).steps()] == pytest.approx([0.0, 1.0])


def test_corrections_are_kept_as_they_stood_last() -> None:
    frames = steady(1.0, side(), side(hand="right"))
    frames[3] = (frames[3][0], verdict(0.3, changed=(correction(),), cue=Cue(0.3, 0, True, False, None)))
    frames[7] = (frames[7][0], verdict(0.7, changed=(correction(side="both", t_end_s=0.7), correction(1, kind="zone"))))
    metrics = run(routine(), frames)
    assert [(c.kind, c.side, c.t_end_s) for c in metrics.corrections] == [("direction", "both", 0.7), ("zone", "left", None)]
    assert len(metrics.cues) == 1


def test_either_hand_is_balanced_on_totals() -> None:
    made = routine(step(0, hands="either"), step(1))
    idle = side(needed=False, in_contact=False, stroking=False, hand=None, speed_mm_s=NAN)
    one = [(points(i / 10), verdict(i / 10, sides=(side(path_mm=3.0 * i), idle))) for i in range(51)]
    still = side(needed=False, in_contact=False, stroking=False, path_mm=150.0)
    other = [(points(5.1 + i / 10), verdict(5.1 + i / 10, sides=(still, side(hand="right", path_mm=2.0 * i))))
             for i in range(51)]  # fmt: skip
    assert run(made, one + other).steps()[0].balance == pytest.approx(100.0 / 150.0, abs=0.001)


def test_one_frame_at_a_time_equals_all_at_once() -> None:
    made = routine()
    coach = FakeCoach(made)
    frames = [(seen, coach.update(seen)) for seen in moving_hands(12.0)]
    whole = run(made, frames)
    live = SessionMetrics(made)
    for n, (seen, said) in enumerate(frames):
        live.add(seen, said)
        if n % 60 == 0:
            live.steps()  # looking changes nothing
    assert repr(live.steps()) == repr(whole.steps())


def test_score_is_the_weighted_mean_of_what_could_be_had() -> None:
    assert score(dict.fromkeys(WEIGHTS, 1.0), 10.0) == pytest.approx(100.0)
    assert sum(WEIGHTS.values()) == pytest.approx(1.0)
    halves = {"zone": 0.5, "direction": 1.0, "pace": NAN, "balance": NAN, "repetitions": NAN}
    assert score(halves, 10.0) == pytest.approx(100 * 0.5 ** (0.30 / 0.55))
    assert score(halves | {"zone": 0.0}, 10.0) == pytest.approx(100 * 0.05 ** (0.30 / 0.55))
    assert math.isnan(score({"zone": 1.0, "direction": 1.0}, 1.9))
    assert math.isnan(score({"zone": NAN, "direction": NAN, "repetitions": 0.0}, 10.0))


def test_a_score_is_believed() -> None:
    """A third of a step in the wrong place and three of ten strokes at twice the highest pace are not close to the routine."""
    parts = {"zone": share_part(2 / 3), "direction": 1.0, "pace": share_part(0.7), "balance": 1.0, "repetitions": 1.0}
    assert score(parts, 20.0) < CLOSE - 5
    assert grade(score(parts, 20.0)) == "Partly as the routine asks"
    assert score(parts | {"zone": share_part(0.97), "pace": share_part(0.98)}, 20.0) > 95, "a careful person loses little"
    assert score(parts | {"zone": share_part(0.5), "pace": 1.0}, 20.0) < 50, "half of it elsewhere was not done"
    assert [share_part(share) for share in (1.0, 0.75, 0.5, 0.2)] == [1.0, 0.5, 0.0, 0.0]
    assert math.isnan(share_part(NAN))


def test_a_stroke_60_degrees_off_is_worth_nothing() -> None:
    assert direction_part(1.0) == 1.0
    assert direction_part(0.75) == pytest.approx(0.5)
    assert direction_part(math.cos(math.radians(60))) == pytest.approx(0.0)
    assert direction_part(0.1) == 0.0
    assert math.isnan(direction_part(NAN))


def test_withheld_time_lowers_no_score() -> None:
    strokes = tuple(stroke(t_start_s=i, t_end_s=i + 1.0, side=s) for i in range(4) for s in ("left", "right"))
    full = steady(8.0, side(), side(hand="right"))
    full[40] = (full[40][0], verdict(4.0, strokes=strokes))
    gone = side(withheld="hand", hand=None, in_zone=None, in_contact=None, speed_mm_s=NAN)
    half = full + [(points(8.1 + i / 10), verdict(8.1 + i / 10, sides=(gone, gone))) for i in range(80)]
    scores = [run(routine(), frames).steps()[0].score for frames in (full, half)]
    assert scores == pytest.approx([100.0, 100.0])


def test_weighted_quantiles() -> None:
    values, weights = np.array([3.0, 1.0, 2.0]), np.array([1.0, 1.0, 2.0])
    assert weighted_quantiles(values, weights, (0.25, 0.5, 0.75, 0.9, 1.0)) == (1.0, 2.0, 2.0, 3.0, 3.0)
    assert math.isnan(weighted_quantiles(values, np.zeros(3), (0.5,))[0])


def test_coverage_of_half_the_zone_is_half() -> None:
    coverage = Coverage(step(contact="fingertips"))
    hand = np.full((7, 2), NAN)
    for x in np.arange(0.0, 23.5, 1.0):  # pads reach 7 mm further
        for y in np.arange(20.0, 61.0, 2.0):
            hand[0] = x, y
            coverage.add(hand, 0.1)
    left, right = coverage.shares()
    assert left == pytest.approx(0.5, abs=0.04)
    assert right == pytest.approx(7.0 / 60.0, abs=0.04)


def test_coverage_of_a_pad_is_a_disk() -> None:
    coverage = Coverage(step())
    coverage.add(np.tile([30.0, 40.0], (7, 1)), 0.1)
    assert coverage.covered().sum() * 4.0 == pytest.approx(math.pi * 49.0, rel=0.15)


def test_coverage_of_a_tool_is_not_known() -> None:
    coverage = Coverage(step(contact="tool"))
    coverage.add(np.zeros((7, 2)), 0.1)
    assert all(math.isnan(share) for share in coverage.shares())


def test_coverage_of_a_tool_that_the_hands_shape_tells_is_not_known_either() -> None:
    made = routine(step(contact="fingertips"))
    held, bare = side(contact="tool"), side(hand="right", contact="fingertips")
    row = run(made, steady(4.0, held, bare)).steps()[0]
    assert row.left.path_mm
    assert row.left.coverage is None
    assert row.right.coverage is not None


def plain_entropy(series: list[float]) -> float:
    """Approximate entropy as Pincus wrote it down, one comparison after the other."""
    tolerance = 0.2 * float(np.std(series))

    def phi(m: int) -> float:
        pieces = [series[i : i + m] for i in range(len(series) - m + 1)]
        shares = [
            sum(max(abs(a - b) for a, b in zip(x, y, strict=True)) <= tolerance for y in pieces) / len(pieces) for x in pieces
        ]
        return sum(math.log(share) for share in shares) / len(shares)

    return phi(2) - phi(3)


def test_approximate_entropy_is_pincus() -> None:
    noise = np.random.default_rng(3).normal(size=120)
    assert approximate_entropy(noise) == pytest.approx(plain_entropy(noise.tolist()))


def test_approximate_entropy_tells_regular_from_irregular() -> None:
    regular = np.tile([1.0, 2.0], 300)
    assert approximate_entropy(regular) == pytest.approx(0.0, abs=1e-2)
    assert approximate_entropy(np.random.default_rng(4).normal(size=600)) > 1.0
    assert math.isnan(approximate_entropy(regular[:99]))
    assert math.isnan(approximate_entropy(np.ones(200)))


def test_bins_make_entropy_independent_of_the_frame_rate() -> None:
    ends = np.arange(1, 301) / 30
    values = np.sin(ends)
    np.testing.assert_allclose(binned(values, ends - 1e-6), values.reshape(-1, 3).mean(axis=1))


def test_the_session_score_weighs_steps_by_what_was_observed() -> None:
    frames = steady(4.0, side(in_zone=False), side(hand="right", in_zone=False))
    end = StepEnd(0, "step-0", "done", 0.0, 4.0, 0.0)
    frames[-1] = (frames[-1][0], verdict(4.0, step=1, ended=(end,)))
    frames += [(points(4.0 + i / 10), verdict(4.0 + i / 10, step=1)) for i in range(1, 121)]
    metrics = run(routine(), frames)
    scores, seconds = zip(*[(step_run.score, step_run.observed_s) for step_run in metrics.step_runs], strict=True)
    assert scores[0] < scores[1]
    assert metrics.score() == pytest.approx(np.average(scores, weights=seconds))


def test_time_without_a_face_before_the_first_step_is_withheld_for_the_face() -> None:
    waiting = side(needed=False, withheld="calibration", hand=None, in_zone=None, in_contact=None, stroking=None)
    frames = []
    for i in range(101):
        t_s = i / 10
        if t_s <= 6.0:  # four seconds without a face, two of calibration
            seen = points(t_s, face_seen=t_s > 4.0, calibration="running", mm_per_px=0.71 if t_s > 4.0 else NAN)
            frames.append((seen, verdict(t_s, state="calibrating", step=-1, sides=(waiting, waiting))))
        else:
            frames.append((points(t_s), verdict(t_s)))
    metrics = run(routine(), frames)
    row = metrics.tracking.figures(metrics.withheld(), 0)
    left = [(one.reason, one.t_start_s, one.t_end_s) for one in row.withheld_intervals if one.side == "left"]
    assert left == [("face", 0.0, 4.0), ("calibration", 4.0, 6.0)]
    assert row.withheld == pytest.approx(4.0 / 8.0, abs=0.01)
    assert row.face_seen == pytest.approx(60 / 101, abs=0.001)
    assert row.calibration == "neutral"


def test_the_scale_has_the_error_of_the_iris_and_of_its_own_spread() -> None:
    metrics = run(routine(), [(points(i / 10, mm_per_px=0.70 + 0.02 * (i % 2)), verdict(i / 10)) for i in range(101)])
    row = metrics.tracking.figures(0.0, 0)
    assert row.mm_per_px == pytest.approx(0.70)
    assert row.mm_per_px_error == pytest.approx(0.70 * 0.5 / 11.7, abs=1e-5)
    assert row.fps == pytest.approx(10.0)


def test_nothing_at_all_has_no_figures() -> None:
    metrics = SessionMetrics(routine())
    row = metrics.tracking.figures(metrics.withheld(), None)
    assert row.frames == 0
    assert all(getattr(row, name) is None for name in ("face_seen", "left_seen", "withheld", "mm_per_px", "fps"))
    assert row.calibration is None
    assert math.isnan(metrics.score())


def test_pace_is_that_of_the_strokes_as_they_were_decided() -> None:
    """A lifted return that looked like a stroke at first does not count."""
    speeds = [30.0] * 20 + [150.0] * 10 + [30.0] * 20
    strokes = (
        stroke(t_start_s=0.0, t_end_s=2.0),
        stroke(t_start_s=2.05, t_end_s=2.95, kind="return", counted=False),
        stroke(t_start_s=3.0, t_end_s=5.0),
    )
    frames = [(points(i / 10), verdict(i / 10, sides=(side(speed_mm_s=v), side(hand="right")))) for i, v in enumerate(speeds)]
    frames[-1] = (frames[-1][0], replace(frames[-1][1], strokes=strokes))
    row = run(routine(), frames).steps()[0].left.pace_mm_s
    assert (row.median, row.p90) == (30.0, 30.0)


def test_gaps_reach_from_the_last_good_frame_to_the_next_one() -> None:
    metrics = SessionMetrics(routine())
    faults = {1.0: "is lost", 2.0: "shows black", 3.0: None, 4.0: "is lost"}
    for t_s in (0.0, 1.0, 1.1, 2.0, 3.0, 4.0):
        if t_s in faults:
            metrics.tracking.source_error(t_s, faults[t_s])
        metrics.add(points(t_s), verdict(t_s))
    assert [one.model_dump() for one in metrics.tracking.figures(0.0, 0).gaps] == [
        {"t_start_s": 0.0, "t_end_s": 1.1, "reason": "is lost"},
        {"t_start_s": 1.1, "t_end_s": 3.0, "reason": "shows black"},
        {"t_start_s": 3.0, "t_end_s": 4.0, "reason": "is lost"},
    ]


def test_what_turns_out_to_be_a_return_is_taken_off_the_path() -> None:
    """A movement under way may look like a stroke until it is compared with others."""
    way = [0.0, 20.0, 40.0, 65.0, 90.0, 40.0, 40.0, 60.0, 80.0]
    frames = [(points(i / 10), verdict(i / 10, sides=(side(path_mm=mm), side(hand="right", path_mm=10.0 * i))))
              for i, mm in enumerate(way)]  # fmt: skip
    assert run(routine(step(0)), frames).steps()[0].left.path_mm == 80.0


@pytest.mark.parametrize(
    ("unjudged", "balance"),
    [
        (range(0), 1.0),
        (range(4, 5), 1.0),  # a return between two strokes
        (range(6, 7), 0.75),  # half of the second stroke
        (range(9), None),
    ],
)
def test_balance_is_of_what_was_stroked_while_both_sides_could_be_judged(unjudged: range, balance: float | None) -> None:
    """Whatever is taken for a stroke in between: the left path rises, is taken back and given again."""
    gone = side(hand="right", withheld="hand", in_zone=None, in_contact=None, stroking=None, speed_mm_s=NAN, path_mm=40.0)
    paths = [0.0, 20.0, 40.0, 10.0, 40.0, 40.0, 60.0, 80.0, 80.0]
    frames = []
    for i, mm in enumerate(paths):
        right = replace(gone, path_mm=10.0 * i) if i in unjudged else side(hand="right", path_mm=10.0 * i)
        frames.append((points(i / 10), verdict(i / 10, sides=(side(path_mm=mm), right))))
    strokes = [stroke(t_start_s=start, t_end_s=start + 0.2, length_mm=40.0) for start in (0.0, 0.5)]
    strokes.append(stroke(t_start_s=0.3, t_end_s=0.4, length_mm=90.0, kind="return"))
    strokes.append(stroke(side="right", hand="right", t_start_s=0.0, t_end_s=0.2, length_mm=80.0))
    frames[-1] = (frames[-1][0], replace(frames[-1][1], strokes=tuple(strokes)))
    assert run(routine(step(0)), frames).steps()[0].balance == balance
