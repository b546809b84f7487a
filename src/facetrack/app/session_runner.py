"""Runs a session: builds its stages and outputs, drives a source of frames through them, and says how it went."""

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from facetrack.app.interaction import build_flow, remember_what_was_shown, summary_words
from facetrack.app.notify import Notifier
from facetrack.app.outputs import Sound, build_outputs, open_sound, open_window
from facetrack.app.session_config import SessionConfig, SessionResult
from facetrack.app.shutdown import INTERRUPTED, StopSignal
from facetrack.coach import CoachOptions, Thresholds
from facetrack.errors import DamagedInputError, FacetrackError
from facetrack.flow import SessionFlow
from facetrack.flow.pages.end_page import SessionSummary
from facetrack.inspection.reasons import why_nothing
from facetrack.pipeline.judge import Judge
from facetrack.pipeline.sinks import Sink
from facetrack.session import SessionIdentity, SessionRecorder, SessionSink, new_session_id, sessions_dir
from facetrack.session.document import SessionDocument
from facetrack.session.history.history import add_to_history, queue_for_history, recover_unfinished
from facetrack.session.journal.landmarks import LandmarkSink, RoundingTracker
from facetrack.session.own_files import check_session_folder
from facetrack.session.recovery import build_coach
from facetrack.system.native_paths import readable

if TYPE_CHECKING:  # the pipeline reads frames, and so loads OpenCV: not for who only loads a session
    from facetrack.capture.source import FrameSource
    from facetrack.inspection.inspection import Inspection
    from facetrack.pipeline.pipeline import RunResult, TrackerLike


@dataclass(frozen=True, slots=True)
class Stages:
    """Holds what a session's frames go through before the outputs, and what the session is called."""

    tracker: "TrackerLike"
    judge: Judge
    flow: SessionFlow | None
    sound: Sound
    identity: SessionIdentity


def run_session(
    config: SessionConfig,
    source: "FrameSource",
    *,
    notify: Notifier | None = None,
    stop: StopSignal | None = None,
    sinks: Sequence[Sink] = (),
    on_start: Callable[[str, Path | None], None] = lambda _id, _folder: None,
) -> SessionResult:
    """Run a source of frames through tracker, judge and outputs to its end.

    notify: receives messages while the session runs. stop: asked before every frame; true ends the session as interrupted.
    sinks: further outputs. on_start: receives the session's id and folder when everything is loaded.

    Raises FacetrackError where the session can't begin; what goes wrong later is in the result.
    """
    from facetrack.inspection.inspection import Inspection
    from facetrack.pipeline.pipeline import Pipeline

    notify, stop = notify or Notifier(), stop or StopSignal()
    storage = config.storage
    if storage.folder is not None:
        check_session_folder(storage.folder, storage.inputs, replace=storage.replace)
    if storage.history:
        recover_unfinished(notify)
    with contextlib.ExitStack() as resources:
        resources.callback(stop.end_deferral)  # after all else is closed
        resources.callback(source.close)
        window = open_window(config, resources)
        stages = build_stages(config, source, resources, notify)
        if stop():  # as in a worker process, where no signal raises KeyboardInterrupt
            return SessionResult(None, None, INTERRUPTED, None)
        stop.defer(source.close)
        folder = storage.folder or (sessions_dir() / stages.identity.id if storage.history else None)
        session_sink = SessionSink(SessionRecorder(stages.identity, folder, replace=storage.replace))
        resources.callback(session_sink.recorder.close)
        if stages.flow is not None and not config.judging.guide_only:
            stages.flow.set_summary(partial(_summary, config, session_sink, folder is not None and storage.history))
        on_start(stages.identity.id, folder)
        kept = [LandmarkSink(folder)] if storage.landmarks and folder is not None else []
        outputs = build_outputs(config, source, folder, stages.sound, stages.flow, window, notify, resources)
        flow = config.presentation.flow
        inspection = Inspection(source.info.kind if flow is None or flow.camera else "none")
        upright = _upright(source, stages.tracker, inspection)
        outcome = Pipeline(
            upright,
            stages.tracker,
            stages.judge,
            [*outputs, session_sink, *kept, *sinks],  # what is seen and heard must not wait for the disk
            stop=stop,
            notify=notify,
            live=config.live,
            flow=stages.flow,
            inspection=inspection,
        ).run()
        if stages.flow is not None and storage.remember_user:
            remember_what_was_shown(stages.flow, config.judging.routine.id)
        result = _finish_session(config, source, session_sink, outcome)
        wanted = stages.flow is not None and stages.flow.report_wanted
        return replace(result, report_wanted=wanted and result.document is not None)


def _summary(config: SessionConfig, session_sink: SessionSink, kept: bool) -> SessionSummary:
    """Say how the session went until now."""
    document = session_sink.recorder.document(session_sink.last_s, complete=True, frames_dropped=None)
    return summary_words(document, config.judging.routine, kept)


