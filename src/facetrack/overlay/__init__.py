"""What the user sees. This is the only package that draws for them, and it decides nothing."""

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
