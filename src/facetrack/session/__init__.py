"""What was done: the journal, the figures, the files of a session. Names are imported when first asked for."""

from typing import TYPE_CHECKING

from facetrack.lazy import lazy_imports

if TYPE_CHECKING:
    from facetrack.geometry.quantisation import quantise as quantise
    from facetrack.session.folder import sessions_dir as sessions_dir, unfinished as unfinished
    from facetrack.session.history.database import HistoryDatabase as HistoryDatabase
    from facetrack.session.history.history import (
        add_to_history as add_to_history,
        recover_unfinished as recover_unfinished,
        schedule_hint as schedule_hint,
    )
    from facetrack.session.journal.header import SessionIdentity as SessionIdentity, new_session_id as new_session_id
    from facetrack.session.journal.reader import read_frames as read_frames, read_identity as read_identity
    from facetrack.session.metrics.session import SessionMetrics as SessionMetrics
    from facetrack.session.recorder import SessionRecorder as SessionRecorder
    from facetrack.session.recovery import recover as recover, replay_verdicts as replay_verdicts
    from facetrack.session.sink import SessionSink as SessionSink

__getattr__, __dir__, __all__ = lazy_imports(__name__)