def _upright(source: "FrameSource", tracker: "TrackerLike", inspection: "Inspection") -> "FrameSource":
    """Have the source turned upright, where there is a tracker that finds faces in single pictures."""
    from facetrack.capture.flipped import FlippedSource
    from facetrack.inspection.upright import UprightSource

    if isinstance(source, FlippedSource) and source.remark is not None:
        inspection.say(source.remark)
    find_face = getattr(tracker, "find_face", None)
    if find_face is None or source.info.kind == "mannequin":
        return source
    return UprightSource(source, find_face, inspection.say)


def build_stages(config: SessionConfig, source: "FrameSource", resources: contextlib.ExitStack, notify: Notifier) -> Stages:
    """Load the tracker and make the judge, the flow and the session's identity. Raises FacetrackError for missing models."""
    judging = config.judging
    flow = build_flow(config)
    tracker = resources.enter_context(_tracker(config, notify))
    if config.storage.landmarks:
        tracker = RoundingTracker(tracker)
    sound = open_sound(config, resources)
    thresholds = judging.thresholds or Thresholds()
    options = CoachOptions(step_id=judging.step, again=judging.again, voice=sound.speaks, thresholds=thresholds)
    identity = _identity(config, source, tracker.model_hashes, options)
    return Stages(tracker, Judge(build_coach(identity), tools=identity.routine.may_use_tool), flow, sound, identity)


def _tracker(config: SessionConfig, notify: Notifier) -> "TrackerLike":
    """Load MediaPipe; for a guided session without a camera or models, a tracker that sees nothing."""
    from facetrack.tracking import Tracker
    from facetrack.tracking.blind import NullTracker

    if not config.judging.guide_only:
        return Tracker(threads=config.tracking_threads)
    flow = config.presentation.flow
    if flow is None or not flow.camera:
        return NullTracker()
    try:
        return Tracker()
    except FacetrackError as error:
        notify(f"{error} Until then the guide continues without your face.")
        return NullTracker()


def _identity(config: SessionConfig, source: "FrameSource", models: dict[str, str], options: CoachOptions) -> SessionIdentity:
    now = datetime.now(UTC)
    return SessionIdentity(
        id=new_session_id(now),
        routine=config.judging.routine,
        models=models,
        settings=options.as_settings() | ({"guide_only": True} if config.judging.guide_only else {}),
        labels={readable(key): readable(value) for key, value in config.storage.labels.items()},
        source_kind=source.info.kind,
        source_name=source.info.name,
        started_at=config.storage.started_at or now,
        options=options,
    )


def _finish_session(
    config: SessionConfig, source: "FrameSource", session_sink: SessionSink, outcome: "RunResult"
) -> SessionResult:
    """Say how the session went, and enter it into the history if that is wanted."""
    folder, document = session_sink.recorder.folder, session_sink.document
    status, message = _status_and_message(outcome, kept=folder is not None)
    if config.storage.history and folder is not None and document is not None:
        failed_status, failed_message = _add_to_history(folder)
        status, message = status or failed_status, " ".join(filter(None, (message, failed_message))) or None
    nothing = None if document is None else unjudged_message(document)
    if status == 0 and nothing is not None:
        status, message = 1, nothing
    if document is None and outcome.frames:  # its files could not be written; the figures are there all the same
        document = session_sink.recorder.document(outcome.last_s, complete=False, frames_dropped=source.frames_dropped)
    return SessionResult(document, folder, status, message, outcome.error)


def unjudged_message(document: SessionDocument) -> str | None:
    """Say why nothing of a recording could be judged; None where something could, or at a camera, which is left at any time."""
    guided = bool(document.settings.get("guide_only"))
    why = why_nothing(document) if document.source.kind == "video" and not guided else None
    return None if why is None else f"{document.source.name}: {why[:1].lower()}{why[1:]}"


def _add_to_history(folder: Path) -> tuple[int, str | None]:
    """Enter the session into the history. Where that fails it is queued for the next command; gives exit status and message."""
    try:
        add_to_history(folder)
    except FacetrackError as error:
        queue_for_history(folder)
        later = f"The session is saved in {folder}, and enters the history with the next command that can open it."
        return error.exit_code, f"{error} {later}"
    return 0, None


def _status_and_message(outcome: "RunResult", kept: bool) -> tuple[int, str | None]:
    """Choose exit status and last message. kept: the session has a folder. Failed outputs were reported when they failed."""
    if outcome.interrupted:
        return INTERRUPTED, _interrupted_message(outcome, kept)
    if outcome.error is not None:
        status = outcome.error.exit_code if isinstance(outcome.error, FacetrackError) else 1
        return status, str(outcome.error)
    if outcome.failures:
        return 1, None
    if outcome.corruption is not None:
        message = f"{outcome.corruption}. What was read was judged, and the session is marked as partial."
        return DamagedInputError.exit_code, message
    return 0, None


def _interrupted_message(outcome: "RunResult", kept: bool) -> str:
    if not kept:
        return "Interrupted. Nothing of it was kept, as asked."
    return "Interrupted." if outcome.failures else "Interrupted. What was recorded so far is saved."
