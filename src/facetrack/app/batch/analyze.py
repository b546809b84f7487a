"""Analyses one recording."""

from facetrack.app.batch.job import AnalysisJob, AnalysisResult, Progress
from facetrack.app.batch.progress_sink import ProgressSink
from facetrack.app.batch.result_cache import cache_key, load_cached, store_key
from facetrack.app.notify import Listener, Notifier, ignore
from facetrack.app.session_config import JudgingConfig, SessionConfig, SessionResult, StorageConfig
from facetrack.app.session_runner import run_session, unjudged_message
from facetrack.app.shutdown import StopSignal
from facetrack.capture import EmptySource, FrameSource, open_video
from facetrack.errors import DamagedInputError, FacetrackError
from facetrack.routine.library import routine_with
from facetrack.system.memory import give_back_memory


def analyse(job: AnalysisJob, stop: StopSignal, progress: Progress, notify: Listener = ignore) -> AnalysisResult:
    """Analyse one recording. A FacetrackError becomes part of the result, so that other recordings are still analysed.

    notify: receives what went wrong on the way, such as an output that was lost.

    A damaged recording from which no frame can be read gives a partial session without figures; it stays out of the history.
    """
    try:
        return _analyse(job, stop, progress, notify)
    except FacetrackError as error:
        return AnalysisResult(job.video, job.folder, None, error.exit_code, str(error))
    finally:
        give_back_memory()


def _analyse(job: AnalysisJob, stop: StopSignal, progress: Progress, notify: Listener) -> AnalysisResult:
    routine = routine_with(job.routine, [job.step] if job.step else []).with_contact(job.contact)
    source, readable = _open(job)
    key = cache_key(job, routine) if job.folder is not None and readable else None
    if key is not None and job.folder is not None and job.use_cache:
        document = load_cached(job.folder, key)
        if document is not None:
            source.close()
            nothing = unjudged_message(document)
            return AnalysisResult(job.video, job.folder, document, 1 if nothing else 0, nothing, from_cache=True)
    config = SessionConfig(
        JudgingConfig(routine, job.step),
        StorageConfig(
            job.folder,
            history=job.save and readable,
            replace=True,
            labels=job.labels or {},
            started_at=job.started_at,
            inputs=(job.video,),
            landmarks=job.landmarks,
        ),
        tracking_threads=None if job.alone else 1,
    )
    sinks = [ProgressSink(source.info, progress)] if readable else []
    result = run_session(config, source, notify=Notifier(notify), stop=stop, sinks=sinks)
    whole = result.exit_status == 0 or (result.document is not None and result.message == unjudged_message(result.document))
    if key is not None and result.folder is not None and whole:
        store_key(result.folder, key)
    return _analysis_result(job, result)


def _analysis_result(job: AnalysisJob, result: SessionResult) -> AnalysisResult:
    if result.error is not None and not isinstance(result.error, FacetrackError):
        raise result.error
    return AnalysisResult(job.video, result.folder, result.document, result.exit_status, result.message)


def _open(job: AnalysisJob) -> tuple[FrameSource, bool]:
    """Open the recording, and say whether it has any frames. Raises FacetrackError for what is not a recording."""
    try:
        return open_video(job.video, mirrored=job.input_mirrored), True
    except DamagedInputError as error:
        return EmptySource(job.video, error), False
