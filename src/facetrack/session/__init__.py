"""What was done: the journal, the figures, the files of a session. Names are imported when first asked for."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from facetrack.session.folder import sessions_dir, unfinished
    from facetrack.session.history.database import Store
    from facetrack.session.history.history import finish_cut_off, remember, schedule_hint
    from facetrack.session.journal.header import SessionIdentity, new_session_id
    from facetrack.session.journal.reader import read_identity, replay
    from facetrack.session.metrics.session import SessionMetrics
    from facetrack.session.recorder import SessionRecorder
    from facetrack.session.recovery import judge_again, recover
    from facetrack.session.sink import SessionSink

_HOMES = {
    "Store": "history.database",
    "finish_cut_off": "history.history",
    "remember": "history.history",
    "schedule_hint": "history.history",
    "SessionIdentity": "journal.header",
    "new_session_id": "journal.header",
    "sessions_dir": "folder",
    "SessionMetrics": "metrics.session",
    "SessionRecorder": "recorder",
    "judge_again": "recovery",
    "recover": "recovery",
    "unfinished": "folder",
    "SessionSink": "sink",
    "read_identity": "journal.reader",
    "replay": "journal.reader",
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
