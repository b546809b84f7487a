"""Renders missing films in a process of its own at the lowest priority, so that no frame of the session waits for it."""

import os
import subprocess
from collections.abc import Sequence
from typing import Final

from facetrack.system.processes import python_module

LOW_PRIORITY: Final = getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0) | getattr(subprocess, "CREATE_NO_WINDOW", 0)
"""Windows' flags for a process of low priority without a console."""
NICE: Final = 15
"""Niceness of the process on Linux and macOS."""
SHUTDOWN_TIMEOUT_S: Final = 0.8
"""How long closing waits for the process."""


class BackgroundRenderer:
    """Starts a process that renders films.

    routine: its id or file. steps: the steps whose films to render, the most urgent first.
    """

    def __init__(self, routine: str, steps: Sequence[str]) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        if not steps:
            return
        command = python_module("facetrack.demonstration", routine, *steps)
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                creationflags=LOW_PRIORITY,
                start_new_session=os.name == "posix",  # a Ctrl-C is the session's, which then ends this one
            )
        except OSError:  # the session goes without
            self._process = None

    def close(self) -> None:
        """Stop rendering. A film that is half finished is rendered again next time."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(SHUTDOWN_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None
