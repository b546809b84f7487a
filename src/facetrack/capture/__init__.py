"""Where frames come from: cameras and video files. The mannequin, which keeps the same contract, has a package of its own."""

from facetrack.capture.blank import BlankSource
from facetrack.capture.camera.devices import CameraDevice, find_camera, list_cameras
from facetrack.capture.camera.source import CameraSource
from facetrack.capture.clock import Clock, SystemClock
from facetrack.capture.source import FrameSource, SourceInfo
from facetrack.capture.unmirrored import UnmirroredSource
from facetrack.capture.unreadable import UnreadableSource
from facetrack.capture.video import VideoSource

__all__ = [
    "BlankSource",
    "CameraDevice",
    "CameraSource",
    "Clock",
    "FrameSource",
    "SourceInfo",
    "SystemClock",
    "UnmirroredSource",
    "UnreadableSource",
    "VideoSource",
    "find_camera",
    "list_cameras",
]
