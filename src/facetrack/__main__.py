"""``python -m facetrack`` is ``facetrack``."""

import sys

if __name__ == "__main__" and not sys.flags.safe_path:
    del sys.path[0]  # the current folder, which ``python -m`` puts there: what lies in it is not ours

from facetrack.cli import main

if __name__ == "__main__":
    main()
