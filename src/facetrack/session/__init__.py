"""What was done: the journal, the figures, the files of a session. Names are imported when first asked for."""

from typing import TYPE_CHECKING

from facetrack.lazy import lazy_imports

if TYPE_CHECKING:
    from facetrack.geometry.quantisation import quantise as quantise
    from facetrack.session.folder import sessions_dir as sessions_dir, unfinished as unfinished
    from facetrack.session.history.database import Store as Store
    from facetrack.session.history.history import (
        finish_cut_off as finish_cut_off,
        remember as remember,
        schedule_hint as schedule_hint,
    )
    from facetrack.session.journal.header import SessionIdentity as SessionIdentity, new_session_id as new_session_id
    from facetrack.session.journal.reader import read_identity as read_identity, replay as replay
    from facetrack.session.metrics.session import SessionMetrics as SessionMetrics
    from facetrack.session.recorder import SessionRecorder as SessionRecorder
    from facetrack.session.recovery import judge_again as judge_again, recover as recover
    from facetrack.session.sink import SessionSink as SessionSink

__getattr__, __dir__, __all__ = lazy_imports(__name__)
