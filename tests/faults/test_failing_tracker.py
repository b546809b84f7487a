"""MediaPipe fails in the middle of a recording: a frame is lost, or the session ends there, whole until then."""

import json
from pathlib import Path

import pytest

from facetrack.tracking.mediapipe.landmarkers import HandLandmarker
from tests.cli.commands import facetrack
from tests.clips import write_clip

pytestmark = pytest.mark.usefixtures("nobody_is_enough")

FRAMES = 24


class Failing:
    """``HandLandmarker.detect`` that raises in the calls for which ``when`` says so."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, error: Exception, first: int, number: int) -> None:
        self.calls = 0
        real = HandLandmarker.detect

        def detect(landmarker: HandLandmarker, *arguments: object) -> object:
            self.calls += 1
            if first <= self.calls < first + number:
                raise error
            return real(landmarker, *arguments)

        monkeypatch.setattr(HandLandmarker, "detect", detect)


@pytest.mark.parametrize(
    ("error", "number", "code", "words"),
    [
        (RuntimeError("Graph has errors:\nCalculator::Process() failed"), 1, 0, None),
        (
            RuntimeError("Graph has errors:\nCalculator::Process() failed"),
            10**6,
            1,
            "MediaPipe fails on every frame (Graph has errors:)",
        ),
        (KeyError("hand"), 1, 1, "Something unexpected went wrong (KeyError: 'hand')"),
        (MemoryError(), 10**6, 1, "Something unexpected went wrong (MemoryError"),
    ],
    ids=["once", "for ever", "a bug", "no memory"],
)
def test_the_tracker_raises_in_the_middle(
    error: Exception,
    number: int,
    code: int,
    words: str | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    clip = write_clip(tmp_path / "clip.mp4", frames=FRAMES, size_wh=(320, 240))
    failing = Failing(monkeypatch, error, FRAMES // 2, number)
    ran = facetrack(capfd, "analyze", clip, "--json", "--save", "--out", tmp_path / "out")
    assert failing.calls >= FRAMES // 2
    assert ran.code == code
    document = json.loads((tmp_path / "out" / "session.json").read_text(encoding="utf-8"))
    frames = (tmp_path / "out" / "frames.jsonl").read_text(encoding="utf-8").count('"p":')
    assert document["tracking"]["frames"] == frames
    assert document["complete"] == (code == 0)
    if words is None:
        assert ran.err == ""
        assert frames == FRAMES
    else:
        assert words in ran.said
        assert FRAMES // 4 < frames < FRAMES
