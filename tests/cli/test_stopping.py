"""Which signals end a session gracefully."""

import os
import signal
from collections.abc import Iterator

import pytest

from facetrack.cli.stopping import SIGNALS, stopping

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals to oneself")


@pytest.fixture
def handlers() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in SIGNALS}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


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
    with stopping() as stop:
        os.kill(os.getpid(), getattr(signal, number))
        assert stop() == heard
    assert signal.getsignal(getattr(signal, number)) == inherited


def test_whatever_waits_is_woken() -> None:
    woken: list[bool] = []
    with stopping() as stop:
        stop.on_signal = lambda: woken.append(True)
        os.kill(os.getpid(), signal.SIGTERM)
    assert woken == [True]
