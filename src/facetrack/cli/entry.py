"""Runs a command and turns whatever goes wrong into one line and an exit code. Tracebacks only with ``--debug``."""

import faulthandler
import os
import re
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NoReturn

from facetrack.app.shutdown import INTERRUPTED, StopSignal, exit_on_signals, interrupt_on_signals
from facetrack.cli.console import print_message
from facetrack.errors import FacetrackError
from facetrack.system.cores import limit_blas_threads
from facetrack.system.processes import leave_out_current_folder
from facetrack.system.streams import tolerate_lost_streams, write_error

FAILED: Final = 1
WRONG_USAGE: Final = 2
DEBUG: Final = "--debug"
THEIR_WORDS: Final = {
    r"Invalid value for ('\S+)( / \S+)?: ": r"\1: ",
    r"(?s)(?:Input should be|'[^']*' is not) a valid (?:number|float)\b.*": "a number is needed.",
    r"(?s)(?:Input should be|'[^']*' is not) a valid integer\b.*": "a whole number is needed.",
    r"Input should be greater than or equal to (\S+)|\S+ is not in the range x>=([^\s.]+)\.": r"\1\2 is the least.",
    "Value error, ": "",
}
"""What typer, click and pydantic say of a wrong value, as patterns, and what is said instead."""


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the ``facetrack`` script. Always exits; the codes are those of the public contract.

    Without arguments they are the process's own, and so are its signals.
    """
    if arguments is None:
        tolerate_lost_streams()
        leave_out_current_folder()
        # Where a library crashes, the process does not end without a word; 2 itself is put aside while MediaPipe starts.
        faulthandler.enable(os.dup(2), all_threads=False)
    stop = interrupt_on_signals() if arguments is None else StopSignal()
    limit_blas_threads()
    given = list(sys.argv[1:] if arguments is None else arguments)
    debug = DEBUG in given
    # Taken out here, so that it is accepted before and after the command's name.
    code = _run([argument for argument in given if argument != DEBUG], debug, stop)
    code = _unless_output_lost(code)
    if arguments is None:
        exit_on_signals(code)
        if code == INTERRUPTED:
            # All is saved and closed. Python would end by the signal that it has seen, or wait for a library's threads.
            os._exit(code)
    sys.exit(code)


def _run(arguments: list[str], debug: bool, stop: StopSignal) -> int:
    try:
        from facetrack.cli.app import command

        result = command()(arguments, prog_name="facetrack", standalone_mode=False)
    except KeyboardInterrupt:  # before anything was begun: nothing to be said
        return INTERRUPTED
    except Exception as error:  # the last place where anything can be caught
        if stop():  # a library that was interrupted while it was loaded, or a terminal that is closed: both say so in their way
            return INTERRUPTED
        if debug:
            traceback.print_exc()
        return _report(error)
    return result if isinstance(result, int) else 0


def _report(error: Exception) -> int:
    if isinstance(error, FacetrackError):
        print_message(str(error))
        return error.exit_code
    # typer's own errors have no public home in all of its versions: they are known by their names and methods.
    if type(error).__name__ == "Abort":
        return INTERRUPTED
    if type(error).__name__ == "NoArgsIsHelpError":
        print(error, file=sys.stderr)
        return WRONG_USAGE
    if hasattr(error, "format_message"):
        wrong = _our_words(error.format_message())
        print_message(f"{wrong} (facetrack --help lists commands, facetrack COMMAND --help their options)")
        return WRONG_USAGE
    if isinstance(error, OSError) and error.strerror:
        from facetrack.session.files import belonging

        where = f"{error.filename}: " if error.filename else ""
        whose = belonging(Path(error.filename)) if isinstance(error, PermissionError) and error.filename else ""
        print_message(f"{where}{error.strerror}{whose}. Is the disk full or gone, or the folder not yours?")
        return FAILED
    words = " ".join(str(error).split())
    if isinstance(error, ImportError):  # OpenCV on a Linux without libGL, mostly
        print_message(f"A library can't be loaded ({words}). facetrack doctor says what to install.")
        return FAILED
    print_message(f"Something unexpected went wrong ({type(error).__name__}: {words}). Run it again with --debug to see where.")
    return FAILED


def _our_words(message: str) -> str:
    """Say what typer says of a wrong option as the rest of facetrack would."""
    for theirs, ours in THEIR_WORDS.items():
        message = re.sub(theirs, ours, message)
    return message


def _unless_output_lost(code: int) -> int:
    """Return code, or FAILED where results could not be written. Says so, unless their reader has left (``| head``)."""
    error = write_error(sys.stdout)
    if error is None or code != 0:
        return code
    if not isinstance(error, BrokenPipeError):
        print_message(f"The output could not be written ({error.strerror}). Is the disk full?")
    return FAILED
