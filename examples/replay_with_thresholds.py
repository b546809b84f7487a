"""Judges a session again with other limits for the direction of strokes; the recording itself is not needed:

python examples/replay_with_thresholds.py SESSION
"""

import sys

import facetrack


def main(folder_or_id: str) -> None:
    session = facetrack.load_session(folder_or_id)
    print("degrees off the path   corrections of direction")
    for limit_deg in (30.0, 45.0, 60.0, 75.0):
        again = facetrack.replay(session, thresholds=facetrack.Thresholds(off_path_deg=limit_deg))
        count = int((again.corrections["kind"] == "direction").sum())
        print(f"{limit_deg:20.0f}   {count:24d}")


if __name__ == "__main__":
    main(*sys.argv[1:])
