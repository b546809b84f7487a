"""stdout and stderr that may be missing, full or gone at any moment, without a session being lost for it.

Whoever reads our output may leave (``| head``), a terminal may be closed, a disk may be full. From then on what is written is
dropped; the command does its work all the same, and its exit code says at the end that results on stdout were lost.
"""

import io
import os
import sys
from typing import TYPE_CHECKING, Any, Final, TextIO

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

STANDARD_DESCRIPTORS: Final = (0, 1, 2)


class TolerantRaw(io.RawIOBase):
    """A raw stream that drops everything from its first failed write on.

    error: why that write failed; None as long as none did.
    """

    def __init__(self, raw: io.RawIOBase) -> None:
        self._raw = raw
        self.error: OSError | None = None

    def write(self, data: "ReadableBuffer", /) -> int | None:
        """Write as the underlying stream does, and never raise OSError."""
        if self.error is None:
            try:
                return self._raw.write(data)
            except OSError as error:
                self.error = error
        return memoryview(data).nbytes

    def writable(self) -> bool:
        """Return True."""
        return True

    def isatty(self) -> bool:
        """Return whether the underlying stream is a terminal."""
        return self._raw.isatty()

    def fileno(self) -> int:
        """Return the underlying stream's descriptor."""
        return self._raw.fileno()


def tolerate_lost_streams() -> None:
    """Replace this process's stdout and stderr by ones whose writes never fail; missing ones lead nowhere."""
    _fill_missing_descriptors()
    sys.stdout = _tolerant(sys.stdout)
    sys.stderr = _tolerant(sys.stderr)


def write_error(stream: TextIO) -> OSError | None:
    """Return why a tolerant stream has lost what was written to it; None if nothing is lost. Flushes it."""
    stream.flush()
    buffer = getattr(stream, "buffer", None)
    raw = getattr(buffer, "raw", buffer)
    return raw.error if isinstance(raw, TolerantRaw) else None


def _fill_missing_descriptors() -> None:
    """Open what was closed (``>&-``): else the next file opened takes the number, and gets what is meant for a terminal."""
    for descriptor in STANDARD_DESCRIPTORS:
        try:
            os.fstat(descriptor)
        except OSError:
            # It takes the lowest free number, which is this one. Processes that are started must have it too.
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)


def _tolerant(stream: TextIO | None) -> TextIO:
    if stream is None:
        return open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123  stays open as long as the process
    if not isinstance(stream, io.TextIOWrapper):  # a notebook's or a test's own
        return stream
    stream.flush()
    raw: Any = getattr(stream.buffer, "raw", stream.buffer)  # with PYTHONUNBUFFERED the buffer is the raw stream itself
    return io.TextIOWrapper(
        io.BufferedWriter(TolerantRaw(raw)),
        encoding=stream.encoding,
        errors="backslashreplace",  # a name that the terminal's encoding lacks must not end the command
        line_buffering=stream.line_buffering or stream.write_through,
    )
