"""What drawing costs, beside copying the picture: its share of inference is in the live pipeline's own figures."""

import pytest

from facetrack.overlay import Overlay
from tests.overlay import scenes


@pytest.mark.parametrize("size_wh", [(640, 480), (1280, 720), (1920, 1080)], ids=str)
def test_draw_with_a_correction(benchmark, size_wh) -> None:
    overlay, said = Overlay(), scenes.verdict(scenes.correction())
    arguments = (scenes.frame(size_wh), scenes.observation(size_wh), scenes.points(), scenes.PlainFit(size_wh), said)
    benchmark(overlay.draw, *arguments, scenes.routine())


@pytest.mark.parametrize("size_wh", [(640, 480), (1280, 720), (1920, 1080)], ids=str)
def test_reference_copy_of_the_picture(benchmark, size_wh) -> None:
    benchmark(scenes.frame(size_wh).image_bgr.copy)
