"""Builds a session's outputs: window, video, voice, and lines in their place."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from facetrack.app.interaction import build_demonstrations
from facetrack.app.notify import Notifier
from facetrack.app.session_config import SessionConfig
from facetrack.flow import SessionFlow
from facetrack.pipeline.session_clock import SessionClock
from facetrack.pipeline.sinks import FrameResult, RunEnd, Sink
from facetrack.session.folder import VIDEO_NAME

if TYPE_CHECKING:
    from facetrack.capture import FrameSource
    from facetrack.cues import SpeakingProcess
    from facetrack.overlay import OverlayRenderer, Window


@dataclass(frozen=True, slots=True)
class Sound:
    """Holds the sound that a session has."""

    speaker: "SpeakingProcess | None" = None  # None where there is no sound, or none is wanted
    speaks: bool = False  # whether it has a voice
    missing: str | None = None  # one line about what is missing; None: nothing, or nothing is wanted


def open_sound(config: SessionConfig, resources: contextlib.ExitStack) -> Sound:
    """Start the sound that the session wants, as far as this computer has any."""
    if not config.presentation.voice:
        return Sound()
    from facetrack.cues import SpeakingProcess

    speaker = SpeakingProcess(config.judging.routine.language)
    if not speaker.found.anything:
        return Sound(missing="No sound: this computer has no voice and no way to play tones (facetrack doctor says more).")
    resources.callback(speaker.close)
    speaks = speaker.found.voice is not None
    return Sound(speaker, speaks, None if speaks else "No voice: tones stand for it (facetrack doctor says what to install).")


def open_window(config: SessionConfig, resources: contextlib.ExitStack) -> "Window | None":
    """Open the window. Do it before anything slow is loaded: the window's own process loads meanwhile."""
    if not config.presentation.window:
        return None
    from facetrack.overlay import Window

    window = Window()
    resources.callback(window.close)
    return window


def build_outputs(
    config: SessionConfig,
    source: "FrameSource",
    folder: Path | None,
    sound: Sound,
    flow: SessionFlow | None,
    window: "Window | None",
    notify: Notifier,
    resources: contextlib.ExitStack,
) -> list[Sink]:
    """Make everything that shows or speaks the session, and the video. folder: the session's, for the video."""
    flow_options = config.presentation.flow
    interactive = flow_options is not None and flow_options.interactive
    if sound.missing and (window is not None or interactive):
        notify(sound.missing)
    sinks: list[Sink] = []
    if window is not None or config.storage.video:
        picture = _picture(config, source.info.kind == "mannequin", resources)
        if window is not None:
            sinks.append(_window_sink(picture, window, source, flow, notify))
        if config.storage.video and folder is not None:
            sinks.append(_video_sink(picture, folder, source, config.presentation.mirrored))
    if sound.speaker is not None:
        from facetrack.cues import CueSink

        sinks.append(CueSink(sound.speaker, SessionClock() if config.live else None))
    if interactive and window is None and not sound.speaks:
        sinks.append(TerminalCueSink(notify.cue))
    return sinks


def _picture(config: SessionConfig, demo: bool, resources: contextlib.ExitStack) -> "OverlayRenderer":
    from facetrack.overlay import Overlay, OverlayRenderer

    player, rendering = build_demonstrations(config)
    if rendering is not None:
        resources.callback(rendering.close)
    overlay = Overlay(mirrored=config.presentation.mirrored, recording=config.storage.video, demo=demo)
    clock = SessionClock() if config.live else None
    return OverlayRenderer(overlay, config.judging.routine, player.picture if player is not None else None, clock)


def _window_sink(
    picture: "OverlayRenderer", window: "Window", source: "FrameSource", flow: SessionFlow | None, notify: Notifier
) -> Sink:
    from facetrack.overlay import WindowSink

    shown = WindowSink(picture, window, source.close, flow.key if flow is not None else lambda _key: None)
    notify.listeners.append(shown.notice)
    return shown


def _video_sink(picture: "OverlayRenderer", folder: Path, source: "FrameSource", mirrored: bool) -> Sink:
    from facetrack.overlay import VideoSink, VideoWriter

    return VideoSink(picture, VideoWriter(folder / VIDEO_NAME, source.info.fps, mirrored=mirrored))


class TerminalCueSink:
    """Shows what would be spoken as lines: for a live session that has neither window nor voice."""

    name = "The terminal"

    def __init__(self, show: Callable[[str], None]) -> None:
        self._show = show

    def on_frame(self, result: FrameResult) -> None:
        if result.screen is not None and not result.screen.muted:
            for one in result.screen.utterances:
                if one.words and one.words != result.frame.source_error:  # the source itself has reported that
                    self._show(one.words)

    def finish(self, end: RunEnd) -> None:
        pass

    def close(self) -> None:
        pass
