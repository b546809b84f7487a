"""Takes an advisory lock on an open file, gone with the process that holds it: a session without one was cut off."""

import sys
from typing import BinaryIO

if sys.platform == "win32":
    import msvcrt

    _FAR = 1 << 40  # beyond any journal: Windows locks bytes, and these are nobody's

    def try_lock(file: BinaryIO) -> bool:
        """Take the lock if it is free; False if another process has it."""
        here = file.tell()
        try:
            file.seek(_FAR)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            file.seek(here)
        return True

else:
    import fcntl

    def try_lock(file: BinaryIO) -> bool:
        """Take the lock if it is free; False if another process (or another open file of this one) has it."""
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return True  # a file system without locks: better to record than to refuse
        return True
