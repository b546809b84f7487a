"""Checks what needs neither pictures nor files: libraries, models, display and sound. Imports nothing that may fail to load."""

import importlib
import shutil
import sys
from typing import Final

from facetrack.doctor.check import Check, said
from facetrack.errors import first_line
from facetrack.system.paths import NoHomeError

LIBRARIES: Final = ("numpy", "cv2", "mediapipe")
"""The libraries that must load."""
LINUX_LIBRARIES: Final = (
    "On Debian and Ubuntu: sudo apt install libgl1 libglib2.0-0 libxcb1. On Fedora: sudo dnf install mesa-libGL glib2"
)
"""How to install the system libraries that OpenCV needs."""
XWAYLAND: Final = "Install XWayland (Debian and Ubuntu: sudo apt install xwayland) and log in anew"
"""What brings a window to a desktop that runs Wayland alone."""


def library_check(names: tuple[str, ...] = LIBRARIES) -> Check:
    """Check that the libraries load. OpenCV needs libGL, glib and xcb, which bare Linux systems lack."""
    faults = []
    for name in names:
        try:
            importlib.import_module(name)
        except Exception as error:  # ImportError mostly, OSError for a broken shared library
            faults.append(f"{name} can't be loaded ({first_line(error)})")
    if not faults:
        return Check("libraries", "good", ", ".join(_versions(names)))
    advice = (
        LINUX_LIBRARIES
        if sys.platform.startswith("linux")
        else "Install facetrack again: pip install --force-reinstall facetrack"
    )
    return Check("libraries", "missing", "; ".join(faults), advice)


def _versions(names: tuple[str, ...]) -> list[str]:
    return [f"{name} {getattr(importlib.import_module(name), '__version__', '')}".strip() for name in names]


def models_check() -> Check:
    """Check that the model bundles are there."""
    try:
        from facetrack.tracking.models import model_status

        statuses = model_status()
    except NoHomeError as error:
        return Check("models", "missing", *said(error))
    except Exception as error:
        return Check("models", "unknown", first_line(error), "Install the missing libraries first.")
    wanting = [f"{one.name} ({one.state})" for one in statuses if not one.ready]
    if wanting:
        return Check(
            "models", "missing", ", ".join(wanting), "Run facetrack models fetch (36 MB, once; --from FILE without a network)."
        )
    return Check("models", "good", ", ".join(f"{one.name} in {one.path.parent}" for one in statuses[:1]))


def display_check() -> Check:
    """Check that a window can be shown."""
    try:
        from facetrack.overlay import display_missing

        missing = display_missing()
    except Exception as error:
        return Check("display", "unknown", first_line(error), "Install the missing libraries first.")
    if missing is None:
        return Check("display", "good", "a window can be shown")
    start = XWAYLAND if "XWayland" in missing else "Start facetrack from the desktop"
    return Check("display", "degraded", missing, f"{start}; without a display it speaks and records, but shows nothing.")


def sound_check() -> Check:
    """Check which voice speaks, and whether tones can be played."""
    try:
        from facetrack.cues import find_tone_player, find_voice

        voice, tones = find_voice(), find_tone_player()
    except Exception as error:
        return Check("sound", "unknown", first_line(error), "Install the missing libraries first.")
    played = "tones can be played" if tones is not None else "no tones (no sound device, or no PortAudio)"
    if voice is not None:
        return Check("sound", "good", f"{voice.name} speaks; {played}")
    return Check("sound", "degraded", f"no voice; {played}", _sound_advice(tones is not None))


def _sound_advice(tones: bool) -> str:
    from facetrack.cues.voices import candidates

    if not sys.platform.startswith("linux"):
        return "Add a voice in the system's settings."
    installed = [voice.name for voice in candidates("en") if shutil.which(voice.command[0])]
    if installed:
        return f"No sound device: {installed[0]} is installed but has nothing to play through. Connect a loudspeaker."
    return f"Install a voice: sudo apt install espeak-ng{'' if tones else ' libportaudio2'}"
