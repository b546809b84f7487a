"""Coaches a facial self-massage in front of a webcam, entirely on the user's own computer.

    import facetrack

    session = facetrack.analyze("clip.mp4", routine="fascia", step="forehead")
    session.document           # what session.json holds
    session.strokes            # every stroke, as columns of numbers
    again = facetrack.replay(session, thresholds=facetrack.Thresholds(off_path_deg=45.0))

What is listed here is stable; everything else is private and may change. Names are imported when they are first used, so
``import facetrack`` is quick and loads no library for pictures.
"""

from typing import TYPE_CHECKING

from facetrack.lazy import lazy_imports

__version__ = "0.1.0"

if TYPE_CHECKING:  # judge recordings and sessions
    from facetrack.api import (
        Session as Session,
        analyze as analyze,
        list_routines as list_routines,
        load_routine as load_routine,
        load_session as load_session,
        replay as replay,
    )
    from facetrack.coach.thresholds import Thresholds as Thresholds
    from facetrack.data_table import DataTable as DataTable
    from facetrack.errors import FacetrackError as FacetrackError

if TYPE_CHECKING:  # build your own: the stages of the pipeline, in their order
    from facetrack.capture.source import FrameSource as FrameSource, SourceInfo as SourceInfo
    from facetrack.coach.coach import Coach as Coach
    from facetrack.coach.thresholds import CoachOptions as CoachOptions
    from facetrack.coach.verdict import Verdict as Verdict
    from facetrack.geometry.mapper import FaceMapper as FaceMapper
    from facetrack.packets import Frame as Frame, Observation as Observation
    from facetrack.pipeline.judge import Judge as Judge
    from facetrack.pipeline.sinks import FrameResult as FrameResult, RunEnd as RunEnd, Sink as Sink
    from facetrack.tracking.tracker import Tracker as Tracker

__getattr__, __dir__, __all__ = lazy_imports(__name__)
