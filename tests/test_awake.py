"""The computer is kept awake where it agrees, and nothing fails where it does not."""

import pytest

from facetrack.system.awake import kept_awake


def test_awake_where_the_system_agrees(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAKEPY_FAKE_SUCCESS", "yes")
    with kept_awake() as awake:
        assert awake


def test_a_session_goes_on_where_it_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WAKEPY_FAKE_SUCCESS", raising=False)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/no/such/bus")
    reached = False
    with kept_awake():
        reached = True
    assert reached
    with kept_awake(False) as awake:
        assert not awake
