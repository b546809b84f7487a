"""A process that judges many recordings does not keep the memory of those that are done."""

import os
import sys
from pathlib import Path

import numpy as np
import pytest

from facetrack.app.batch import analyze
from facetrack.app.batch.job import AnalysisJob
from facetrack.app.shutdown import StopSignal
from facetrack.system.memory import give_back_memory

BLOCK_BYTES = 100_000
"""Less than glibc takes from the system and gives back by itself."""
BLOCKS = 1000


def _resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _is_glibc() -> bool:
    try:
        return sys.platform == "linux" and "glibc" in (os.confstr("CS_GNU_LIBC_VERSION") or "")
    except (AttributeError, ValueError, OSError):
        return False


@pytest.mark.skipif(not _is_glibc(), reason="only glibc keeps what is freed")
def test_what_is_free_between_what_is_used_goes_back_to_the_system() -> None:
    blocks = [np.ones(BLOCK_BYTES, np.uint8) for _ in range(BLOCKS)]
    kept = blocks[::50]
    before = _resident_bytes()
    del blocks
    give_back_memory()
    assert before - _resident_bytes() > 0.7 * BLOCK_BYTES * BLOCKS
    assert len(kept) == BLOCKS // 50


def test_it_is_given_back_after_each_recording(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[None] = []
    monkeypatch.setattr(analyze, "give_back_memory", lambda: given.append(None))
    job = AnalysisJob(tmp_path / "nowhere.mp4", "fascia")
    for _ in range(2):
        analyze.analyse(job, StopSignal(), lambda _: None, lambda *_: None)
    assert len(given) == 2
