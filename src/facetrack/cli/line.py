"""Puts the parts of the line together for a command, runs them, and says how it went."""

import contextlib
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
    from facetrack.cli.live import Sound
    from facetrack.coach import CoachOptions
    from facetrack.flow import FlowOptions, SessionFlow
    from facetrack.overlay import Window
    from facetrack.pipeline.pipeline import Coaching, Outcome, Tracking
    from facetrack.pipeline.sinks import Sink
    from facetrack.routine.compiled import CompiledRoutine
    from facetrack.session import SessionIdentity


@dataclass(frozen=True, slots=True)
class Wish:
    """What a command asks for.

    folder: the session's own. history: it enters the user's history, in a folder there unless it has its own. Without a
        folder and history nothing is kept.
    window, video, mirrored: where the overlay goes (the video into the folder), and whether as in a mirror.
    live: paced by the world, and over when the coach is. replace: of an earlier session in the folder.
    flow: pages, pauses and keys around the coach. voice: with sound. guide: nothing is judged. remember:
        what was shown once need not be shown again.
    routine_name: how the routine was asked for, so that another process can read it; "" where there is no such name.
    two_threads: for face and hands; None: if there are cores for them.
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
    flow: "FlowOptions | None" = None
    voice: bool = False
    guide: bool = False
    remember: bool = False
    routine_name: str = ""
    two_threads: bool | None = None


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
    from facetrack.cli.live import flow_of, remember_flow, sound_of
    from facetrack.coach import CoachOptions
    from facetrack.geometry import FaceMapper
    from facetrack.pipeline.pipeline import Pipeline
    from facetrack.session import SessionRecorder, SessionSink, sessions_dir
    from facetrack.session.history.history import finish_cut_off, remember, remember_later

    tell = tell or Teller()
    stop.on_signal = source.close
    if wish.history:
        finish_cut_off(tell)
    flow = flow_of(wish)
    with contextlib.ExitStack() as stack:
        window = _window(wish, stack)
        tracker = stack.enter_context(_tracker(wish))
        sound = sound_of(wish)
        options = CoachOptions(step_id=wish.step, again=wish.again, voice=sound.speaks)
        if sound.speaker is not None:
            stack.callback(sound.speaker.close)
        identity = _identity(wish, source, tracker.model_hashes, options)
        if stop():  # a worker's, which no signal has reached
            raise KeyboardInterrupt
        stop.graceful = True
        folder = wish.folder or (sessions_dir() / identity.id if wish.history else None)
        recorder = SessionRecorder(identity, folder, replace=wish.replace)
        session = SessionSink(recorder)
        started(identity.id, folder)
        somebody = wish.window or (wish.flow is not None and wish.flow.waits)
        if sound.missing and somebody:
            say(sound.missing)
        shown = _picture_sinks(source, wish, folder, tell, flow, stack, window)
        heard = _cue_sinks(wish, sound)
        pipeline = Pipeline(
            source,
            tracker,
            FaceMapper(),
            _coach(wish, options),
            [*shown, *heard, session, *sinks],  # what is seen and heard must not wait for the disk
            stop=stop,
            tell=tell,
            live=wish.live,
            flow=flow,
        )
        outcome = pipeline.run()
    if flow is not None and wish.remember:
        remember_flow(flow, wish.routine.id)
    code, message = _judged(outcome, kept=folder is not None)
    if wish.history and folder is not None and session.document is not None:
        try:
            remember(folder)
        except FacetrackError as error:
            remember_later(folder)
            words = f"{error} The session is kept in {folder}, and enters the history with the next command that can open it."
            code, message = code or error.exit_code, f"{message or ''} {words}".strip()
    document = session.document
    if document is None and outcome.frames:  # its files could not be written; the figures are there all the same
        document = recorder.document(outcome.last_s, complete=False, frames_dropped=source.frames_dropped)
    stop.graceful = False
    return Done(document, folder, code, message, outcome.error)


def _identity(wish: Wish, source: "FrameSource", models: dict[str, str], options: "CoachOptions") -> "SessionIdentity":
    from facetrack.session import SessionIdentity, new_session_id

    now = datetime.now(UTC)
    return SessionIdentity(
        id=new_session_id(now),
        routine=wish.routine,
        models=models,
        settings=options.as_settings() | ({"guide_only": True} if wish.guide else {}),
        labels=wish.labels,
        source_kind=source.info.kind,
        source_name=source.info.name,
        started_at=now,
        options=options,
    )


def _tracker(wish: Wish) -> "Tracking":
    """MediaPipe; for a guided session that has no camera, or no models, one that sees nothing."""
    from facetrack.cli.live import BlindTracker
    from facetrack.tracking import Tracker

    if not wish.guide:
        return Tracker(two_threads=wish.two_threads)
    if wish.flow is None or not wish.flow.camera:
        return BlindTracker()
    try:
        return Tracker()
    except FacetrackError as error:
        say(f"{error} Until then the guide goes without your face.")
        return BlindTracker()


def _coach(wish: Wish, options: "CoachOptions") -> "Coaching":
    from facetrack.coach import GuideCoach, LiveCoach

    return (GuideCoach if wish.guide else LiveCoach)(wish.routine, options)


def _cue_sinks(wish: Wish, sound: "Sound") -> list["Sink"]:
    """The voice; on the terminal where somebody is there and could neither see nor hear what is wanted."""
    from facetrack.cli.live import WordsSink

    sinks: list[Sink] = []
    if sound.speaker is not None:
        from facetrack.cues import CueSink
        from facetrack.pipeline.session_clock import SessionClock

        sinks.append(CueSink(sound.speaker, SessionClock() if wish.live else None))
    if wish.flow is not None and wish.flow.waits and not wish.window and not sound.speaks:
        sinks.append(WordsSink())
    return sinks


def _window(wish: Wish, stack: contextlib.ExitStack) -> "Window | None":
    """Before all that takes its time to be loaded: the window's own process loads meanwhile."""
    if not wish.window:
        return None
    from facetrack.overlay import Window

    window = Window()
    stack.callback(window.close)
    return window


