"""Landmarks that were kept: small, the same when read, without pixels or names, and judged as the live session was."""

from pathlib import Path

import numpy as np
import pytest

import facetrack
from facetrack.app.batch.analyze import analyse
from facetrack.app.batch.job import AnalysisJob
from facetrack.app.shutdown import StopSignal
from facetrack.errors import DamagedInputError
from facetrack.packets import Observation
from facetrack.pipeline.sinks import FrameResult, RunEnd
from facetrack.session.files import SessionFileError
from facetrack.session.folder import LANDMARKS_NAME
from facetrack.session.journal.landmarks import LandmarkSink, read_landmarks, rounded, summary

FRAMES = 200


def _observations() -> list[Observation]:
    rng = np.random.default_rng(3)
    made = []
    face, hands = rng.uniform(100, 400, (478, 3)), rng.uniform(100, 400, (2, 21, 3))
    for k in range(FRAMES):
        face, hands = face + rng.normal(0, 0.1, face.shape), hands + rng.normal(0, 1.0, hands.shape)
        seen = hands.copy()
        if k % 50 < 10:
            seen[1] = np.nan
        face_px = np.full_like(face, np.nan) if k == 7 else face
        doubt = "person" if k == 9 else None
        made.append(rounded(Observation(k / 30, (640, 480), face_px, seen, np.array([0.9, np.nan]), doubt, k == 11)))
    return made


def _written(folder: Path, observations: list[Observation], *, finish: bool = True) -> Path:
    sink = LandmarkSink(folder)
    for one in observations:
        sink.on_frame(FrameResult(None, one, None, None, None, 0.0))  # type: ignore[arg-type]
    if finish:
        sink.finish(RunEnd(None, True, None, 0))
    sink.close()
    return folder / LANDMARKS_NAME


def _equal(first: Observation, second: Observation) -> None:
    for name in ("face_px", "hands_px", "left_score"):
        np.testing.assert_allclose(getattr(first, name), getattr(second, name), atol=1e-6)
    assert (first.t_s, first.size_wh, first.doubt, first.repeated) == (
        second.t_s,
        second.size_wh,
        second.doubt,
        second.repeated,
    )


def test_what_is_kept_is_read_back(tmp_path: Path) -> None:
    observations = _observations()
    _written(tmp_path, observations)
    read = list(read_landmarks(tmp_path))
    assert len(read) == FRAMES
    for first, second in zip(observations, read, strict=True):
        np.testing.assert_array_equal(first.face_px, second.face_px)
        _equal(first, second)
    assert f"{FRAMES} frames" in summary(tmp_path)


def test_what_was_cut_off_is_read_until_there(tmp_path: Path) -> None:
    path = _written(tmp_path, _observations(), finish=False)
    path.write_bytes(path.read_bytes()[:-10])
    assert len(list(read_landmarks(tmp_path))) == 90  # of two whole blocks one is torn
    path.write_bytes(b"something else")
    with pytest.raises(DamagedInputError):
        list(read_landmarks(tmp_path))
    path.unlink()
    with pytest.raises(SessionFileError):
        list(read_landmarks(tmp_path))


@pytest.mark.usefixtures("recorded_tracking")
def test_replay_from_landmarks_equals_the_session(workplace: Path, tmp_path: Path) -> None:
    job = AnalysisJob(workplace / "clip.mp4", "fascia", "jawline", tmp_path / "s", landmarks=True, use_cache=False)
    assert analyse(job, StopSignal(), lambda _share: None).exit_status == 0
    session = facetrack.load_session(tmp_path / "s")
    again = facetrack.replay(session, from_landmarks=True)
    assert again.document.model_dump() == session.document.model_dump()
    size = (tmp_path / "s" / LANDMARKS_NAME).stat().st_size
    assert size / session.document.duration_s <= 25_000
    assert b"clip" not in (tmp_path / "s" / LANDMARKS_NAME).read_bytes()
