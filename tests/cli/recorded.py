"""``python tests/cli/recorded.py ARGUMENTS...``: the real facetrack, for films that were tracked before.

Those it does not track again, as tests/recorded_tracking.py has it. In worker processes, too, which import this file.
"""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2]))  # the project's, where tests are found

from facetrack import tracking
from facetrack.cli import main
from tests.recorded_tracking import RecordedTracker

tracking.Tracker = RecordedTracker  # type: ignore[assignment, misc]

if __name__ == "__main__":
    main()
