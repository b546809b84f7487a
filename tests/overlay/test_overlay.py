"""The picture says what the verdict says, leaves the frame alone, and holds together at every size."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from facetrack.flow import Screen
from facetrack.flow.pointing import Arrow, Pointing
from facetrack.overlay import THEME, Overlay
from facetrack.overlay.drawing.layout import Layout
from tests.overlay import scenes

SIZES = [(640, 480), (1280, 720), (1920, 1080), (720, 1280), (320, 240)]


def _draw(overlay: Overlay, size_wh=(640, 480), verdict=None, motion="stroke", fit=True, hands=True, screen=None) -> np.ndarray:
    seen = scenes.observation(size_wh)
    if not hands:
        seen.hands_px[:] = np.nan
    place = scenes.PlainFit(size_wh) if fit else None
    said = verdict or scenes.verdict()
    return overlay.draw(scenes.frame(size_wh), seen, scenes.points(), place, said, scenes.routine(motion), screen).copy()


def _pixels_of(image: np.ndarray, colour: tuple[int, int, int], slack: int = 12) -> np.ndarray:
    """(N, 2) x, y of the pixels of that colour."""
    y, x = np.nonzero((np.abs(image.astype(int) - colour) <= slack).all(axis=-1))
    return np.stack([x, y], axis=-1)


@pytest.mark.parametrize("size_wh", SIZES, ids=str)
@pytest.mark.parametrize("motion", ["stroke", "spiral", "back-and-forth", "hold"])
def test_draws_every_motion_at_every_size_and_leaves_the_frame_alone(size_wh, motion) -> None:
    frame = scenes.frame(size_wh)
    before = frame.image_bgr.copy()
    place = scenes.PlainFit(size_wh)
    seen = scenes.observation(size_wh)
    image = Overlay().draw(frame, seen, scenes.points(), place, scenes.verdict(scenes.correction()), scenes.routine(motion))
    np.testing.assert_array_equal(frame.image_bgr, before)
    assert image.shape == before.shape
    assert (image != before).any()


def test_right_and_wrong_tips_differ_in_colour_and_shape_and_lie_at_the_fingers() -> None:
    image = _draw(Overlay(mirrored=False), (1280, 720), scenes.verdict(scenes.correction(side="right", kind="pace")))
    tips = scenes.observation((1280, 720)).hands_px[:, scenes.TIPS, :2]
    reach = 2.0 * THEME.marker * 720
    for hand, colour in ((0, THEME.right), (1, THEME.wrong)):
        found = _pixels_of(image[120:500], colour) + np.array([0, 120])
        assert len(found) > 50
        assert np.abs(found[:, None] - tips[hand]).max(axis=-1).min(axis=-1).max() < reach
    assert len(_pixels_of(image[120:500], THEME.text_colour)) > 100


def test_a_withheld_side_has_neither_mark() -> None:
    sides = tuple(scenes.side(h, p, withheld="contact") for h, p in zip(("left", "right"), scenes.HERE_MM, strict=True))
    image = _draw(Overlay(), (1280, 720), scenes.verdict(sides=sides))
    assert len(_pixels_of(image[150:500], THEME.right)) == 0
    assert len(_pixels_of(image[150:500], THEME.wrong)) == 0
    assert len(_pixels_of(image[150:500], THEME.unseen)) > 50


def test_the_arrows_are_those_of_the_screen() -> None:
    def red(*arrows: Arrow | None) -> NDArray[np.intp]:
        screen = scenes.screen(pointing=Pointing("Higher, to the forehead", arrows))
        image = _draw(Overlay(mirrored=False), (1280, 720), scenes.verdict(scenes.correction()), hands=False, screen=screen)
        return _pixels_of(image[150:500], THEME.wrong)

    here, there = scenes.HERE_MM[1], scenes.HERE_MM[1] - (0.0, 90.0)
    assert len(red(None, None)) < 50
    way, whole = red(None, Arrow(here, there)), red(None, Arrow(here, there, arrives=True))
    end = scenes.PlainFit((1280, 720)).image_from_chart(there)
    assert 200 < len(way) < len(whole)
    assert whole[:, 1].max() + 150 == pytest.approx(end[1], abs=8), "it leads to its end"
    assert len(red(Arrow(here * (-1.0, 1.0), there * (-1.0, 1.0)), Arrow(here, there))) > 1.8 * len(way)


def test_mirroring_turns_the_face_but_not_the_words() -> None:
    plain, mirrored = _draw(Overlay(mirrored=False)), _draw(Overlay(mirrored=True))
    layout = Layout.of((640, 480), THEME)
    title = slice(0, layout.margin + layout.px(THEME.text_title) + 4)
    np.testing.assert_array_equal(plain[title], mirrored[title])
    face = slice(150, 300)
    left, right = _draw(Overlay(mirrored=False), hands=False), _draw(Overlay(mirrored=True), hands=False)
    assert np.abs(left[face, ::-1].astype(int) - right[face]).mean() < 2.0


def test_counts_stand_on_the_side_that_they_are_about() -> None:
    sides = (scenes.side("left", scenes.HERE_MM[0]), scenes.side(None, scenes.HERE_MM[1], needed=False, repetitions=0))
    layout = Layout.of((640, 480), THEME)
    for mirrored in (True, False):
        image = _draw(Overlay(mirrored=mirrored), verdict=scenes.verdict(sides=sides, step_left_s=scenes.NAN))
        row = image[layout.top[3] - layout.margin - layout.px(THEME.text_small) : layout.top[3] - layout.margin]
        inked = _pixels_of(row, THEME.text_colour)[:, 0]
        assert (inked.max() < 320) if mirrored else (inked.min() > 320), "a mirror shows the user's left at the left"


def test_the_bar_grows_with_the_repetitions() -> None:
    def bar(repetitions: int) -> int:
        sides = tuple(
            scenes.side(h, p, repetitions=repetitions) for h, p in zip(("left", "right"), scenes.HERE_MM, strict=True)
        )
        layout = Layout.of((640, 480), THEME)
        return len(
            _pixels_of(
                _draw(Overlay(), verdict=scenes.verdict(sides=sides))[layout.top[3] - 1 : layout.top[3]], THEME.right_light, 0
            )
        )

    assert [bar(n) for n in (0, 1, 3, 5, 9)] == [0, 128, 384, 640, 640]


def test_recording_is_shown_as_a_red_dot_and_only_then() -> None:
    foot = slice(440, 480)
    assert len(_pixels_of(_draw(Overlay(recording=True))[foot], THEME.recording)) > 20
    assert len(_pixels_of(_draw(Overlay())[foot], THEME.recording)) == 0


@pytest.mark.parametrize("state", ["calibrating", "working", "paused", "finished"])
def test_every_state_with_and_without_a_face(state) -> None:
    step = -1 if state == "calibrating" else 0
    for fit in (True, False):
        _draw(
            Overlay(),
            verdict=scenes.verdict(state=state, step=step, hint_id="unseen.face", hint="I can't see your face"),
            fit=fit,
        )


def test_a_face_that_is_partly_unknown_breaks_nothing() -> None:
    class HalfKnown(scenes.PlainFit):
        def image_from_chart(self, points_mm):
            placed = super().image_from_chart(points_mm)
            placed[placed[..., 0] > 330] = np.nan
            return placed

    frame, seen = scenes.frame(), scenes.observation()
    said = scenes.verdict(scenes.correction(side="both", kind="zone"))
    Overlay().draw(frame, seen, scenes.points(), HalfKnown((640, 480)), said, scenes.routine())


def test_a_face_far_out_of_the_picture_breaks_nothing() -> None:
    class Elsewhere(scenes.PlainFit):
        def image_from_chart(self, points_mm):
            return super().image_from_chart(points_mm) * 1e6

    said = scenes.verdict(scenes.correction(side="both"))
    Overlay().draw(scenes.frame(), scenes.observation(), scenes.points(), Elsewhere((640, 480)), said, scenes.routine())


def test_the_size_may_change_on_the_way() -> None:
    overlay = Overlay()
    assert _draw(overlay, (640, 480)).shape == (480, 640, 3)
    assert _draw(overlay, (1280, 720)).shape == (720, 1280, 3)


def test_long_words_leave_room_for_the_face() -> None:
    long = scenes.correction(
        message="Lower, a little further out and then along the jaw, to the chin and the jawline on both sides"
    )
    image, plain = _draw(Overlay(), verdict=scenes.verdict(long)), scenes.frame().image_bgr
    middle = slice(Layout.of((640, 480), THEME).top[3], 300)
    assert np.abs(image[middle, :100].astype(int) - plain[middle, :100]).max() == 0


def test_a_notice_works_before_and_after_the_first_picture() -> None:
    overlay = Overlay()
    assert overlay.notice("The camera is lost.").shape == (480, 640, 3)
    before = _draw(overlay)
    assert (overlay.notice("The camera is lost.") != before).any()


def test_a_frames_fault_is_all_that_is_said() -> None:
    """Instead of what a page asks for: without a picture nothing else can be done."""
    words = "The camera gives no pictures. Is it plugged in? Trying to open it again."
    plain = replace(scenes.frame(), image_bgr=np.full((480, 640, 3), 50, np.uint8))
    asking = Screen("paused", "Paused", ("Forehead",), "Come back into view to continue")
    nobody, points, said, routine = scenes.observation(), scenes.points(), scenes.verdict(state="paused"), scenes.routine()
    drawn = Overlay().draw(replace(plain, source_error=words), nobody, points, None, said, routine, asking)
    other = replace(asking, ask="Stand on your head")
    np.testing.assert_array_equal(
        drawn, Overlay().draw(replace(plain, source_error=words), nobody, points, None, said, routine, other)
    )
    asked = Overlay().draw(plain, nobody, points, None, said, routine, asking)
    assert (drawn != asked).any()
    assert (drawn[470 - 30, 2] == THEME.wrong).all(), "marked as a fault"
