"""Every damaged video ends with one line, the right exit code and a session that says that it is partial."""

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from facetrack.app import session_runner
from facetrack.capture import VideoSource  # before anything is opened: it keeps FFmpeg quiet
from facetrack.tracking.blind import NullTracker
from tests.cli.commands import facetrack
from tests.faults import damaged_videos

pytestmark = [
    pytest.mark.skipif(os.name != "posix", reason="makes pipes, sockets and links"),
    pytest.mark.usefixtures("nobody_is_enough"),
]
HANGS_S = 30
assert VideoSource


@pytest.fixture(autouse=True)
def blind(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nobody is in these pictures: without MediaPipe all of them take a second or two. What hangs is interrupted."""

    def hangs(*_: object) -> None:
        raise AssertionError("hangs")

    monkeypatch.setattr(session_runner, "_tracker", lambda _config, _notify: NullTracker())
    before = signal.signal(signal.SIGALRM, hangs)
    signal.alarm(HANGS_S)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("way", damaged_videos.WAYS)
def test_a_damaged_video(way: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = damaged_videos.make(way, tmp_path)
    before = sorted(tmp_path.iterdir())
    ran = facetrack(capfd, "analyze", path, "--json", "--out", tmp_path / "out")
    assert ran.code in damaged_videos.WAYS[way][1], ran
    if ran.code:
        assert path.name in ran.said
    else:
        assert ran.err == ""
    if ran.code == damaged_videos.NONE:
        assert ran.out == ""
        assert sorted(tmp_path.iterdir()) == before, "nothing is left behind for what is no video"
    else:
        document = json.loads(ran.out)
        assert document["complete"] == (ran.code == damaged_videos.WHOLE)
        assert document["tracking"]["frames"] <= damaged_videos.FRAMES
        assert document["duration_s"] < 60.0, "times that lie are not believed"
