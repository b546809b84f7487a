"""The command line: one file a command, each with its heavy imports inside, so that ``facetrack --help`` answers at once."""

from facetrack.cli.entry import main

__all__ = ["main"]
