"""Receives the result of every frame while a recording is judged, and prints each correction when it is raised:

python examples/own_sink.py clip.mp4 fascia jawline
"""

import sys

import facetrack


class PrintCorrections:
    """A ``facetrack.Sink``: anything with these four members will do."""

    name = "the printed corrections"

    def __init__(self) -> None:
        self._seen: set[int] = set()

    def on_frame(self, result: facetrack.FrameResult) -> None:
        for correction in result.verdict.corrections:
            if correction.index not in self._seen:
                self._seen.add(correction.index)
                print(f"{result.verdict.t_s:6.1f} s  {correction.side}: {correction.message}")

    def finish(self, end: facetrack.RunEnd) -> None:
        print("complete" if end.complete else "incomplete")

    def close(self) -> None:
        pass


def main(clip: str, routine: str = "japanese", step: str | None = None) -> None:
    facetrack.analyze(clip, routine=routine, step=step, sinks=[PrintCorrections()])


if __name__ == "__main__":
    main(*sys.argv[1:])
