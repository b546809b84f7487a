"""Writes the commented file of ``facetrack routines new``."""

import json
import os
import re
from pathlib import Path
from typing import Final

from facetrack.errors import FacetrackError, UsageError
from facetrack.routine.kinds import KINDS
from facetrack.system.files import write_atomically
from facetrack.system.native_paths import readable
from facetrack.system.own_files import check_writable

ROUTINE_MARK: Final = b"\n[[step]]"
"""Stands in every routine file."""

TEMPLATE: Final = """\
# A massage routine for facetrack. Check it with:  facetrack routines validate {file}
# All keys and a picture of the face's map: docs/routines.md

schema_version = 1
id = "{id}"                     # how commands call it: lower-case letters, digits, hyphens
title = "My routine"
# language = "en"
# author = "Your name"
# prepare = ["Cleanse your face.", "Put on oil or cream."]
# advice = ["Breathe calmly."]
# after = ["Wipe off what is left."]
# schedule = {{ start_per_week = 2, say = "More if it feels good." }}

# When not to massage. scope = "session": not at all; scope = "area": leave that area out.
# [[caution]]
# text = "A fever or a rash"
# scope = "session"

# A step needs an id and a path. Paths are written for the user's left side; the right is mirrored.
[[step]]
id = "forehead"
say = "Stroke from the middle of the forehead outwards to the temples."
path = ["forehead-centre", "forehead-side", "temple"]   # points of the face's map, or [x, y] in mm
zone = ["forehead", "temple"]   # left out: a band around the path, width_mm wide (30)
repetitions = 5                 # or: seconds = 30
# point = "One thing to mind."
# hands = "both"                # both | either | alternate | left | right
# contact = "fingertips"        # fingertips | knuckles | palms | tool, or a list: ["fingertips", "tool"]
# fingers = ["middle"]          # whose tips are followed
# pressure = "light"            # advice in words: a camera cannot see it
# pace_mm_s = [10, 80]          # slowest and fastest, mm a second
# tolerance_mm = 8              # how far outside the zone is still right
# judge = {kinds}
# optional = false

# Spirals: a pace in turns a second, loops of radius_mm, drifting along the path.
[[step]]
id = "cheeks"
say = "Draw small circles from the jawline up to the temples."
motion = "spiral"               # stroke | spiral | back-and-forth | hold
path = ["jaw-middle", "cheek-side", "temple"]
zone = ["jawline", "cheek", "cheekbone", "temple"]
turns_s = [0.4, 1.8]
radius_mm = 10
seconds = 20

# Several movements in one step: phases, gone through in order once a repetition.
[[step]]
id = "jaw-and-press"
say = "Stroke along the jawline to the bottom of the ear, and press there gently."
zone = ["chin", "jawline", "ear-base"]
repetitions = 3

[[step.phase]]
path = ["chin-centre", "jaw-front", "jaw-middle", "jaw-corner"]

[[step.phase]]
motion = "hold"
path = ["ear-base"]
hold_s = 2
"""
"""Text of the file."""


def write_new(file: Path, force: bool) -> Path:
    """Write the template. Raises UsageError if the file exists, FacetrackError if it can't be written.

    force: overwrite a routine file that is there; no other.
    """
    path = file.expanduser()
    if path.suffix != ".toml":
        path = path.with_name(f"{path.name}.toml")
    slug = re.sub(r"[^a-z0-9]+", "-", path.stem.lower()).strip("-")[:40].strip("-") or "my-routine"
    if force:
        check_writable(path, lambda ends: ROUTINE_MARK in ends.head)
    elif os.path.lexists(path):
        raise UsageError(f"{path}: is there already; choose another name, or --force to overwrite a routine file")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, TEMPLATE.format(file=readable(str(path)), id=slug, kinds=json.dumps(list(KINDS))).encode())
    except FileExistsError:
        raise FacetrackError(f"{path}: no folder can be made there, because a file has its name; choose another") from None
    except OSError as error:
        raise FacetrackError(f"{path}: cannot be written ({error.strerror}); choose another place") from None
    return path
