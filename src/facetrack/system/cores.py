"""How many cores there are to work with, and who may use them."""

import os


def usable_cores() -> int:
    """Cores that this process may use, which may be fewer than there are."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def limit_blas_threads() -> None:
    """Before numpy is loaded: its matrices here are small, and threads for them would only spin on cores that find hands.

    Worker processes inherit it. On two cores it makes two workers 1.4 times as fast.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
