"""Nothing leaves the computer: no internet socket over a whole analysis, and all of it works without a network.

The same of the demo: tests/cli/test_demo.py.
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.clips import write_clip
from tests.sealed import INTERNET, SEALS, internet_calls


@dataclass(frozen=True)
class Analysed:
    document: dict[str, Any]
    trace: Path
    out: Path


@pytest.fixture(scope="module")
def analysed(tmp_path_factory: pytest.TempPathFactory) -> Analysed:
    """A recording analysed in a process of its own, without a network and watched for sockets where that is possible here."""
    folder = tmp_path_factory.mktemp("sealed")
    clip = write_clip(folder / "clip.mp4", frames=10, size_wh=(320, 240))
    command = [sys.executable, "-m", "facetrack", "analyze", str(clip), "--json", "--out", str(folder / "out")]
    sealed = [*SEALS.offline, *SEALS.watched(folder / "trace"), *command]
    ran = subprocess.run(sealed, capture_output=True, text=True)
    assert ran.returncode == 1, ran.stderr  # nobody is in it
    return Analysed(json.loads(ran.stdout), folder / "trace", folder / "out")


@pytest.mark.skipif(not SEALS.can_watch, reason="strace is not here, or may not trace")
def test_analyze_opens_no_internet_socket(analysed: Analysed) -> None:
    assert analysed.document["tracking"]["frames"] == 10
    assert internet_calls(analysed.trace) == []


@pytest.mark.skipif(not SEALS.can_watch, reason="strace is not here, or may not trace")
def test_a_socket_would_be_seen(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    opens_one = "import socket; socket.socket(socket.AF_INET, socket.SOCK_STREAM).close()"
    assert subprocess.run([*SEALS.watched(trace), sys.executable, "-c", opens_one]).returncode == 0
    assert internet_calls(trace) != []


def test_the_pattern_finds_internet_sockets() -> None:
    assert INTERNET.search("17 socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC, IPPROTO_IP) = 3")
    assert INTERNET.search("17 socket(AF_INET6, SOCK_DGRAM, 0) = 3")
    assert INTERNET.search("17 connect(3, {sa_family=AF_INET, sin_port=htons(80)}, 16) = 0")
    assert not INTERNET.search("17 socket(AF_UNIX, SOCK_STREAM, 0) = 3")


@pytest.mark.skipif(not SEALS.offline, reason="no network namespace can be made here")
def test_analyze_works_without_a_network(analysed: Analysed) -> None:
    assert analysed.document["complete"] is True


def test_a_session_keeps_no_picture(analysed: Analysed) -> None:
    kept = {path.suffix for path in analysed.out.iterdir()}
    assert kept <= {".json", ".jsonl", ".csv"}
