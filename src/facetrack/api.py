"""The functions of ``import facetrack``: judge recordings and sessions from Python.

Quick start
-----------
Judge a recording as ``facetrack analyze`` does, and look at what was found::

    import facetrack

    session = facetrack.analyze("clip.mp4", routine="fascia", step="forehead")
    session.strokes["length_mm"]              # numpy arrays, NaN for what is missing
    session.corrections.to_pandas()           # where pandas is installed

Re-judge a session by other limits, from its journal, in a second or two::

    strict = facetrack.replay(session, thresholds=facetrack.Thresholds(off_path_deg=45.0))

Give every frame's result to an output of your own (anything that has the methods of ``facetrack.Sink``)::

    facetrack.analyze("clip.mp4", routine="fascia", sinks=[MySink()])

Export policy
-------------
The names of ``facetrack.__all__`` are stable, with the attributes that their documentation lists. All other modules and
names are private and may change with any version. Nothing here prints or ends the process: errors are ``FacetrackError``s
whose message is one line with what to do next, and remarks go to ``logging.getLogger("facetrack")``.
"""

import logging
import shutil
import tempfile
import weakref
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from facetrack.app.notify import Notifier
from facetrack.app.session_config import JudgingConfig, SessionConfig, StorageConfig
from facetrack.app.session_runner import run_session
from facetrack.coach.thresholds import Thresholds
from facetrack.data_table import DataTable
from facetrack.errors import FacetrackError, UsageError
from facetrack.routine.compiled import CompiledRoutine, ContactPart
from facetrack.routine.library import all_entries, load_routine
from facetrack.session.folder import DOCUMENT_NAME, JOURNAL_NAME, read_document

if TYPE_CHECKING:
    from facetrack.capture.source import FrameSource
    from facetrack.pipeline.sinks import Sink
    from facetrack.session.document import SessionDocument

__all__ = ["Session", "analyze", "list_routines", "load_routine", "load_session", "replay"]

_log = logging.getLogger(__name__)
logging.getLogger("facetrack").addHandler(logging.NullHandler())  # silent until the program that imports us wants the log


class Session:
    """Holds what was done in a session, and how it was judged.

    ``analyze``, ``load_session`` and ``replay`` make it.

    Attributes
    ----------
    id : str
        The session's id.
    document : SessionDocument
        The content of session.json, field by field: ``document.steps[0].left.pace_mm_s.median``.
    folder : Path
        The folder that holds the session's journal.
    thresholds : Thresholds or None
        The limits that it was judged by; None: those of its journal.
    steps, strokes, corrections, fingertips : DataTable
        One row for each step; for each stroke of a side; for each correction; for each fingertip in each frame of a step.

    Examples
    --------
    >>> import facetrack
    >>> session = facetrack.load_session("my-session")
    >>> session.document.routine.id
    'fascia'
    >>> session.steps["step"].tolist()
    ['jawline']
    """

    def __init__(
        self,
        folder: Path,
        document: "SessionDocument",
        strokes: DataTable,
        *,
        thresholds: Thresholds | None = None,
        keep: object = None,
    ) -> None:
        """Make a session of its parts. keep: an object to keep alive as long as the session."""
        self.folder = folder
        self.document = document
        self.strokes = strokes
        self.thresholds = thresholds
        self._keep = keep

    @property
    def id(self) -> str:
        return self.document.id

    @cached_property
    def steps(self) -> DataTable:
        from facetrack.session.tables import STEPS, step_rows

        return DataTable(STEPS, step_rows(self.document))

    @cached_property
    def corrections(self) -> DataTable:
        from facetrack.session.tables import CORRECTIONS, correction_rows

        return DataTable(CORRECTIONS, correction_rows(self.document))

    @cached_property
    def fingertips(self) -> DataTable:
        from facetrack.session.export.finger_motion import session_fingers
        from facetrack.session.export.finger_tables import FINGERTIPS, fingertip_rows

        fingers = session_fingers(self.folder / JOURNAL_NAME, self.document, self.thresholds)
        return DataTable(FINGERTIPS, fingertip_rows(self.id, fingers))

    def __repr__(self) -> str:
        document = self.document
        return f"<Session {self.id}: {document.routine.id}, {document.duration_s:.1f} s>"


