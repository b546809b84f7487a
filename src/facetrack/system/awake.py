"""Keeps computer and screen awake during a session, because hands full of cream touch no key."""

import contextlib
from collections.abc import Iterator


@contextlib.contextmanager
def kept_awake(wanted: bool = True) -> Iterator[bool]:
    """Keep computer and screen awake within the block. Yields whether the system agreed; if not, the session runs anyway."""
    if not wanted:
        yield False
        return
    from wakepy import keep

    with keep.presenting(on_fail="pass") as mode:
        yield bool(mode.active)
