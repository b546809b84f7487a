"""Nothing leaves the computer: no internet socket over a whole analysis, and all of it works without a network.

The same of the demo: tests/cli/test_demo.py.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.clips import write_clip
from tests.sealed import INTERNET, SEALS, internet_calls


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return write_clip(tmp_path / "clip.mp4", frames=10, size_wh=(320, 240))


def _analyze(clip: Path) -> list[str]:
    return [sys.executable, "-m", "facetrack", "analyze", str(clip), "--json", "--out", str(clip.parent / "out")]


@pytest.mark.skipif(not SEALS.can_watch, reason="strace is not here, or may not trace")
def test_analyze_opens_no_internet_socket(clip: Path, tmp_path: Path, no_terminal: dict[str, str]) -> None:
    trace = tmp_path / "trace"
    ran = subprocess.run([*SEALS.watched(trace), *_analyze(clip)], capture_output=True, text=True, env=no_terminal)
    assert ran.returncode == 1, ran.stderr  # nobody is in it
    assert json.loads(ran.stdout)["tracking"]["frames"] == 10
    assert internet_calls(trace) == []


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
def test_analyze_works_without_a_network(clip: Path, no_terminal: dict[str, str]) -> None:
    ran = subprocess.run([*SEALS.offline, *_analyze(clip)], capture_output=True, text=True, env=no_terminal)
    assert ran.returncode == 1, ran.stderr  # nobody is in it
    assert json.loads(ran.stdout)["complete"] is True


def test_a_session_keeps_no_picture(clip: Path, no_terminal: dict[str, str]) -> None:
    assert subprocess.run(_analyze(clip), capture_output=True, env=no_terminal).returncode == 1  # nobody is in it
    kept = {path.suffix for path in (clip.parent / "out").iterdir()}
    assert kept <= {".json", ".jsonl", ".csv"}
