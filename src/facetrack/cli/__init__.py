"""Holds the command line, which parses and prints: one file a command in ``commands``."""

from facetrack.cli.entry import main

__all__ = ["main"]
