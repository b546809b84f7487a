"""Where frames come from: cameras and video files. The mannequin follows the same contract in a package of its own."""

from facetrack.capture.blank import BlankSource
from facetrack.capture.camera.devices import CameraDevice, find_camera, list_cameras
from facetrack.capture.camera.source import CameraSource
from facetrack.capture.clock import Clock, SystemClock
from facetrack.capture.empty import EmptySource
from facetrack.capture.flipped import FlippedSource
from facetrack.capture.source import FrameSource, SourceInfo
from facetrack.capture.video import VideoSource, open_video

__all__ = [
    "BlankSource",
    "CameraDevice",
    "CameraSource",
    "Clock",
    "EmptySource",
    "FlippedSource",
    "FrameSource",
    "SourceInfo",
    "SystemClock",
    "VideoSource",
    "find_camera",
    "list_cameras",
    "open_video",
]
