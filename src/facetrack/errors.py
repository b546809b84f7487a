"""Errors that a user can do something about. The command line prints them as one line and exits with their code."""

from typing import ClassVar


class FacetrackError(Exception):
    """Says in one line what happened, where, and what to do next.

    Examples
    --------
    >>> import facetrack
    >>> try:
    ...     facetrack.load_routine("japanise")
    ... except facetrack.FacetrackError as error:
    ...     "japanese" in str(error)
    True
    """

    exit_code: ClassVar[int] = 1


def first_line(error: BaseException) -> str:
    """Return the first line of what a library says, without its full stop; its kind if it says nothing."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")


class UsageError(FacetrackError):
    """The command was called wrongly (a routine or step that does not exist, options that contradict each other)."""

    exit_code: ClassVar[int] = 2


class DamagedInputError(FacetrackError):
    """The input is truncated or damaged; what could be read, if anything, was judged and is marked partial."""

    exit_code: ClassVar[int] = 3
