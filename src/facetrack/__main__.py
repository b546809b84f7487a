"""``python -m facetrack`` is ``facetrack``."""

from facetrack.cli import main

if __name__ == "__main__":
    main()
