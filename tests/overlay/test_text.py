"""Words that fit."""

import numpy as np
import pytest

from facetrack.overlay.drawing import text

WORDS = "Stroke from the centre above the brows to the temples, slowly, in one direction."
JAPANESE = "ほおの内側から外側へ、らせんを描くようにやさしくマッサージします。"


@pytest.mark.parametrize("words", [WORDS, JAPANESE], ids=["english", "japanese"])
@pytest.mark.parametrize("room", [120, 300, 1000])
def test_wrapped_lines_fit_and_lose_nothing(words: str, room: int) -> None:
    lines = text.wrap(words, 24, 500, room)
    assert all(text.width_of(line, 24, 500) <= room for line in lines)
    assert "".join(lines).replace(" ", "") == words.replace(" ", "")


def test_text_shrinks_until_it_fits() -> None:
    size, lines = text.fit(WORDS, 60, 700, 600, 2)
    assert 10 <= size < 60
    assert len(lines) <= 2
    assert text.fit("Slower", 60, 700, 600, 2) == (60, ("Slower",))


def test_nothing_to_say() -> None:
    assert text.wrap("", 20, 500, 100) == ()
    assert text.fit("", 20, 500, 100, 2) == (20, ())


@pytest.mark.parametrize(("align", "expected"), [(0.0, 100), (0.5, 200), (1.0, 300)])
def test_alignment(align: float, expected: int) -> None:
    image = np.zeros((60, 400, 3), np.uint8)
    x = {0.0: 100, 0.5: 200, 1.0: 300}[align]
    text.put(image, "Mittelwort", x, 40, (255, 255, 255), 24, 500, align)
    inked = np.nonzero(image.any(axis=(0, 2)))[0]
    edge = {0.0: inked.min(), 0.5: (inked.min() + inked.max()) / 2, 1.0: inked.max()}[align]
    assert edge == pytest.approx(expected, abs=4)
