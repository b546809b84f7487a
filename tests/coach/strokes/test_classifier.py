"""Which movements are strokes, which returns and which neither: to the frame, without noise and smoothing."""

import math

import pytest

from facetrack.coach import Thresholds
from facetrack.coach.strokes.classifier import ClassifiedSegment, StrokeJudge
from facetrack.coach.strokes.contact import ContactJudge
from facetrack.routine.compiled import CompiledStep
from tests.coach.synthetic import hand_sample, phase, plan_of, step

DT_S = 1.0 / 30.0
PATH = ((0.0, 40.0), (100.0, 40.0))
LONG = step("long", phase(path=PATH))
Leg = tuple[float, float, float]
"""Seconds, and mm/s outward and up."""
REST: Leg = (0.4, 0.0, 0.0)


class Line:
    """A hand that goes along legs from the path's beginning on."""

    def __init__(self, made: CompiledStep = LONG, start: tuple[float, float] = (0.0, 40.0), zone: float = 1e9) -> None:
        """zone: up to this far outward it is in the zone."""
        self.judge, self.plan = StrokeJudge(Thresholds()), plan_of(made)
        self.judge.begin(self.plan)
        self.x, self.y = start
        self.zone, self.t_s = zone, 1.0
        self.decided: list[tuple[float, ClassifiedSegment]] = []
        self.kinds: list[tuple[float, str | None]] = []

    def go(self, *legs: Leg, fresh: bool = False) -> "Line":
        for seconds, vx, vy in legs:
            for _ in range(round(seconds / DT_S)):
                self.t_s += DT_S
                self.x, self.y = self.x + vx * DT_S, self.y + vy * DT_S
                speed = math.hypot(vx, vy)
                sample = hand_sample(
                    self.t_s,
                    x=self.x,
                    y=self.y,
                    vx=vx,
                    vy=vy,
                    speed=speed,
                    quick=speed,
                    on_skin=speed,
                    fresh=fresh,
                    log_palm=3.4,
                )
                decided = self.judge.update(sample, self.plan.fields.here(self.x, self.y), self.x < self.zone)
                self.decided += [(self.t_s, one) for one in decided]
                self.kinds.append((self.t_s, self.judge.open_kind))
                fresh = False
        return self

    def lost(self) -> "Line":
        self.decided += [(self.t_s, one) for one in self.judge.lost(self.t_s)]
        return self

    @property
    def found(self) -> list[str]:
        return [one.kind for _, one in self.decided]


@pytest.mark.parametrize(("mm_s", "strokes"), [(390.0, 1), (410.0, 0)])
def test_quicker_than_four_hundred_a_hand_does_not_stroke(mm_s: float, strokes: int) -> None:
    assert Line().go(REST, (0.2, mm_s, 0.0), REST).found.count("along") == strokes


@pytest.mark.parametrize(("mm_s", "strokes"), [(105.0, 1), (115.0, 0)])
def test_quicker_than_a_hundred_and_ten_out_of_the_zone_it_goes(mm_s: float, strokes: int) -> None:
    assert Line(zone=60.0).go(REST, (0.8, mm_s, 0.0), REST).found.count("along") == strokes
    assert Line().go(REST, (0.8, mm_s, 0.0), REST).found == ["along"], "within the zone it rushes"


@pytest.mark.parametrize(("mm_s", "strokes"), [(105.0, 1), (115.0, 0)])
def test_a_hand_that_is_lost_at_that_speed_dashed_off(mm_s: float, strokes: int) -> None:
    assert len(Line().go(REST, (0.5, mm_s, 0.0)).lost().found) == strokes


@pytest.mark.parametrize(("peak_mm_s", "strokes"), [(215.0, 1), (225.0, 0)])
def test_a_peak_of_twice_that_speed_mostly_outside_the_zone_is_travelling_too(peak_mm_s: float, strokes: int) -> None:
    line = Line(start=(30.0, 40.0), zone=40.0).go(REST, (0.8, 20.0, 0.0), (0.15, peak_mm_s, 0.0), (0.1, 100.0, 0.0), REST)
    assert len(line.found) == strokes


@pytest.mark.parametrize(("mm_s", "first_s"), [(55.0, 0.0), (65.0, 1.2)])
def test_a_hand_that_has_come_is_on_its_way_until_it_is_slower_than_sixty_but_for_no_longer_than_a_second_and_a_fifth(
    mm_s: float, first_s: float
) -> None:
    line = Line().go((1.9, mm_s, 0.0), REST, fresh=True)
    assert line.decided[0][1].segment.t_start_s == pytest.approx(1.0 + first_s, abs=0.1)


def test_a_hand_that_has_come_and_slowed_down_strokes_from_there_on() -> None:
    line = Line().go((0.4, 90.0, 0.0), (1.0, 40.0, 0.0), REST, fresh=True)
    ((_, stroke),) = line.decided
    assert stroke.segment.travelled_mm == pytest.approx(40.0, abs=3.0)


def test_a_hand_that_was_lost_comes_anew() -> None:
    line = Line().go(REST, (0.5, 40.0, 0.0)).lost().go((0.4, 90.0, 0.0), REST)
    assert [one.segment.travelled_mm for _, one in line.decided] == [pytest.approx(20.0, abs=3.0)]


