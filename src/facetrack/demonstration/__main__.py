"""``python -m facetrack.demonstration ROUTINE STEP...`` renders the films of these steps into the cache."""

import contextlib
import os
import sys

from facetrack.demonstration.background_renderer import NICE
from facetrack.demonstration.clips import demonstration_clip
from facetrack.errors import FacetrackError
from facetrack.routine import load_routine


def main(arguments: list[str]) -> int:
    """Render the films. Returns 1 if one can't be written; the session then continues without it."""
    if hasattr(os, "nice"):
        os.nice(NICE)
    with contextlib.suppress(FacetrackError, KeyError):
        routine = load_routine(arguments[0])
        for step in arguments[1:]:
            demonstration_clip(routine.step(step))
        return 0
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
