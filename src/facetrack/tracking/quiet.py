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
from contextlib import contextmanager
from typing import IO, Final

CHATTER: Final = re.compile(
    rb"^INFO: Created TensorFlow Lite XNNPACK delegate|All log messages before absl::InitializeLog|"
    rb"inference_feedback_manager\.cc|Using NORM_RECT without IMAGE_DIMENSIONS|"
    rb"^I\d{4} |gl_context(?:_egl)?\.cc|^INFO: Initialized TensorFlow Lite runtime"
)

_lock = threading.Lock()


@contextmanager
def native_chatter_hidden() -> Iterator[None]:
    """Not reentrant across threads: a second thread that comes in meanwhile runs without."""
    stderr_fd = _real_stderr()
    if stderr_fd is None or not _lock.acquire(blocking=False):
        yield
        return
    try:
        with tempfile.TemporaryFile() as caught:
            sys.stderr.flush()
            saved = os.dup(stderr_fd)
            os.dup2(caught.fileno(), stderr_fd)
            try:
                yield
            finally:
                sys.stderr.flush()
                os.dup2(saved, stderr_fd)
                os.close(saved)
                _pass_on(caught, stderr_fd)
    finally:
        _lock.release()


def _real_stderr() -> int | None:
    """Descriptor 2, if there is one: a windowed program may have none."""
    try:
        os.fstat(2)
    except OSError:
        return None
    return 2 if sys.stderr is not None else None


def _pass_on(caught: IO[bytes], descriptor: int) -> None:
    caught.seek(0)
    for line in caught:
        if not CHATTER.search(line):
            os.write(descriptor, line)
