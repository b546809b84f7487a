"""What the user told the coach on the way is in the journal: judged again, the session is the same."""

from dataclasses import replace
from pathlib import Path

import pytest

from facetrack.capture.source import SourceInfo
from facetrack.coach import CoachOptions, GuideCoach, LiveCoach
from facetrack.geometry.quantisation import quantise
from facetrack.packets import Frame, Observation
from facetrack.pipeline.judge import Judge
from facetrack.pipeline.pipeline import Pipeline
from facetrack.session import SessionRecorder, SessionSink, recover
from tests.coach.synthetic import PATH, Hand, film, phase, routine, step
from tests.flow import people
from tests.session.session_fakes import identity

LOW = tuple((x, y - 100.0) for x, y in PATH)
ROUTINE = routine(step("brow"), step("chin", phase(path=LOW)))
COMMANDS = {0.0: "pause", 1.0: "resume", 3.0: "pause", 5.0: "resume", 7.0: "mute", 9.0: "skip", 12.0: "again", 14.0: "skip"}


class Told:
    """A flow that only passes commands on."""

    over = False
    learn_face = False
    asks_for_tool = False

    def __init__(self) -> None:
        self.due = sorted(COMMANDS.items())

    def pre_coach(self, _image, _observation, points, _source_error) -> tuple[str, ...]:
        now = [name for t_s, name in self.due if t_s <= points.t_s]
        self.due = self.due[len(now) :]
        return tuple(now)

    def post_coach(self, _verdict) -> None:
        return None


class Line:
    """Source, tracker and mapper of points that are known."""

    info = SourceInfo("camera", "known", people.SIZE_WH, 30.0, None)
    corruption = None
    frames_dropped = 0
    model_hashes: dict[str, str] = {}  # noqa: RUF012 - never written to
    frame_available = True
    spare_s = 0.0

    def __init__(self, points) -> None:
        self.points = list(points)
        self.at = -1

    def frames(self):
        for index, one in enumerate(self.points):
            yield Frame(people.GREY, one.t_s, index)

    def update(self, _frame, _following):
        self.at += 1
        return Observation.empty(self.points[self.at].t_s, people.SIZE_WH)

    def close(self) -> None:
        pass


class Mapper:
    def __init__(self, line: Line) -> None:
        self.line = line

    def update(self, _observation):
        return self.line.points[self.line.at], None

    def reset(self) -> None:
        pass


@pytest.mark.parametrize("guide", [False, True])
def test_a_session_with_commands_is_recovered_as_it_was(tmp_path: Path, guide: bool) -> None:
    settings = {"guide_only": True} if guide else {}
    made = replace(identity(), routine=ROUTINE, options=CoachOptions(voice=True), settings=settings)
    hand = Hand().strokes(3).strokes(3, PATH[::-1]).rest(10.0)
    points = [quantise(one) for one in film(hand, hand, 20.0)]
    line, sink = Line(points), SessionSink(SessionRecorder(made, tmp_path))
    coach = (GuideCoach if guide else LiveCoach)(ROUTINE, CoachOptions(voice=True))
    outcome = Pipeline(line, line, Judge(coach, Mapper(line)), [sink], flow=Told()).run()
    assert outcome.error is None, outcome.error
    live = sink.document
    assert live is not None
    assert [step.status for step in live.steps].count("skipped") >= 1
    journal = (tmp_path / "frames.jsonl").read_text(encoding="utf-8")
    assert journal.count('"command"') == len(COMMANDS)
    (tmp_path / "session.json").unlink()
    assert recover(tmp_path) == live
