"""Keeps computer and screen awake during a session: hands full of cream touch no key."""

import contextlib
from collections.abc import Iterator


@contextlib.contextmanager
def kept_awake(wanted: bool = True) -> Iterator[bool]:
    """Within the block neither sleeps. Gives whether the system agreed; where it does not, the session goes on all the same."""
    if not wanted:
        yield False
        return
    from wakepy import keep

    with keep.presenting(on_fail="pass") as mode:
        yield bool(mode.active)
