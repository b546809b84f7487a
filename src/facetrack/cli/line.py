"""Puts the parts of the line together for a command, runs them, and says how it went."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from facetrack.cli.stopping import INTERRUPTED, Stop
from facetrack.cli.words import Teller, say
from facetrack.errors import DamagedInputError, FacetrackError

if TYPE_CHECKING:
    from facetrack.capture import FrameSource
    from facetrack.pipeline import Outcome
    from facetrack.routine.compiled import CompiledRoutine
    from facetrack.sinks import Sink


@dataclass(frozen=True, slots=True)
class Wish:
    """What a command asks for.

    folder: the session's own. history: it enters the user's history, in a folder there unless it has its own. Without a
        folder and history nothing is kept.
    window, video, mirrored: where the overlay goes (the video into the folder), and whether as in a mirror.
    live: paced by the world, and over when the coach is. replace: of an earlier session in the folder.
    """

    routine: "CompiledRoutine"
    folder: Path | None = None
    history: bool = False
    step: str | None = None
    again: tuple[str, ...] = ()
    labels: dict[str, str] = field(default_factory=dict)
    window: bool = False
    video: bool = False
    mirrored: bool = True
    live: bool = False
    replace: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """document: session.json's content, None where it could not be made. code, message: as the process should exit and say."""

    document: dict[str, Any] | None
    folder: Path | None
    code: int
    message: str | None
    error: Exception | None = None

    def exit_code(self) -> int:
        """Says what is to be said; raises what was unexpected, for ``entry.main`` to report."""
        if self.error is not None and not isinstance(self.error, FacetrackError):
            raise self.error
        if self.message:
            say(self.message)
        return self.code


def conduct(
    source: "FrameSource",
    wish: Wish,
    stop: Stop,
    *,
    sinks: Sequence["Sink"] = (),
    started: Callable[[str, Path | None], None] = lambda _id, _folder: None,
    tell: Teller | None = None,
) -> Done:
    """Runs a source through tracker, geometry, coach and sinks to its end.

    sinks: further ones. started: told the session's id and folder. tell: is given what happens while it runs.
    """
    from facetrack.coach import Coach, CoachOptions
    from facetrack.geometry import FaceMapper
    from facetrack.pipeline import Pipeline
    from facetrack.session import SessionIdentity, SessionRecorder, SessionSink, new_session_id, sessions_dir
    from facetrack.session.history import finish_cut_off, remember
    from facetrack.session.plain import to_plain
    from facetrack.tracking import Tracker

    tell = tell or Teller()
    stop.on_signal = source.close
    if wish.history:
        finish_cut_off(tell)
    options = CoachOptions(step_id=wish.step, again=wish.again)
    with Tracker() as tracker:
        now = datetime.now(UTC)
        identity = SessionIdentity(
            id=new_session_id(now),
            routine=wish.routine,
            models=tracker.model_hashes,
            settings=options.as_settings(),
            labels=wish.labels,
            source_kind=source.info.kind,
            source_name=source.info.name,
            started_at=now,
            options=to_plain(options),
        )
        folder = wish.folder or (sessions_dir() / identity.id if wish.history else None)
        recorder = SessionRecorder(identity, folder, replace=wish.replace)
        session = SessionSink(recorder)
        started(identity.id, folder)
        shown = _picture_sinks(source, wish, folder, tell)
        pipeline = Pipeline(
            source,
            tracker,
            FaceMapper(),
            Coach(wish.routine, options),
            [session, *shown, *sinks],
            stop=stop,
            tell=tell,
            live=wish.live,
        )
        outcome = pipeline.run()
    code, message = _judged(outcome, source.info.name)
    if wish.history and folder is not None and session.document is not None:
        try:
            remember(folder)
        except FacetrackError as error:  # the session itself is safe in its folder
            code, message = code or error.exit_code, f"{message or ''} {error}".strip()
    document = session.document
    if document is None and outcome.frames:  # its files could not be written; the figures are there all the same
        document = recorder.document(outcome.last_s, complete=False, frames_dropped=source.dropped)
    return Done(document, folder, code, message, outcome.error)


def _picture_sinks(source: "FrameSource", wish: Wish, folder: Path | None, tell: Teller) -> list["Sink"]:
    if not wish.window and not wish.video:
        return []
    from facetrack.overlay import Overlay, Picture, VideoSink, VideoWriter, Window, WindowSink
    from facetrack.session.folder import VIDEO_NAME

    picture = Picture(Overlay(mirrored=wish.mirrored, recording=wish.video), wish.routine)
    sinks: list[Sink] = []
    if wish.window:
        window = WindowSink(picture, Window(), source.close)
        tell.listeners.append(window.notice)
        sinks.append(window)
    if wish.video and folder is not None:
        sinks.append(VideoSink(picture, VideoWriter(folder / VIDEO_NAME, source.info.fps)))
    return sinks


def _judged(outcome: "Outcome", name: str) -> tuple[int, str | None]:
    """Exit code and last line. Outputs that failed were told when they did."""
    if outcome.interrupted:
        return INTERRUPTED, "Interrupted. What was recorded so far is saved."
    if outcome.error is not None:
        code = outcome.error.exit_code if isinstance(outcome.error, FacetrackError) else 1
        return code, str(outcome.error)
    if outcome.failures:
        return 1, None
    if outcome.damage is not None:
        words = f"{name} is {outcome.damage}. What was read was judged, and the session is marked as partial."
        return DamagedInputError.exit_code, words
    return 0, None
