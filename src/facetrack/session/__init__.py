"""What was done: the journal, the figures, the files of a session. Names are imported when first asked for."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from facetrack.session.folder import sessions_dir, unfinished
    from facetrack.session.history import finish_cut_off, remember, schedule_hint
    from facetrack.session.identity import SessionIdentity, new_session_id
    from facetrack.session.journal_reader import read_identity, replay
    from facetrack.session.metrics import SessionMetrics
    from facetrack.session.quantisation import quantise
    from facetrack.session.recorder import SessionRecorder
    from facetrack.session.recovery import judge_again, recover
    from facetrack.session.sink import SessionSink
    from facetrack.session.store import Store

_HOMES = {
    "Store": "store",
    "finish_cut_off": "history",
    "remember": "history",
    "schedule_hint": "history",
    "SessionIdentity": "identity",
    "new_session_id": "identity",
    "sessions_dir": "folder",
    "SessionMetrics": "metrics",
    "quantise": "quantisation",
    "SessionRecorder": "recorder",
    "judge_again": "recovery",
    "recover": "recovery",
    "unfinished": "folder",
    "SessionSink": "sink",
    "read_identity": "journal_reader",
    "replay": "journal_reader",
}

__all__ = [
    "SessionIdentity",
    "SessionMetrics",
    "SessionRecorder",
    "SessionSink",
    "Store",
    "finish_cut_off",
    "judge_again",
    "new_session_id",
    "quantise",
    "read_identity",
    "recover",
    "remember",
    "replay",
    "schedule_hint",
    "sessions_dir",
    "unfinished",
]


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
