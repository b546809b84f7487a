"""Which signals end a session gracefully."""

import atexit
import os
import signal
import sys
import threading
import weakref

import pytest

from facetrack.app.shutdown import interrupt_on_signals, stop_on_signals
from facetrack.cli import main
from facetrack.cli.commands import run as run_command

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals to oneself")


@pytest.mark.usefixtures("handlers")
@pytest.mark.parametrize(
    ("number", "inherited", "heard"),
    [
        ("SIGINT", signal.SIG_DFL, True),
        ("SIGINT", signal.SIG_IGN, True),
        ("SIGTERM", signal.SIG_DFL, True),
        ("SIGHUP", signal.SIG_DFL, True),
        ("SIGHUP", signal.SIG_IGN, False),
    ],
)
def test_signals_are_heard_but_for_a_hangup_that_is_ignored(number: str, inherited: signal.Handlers, heard: bool) -> None:
    signal.signal(getattr(signal, number), inherited)
    with stop_on_signals() as stop:
        stop.defer()
        os.kill(os.getpid(), getattr(signal, number))
        assert stop() == heard
    assert signal.getsignal(getattr(signal, number)) == inherited


def test_whatever_waits_is_woken() -> None:
    woken: list[bool] = []
    with stop_on_signals() as stop:
        stop.defer(lambda: woken.append(True))
        os.kill(os.getpid(), signal.SIGTERM)
    assert woken == [True]


@pytest.mark.usefixtures("handlers")
@pytest.mark.parametrize("number", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_before_anything_is_recorded_nothing_is_waited_for(number: str) -> None:
    with pytest.raises(KeyboardInterrupt), stop_on_signals():
        os.kill(os.getpid(), getattr(signal, number))


@pytest.mark.usefixtures("handlers")
def test_a_library_that_was_interrupted_while_it_was_loaded_is_no_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def load(*_: object) -> None:
        try:
            os.kill(os.getpid(), signal.SIGTERM)
        except KeyboardInterrupt as error:
            raise ImportError("C-extensions failed") from error

    monkeypatch.setattr(sys, "argv", ["facetrack", "run", "--yes"])
    monkeypatch.setattr(run_command, "_source", load)
    monkeypatch.setattr(os, "_exit", sys.exit)
    monkeypatch.setattr(atexit, "register", lambda _: None)
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 130
    assert capsys.readouterr().err == ""


class Loaded:
    """Something that is freed."""


@pytest.mark.usefixtures("handlers")
@pytest.mark.parametrize("number", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_within_a_callback_that_cannot_raise_interrupts_after_it(
    number: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    interrupt_on_signals()
    loaded = [Loaded()]
    freed = weakref.ref(loaded[0], lambda _: signal.raise_signal(getattr(signal, number)))

    def load() -> None:
        loaded.clear()
        assert freed() is None
        threading.Event().wait(30.0)

    with pytest.raises(KeyboardInterrupt):
        load()
    assert capsys.readouterr().err == ""
