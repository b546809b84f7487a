"""Checks what needs pictures: camera, light and speed."""

import time
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Final

from facetrack.doctor.check import Check
from facetrack.errors import FacetrackError

if TYPE_CHECKING:
    from facetrack.capture import CameraSource
    from facetrack.packets import Frame, Observation

WATCHED_S: Final = 2.0
"""How long the camera is watched."""
ENOUGH_FPS: Final = 20.0
"""At fewer frames a second strokes and returns are hard to distinguish."""
LEAST_SHORT_SIDE: Final = 480
"""Shortest permitted side of the picture in pixels."""
SPEED_FRAMES: Final = 24
"""How many frames the speed is measured on."""
SPEED_FPS: Final = 8.0
"""Frames per second of the mannequin that the speed is measured on."""
WARM_UP: Final = 12
"""Frames before the hands are at the face and the tracker runs evenly."""
BUSY_SHARE: Final = 0.75
"""Share of a frame's time at 30 frames a second that tracking may take. More leaves no room for drawing and other programs."""
FPS: Final = 30.0
"""Frame rate of a live session."""


def camera_checks(wanted: str | None, *, models: bool = True) -> list[Check]:
    """Check the camera, and then the light in its picture: on the face, if the models are there to find one."""
    try:
        from facetrack.capture import CameraSource, find_camera

        source = CameraSource(find_camera(wanted))
    except FacetrackError as error:
        advice = "Plug one in and allow this program to use it; facetrack run --video FILE works without a camera."
        return [Check("camera", "missing", str(error).split(". ")[0], advice), Check("light", "unknown", "there is no picture")]
    except Exception as error:
        return [
            Check("camera", "unknown", f"{error}", "Install the missing libraries first."),
            Check("light", "unknown", "no picture"),
        ]
    frames = _watched(source)
    return [_camera_check(source, frames), _light_check(frames, models)]


def _watched(source: "CameraSource") -> "list[Frame]":
    kept = []
    for frame in source.frames():
        kept.append(frame)
        if frame.t_s >= WATCHED_S:
            source.close()
    return kept


def _camera_check(source: "CameraSource", frames: "list[Frame]") -> Check:
    width, height = source.info.size_wh
    steps = [b.t_s - a.t_s for a, b in pairwise(frames)]
    fps = 1.0 / median(steps) if steps else 0.0
    found = f"{source.info.name}, {width}x{height}, {fps:.0f} frames a second"
    if source.corruption is not None:
        return Check("camera", "missing", f"{found}; {source.corruption}", "Plug it in again, or try another cable or port.")
    if frames and frames[-1].source_error is not None:
        return Check("camera", "degraded", f"{found}; {frames[-1].source_error}", "Until then nobody can be seen.")
    if fps < ENOUGH_FPS:
        return Check(
            "camera", "degraded", found, "More light lets a camera take more frames; or close other programs that use it."
        )
    if min(width, height) < LEAST_SHORT_SIDE:
        return Check("camera", "degraded", found, "Use a camera of 640x480 or more: fingertips are small.")
    return Check("camera", "good", found)


def _light_check(frames: "list[Frame]", models: bool) -> Check:
    """Check the light on the face if the models find one, else that of the whole picture."""
    from facetrack.flow.pages.light import light_fault, measure_light
    from facetrack.flow.texts import TEXTS

    frame = frames[-1]
    height, width = frame.image_bgr.shape[:2]
    box = _face_box(frames) if models else None
    light = measure_light(frame.image_bgr, box or (0.0, 0.0, float(width), float(height)))
    if light is None:
        return Check("light", "unknown", "the face is at the picture's edge")
    where = "on your face" if box is not None else "in the picture (no face was seen)"
    found = f"{light.face:.0f} of 255 {where}"
    fault = light_fault(light)
    if fault is not None:
        return Check("light", "degraded", found, f"{TEXTS[fault]}.")
    return Check("light", "good", found)


def _face_box(frames: "list[Frame]") -> tuple[float, float, float, float] | None:
    from facetrack.tracking import Tracker

    try:
        with Tracker() as tracker:
            seen: list[Observation] = [tracker.update(frame) for frame in frames[-5:]]
    except FacetrackError:
        return None
    if not seen or not seen[-1].face_seen:
        return None
    px = seen[-1].face_px
    return float(px[:, 0].min()), float(px[:, 1].min()), float(px[:, 0].max()), float(px[:, 1].max())


def speed_check() -> Check:
    """Measure how long this computer takes to find face and hands in a rendered picture."""
    try:
        taken_s = _tracking_times()
    except FacetrackError as error:
        return Check("speed", "unknown", str(error), "Run facetrack models fetch first.")
    except Exception as error:
        return Check("speed", "unknown", f"{error}", "Install the missing libraries first.")
    frame_s = median(taken_s[WARM_UP:])
    found = f"{1000 * frame_s:.0f} ms to find face and hands: up to {1 / frame_s:.0f} frames a second"
    if 1.0 / frame_s < ENOUGH_FPS:
        return Check("speed", "missing", found, "Too slow to coach live; facetrack analyze judges recordings at any speed.")
    if frame_s > BUSY_SHARE / FPS:
        return Check("speed", "degraded", found, "Close other programs; on a laptop, plug in the power.")
    return Check("speed", "good", found)


def _tracking_times() -> list[float]:
    from facetrack.mannequin import MannequinSource, Style, perform
    from facetrack.routine import load_routine
    from facetrack.tracking import Tracker

    # Hands on the face from the first frame on: what a session looks like.
    performance = perform(load_routine("fascia").step("forehead"), (), Style(), neutral_s=0.2, repetitions=1)
    taken_s: list[float] = []
    with Tracker() as tracker:
        for frame in MannequinSource(performance, fps=SPEED_FPS).frames():
            began_s = time.perf_counter()
            tracker.update(frame)
            taken_s.append(time.perf_counter() - began_s)
            if len(taken_s) >= SPEED_FRAMES:
                break
    return taken_s
