"""Each of the 20 steps is drawn on both sides, and a folder that cannot be written is told in one line."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from facetrack.errors import FacetrackError
from facetrack.overlay.mannequin_face import mannequin_face
from facetrack.overlay.step_picture import CAPTION_PX, Backdrop, smooth_path, spiral_path, step_picture, write_step_pictures
from facetrack.routine import load_routine

STEPS = [(routine, step.id) for routine in ("japanese", "fascia") for step in load_routine(routine).steps]


@pytest.fixture(scope="module")
def backdrop() -> Backdrop:
    return mannequin_face()


def test_the_face_is_where_the_chart_says(backdrop: Backdrop) -> None:
    """The user's left is on the left, as in a mirror, and lips are redder than the chin below them."""
    assert backdrop.place(np.array([50.0, 0.0]))[0] < backdrop.place(np.array([-50.0, 0.0]))[0]
    redness = []
    for place in ([0.0, -76.0], [0.0, -100.0]):
        column, row = backdrop.place(np.array(place)).astype(int)
        blue, green, red = backdrop.image[row, column].astype(float)
        redness.append(red / (blue + green + red))
    assert redness[0] > redness[1] + 0.03


@pytest.mark.parametrize(("routine", "step"), STEPS)
def test_each_step_is_drawn_alike_on_both_sides(backdrop: Backdrop, routine: str, step: str) -> None:
    compiled = load_routine(routine).step(step)
    picture = step_picture(compiled, backdrop)
    drawn = (picture[CAPTION_PX:] != backdrop.image).any(axis=-1)
    assert drawn.mean() > 0.005
    left, right = drawn[:, : drawn.shape[1] // 2], drawn[:, ::-1][:, : drawn.shape[1] // 2]
    assert (left != right).mean() < 0.01  # but for the turning sense of numbers and loops
    for phase in compiled.phases:
        for side in (1.0, -1.0):
            column, row = backdrop.place(phase.path_mm[-1] * (side, 1.0))
            around = drawn[int(row) - 30 : int(row) + 30, int(column) - 30 : int(column) + 30]
            assert around.any()
    assert (picture[:CAPTION_PX] < 100).any()


def test_the_hands_own_ways_lie_below_the_step(backdrop: Backdrop) -> None:
    """On the side on which they went, and nowhere else."""
    step = load_routine("fascia").step("jawline")
    way = np.array([[20.0, 60.0], [60.0, 60.0]])
    plain, with_film = (step_picture(step, backdrop, films).astype(int) for films in ((), (way,)))
    rows, columns = np.nonzero((plain != with_film).any(axis=-1))
    ends = backdrop.place(way) + np.array([0.0, CAPTION_PX])
    assert (columns.min(), columns.max()) == pytest.approx(tuple(sorted(ends[:, 0])), abs=4.0)
    assert rows.min() > ends[:, 1].min() - 5.0
    assert rows.max() < ends[:, 1].max() + 5.0


def test_pictures_are_written(backdrop: Backdrop, tmp_path: Path) -> None:
    written = write_step_pictures(load_routine("fascia"), backdrop, tmp_path / "new" / "folder")
    assert [path.name for path in written][:2] == ["01-forehead.png", "02-cheeks.png"]
    assert all(cv2.imread(str(path)) is not None for path in written)


def test_a_folder_that_is_a_file(backdrop: Backdrop, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(FacetrackError, match="Choose another place"):
        write_step_pictures(load_routine("fascia"), backdrop, tmp_path / "file")


def test_smooth_paths_go_through_their_corners_and_spirals_stay_near_theirs() -> None:
    path = np.array([[0.0, 0], [20, 10], [40, 0]])
    smooth = smooth_path(path)
    assert all(np.linalg.norm(smooth - corner, axis=1).min() < 1e-9 for corner in path)
    phase = load_routine("japanese").step("cheeks").phases[0]
    loops = spiral_path(phase)
    assert np.linalg.norm(loops[0] - phase.path_mm[0]) == pytest.approx(phase.turn_radius_mm)
