"""Contact: a quick movement along the path is a rushed stroke, unless it sets out where strokes end."""

import pytest

from facetrack.coach import Thresholds
from facetrack.coach.strokes.contact import ContactJudge
from facetrack.coach.strokes.hand_motion import HandSample
from facetrack.coach.strokes.segments import Segment, begin_segment

PATH_MM = 60.0
DT_S = 1 / 30


def movement(from_mm: float, to_mm: float, mm_s: float, t_s: float) -> Segment:
    """Along a straight path, seen from its start."""
    way = 1.0 if to_mm > from_mm else -1.0

    def sample(k: int) -> HandSample:
        x = from_mm + way * mm_s * k * DT_S
        return HandSample(0, 0, t_s + k * DT_S, DT_S, x, 0.0, way * mm_s, 0.0, mm_s, mm_s, mm_s, 1.0, 3.4, True, False)

    def here(one: HandSample) -> list[list[float]]:
        return [[1.0, 0.0, min(max(one.x, 0.0), PATH_MM), 0.0]]

    segment = begin_segment(sample(0), here(sample(0)))
    for k in range(1, round(abs(to_mm - from_mm) / mm_s / DT_S) + 1):
        segment.add(sample(k), here(sample(k)), True, mm_s, 0.0)
    return segment


def judge_who_knows_slow_strokes() -> ContactJudge:
    judge = ContactJudge(Thresholds())
    judge.begin(80.0, [PATH_MM])
    for k in range(3):
        judge.remember(movement(0.0, PATH_MM, 40.0, 3.0 * k))
    return judge


@pytest.mark.parametrize("mm_s", [150.0, 250.0])
def test_a_hand_that_leaves_beyond_the_path_s_end_does_not_stroke(mm_s: float) -> None:
    """At the side of the head a lift looks as if the hand went on along the path."""
    judge = judge_who_knows_slow_strokes()
    assert judge.judge(movement(0.9 * PATH_MM, PATH_MM + 40.0, mm_s, 12.0)) == "lifted"
    assert judge.judge(movement(0.0, PATH_MM, mm_s, 12.0)) == "contact", "rushed"


def test_a_slow_piece_of_a_stroke_touches_wherever_it_begins() -> None:
    assert judge_who_knows_slow_strokes().judge(movement(0.7 * PATH_MM, PATH_MM, 40.0, 12.0)) == "contact"
