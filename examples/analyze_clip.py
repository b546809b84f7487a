"""Judges a recording and prints what was found:

python examples/analyze_clip.py clip.mp4 fascia jawline
"""

import sys

import facetrack


def main(clip: str, routine: str = "japanese", step: str | None = None) -> None:
    session = facetrack.analyze(clip, routine=routine, step=step)
    steps, corrections = session.steps, session.corrections
    for name, status, score, withheld in zip(*(steps[key] for key in ("step", "status", "score", "withheld")), strict=True):
        print(f"{name}: {status}, score {score:.0f}, {withheld:.0%} of the time could not be judged")
    for start_s, side, message in zip(*(corrections[key] for key in ("t_start_s", "side", "message")), strict=True):
        print(f"{start_s:6.1f} s  {side:5}  {message}")


if __name__ == "__main__":
    main(*sys.argv[1:])
