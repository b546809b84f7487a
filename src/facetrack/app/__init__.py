"""Puts capture, tracking, judging and outputs together, for the commands and for ``facetrack.api``.

Nothing here prints, parses a command line or knows typer: messages go to a ``Notifier``, and how a session went is its result.
"""
