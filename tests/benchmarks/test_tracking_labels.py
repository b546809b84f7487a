"""The signers' labels, the script that makes such, and what the tracker makes of the labelled clips."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from benchmarks.tracking import trackers
from benchmarks.tracking.following import Score, follow
from benchmarks.tracking.labels import FOLDER, read_labels
from benchmarks.tracking.scenes import signers
from facetrack.packets import RIGHT
from scripts.label_hands import Session, check
from tests.recorded_tracking import RecordedTracker


def test_every_frame_is_labelled_and_tips_belong_to_visible_hands() -> None:
    labels = read_labels()
    assert {clip: len(each.visible) for clip, each in labels.items()} == {
        "bird": 63,
        "brother": 65,
        "eat": 47,
        "help": 58,
        "milk": 51,
        "sister": 87,
    }
    for clip, each in labels.items():
        marked = ~np.isnan(each.tips_px[..., 0]).all(axis=-1)
        assert (each.visible | ~marked).all(), clip
        assert not (each.hand_free & each.visible.any(axis=1)).any()


def test_a_gap_in_the_labels_is_told(tmp_path: Path) -> None:
    (tmp_path / "hands.csv").write_text("clip,first,last,left,right\na,0,3,no,no\na,5,6,no,yes\n")
    (tmp_path / "fingertips.csv").write_text("clip,frame,side,finger,x_px,y_px\n")
    with pytest.raises(ValueError, match="frames 5 to 6 of a follow upon 3"):
        read_labels(tmp_path)


def test_what_was_pressed_and_clicked_is_what_is_read(tmp_path: Path) -> None:
    session = Session(4)
    for key in " r 2":
        assert session.press(key)
    session.click(40, 30)
    session.press("b")
    assert not session.press("q")
    session.save("clip", tmp_path / "hands.csv")
    labels = read_labels(tmp_path)["clip"]
    assert labels.visible[:, RIGHT].tolist() == [False, True, True, False]
    assert labels.tips_px[2, RIGHT, 1].tolist() == [40, 30]
    assert np.isnan(labels.tips_px).sum() == labels.tips_px.size - 2


@pytest.mark.media
def test_the_labels_fit_their_clips(media: Path) -> None:
    assert media.is_dir()
    assert check(FOLDER) == []


@cache
def _scores(clip: str) -> dict[str, Score]:
    (scene,) = (scene for scene in signers() if scene.name == clip)
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(trackers, "Tracker", RecordedTracker)
        return follow(scene)


@pytest.mark.media
@pytest.mark.slow
@pytest.mark.parametrize("clip", ["brother", "help"])
def test_on_labelled_clips_no_hand_is_missed_that_mediapipe_sees(media: Path, clip: str) -> None:
    assert media.is_dir()
    scores = _scores(clip)
    assert scores["ours"].recall[0] >= scores["mediapipe"].recall[0]
    assert scores["ours"].swaps == 0
    assert scores["ours"].ghost_runs == 0


@pytest.mark.media
@pytest.mark.slow
@pytest.mark.parametrize("clip", ["brother", "help"])
def test_on_labelled_clips_no_hand_is_misnamed(media: Path, clip: str) -> None:
    assert media.is_dir()
    named_right, named = _scores(clip)["ours"].side
    assert named_right == named > 0