class _TemporaryFolder:
    """A folder that is removed together with this object."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="facetrack-"))
        weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)


def analyze(
    recording: "str | Path | FrameSource",
    routine: str | Path | CompiledRoutine = "japanese",
    *,
    step: str | None = None,
    out: str | Path | None = None,
    thresholds: Thresholds | None = None,
    labels: Mapping[str, str] | None = None,
    contact: ContactPart | None = None,
    input_mirrored: bool = False,
    sinks: "Sequence[Sink]" = (),
) -> Session:
    """Judge a recording, as ``facetrack analyze`` does.

    Parameters
    ----------
    recording : str, Path or FrameSource
        A video file, or any source of frames.
    routine : str, Path or CompiledRoutine
        A routine's id or file.
    step : str, optional
        The recording is this one step, from its start to its end. Without it the routine's steps follow each other.
    out : str or Path, optional
        A folder to keep the session in; an earlier session of a recording in it is replaced. Without it the session's files
        live in a temporary folder, as long as the returned object.
    thresholds : Thresholds, optional
        Limits to judge by.
    labels : mapping, optional
        Labels of the session, such as ``{"participant": "p07"}``.
    contact : str, optional
        What touches the skin in steps that allow it: ``fingertips``, ``knuckles`` or ``tool``. Without it what is seen decides.
    input_mirrored : bool
        Whether the pictures are mirrored already, as some cameras and recorders do.
    sinks : sequence of Sink
        Further outputs, which receive every frame's result while the recording is judged.

    Returns
    -------
    Session
        Of a recording that is damaged, what could be read is judged, and ``document.complete`` is false.

    Raises
    ------
    FacetrackError
        For a recording that can't be read, an unknown routine or step, labels that are no texts, models that can't be had,
        and a folder in which the recording itself, a session at a camera or a file that is not facetrack's would be replaced.

    Examples
    --------
    >>> import facetrack
    >>> session = facetrack.analyze("clip.mp4", routine="fascia", step="jawline")
    >>> session.document.complete
    True
    >>> session.document.tracking.face_seen > 0.9
    True
    """
    from facetrack.session.own_files import check_session_folder

    chosen = routine if isinstance(routine, CompiledRoutine) else load_routine(routine)
    if step is not None:
        chosen.step(step)  # a wrong name is reported before anything is read
    chosen = chosen.with_contact(contact)
    kept_labels = _checked_labels(labels or {})
    temporary = _TemporaryFolder() if out is None else None
    folder = temporary.path if temporary is not None else Path(str(out))
    inputs = tuple(Path(one) for one in (recording, routine) if isinstance(one, str | Path))
    check_session_folder(folder, inputs, replace=True)  # before anything is read
    storage = StorageConfig(folder, replace=True, labels=kept_labels, inputs=inputs)
    config = SessionConfig(JudgingConfig(chosen, step, thresholds=thresholds), storage)
    source = _source(recording, input_mirrored)
    result = run_session(config, source, notify=Notifier(_log.warning), sinks=sinks)
    if result.error is not None:
        raise result.error
    if not (folder / DOCUMENT_NAME).exists():
        raise FacetrackError(result.message or f"The session could not be written to {folder}.")
    if result.message is not None:
        _log.warning(result.message)
    return Session(folder, read_document(folder), _read_strokes(folder), thresholds=thresholds, keep=temporary)


def _checked_labels(labels: Mapping[str, str]) -> dict[str, str]:
    """Return the labels. Raises UsageError where they are no texts: tables give numbers, and NaN for what is missing."""
    if not isinstance(labels, Mapping):
        raise UsageError(f'labels is {labels!r}, not a mapping such as {{"participant": "p07"}}.')
    for name, value in labels.items():
        if not (isinstance(name, str) and isinstance(value, str)):
            raise UsageError(f"The label {name!r}: {value!r} is not text: write both as text, or leave it out.")
    return dict(labels)


def _source(recording: "str | Path | FrameSource", input_mirrored: bool) -> "FrameSource":
    from facetrack.capture import FlippedSource, open_video

    if isinstance(recording, str | Path):
        return open_video(recording, mirrored=input_mirrored)
    return FlippedSource(recording) if input_mirrored else recording


def load_session(folder_or_id: str | Path) -> Session:
    """Load a saved session, from its folder or from the history.

    Parameters
    ----------
    folder_or_id : str or Path
        A session's folder, or the id of a session in the history: whole, a part that only one has, or ``"last"``.

    Returns
    -------
    Session
        Of a session that was cut off, what its journal holds.

    Raises
    ------
    FacetrackError
        Where there is no such session, or its files are damaged.

    Examples
    --------
    >>> import facetrack
    >>> facetrack.load_session("my-session").corrections.rows
    0
    """

    folder = _folder_of(folder_or_id)
    if (folder / DOCUMENT_NAME).is_file():
        return Session(folder, read_document(folder), _read_strokes(folder))
    if (folder / JOURNAL_NAME).is_file():
        return _rejudged(folder, None, None)
    raise UsageError(f"{folder} holds no session: there is no {DOCUMENT_NAME} in it.")


def _folder_of(folder_or_id: str | Path) -> Path:
    from facetrack.session.folder import session_document
    from facetrack.session.history.database import HistoryDatabase, best_match, history_path
    from facetrack.session.history.folders import folders_of, twins_words

    if Path(folder_or_id).is_dir():
        return Path(folder_or_id)
    if Path(folder_or_id).name != str(folder_or_id):  # a path: no id has a separator in it
        raise UsageError(f"There is no folder {folder_or_id}. Name a session's folder, or a session's id.")
    if not history_path().exists():
        best_match(str(folder_or_id), [])  # raises what there is to say
    with HistoryDatabase() as store:
        found = store.session(store.resolve(str(folder_or_id)))
    if len(folders := folders_of(found["session_id"])) > 1:
        _log.warning(twins_words(found["session_id"], folders))
    session_document(found)  # raises where another session is in that folder by now
    return Path(found["folder"])


def _read_strokes(folder: Path) -> DataTable:
    from facetrack.session.history.history import read_strokes
    from facetrack.session.tables import STROKES

    return DataTable(STROKES, read_strokes(folder))


def replay(session: Session, *, thresholds: Thresholds | None = None, from_landmarks: bool = False) -> Session:
    """Re-judge a session from its journal.

    Parameters
    ----------
    session : Session
        The session. It is not changed, and neither are its files.
    thresholds : Thresholds, optional
        Limits to judge by. Without them those of the session are used, which gives the same verdicts.
    from_landmarks : bool
        Whether to place the hands on the face anew, from the landmarks that ``analyze --keep-landmarks`` kept: with another
        version of facetrack its geometry counts, not that of the recording's time.

    Returns
    -------
    Session
        The session as it is judged now.

    Raises
    ------
    FacetrackError
        Where the journal can't be read, or there are no landmarks.

    Examples
    --------
    >>> import facetrack
    >>> session = facetrack.load_session("my-session")
    >>> again = facetrack.replay(session, thresholds=facetrack.Thresholds(off_path_deg=20.0))
    >>> again.document.settings["thresholds"]["off_path_deg"]
    20.0
    """
    return _rejudged(session.folder, thresholds or session.thresholds, session, from_landmarks)


def _rejudged(folder: Path, thresholds: Thresholds | None, keep: object, from_landmarks: bool = False) -> Session:
    from facetrack.session.journal.reader import foreign_lines_words
    from facetrack.session.recovery import rejudge
    from facetrack.session.tables import STROKES, stroke_rows

    if skipped := foreign_lines_words(folder / JOURNAL_NAME):
        _log.warning(f"{folder / JOURNAL_NAME}: {skipped}")
    document, metrics = rejudge(folder / JOURNAL_NAME, thresholds, from_landmarks=from_landmarks)
    strokes = DataTable(STROKES, stroke_rows(document.id, metrics.strokes))
    return Session(folder, document, strokes, thresholds=thresholds, keep=keep)


def list_routines() -> list[str]:
    """List the ids of the routines that can be used: those that come with facetrack, then the user's own.

    Examples
    --------
    >>> import facetrack
    >>> facetrack.list_routines()[:2]
    ['japanese', 'fascia']
    """
    return [entry.routine.id for entry in all_entries() if entry.routine is not None]
