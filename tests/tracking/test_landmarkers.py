"""Results read from C structs against the public way, on rendered pictures; and MediaPipe's chatter."""

import os
import subprocess
import sys

import cv2
import numpy as np
import pytest

from facetrack.tracking import ensure_models
from facetrack.tracking.mediapipe import landmarkers, result_structs
from facetrack.tracking.mediapipe.landmarkers import FaceLandmarker, HandLandmarker, picture
from tests.tracking.rendered import rendered


@pytest.fixture(params=[True, False], ids=["structs", "public"])
def structs(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    if not request.param:
        monkeypatch.setattr(result_structs, "CHECKED_VERSION", "0.0.0")
    return bool(request.param)


def test_this_mediapipe_has_the_structs_that_were_checked() -> None:
    assert result_structs.structs_are_known()


def test_structs_equal_the_public_objects_bit_for_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    pictures = [picture(cv2.cvtColor(rendered(name), cv2.COLOR_BGR2RGB)) for name in ("face", "hand")]
    results = []
    for version in (result_structs.CHECKED_VERSION, "0.0.0"):
        monkeypatch.setattr(result_structs, "CHECKED_VERSION", version)
        face, hand = FaceLandmarker(ensure_models().face, 1), HandLandmarker(ensure_models().hand, 2)
        hands = [hand.detect(pictures[1], t_ms) for t_ms in (0, 33, 66)]
        results.append(([face.detect(pictures[0], t_ms) for t_ms in (0, 33, 66)], hands))
        assert face.uses_structs == hand.uses_structs == (version != "0.0.0")
        face.close()
        hand.close()
    (faces, hands), (public_faces, public_hands) = results
    assert faces[2].shape == (1, 478, 3)
    for ours, public in zip(faces, public_faces, strict=True):
        np.testing.assert_array_equal(ours, public)
    for ours, public in zip(hands, public_hands, strict=True):
        assert len(ours.landmarks) == 1
        np.testing.assert_array_equal(ours.landmarks, public.landmarks)
        np.testing.assert_array_equal(ours.handedness_score, public.handedness_score)


def test_structs_that_read_wrongly_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    right = result_structs.FaceReader.read
    monkeypatch.setattr(result_structs.FaceReader, "read", lambda self: right(self) + 1e-6)
    face = FaceLandmarker(ensure_models().face, 1)
    image = picture(cv2.cvtColor(rendered("face"), cv2.COLOR_BGR2RGB))
    first, second = face.detect(image, 0), face.detect(image, 33)
    face.close()
    assert not face.uses_structs
    assert abs(first[0, 1, 0] - 0.5) < 0.02
    assert abs(second[0, 1, 0] - 0.5) < 0.02


def test_without_the_native_calls_the_public_way_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landmarkers, "native_calls", lambda *_: None)
    face = FaceLandmarker(ensure_models().face, 1)
    found = face.detect(picture(cv2.cvtColor(rendered("face"), cv2.COLOR_BGR2RGB)), 0)
    face.close()
    assert not face.uses_structs
    assert found.shape == (1, 478, 3)


@pytest.mark.usefixtures("structs")
def test_wrong_times_are_told_and_the_next_good_frame_works() -> None:
    image = picture(cv2.cvtColor(rendered("face"), cv2.COLOR_BGR2RGB))
    face = FaceLandmarker(ensure_models().face, 1)
    face.detect(image, 100)
    with pytest.raises(ValueError, match="timestamp"):
        face.detect(image, 50)
    assert face.detect(image, 133).shape == (1, 478, 3)
    face.close()


def test_a_closed_landmarker_says_so() -> None:
    face = FaceLandmarker(ensure_models().face, 1)
    face.close()
    face.close()
    with pytest.raises(RuntimeError, match="closed"):
        face.detect(picture(np.full((48, 64, 3), 90, np.uint8)), 0)


@pytest.mark.usefixtures("structs")
def test_nothing_to_see_gives_empty_arrays() -> None:
    blank = picture(np.full((120, 160, 3), 90, np.uint8))
    face, hand = FaceLandmarker(ensure_models().face, 1), HandLandmarker(ensure_models().hand, 2)
    assert face.detect(blank, 0).shape == (0, 478, 3)
    found = hand.detect(blank, 0)
    assert found.landmarks.shape == (0, 21, 3)
    assert found.handedness_score.shape == (0,)
    face.close()
    hand.close()


def test_views_that_mediapipe_would_misread_are_refused() -> None:
    with pytest.raises(ValueError, match="non-contiguous"):
        picture(rendered("face")[:, ::-1])


def test_chatter_is_hidden_and_errors_are_not() -> None:
    program = (
        "import os, numpy as np\n"
        "from facetrack.packets import Frame\n"
        "from facetrack.tracking import Tracker\n"
        "from facetrack.tracking.mediapipe.log_filter import native_logs_filtered\n"
        "tracker = Tracker()\n"
        "tracker.update(Frame(np.zeros((48, 64, 3), np.uint8), 0.0, 0))\n"
        "with native_logs_filtered():\n"
        "    os.write(2, b'E0000 00:00 something.cc:1] a real error\\n')\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env={**os.environ})
    assert done.stderr == "E0000 00:00 something.cc:1] a real error\n"
