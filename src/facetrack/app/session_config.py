"""Describes a session: what is judged, where it is kept, how it is shown; and afterwards, how it went."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from facetrack.coach import Thresholds
from facetrack.flow import FlowOptions
from facetrack.routine.compiled import CompiledRoutine, CompiledStep
from facetrack.session.document import SessionDocument


@dataclass(frozen=True, slots=True)
class JudgingConfig:
    """Says what is judged."""

    routine: CompiledRoutine
    step: str | None = None  # the only step of the session; None: the whole routine
    again: tuple[str, ...] = ()  # steps to do a second time after the last
    guide_only: bool = False  # lead through the routine and judge nothing
    thresholds: Thresholds | None = None  # limits of the judgement; None: the usual ones

    def steps(self) -> tuple[CompiledStep, ...]:
        """List the session's steps in their order, second passes included."""
        routine = self.routine
        steps = routine.steps if self.step is None else (routine.step(self.step),)
        return (*steps, *(routine.step(name) for name in self.again))


@dataclass(frozen=True, slots=True)
class StorageConfig:
    """Says where a session is kept. Without a folder and history nothing is kept."""

    folder: Path | None = None  # the session's own folder
    history: bool = False  # enter the user's history; a session without a folder of its own gets one there
    replace: bool = False  # take the place of an earlier session in the folder
    video: bool = False  # write the annotated video into the folder
    landmarks: bool = False  # keep the landmarks of face and hands
    labels: dict[str, str] = field(default_factory=dict)
    inputs: tuple[Path, ...] = ()  # files that are read meanwhile, and so may not be written
    started_at: datetime | None = None  # when a recording was made; None: now
    # Note which pages and demonstrations the user has seen, so that the next session need not show them.
    remember_user: bool = False


@dataclass(frozen=True, slots=True)
class PresentationConfig:
    """Says how a session is shown and heard."""

    window: bool = False
    mirrored: bool = True  # show the picture as a mirror does; the video too
    voice: bool = False
    flow: FlowOptions | None = None  # pages, pauses and keys around the coach; None: none
    # The routine's id or path, from which another process can load it for demonstrations; empty: there is none.
    routine_name: str = ""


@dataclass(frozen=True, slots=True)
class SessionConfig:
    """Holds everything that ``run_session`` needs to know, besides the source of frames."""

    judging: JudgingConfig
    storage: StorageConfig = StorageConfig()
    presentation: PresentationConfig = PresentationConfig()
    live: bool = False  # frames come in real time, and the session is over when the coach is; a file is read to its end
    tracking_threads: int | None = None  # for the face and the two hands, 1 to 3; None: as many as there are cores for


@dataclass(frozen=True, slots=True)
class SessionResult:
    """Says how a session went."""

    document: SessionDocument | None  # the content of session.json; None where it could not be made
    folder: Path | None  # where the session is kept; None: nowhere
    exit_status: int  # the status that a process should exit with, by the public contract
    message: str | None  # one line for the user about what went wrong; None: nothing did
    error: Exception | None = None  # what broke the session off; unless a FacetrackError, it is a fault of the program
    report_wanted: bool = False  # whether the user asked to see the report
