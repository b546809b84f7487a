"""``python tests/cli/blind.py ARGUMENTS...``: the real facetrack but for its tracker, which sees nobody and starts at once.

For what does not hang on MediaPipe. In worker processes, too, which import this file.
"""

from facetrack.app import session_runner
from facetrack.cli import main
from facetrack.tracking.blind import NullTracker

session_runner._tracker = lambda *_: NullTracker()

if __name__ == "__main__":
    main()
