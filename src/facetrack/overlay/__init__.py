"""What the user sees: the only place that draws for them. It decides nothing."""

from facetrack.overlay.drawing.theme import THEME, Theme
from facetrack.overlay.overlay import Overlay
from facetrack.overlay.picture_sinks import OverlayRenderer, VideoSink, WindowSink
from facetrack.overlay.video_writer import VideoWriter
from facetrack.overlay.window.window import Window, display_missing

__all__ = [
    "THEME",
    "Overlay",
    "OverlayRenderer",
    "Theme",
    "VideoSink",
    "VideoWriter",
    "Window",
    "WindowSink",
    "display_missing",
]
