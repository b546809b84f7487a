"""Starts other processes in a way that none of them takes code from the current folder, which may hold anybody's files."""

import os
import signal
import site
import sys
from pathlib import Path
from typing import Final

CURRENT_FOLDER: Final = ("", ".")
"""Both ways in which a list of folders may name the current one."""


def python_module(module: str, *arguments: str) -> list[str]:
    """Return the command that runs a module with this Python."""
    return [sys.executable, "-P", "-m", module, *arguments]


def leave_out_current_folder() -> None:
    """Keep this process and all that it starts from importing what lies in the current folder. For the command line only.

    ``python -m`` puts that folder first on sys.path, an empty entry in a list of folders somewhere. Python's installation and
    facetrack's own folder stay, wherever the user is.
    """
    os.environ["PYTHONSAFEPATH"] = "1"
    os.environ["NODEFAULTCURRENTDIRECTORYINEXEPATH"] = "1"  # Windows', whose names know no case
    for variable in ("PYTHONPATH", "PATH", "LD_LIBRARY_PATH"):
        if variable in os.environ:
            given = os.environ[variable].split(os.pathsep)
            os.environ[variable] = os.pathsep.join(folder for folder in given if folder not in CURRENT_FOLDER)
    try:
        here = {*CURRENT_FOLDER, os.getcwd()}  # noqa: PTH109
    except OSError:  # it was deleted
        here = set(CURRENT_FOLDER)
    needed = {str(Path(__file__).parents[2]), str(Path(os.__file__).parent), *site.getsitepackages()}
    sys.path[:] = [folder for folder in sys.path if folder not in here - needed]


def how_it_ended(exit_code: int | None) -> str:
    """Say in words how a process of ours ended that should not have: by which signal, or with which status."""
    if exit_code is None or exit_code >= 0:
        return f"its process ended with status {exit_code}"
    try:
        name = signal.Signals(-exit_code).name
    except ValueError:
        name = f"signal {-exit_code}"
    if name == "SIGKILL":
        return "its process was killed, as the system does when memory is short: try fewer --workers"
    return f"a library crashed in its process ({name}): the file may be damaged"
