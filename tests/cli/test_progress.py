"""The progress bar: seen where a person watches, and nowhere else."""

import io

import pytest

from facetrack.cli import progress
from facetrack.cli.progress import BatchProgressBar, ProgressBar


class Terminal(io.StringIO):
    """Somebody watches it."""

    def isatty(self) -> bool:
        return True


class Closed(Terminal):
    """Nobody does any more."""

    def write(self, _: str) -> int:
        raise OSError(5, "Input/output error")


def seen_by(monkeypatch: pytest.MonkeyPatch, stream: Terminal, term: str = "xterm") -> Terminal:
    """The stream as stderr. Not a fixture: between a test's parts pytest puts its own there."""
    for name in ("FORCE_COLOR", "NO_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", term)
    monkeypatch.setattr("sys.stderr", stream)
    monkeypatch.setattr(progress, "REDRAW_INTERVAL_S", 0.0)
    return stream


def _work() -> None:
    with ProgressBar("Drawing") as bar:
        for done in range(5):
            bar.reached(done, 4)


def test_a_person_sees_label_and_share_and_in_the_end_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    stderr = seen_by(monkeypatch, Terminal())
    _work()
    shown = stderr.getvalue()
    assert "Drawing" in shown
    assert "50%" in shown
    assert shown.endswith("\x1b[1A\x1b[2K"), "the line is wiped, the cursor where it was"


def test_nothing_is_drawn_before_the_first_news(monkeypatch: pytest.MonkeyPatch) -> None:
    stderr = seen_by(monkeypatch, Terminal())
    with ProgressBar("Drawing"):
        pass
    assert stderr.getvalue() == ""


def test_bytes_are_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    stderr = seen_by(monkeypatch, Terminal())
    with ProgressBar("Fetching", in_bytes=True) as bar:
        bar.reached(3_000_000, 36_000_000)
    assert "3.0/36.0 MB" in stderr.getvalue()


def test_where_nobody_knows_how_long_it_takes_no_share_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    stderr = seen_by(monkeypatch, Terminal())
    with ProgressBar("Waiting") as bar:
        bar.reached(0)
    assert "Waiting" in stderr.getvalue()
    assert "%" not in stderr.getvalue()


def test_more_than_all_is_all(monkeypatch: pytest.MonkeyPatch) -> None:
    stderr = seen_by(monkeypatch, Terminal())
    with ProgressBar("Measuring") as bar:
        bar.reached(36.0, 35.0)
    assert "100%" in stderr.getvalue()


def test_a_label_may_change(monkeypatch: pytest.MonkeyPatch) -> None:
    stderr = seen_by(monkeypatch, Terminal())
    with ProgressBar("Analysing") as bar:
        bar.reached(1, 2)
        bar.reached(1, 2, "Analysing, 1 of 2 done")
    assert "Analysing, 1 of 2 done" in stderr.getvalue()


def test_after_other_lines_it_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    stderr = seen_by(monkeypatch, Terminal())
    with ProgressBar("Analysing") as bar:
        bar.reached(1, 4)
        bar.clear()
        before = stderr.getvalue()
        bar.reached(3, 4)
    assert "75%" not in before
    assert "75%" in stderr.getvalue()


@pytest.mark.parametrize("term", ["dumb", "unknown"])
def test_a_terminal_that_cannot_move_its_cursor_gets_nothing(monkeypatch: pytest.MonkeyPatch, term: str) -> None:
    stderr = seen_by(monkeypatch, Terminal(), term)
    _work()
    assert stderr.getvalue() == ""


@pytest.mark.parametrize("variable", ["FORCE_COLOR", "TTY_COMPATIBLE", "FACETRACK_NOTHING"])
def test_a_pipe_gets_nothing_whatever_the_environment_says(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    pipe = io.StringIO()
    monkeypatch.setattr("sys.stderr", pipe)
    monkeypatch.setenv(variable, "1")
    _work()
    assert pipe.getvalue() == ""


def test_a_terminal_that_has_gone_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    seen_by(monkeypatch, Closed())
    _work()


def test_no_stderr_at_all_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr", None)
    _work()


def test_often_told_it_is_seldom_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    stderr = seen_by(monkeypatch, Terminal())
    monkeypatch.setattr(progress, "REDRAW_INTERVAL_S", 3600.0)
    with ProgressBar("Drawing") as bar:
        for done in range(100):
            bar.reached(done, 100)
    assert stderr.getvalue().count("Drawing") < 5


def test_a_batch_s_bar_weighs_recordings_by_size_and_counts_those_that_are_done(monkeypatch: pytest.MonkeyPatch) -> None:
    stderr = seen_by(monkeypatch, Terminal())
    with BatchProgressBar([300.0, 100.0]) as bar:
        bar.update(0, 0.5)
        assert "Analysing, 0 of 2 done" in stderr.getvalue()
        assert "38%" in stderr.getvalue()
        bar.done(0)
        bar.update(1, 0.0)
        assert "Analysing, 1 of 2 done" in stderr.getvalue()
        assert "75%" in stderr.getvalue()


def test_one_recording_s_bar_counts_none_and_an_empty_file_has_a_share_too(monkeypatch: pytest.MonkeyPatch) -> None:
    stderr = seen_by(monkeypatch, Terminal())
    with BatchProgressBar([0.0]) as bar:
        bar.update(0, 0.25)
    assert "25%" in stderr.getvalue()
    assert "done" not in stderr.getvalue()
