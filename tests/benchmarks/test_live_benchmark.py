"""What the speed benchmarks compare is the same work, and their figures are what they are called."""

import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks.live.goals import GOALS, markdown_of
from benchmarks.live.memory import growth
from benchmarks.live.textbook import draw_landmarks, observation_of, queued
from facetrack.bench.footage import FPS, WARM_UP_FRAMES, Footage, FootageSource
from facetrack.bench.live import LoopTimes, rounds
from facetrack.packets import Frame
from facetrack.tracking.mediapipe.landmarkers import FaceLandmarker, HandLandmarker, picture
from facetrack.tracking.mediapipe.reference_loop import PublicLandmarkers
from facetrack.tracking.models import ensure_models
from tests.tracking.rendered import rendered, scene

PERSON = scene((rendered("face"), 300, 170, 60), (rendered("hand"), 170, 470, 200))
RESULTS = Path(__file__).parents[2] / "benchmarks" / "results"


def test_the_textbook_sees_what_the_tracker_reads() -> None:
    """To the bit, from the same landmarkers: only the ways to the numbers differ."""
    rgb = np.ascontiguousarray(PERSON[:, :, ::-1])
    public, models = PublicLandmarkers(), ensure_models()
    face, hands = FaceLandmarker(models.face, 1), HandLandmarker(models.hand, 2)
    to_px = np.array([640, 480, 640], float)
    face.detect(picture(np.full((48, 64, 3), 90, np.uint8)), 0)
    hands.detect(picture(np.full((48, 64, 3), 90, np.uint8)), 0)
    for number in range(3):
        found = public.detect(Frame(PERSON, number / FPS, number))
        t_ms = round(1000 * number / FPS) + 1
        seen = observation_of(Frame(PERSON, number / FPS, number), found)
        ours = face.detect(picture(rgb), t_ms)[0].astype(float) * to_px
        np.testing.assert_allclose(seen.face_px, ours, rtol=1e-12)
        own = hands.detect(picture(rgb), t_ms)
        assert len(own.landmarks) == seen.hand_seen.sum() == 1
        np.testing.assert_allclose(seen.hands_px[seen.hand_seen], own.landmarks * to_px, rtol=1e-12)
    drawn = PERSON.copy()
    draw_landmarks(drawn, found)
    assert (drawn != PERSON).any(axis=2).sum() > 1000
    for landmarker in (public, face, hands):
        landmarker.close()


def test_footage_goes_to_its_end_and_back() -> None:
    images = [np.full((4, 6, 3), n % 250, np.uint8) for n in range(WARM_UP_FRAMES + 3)]
    footage = Footage(images)
    shown = [footage.image(WARM_UP_FRAMES + n) for n in range(8)]
    order = [next(k for k, one in enumerate(images) if one is image) for image in shown]
    assert [place - WARM_UP_FRAMES for place in order] == [0, 1, 2, 2, 1, 0, 0, 1]
    source = FootageSource(footage, 5)
    assert [frame.index for frame in source.frames()] == [0, 1, 2, 3, 4]
    assert source.captured_s == sorted(source.captured_s)
    assert source.info.size_wh == (6, 4)


def test_a_queue_grows_old_and_drops_nothing() -> None:
    clock = iter(range(100))
    taken: list[int] = []
    frames = [(Frame(np.zeros((2, 2, 3), np.uint8), n / FPS, n), float(next(clock))) for n in range(4)]
    times = queued(iter(frames), lambda frame: taken.append(frame.index), lambda frame: frame.index >= 2)
    assert taken == [0, 1, 2, 3]
    assert times.captured_s.tolist() == [2.0, 3.0]
    assert len(times.age_s) == 2


def test_rounds_are_medians_over_all_rounds() -> None:
    made = iter([LoopTimes.of([0.0, 1.0, 2.0], [0.5, 1.5, 2.5], 1.0), LoopTimes.of([0.0, 3.0, 6.0], [0.5, 3.5, 6.5], 6.0)])
    told = rounds({"loop": lambda: next(made)}, 2)["loop"]
    assert told["period_ms"] == pytest.approx(2000.0)
    assert told["age_ms"] == pytest.approx(500.0)
    assert told["cores"] == pytest.approx(0.75)


def test_growth_is_from_the_settled_beginning_to_the_end() -> None:
    assert growth([50.0] * 10 + [100.0] * 80 + [103.0] * 10)["growth"] == pytest.approx(0.03)
    assert growth([100.0] * 100)["growth"] == 0.0


@pytest.mark.skipif(not (RESULTS / "live.json").exists(), reason="nothing was measured here yet")
def test_the_table_is_that_of_the_figures() -> None:
    told = json.loads((RESULTS / "live.json").read_text(encoding="utf-8"))
    text = markdown_of(told)
    assert text == (RESULTS / "live.md").read_text(encoding="utf-8")
    assert len([line for line in text.splitlines() if line.endswith((" met |", " not met |"))]) == len(GOALS)
