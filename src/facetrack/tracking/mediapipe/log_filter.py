"""Keep MediaPipe's start-up chatter off the user's terminal, and nothing else.

Its C++ logs go straight to file descriptor 2 and obey no environment variable in 0.10.31. While a graph is made and sees
its first picture (that is when it talks) the descriptor points at a temporary file; afterwards every line that is not
known chatter is passed on.
"""

import os
import re
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO, Final

CHATTER: Final = re.compile(
    rb"^INFO: Created TensorFlow Lite XNNPACK delegate|All log messages before absl::InitializeLog|"
    rb"inference_feedback_manager\.cc|Using NORM_RECT without IMAGE_DIMENSIONS|"
    rb"^I\d{4} |gl_context(?:_egl)?\.cc|^INFO: Initialized TensorFlow Lite runtime"
)


class _Hiding:
    """Holds descriptor 2, put aside, from the first thread that comes in until the last one leaves."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self._descriptor = 2
        self._saved = -1
        self._caught: IO[bytes] | None = None

    def enter(self, descriptor: int) -> None:
        with self._lock:
            if self._inside == 0:
                self._caught, self._descriptor = _memory_file(), descriptor
                sys.stderr.flush()
                self._saved = os.dup(descriptor)
                os.dup2(self._caught.fileno(), descriptor)
            self._inside += 1

    def leave(self, interrupted: bool) -> None:
        """Put the descriptor back. interrupted: MediaPipe's threads are still talking while the process ends, and nothing more
        is to be said."""
        with self._lock:
            self._inside -= 1
            if interrupted:
                os.close(self._saved)
                self._saved = os.open(os.devnull, os.O_WRONLY)
            if self._inside or self._caught is None:
                return
            sys.stderr.flush()
            os.dup2(self._saved, self._descriptor)
            os.close(self._saved)
            with self._caught as caught:
                _pass_on(caught, self._descriptor)
            self._caught = None


def _memory_file() -> IO[bytes]:
    """Open a file without a name: in memory where the system can, since the disk may be full."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("facetrack"), "w+b")
    return tempfile.TemporaryFile()


_hiding = _Hiding()


@contextmanager
def native_logs_filtered() -> Iterator[None]:
    """Hide MediaPipe's own log lines. Several threads may be inside at once."""
    stderr_fd = _real_stderr()
    if stderr_fd is None:
        yield
        return
    _hiding.enter(stderr_fd)
    interrupted = False
    try:
        yield
    except KeyboardInterrupt:
        interrupted = True
        raise
    finally:
        _hiding.leave(interrupted)


def _real_stderr() -> int | None:
    """Return descriptor 2, if there is one: a windowed program may have none."""
    try:
        os.fstat(2)
    except OSError:
        return None
    return 2 if sys.stderr is not None else None


def _pass_on(caught: IO[bytes], descriptor: int) -> None:
    caught.seek(0)
    with suppress(OSError):  # whoever read it has gone
        for line in caught:
            if not CHATTER.search(line):
                os.write(descriptor, line)
