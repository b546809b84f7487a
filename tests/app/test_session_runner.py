"""Running a session: what it is made of, how it begins, and what its result says."""

from pathlib import Path

import pytest

from facetrack.app import session_runner
from facetrack.app.notify import Notifier
from facetrack.app.session_config import JudgingConfig, SessionConfig, StorageConfig
from facetrack.app.session_runner import run_session
from facetrack.app.shutdown import INTERRUPTED, StopSignal
from facetrack.coach import Thresholds
from facetrack.errors import FacetrackError
from facetrack.routine import load_routine
from facetrack.tracking.blind import NullTracker
from tests.capture.fakes import FakeSource

pytestmark = pytest.mark.usefixtures("nobody_is_enough")


@pytest.fixture
def blind(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is in these pictures."""
    monkeypatch.setattr(session_runner, "_tracker", lambda _config, _notify: NullTracker())


def config(folder: Path | None = None, **judging: object) -> SessionConfig:
    return SessionConfig(JudgingConfig(load_routine("fascia"), **judging), StorageConfig(folder))  # type: ignore[arg-type]


@pytest.mark.usefixtures("blind")
def test_a_session_is_kept_in_its_folder_and_the_result_says_so(tmp_path: Path) -> None:
    started: list[tuple[str, Path | None]] = []
    result = run_session(config(tmp_path), FakeSource(frames=5), on_start=lambda *told: started.append(told))
    assert (result.exit_status, result.message, result.error, result.folder) == (0, None, None, tmp_path)
    assert result.document is not None
    assert result.document.tracking.frames == 5
    assert started == [(result.document.id, tmp_path)]
    assert (tmp_path / "session.json").exists()


@pytest.mark.usefixtures("blind")
def test_the_limits_that_it_is_judged_by_are_written_down() -> None:
    result = run_session(config(thresholds=Thresholds(off_path_deg=45.0)), FakeSource(frames=2))
    assert result.document is not None
    assert result.document.settings["thresholds"]["off_path_deg"] == 45.0


@pytest.mark.usefixtures("blind")
def test_stopped_before_it_begins_it_leaves_nothing_behind(tmp_path: Path) -> None:
    stop, source = StopSignal(), FakeSource(frames=5)
    stop.signals = 1
    result = run_session(config(tmp_path / "out"), source, stop=stop)
    assert (result.exit_status, result.document, result.folder) == (INTERRUPTED, None, None)
    assert not (tmp_path / "out").exists()
    assert source.closed


@pytest.mark.usefixtures("blind")
def test_a_folder_with_a_session_in_it_is_refused(tmp_path: Path) -> None:
    run_session(config(tmp_path), FakeSource(frames=2))
    before = (tmp_path / "session.json").read_bytes()
    with pytest.raises(FacetrackError, match="already holds a session"):
        run_session(config(tmp_path), FakeSource(frames=2))
    assert (tmp_path / "session.json").read_bytes() == before


def test_a_guide_without_a_camera_needs_no_models(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACETRACK_MODELS_DIR", "/nowhere")
    result = run_session(config(guide_only=True), FakeSource(frames=3))
    assert result.document is not None
    assert result.document.settings["guide_only"] is True


def test_a_listener_that_is_gone_costs_the_others_nothing() -> None:
    heard: list[str] = []

    def gone(_message: str) -> None:
        raise FacetrackError("The window is closed.")

    notify = Notifier(heard.append)
    notify.listeners.insert(0, gone)
    notify("The camera is lost.")
    notify("The camera is back.")
    assert heard == ["The camera is lost.", "The camera is back."]
    assert notify.listeners == [heard.append]