def _picture_sinks(
    source: "FrameSource",
    wish: Wish,
    folder: Path | None,
    tell: Teller,
    flow: "SessionFlow | None",
    stack: contextlib.ExitStack,
    window: "Window | None",
) -> list["Sink"]:
    """stack: closes what runs beside the line."""
    if window is None and not wish.video:
        return []
    from facetrack.cli.live import demonstrations_of
    from facetrack.overlay import Overlay, Picture, VideoSink, VideoWriter, WindowSink
    from facetrack.pipeline.session_clock import SessionClock
    from facetrack.session.folder import VIDEO_NAME

    player, making = demonstrations_of(wish)
    if making is not None:
        stack.callback(making.close)
    overlay = Overlay(mirrored=wish.mirrored, recording=wish.video)
    clock = SessionClock() if wish.live else None
    picture = Picture(overlay, wish.routine, player.picture if player is not None else None, clock)
    sinks: list[Sink] = []
    if window is not None:
        press = flow.key if flow is not None else lambda _key: None
        shown = WindowSink(picture, window, source.close, press)
        tell.listeners.append(shown.notice)
        sinks.append(shown)
    if wish.video and folder is not None:
        sinks.append(VideoSink(picture, VideoWriter(folder / VIDEO_NAME, source.info.fps)))
    return sinks


def _judged(outcome: "Outcome", kept: bool) -> tuple[int, str | None]:
    """Exit code and last line. kept: the session has a folder. Outputs that failed were told when they did."""
    if outcome.interrupted:
        return INTERRUPTED, _interrupted(outcome, kept)
    if outcome.error is not None:
        code = outcome.error.exit_code if isinstance(outcome.error, FacetrackError) else 1
        return code, str(outcome.error)
    if outcome.failures:
        return 1, None
    if outcome.damage is not None:
        words = f"{outcome.damage}. What was read was judged, and the session is marked as partial."
        return DamagedInputError.exit_code, words
    return 0, None


def _interrupted(outcome: "Outcome", kept: bool) -> str:
    if not kept:
        return "Interrupted. Nothing of it was kept, as asked."
    return "Interrupted." if outcome.failures else "Interrupted. What was recorded so far is saved."
