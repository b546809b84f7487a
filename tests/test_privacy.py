"""Nothing leaves the computer: no internet socket over a whole analysis, and all of it works without a network."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.clips import write_clip

INTERNET = re.compile(r"\bsocket\(AF_INET6?\b|\bconnect\(\d+, \{sa_family=AF_INET")


def _works(*command: str) -> bool:
    return shutil.which(command[0]) is not None and subprocess.run(command, capture_output=True).returncode == 0


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return write_clip(tmp_path / "clip.mp4", frames=10, size_wh=(320, 240))


def _analyze(clip: Path) -> list[str]:
    return [sys.executable, "-m", "facetrack", "analyze", str(clip), "--json", "--out", str(clip.parent / "out")]


@pytest.mark.skipif(not _works("strace", "-f", "-o", "/dev/null", "true"), reason="strace is not here, or may not trace")
def test_analyze_opens_no_internet_socket(clip: Path, tmp_path: Path, no_terminal: dict[str, str]) -> None:
    trace = tmp_path / "trace"
    command = ["strace", "-f", "-e", "trace=socket,connect", "-o", str(trace), *_analyze(clip)]
    ran = subprocess.run(command, capture_output=True, text=True, env=no_terminal)
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["tracking"]["frames"] == 10
    calls = trace.read_text(encoding="utf-8", errors="replace")
    assert "exited with 0" in calls
    assert INTERNET.findall(calls) == []


def test_the_pattern_finds_internet_sockets() -> None:
    assert INTERNET.search("17 socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC, IPPROTO_IP) = 3")
    assert INTERNET.search("17 socket(AF_INET6, SOCK_DGRAM, 0) = 3")
    assert INTERNET.search("17 connect(3, {sa_family=AF_INET, sin_port=htons(80)}, 16) = 0")
    assert not INTERNET.search("17 socket(AF_UNIX, SOCK_STREAM, 0) = 3")


@pytest.mark.skipif(not _works("unshare", "-rn", "true"), reason="no network namespace can be made here")
def test_analyze_works_without_a_network(clip: Path, no_terminal: dict[str, str]) -> None:
    ran = subprocess.run(["unshare", "-rn", *_analyze(clip)], capture_output=True, text=True, env=no_terminal)
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["complete"] is True


def test_a_session_keeps_no_picture(clip: Path, no_terminal: dict[str, str]) -> None:
    assert subprocess.run(_analyze(clip), capture_output=True, env=no_terminal).returncode == 0
    kept = {path.suffix for path in (clip.parent / "out").iterdir()}
    assert kept <= {".json", ".jsonl", ".csv"}