def test_a_movement_off_the_path_is_uncertain_for_its_first_half_second() -> None:
    short = step("short", phase(path=((60.0, 40.0), (90.0, 40.0))))
    line = Line(short, start=(90.0, 40.0)).go(REST, (1.0, -28.0, 0.0))
    known = [(round(t_s - 1.4, 2), kind) for t_s, kind in line.kinds if kind is not None]
    assert {kind for after_s, kind in known if after_s < 0.46} == {"uncertain"}
    assert {kind for after_s, kind in known if after_s > 0.55} == {"against"}
    assert {kind for _, kind in Line().go((0.3, 25.0, 0.0)).kinds} == {"along"}, "along the path it strokes at once"


def test_what_stays_uncertain_is_told_after_four_seconds() -> None:
    line = Line(start=(90.0, 40.0)).go(REST, (0.5, -60.0, 0.0), *[REST] * 12)
    ((told_s, one),) = line.decided
    assert one.kind == "uncertain"
    assert told_s - one.segment.t_end_s == pytest.approx(4.0, abs=0.05)


def test_what_is_known_is_told_at_once() -> None:
    line = Line().go(REST, (1.0, 45.0, 0.0), REST)
    ((told_s, one),) = line.decided
    assert told_s - one.segment.t_end_s < 0.2


@pytest.mark.parametrize(("mm_s", "kind"), [(40.0, "against"), (180.0, "return")])
def test_after_strokes_a_slow_way_back_is_a_stroke_and_a_quick_one_beside_it_a_return(mm_s: float, kind: str) -> None:
    line = Line()
    for _ in range(3):
        line.go(REST, (1.5, 45.0, 0.0), REST)
        line.x = 0.0
    line.x = 67.5
    line.y += 15.0 if kind == "return" else 0.0
    line.go((60.0 / mm_s, -mm_s, 0.0), REST)
    assert line.found == ["along"] * 3 + [kind]


def test_what_follows_a_return_at_once_and_shortly_is_its_end() -> None:
    """A hand that comes down to the skin, across the path."""
    line = Line()
    for _ in range(3):
        line.go(REST, (1.5, 45.0, 0.0), REST)
        line.x = 0.0
    line.x, line.y = 67.5, 55.0
    line.go((0.35, -180.0, 0.0), (0.8, 0.0, -18.0), REST)
    assert line.found == ["along"] * 3 + ["return"] * 2


@pytest.mark.parametrize(
    ("legs", "kinds"),
    [
        ([(1.0, 0.0, -35.0)], ["return"]),
        ([(1.0, 0.0, -45.0), (1.0, 0.0, 45.0)], ["return", "across"]),
        ([(2.0, 0.0, -35.0)], ["across"]),
    ],
)
def test_a_lifted_way_back_may_end_beside_the_path_but_what_goes_on_or_turns_back_is_a_stroke(
    legs: list[Leg], kinds: list[str]
) -> None:
    line = Line()
    for _ in range(3):
        line.go(REST, (1.5, 45.0, 0.0), REST)
        line.x = 0.0
    line.x, line.y = 67.5, 55.0
    line.go((0.35, -180.0, 0.0), *legs, REST)
    assert line.found == ["along"] * 3 + ["return", *kinds]


SAW = step("saw", phase("back-and-forth", path=PATH))


def test_to_and_fro_goes_along_both_ways_and_from_five_millimetres_on() -> None:
    assert Line(SAW, start=(50.0, 40.0)).go(REST, (0.5, 45.0, 0.0), (0.5, -45.0, 0.0), REST).found == ["along", "along"]
    assert Line(SAW).go(REST, (0.25, 24.0, 0.0), REST).found == ["along"]
    assert Line(SAW).go(REST, (0.25, 16.0, 0.0), REST).found == []


def test_across_a_to_and_fro_outside_its_zone_a_hand_is_on_its_way() -> None:
    inside = Line(SAW, start=(50.0, 40.0)).go(REST, (0.6, 0.0, 40.0))
    outside = Line(SAW, start=(50.0, 40.0), zone=0.0).go(REST, (0.6, 0.0, 40.0))
    assert (inside.judge.open_kind, outside.judge.open_kind) == ("along", "return")


def test_another_step_forgets_what_was_under_way_and_what_waited() -> None:
    line = Line(start=(90.0, 40.0)).go(REST, (0.5, -60.0, 0.0), REST)
    line.judge.begin(line.plan)
    line.go(*[REST] * 12)
    assert line.decided == []
    assert line.judge.open is None


@pytest.mark.parametrize(("across_mm", "found"), [(16.0, ["along"]), (60.0, ["across", "along"])])
def test_where_hands_touch_is_learnt_later_but_not_whether_a_short_movement_was_a_correction_of_place(
    across_mm: float, found: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    known = ["uncertain"]
    monkeypatch.setattr(ContactJudge, "judge", lambda *_: known[0])
    line = Line().go(REST, (across_mm / 40.0, 0.0, 40.0), REST)
    assert line.found == [], "both wait for others to be compared with"
    known[0] = "contact"
    assert line.go((1.0, 40.0, 0.0), REST).found == found
