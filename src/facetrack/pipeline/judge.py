"""Judges what the tracker saw: face mapper and coach in one object, as every session uses them."""

from dataclasses import replace
from typing import Protocol

from facetrack.coach.live_coach import LiveCoach
from facetrack.coach.thresholds import CoachOptions, Thresholds
from facetrack.coach.verdict import Verdict
from facetrack.geometry.face_points import FacePoints
from facetrack.geometry.mapper import FaceMapper
from facetrack.geometry.quantisation import quantise
from facetrack.geometry.surface.projection import FaceFit
from facetrack.geometry.tool.follower import ToolFollower
from facetrack.packets import Observation
from facetrack.routine.compiled import CompiledRoutine


class MapperLike(Protocol):
    """Describes what a judge needs of a ``FaceMapper``."""

    def update(self, observation: Observation, /) -> tuple[FacePoints, FaceFit | None]: ...
    def reset(self) -> None: ...


class CoachLike(Protocol):
    """Describes what a judge, and a replay, need of a coach."""

    def command(self, name: str, t_s: float, /) -> None: ...
    def update(self, points: FacePoints, /) -> Verdict: ...
    def finish(self, t_s: float, /) -> Verdict: ...


class Judge:
    """Turns observations into verdicts, exactly as a live session does.

    Feed it the observations of one recording in the order of their times. What reaches the coach is at the journal's
    resolution, so a session that is replayed from its journal gets the same verdicts to the last bit.

    Parameters
    ----------
    coach : Coach
        Judges where hands are on the face. ``Judge.for_routine`` makes one.
    mapper : FaceMapper, optional
        Places hands on the face.
    tools : bool
        Whether the user may show a tool: in the first 20 seconds, or while ``ask_for_tool`` says so.

    Examples
    --------
    >>> import facetrack
    >>> judge = facetrack.Judge.for_routine(facetrack.load_routine("fascia"), step="forehead")
    >>> verdict = judge.update(facetrack.Observation.empty(0.0, (640, 480)))  # nobody is seen
    >>> verdict.t_s, verdict.corrections
    (0.0, ())
    >>> left, right = verdict.sides
    >>> left.withheld, left.in_zone
    ('face', None)
    """

    def __init__(self, coach: CoachLike, mapper: MapperLike | None = None, *, tools: bool = False) -> None:
        self.coach = coach
        self.mapper: MapperLike = mapper or FaceMapper()
        self._tools = ToolFollower() if tools else None

    @classmethod
    def for_routine(cls, routine: CompiledRoutine, *, step: str | None = None, thresholds: Thresholds | None = None) -> "Judge":
        """Make a judge of a routine, or of a single step of it, by the usual limits or by others."""
        coach = LiveCoach(routine, CoachOptions(step_id=step, thresholds=thresholds or Thresholds()))
        return cls(coach, tools=routine.may_use_tool)

    def update(self, observation: Observation) -> Verdict:
        """Judge what was seen in one frame; times must rise."""
        points, _ = self.locate(observation)
        return self.coach.update(points)

    def locate(self, observation: Observation) -> tuple[FacePoints, FaceFit | None]:
        """Place the hands on the face, at the journal's resolution; and the face in the picture, where it is known."""
        points, fit = self.mapper.update(observation)
        if self._tools is not None:
            points = replace(points, edge_mm=self._tools.update(observation, fit))
        return quantise(points), fit

    def ask_for_tool(self, asked: bool) -> None:
        """Say whether the user is asked to show a tool from now on."""
        if self._tools is not None:
            self._tools.asked = asked

    def finish(self, t_s: float) -> Verdict:
        """End the session at t_s; the verdict closes what was open."""
        return self.coach.finish(t_s)
