"""What all tests share: folders of their own, and the clips of real people where they are."""

import os
import shutil
import signal
import sys
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from facetrack.app.shutdown import SIGNALS
from facetrack.system import paths

MEDIA = Path(__file__).parents[2] / "shared" / "media"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put modules with slow tests first: of several processes none is left with a long one at the end."""
    slow = {item.path for item in items if item.get_closest_marker("slow") is not None}
    items.sort(key=lambda item: item.path not in slow)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol() -> Generator[None, object, object]:
    """Give each test the environment and the import path as they were before the last one.

    The command line changes both for good, as it may in a process of its own, and tests run it in theirs. No fixture does
    this: those of a module run the command line too, before any of a test's.
    """
    environment, path = dict(os.environ), list(sys.path)
    try:
        return (yield)
    finally:
        os.environ.clear()
        os.environ.update(environment)
        sys.path[:] = path


@pytest.fixture(autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sessions go to a folder of the test; models and rendered clips, which cost minutes, are shared with the user's own."""
    for variable, folder in (("FACETRACK_MODELS_DIR", paths.models_dir()), ("FACETRACK_CACHE_DIR", paths.cache_dir())):
        monkeypatch.setenv(variable, str(folder))
    monkeypatch.setenv("FACETRACK_DATA_DIR", str(tmp_path_factory.mktemp("data")))
    monkeypatch.delenv("DISPLAY", raising=False)


@pytest.fixture
def media() -> Path:
    """The folder of local clips. Never in the repository: tests that use it are marked ``media``."""
    if not MEDIA.is_dir():
        pytest.skip("the local clips of real people are not here")
    return MEDIA


@pytest.fixture
def recorded_tracking(monkeypatch: pytest.MonkeyPatch) -> None:
    """Films that were tracked before in this process are not tracked again: see tests/recorded_tracking.py."""
    _record_tracking(monkeypatch)


def _record_tracking(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.recorded_tracking import RecordedTracker

    monkeypatch.setattr("facetrack.tracking.Tracker", RecordedTracker)


@pytest.fixture(scope="session")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a short recording, clip.mp4, of the step fascia/jawline, and the session made of it, my-session."""
    import facetrack
    from facetrack.mannequin import Camera, Scene, Style, perform, render_clip

    folder = tmp_path_factory.mktemp("workplace")
    step = facetrack.load_routine("fascia").step("jawline")
    play = perform(step, (), Style(order="together", seed=0), neutral_s=0.4, seconds=2.5)
    shutil.copy(render_clip(play, Scene(camera=Camera(size_wh=(320, 240))), fps=12.0, codec="MJPG"), folder / "clip.mp4")
    with pytest.MonkeyPatch.context() as monkeypatch:
        _record_tracking(monkeypatch)
        facetrack.analyze(folder / "clip.mp4", "fascia", step="jawline", out=folder / "my-session")
    return folder


@pytest.fixture
def no_terminal() -> dict[str, str]:
    """The environment for a facetrack in a process of its own, without a display."""
    return {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}


@pytest.fixture
def handlers() -> Iterator[None]:
    """The signals are the test's: as they were before, afterwards. None is ignored, as nohup has it."""
    before = {number: signal.getsignal(number) for number in SIGNALS}
    for number in SIGNALS:
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def nobody_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let recordings of nobody end as those of somebody do, where a test asks what happens around them."""
    monkeypatch.setattr("facetrack.app.session_runner.why_nothing", lambda _document: None)
