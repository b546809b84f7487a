"""A live session at a camera opens no internet socket, needs no network, and writes nothing outside its folders."""

import os
import signal
from pathlib import Path

import pytest

from tests.faults.live import Live, film
from tests.sealed import INTERNET, SEALS

LEAVES_PICTURES = {".mp4", ".avi", ".png", ".jpg", ".jpeg", ".raw", ".bmp", ".webm"}


@pytest.mark.slow
@pytest.mark.skipif(not SEALS.can_watch, reason="strace is not here, or may not trace")
def test_a_live_session_talks_to_nobody_and_stays_in_its_folders(tmp_path: Path, no_terminal: dict[str, str]) -> None:
    film()
    home, trace = tmp_path / "home", tmp_path / "trace"
    home.mkdir()
    env = no_terminal | {"HOME": str(home), "XDG_RUNTIME_DIR": str(home), "FACETRACK_DATA_DIR": str(tmp_path / "data")}
    sealed = (*SEALS.offline, *SEALS.watched(trace))
    with Live(tmp_path, env, "--headless", "--voice", wrapper=sealed, start_new_session=True) as live:
        live.frames(15)
        live.told("does not answer", live.set("blocked"))
        live.told("is back", live.set("good"))
        os.killpg(live.process.pid, signal.SIGINT)
        live.process.wait(30)
    assert live.document()["tracking"]["frames"] > 15
    calls = trace.read_text(encoding="utf-8", errors="replace")
    assert "exited with 130" in calls, "it was watched to its end"
    assert INTERNET.findall(calls) == []
    written = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    outside = {path for path in written if not path.startswith(("out/", "data/"))}
    assert outside == {"camera", "trace"}
    assert not {path for path in written if Path(path).suffix in LEAVES_PICTURES}
