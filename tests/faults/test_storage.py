"""Disks that are full, folders that go away, histories that are locked or read-only: told, and nothing recorded is lost."""

import contextlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from facetrack.app import session_runner
from facetrack.session.history.database import history_path
from facetrack.tracking.blind import NullTracker
from tests.cli.commands import BLIND, facetrack, started
from tests.clips import write_clip
from tests.faults.live import Live

pytestmark = pytest.mark.usefixtures("nobody_is_enough")

SIZE = (320, 240)
SLOW = 8.0
"""Times slower than the promised second may a busy machine be."""


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return write_clip(tmp_path / "clip.mp4", frames=30, size_wh=SIZE)


@pytest.fixture
def blind(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is in these pictures."""
    monkeypatch.setattr(session_runner, "_tracker", lambda _config, _notify: NullTracker())


@contextlib.contextmanager
def _locked_history() -> Iterator[None]:
    """By somebody else, altogether."""
    with contextlib.closing(sqlite3.connect(history_path(), isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield


@pytest.mark.usefixtures("blind")
def test_a_locked_history_is_told_and_the_session_comes_into_it_later(
    clip: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert facetrack(capfd, "analyze", clip, "--save").code == 0
    with _locked_history():
        for place in ([], ["--out", tmp_path / "mine"]):
            began_s = time.monotonic()
            ran = facetrack(capfd, "analyze", clip, "--save", *place)
            assert time.monotonic() - began_s < SLOW
            assert ran.code == 1
            assert "has had the history" in ran.err
            assert "enters the history with the next command" in ran.err
        ran = facetrack(capfd, "sessions", "list")
        assert (ran.code, ran.out.count("japanese")) == (0, 1), "it can still be read"
        assert "has had the history" in ran.said
    listed = json.loads(facetrack(capfd, "sessions", "list", "--json").out)
    assert len(listed) == 3
    assert str(tmp_path / "mine") in [one["folder"] for one in listed]
    assert not list(history_path().parent.glob("awaiting*"))


def test_a_limit_on_the_size_of_files(clip: Path, tmp_path: Path, no_terminal: dict[str, str]) -> None:
    limited = ("sh", "-c", 'ulimit -f 64; exec "$@"', "sh")
    out = tmp_path / "out"
    process = started(
        "analyze", write_clip(clip, 200, size_wh=(160, 120)), "--out", out, env=no_terminal, wrapper=limited, program=BLIND
    )
    printed, err = process.communicate(timeout=60)
    assert process.returncode == 1, err
    assert "disk is full" in err
    assert "Traceback" not in err
    assert "200 frames" in printed
    assert len((out / "frames.jsonl").read_text(encoding="utf-8").splitlines()) > 20


@pytest.mark.slow
def test_a_folder_that_is_deleted_in_the_middle(tmp_path: Path, no_terminal: dict[str, str]) -> None:
    with Live(tmp_path, no_terminal, "--headless", blind=True) as live:
        live.frames(20)
        kept = live.journal()
        shutil.rmtree(live.out)
        assert live.told("has disappeared", time.monotonic()) < SLOW
        time.sleep(0.2)
        live.stop()
    assert live.process.returncode == 130
    assert live.journal()[: len(kept)] == kept, "what it held was written anew"
    assert live.document()["tracking"]["frames"] >= len(kept) - 1
    assert live.said.splitlines()[-1] == "facetrack: Interrupted."


@contextlib.contextmanager
def _small_disk(at: Path, size: str) -> Iterator[None]:
    at.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(at)], capture_output=True)
    if mounted.returncode:
        pytest.skip("no small disk can be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(at)], check=True)


needs_root = pytest.mark.skipif(
    os.name != "posix" or os.geteuid() != 0 or shutil.which("mount") is None, reason="only root mounts a small disk"
)


@needs_root
@pytest.mark.slow
def test_a_disk_that_fills_up_in_a_live_session_and_has_room_again(tmp_path: Path, no_terminal: dict[str, str]) -> None:
    folder = tmp_path / "disk"
    with (
        _small_disk(folder, "3m"),
        Live(tmp_path, no_terminal, "--headless", "--record", out=folder / "out", blind=True) as live,
    ):
        live.frames(10)
        rest = folder / "rest"
        filled_s = time.monotonic()
        with contextlib.suppress(OSError), rest.open("wb", buffering=0) as file:
            while True:
                file.write(bytes(4096))
        assert live.told("disk is full", filled_s) < SLOW
        time.sleep(0.3)
        rest.unlink()
        live.stop()
        assert live.process.returncode == 130
        assert "Traceback" not in live.said
        document = live.document()
        assert document["complete"] is False
        assert document["tracking"]["frames"] > 10
        assert len(live.journal()) > 10


@needs_root
@pytest.mark.skipif(shutil.which("unshare") is None, reason="unshare is not here")
def test_shared_memory_is_not_needed(tmp_path: Path, no_terminal: dict[str, str]) -> None:
    """Containers have little of it or none. The window is tried with Xvfb: see tests/overlay/test_window.py."""
    full = "mount -t tmpfs -o size=4k tmpfs /dev/shm || exit 77; head -c 4k /dev/zero > /dev/shm/full"
    script = f'{full}; exec "$@"'
    clip, other = (write_clip(tmp_path / f"{name}.mp4", frames=5, size_wh=SIZE) for name in ("one", "other"))
    process = started(
        "analyze", clip, other, "--workers", "2", env=no_terminal, wrapper=("unshare", "-m", "sh", "-c", script, "sh")
    )
    printed, err = process.communicate(timeout=120)
    if process.returncode == 77:
        pytest.skip("no small /dev/shm can be mounted here")
    assert (process.returncode, printed.count(" frames;")) == (1, 2), err  # of nobody


NETWORK_DRIVE = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/mman.h>
static int refuses(const char *what) { const char *all = getenv("REFUSED"); return all && all[0] == what[0]; }
void *mmap(void *p, size_t l, int pr, int fl, int fd, off_t o) {
  void *(*real)(void *, size_t, int, int, int, off_t) = dlsym(RTLD_NEXT, "mmap");
  if (fd >= 0 && (fl & MAP_SHARED) && refuses("mmap")) { errno = ENODEV; return MAP_FAILED; }
  return real(p, l, pr, fl, fd, o);
}
void *mmap64(void *p, size_t l, int pr, int fl, int fd, off64_t o) { return mmap(p, l, pr, fl, fd, o); }
int flock(int fd, int op) { errno = ENOLCK; return -1; }
static int locks(int fd, int cmd, void *arg) {
  int (*real)(int, int, void *) = dlsym(RTLD_NEXT, "fcntl");
  if ((cmd == F_SETLK || cmd == F_SETLKW || cmd == F_GETLK) && refuses("locks")) { errno = ENOLCK; return -1; }
  return real(fd, cmd, arg);
}
#define VARIADIC(name) int name(int fd, int cmd, ...) { \\
  va_list a; va_start(a, cmd); void *arg = va_arg(a, void *); va_end(a); return locks(fd, cmd, arg); }
VARIADIC(fcntl)
VARIADIC(fcntl64)
"""
TWO_SESSIONS = """
from datetime import UTC, datetime, timedelta
from tests.session.history_fakes import fill
from facetrack.session.history.database import HistoryDatabase
for hour in (1, 2):
    fill(datetime(2026, 11, 20, hour, tzinfo=UTC), 1)
with HistoryDatabase() as store:
    store.delete(store.resolve("last"))
with HistoryDatabase() as store:
    print(len(store.sessions()), store._db.execute("PRAGMA journal_mode").fetchone()[0])
"""


@pytest.mark.skipif(shutil.which("gcc") is None or not sys.platform.startswith("linux"), reason="gcc makes the network drive")
@pytest.mark.parametrize(
    ("refused", "mode", "begun"),
    [("", "wal", False), ("mmap", "delete", False), ("mmap", "delete", True), ("locks", "delete", True)],
    ids=["only flock, new", "mmap, new", "mmap, from a local disk", "locks, from a local disk"],
)
def test_a_history_on_a_network_drive(
    refused: str, mode: str, begun: bool, tmp_path: Path, no_terminal: dict[str, str]
) -> None:
    """It refuses what SQLite's write-ahead log needs; a history that was begun elsewhere has one."""
    source, library = tmp_path / "drive.c", tmp_path / "drive.so"
    source.write_text(NETWORK_DRIVE)
    subprocess.run(["gcc", "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
    env = no_terminal | {"FACETRACK_DATA_DIR": str(tmp_path / "data")}

    def made(**more: str) -> list[str]:
        command = [sys.executable, "-c", TWO_SESSIONS]
        ran = subprocess.run(command, env=env | more, cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=60)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout.split()

    if begun:
        assert made()[1] == "wal"
        shutil.rmtree(tmp_path / "data" / "sessions")
    assert made(LD_PRELOAD=str(library), REFUSED=refused) == ["1", "wal" if refused == "" else mode]


@needs_root
@pytest.mark.usefixtures("blind")
def test_a_history_on_a_disk_that_can_only_be_read(
    clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    monkeypatch.setenv("FACETRACK_DATA_DIR", str(data))
    with _small_disk(data, "10m"):
        assert facetrack(capfd, "analyze", clip, "--save").code == 0
        if subprocess.run(["mount", "-o", "remount,ro", str(data)], capture_output=True).returncode:
            pytest.skip("no disk can be made read-only here")
        for command in (
            ["analyze", clip, "--save"],
            ["analyze", clip, "--save", "--out", tmp_path / "mine"],
            ["sessions", "list"],
        ):
            ran = facetrack(capfd, *command)
            assert ran.code == (0 if command == ["sessions", "list"] else 1)
            assert str(data) in ran.err
            assert "unexpected" not in ran.err
        assert (tmp_path / "mine" / "session.json").exists()
