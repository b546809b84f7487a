"""A recording that nothing can be learnt from is refused in one clear line; no file is written."""

from pathlib import Path

import pytest

from facetrack.learn import routine, watch
from facetrack.learn.showing import Showing
from facetrack.learn.step import LearningError
from tests.learn.performances import film


def _showing(**changes: object) -> Showing:
    showing = Showing()
    showing.frames, showing.last_s, showing.face_seen = 100, 20.0, True
    showing.steps = [[film(None, None, 1.0)]]
    for name, value in changes.items():
        setattr(showing, name, value)
    return showing


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"last_s": 2.0}, "too short"),
        ({"face_seen": False}, "no face"),
        ({"steps": [[[]]]}, "the face could not be learnt"),
        ({"doubts": {"repeated": 90}}, "stands still"),
        ({"doubts": {"person": 60}}, "two people"),
        ({"frames": 0, "face_seen": False}, "no face"),
    ],
    ids=lambda value: str(value) if isinstance(value, str) else "",
)
def test_one_line_says_why(changes: dict[str, object], said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "Showing", lambda: _showing(**changes))
    monkeypatch.setattr(watch, "open_video", lambda _path: None)
    monkeypatch.setattr(watch, "_run", lambda *_arguments, **_options: None)
    with pytest.raises(LearningError, match=said) as caught:
        watch.watch_recording(Path("film.mp4"), lambda _message: None)
    assert str(caught.value).startswith("film.mp4: ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("step_id", [None, "cheeks"])
def test_somebody_who_does_nothing_is_told_so(step_id: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routine, "watch_recording", lambda _path, _notify: (_showing(), None))
    with pytest.raises(LearningError, match=r"(?i)no hand worked on the face for long enough") as caught:
        routine.learn_from_recordings([Path("film.mp4")], step_id, lambda _message: None)
    assert "no file was written" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_little_doubt_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "Showing", lambda: _showing(doubts={"person": 20, "repeated": 40}))
    monkeypatch.setattr(watch, "open_video", lambda _path: None)
    monkeypatch.setattr(watch, "_run", lambda *_arguments, **_options: "its end is missing")
    showing, damage = watch.watch_recording(Path("film.mp4"), lambda _message: None)
    assert (showing.frames, damage) == (100, "its end is missing")
