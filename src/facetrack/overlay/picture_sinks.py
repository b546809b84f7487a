"""Connects the overlay to the pipeline: drawn once a frame, shown in a window, and recorded if the user asked for it."""

from collections.abc import Callable

from facetrack.capture.opencv import Image
from facetrack.overlay.overlay import Overlay
from facetrack.overlay.video_writer import VideoWriter
from facetrack.overlay.window.window import QUIT_KEYS, Window
from facetrack.pipeline.session_clock import SessionClock
from facetrack.pipeline.sinks import FrameResult, RunEnd
from facetrack.routine.compiled import CompiledRoutine

Demonstrations = Callable[[str | None, float], Image | None]
"""Returns the picture of a step's demonstration at a time, or None; ``DemonstrationPlayer.picture`` is one."""


class OverlayRenderer:
    """Draws each frame's result once, however many sinks need it. clock: that of a session in real time."""

    def __init__(
        self,
        overlay: Overlay,
        routine: CompiledRoutine,
        demonstrations: Demonstrations | None = None,
        clock: SessionClock | None = None,
    ) -> None:
        self._clock = clock
        self._overlay = overlay
        self._routine = routine
        self._demonstrations = demonstrations
        self._drawn: FrameResult | None = None
        self._image: Image | None = None

    def render(self, result: FrameResult) -> Image:
        """Return the picture of a frame's result. It is valid until the next result is drawn."""
        if self._image is None or self._drawn is not result:
            shown = None
            if self._demonstrations is not None and result.screen is not None:
                shown = self._demonstrations(result.screen.demonstration, result.frame.t_s)
            self._image = self._overlay.draw(
                result.frame,
                result.observation,
                result.points,
                result.projection,
                result.verdict,
                self._routine,
                result.screen,
                shown,
                0.0 if self._clock is None else self._clock.update(result) - result.frame.t_s,
            )
            self._drawn = result
        return self._image

    def with_notice(self, text: str) -> Image:
        """Return the last picture with words over it."""
        return self._overlay.notice(text)


class WindowSink:
    """Shows the picture in a window.

    press: receives each key. quit_session: called when the user presses q or Esc, or closes the window.
    """

    name = "The window"

    def __init__(
        self,
        picture: OverlayRenderer,
        window: Window,
        quit_session: Callable[[], None],
        press: Callable[[int], None] = lambda _key: None,
    ) -> None:
        self._picture = picture
        self._window = window
        self._quit = quit_session
        self._press = press

    def on_frame(self, result: FrameResult) -> None:
        self._handle_key(self._window.show(self._picture.render(result)))

    def _handle_key(self, key: int | None) -> None:
        if key in QUIT_KEYS:
            self._quit()
        elif key is not None:
            self._press(key)

    def notice(self, text: str) -> None:
        """Show words over the picture at once, because no new picture may come for a while."""
        self._handle_key(self._window.show(self._picture.with_notice(text)))

    def finish(self, end: RunEnd) -> None:
        pass

    def close(self) -> None:
        self._window.close()


class VideoSink:
    """Records the annotated picture."""

    name = "The annotated video"

    def __init__(self, picture: OverlayRenderer, writer: VideoWriter) -> None:
        self._picture = picture
        self._writer = writer

    def on_frame(self, result: FrameResult) -> None:
        self._writer.write(self._picture.render(result), result.frame.t_s)

    def finish(self, end: RunEnd) -> None:
        pass

    def close(self) -> None:
        self._writer.close()
