"""The report's part on the pulse: there with a pulse only, careful in its words, null told as such."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from facetrack.report.data import ReportData, read_report_data
from facetrack.report.page import report_html
from facetrack.report.pulse_section import pulse_section
from facetrack.session.document import PulseFigures

CAMERA = {"bpm": 63.9, "source": "camera", "confidence": 0.9, "synchrony": 0.86}


def paced(session: Path, pulse: dict[str, Any] | None, synchrony: float | None = 0.91) -> ReportData:
    """The first step done in time with a pulse."""
    data = read_report_data(session)
    assert data.routine is not None
    first, *others = data.routine.steps
    steps = (replace(first, tempo="pulse"), *others)
    document = data.document.model_copy(
        update={
            "pulse": None if pulse is None else PulseFigures(**pulse),
            "steps": tuple(
                step.model_copy(update={"synchrony": synchrony if step.id == first.id else None})
                for step in data.document.steps
            ),
        }
    )
    return replace(data, routine=replace(data.routine, steps=steps), document=document)


def test_rate_and_synchrony_are_told_as_a_tempo(session: Path) -> None:
    html = report_html(paced(session, CAMERA))
    assert "About 64 beats a minute" in html
    assert "kept closely to the beat" in html
    assert "<strong>91\N{NO-BREAK SPACE}%</strong> in time" in html
    assert "not a medical reading" in html


def test_a_typed_pulse_is_said_to_be_typed(session: Path) -> None:
    told = pulse_section(paced(session, {"bpm": 71.0, "source": "typed", "confidence": None, "synchrony": None}, None))
    assert told is not None
    assert told["rate"] == "71 beats a minute, as you typed it."
    assert told["kept"].startswith("Too few movements")
    assert [step["synchrony"] for step in told["steps"]] == [None]


@pytest.mark.parametrize(("synchrony", "word"), [(0.9, "closely"), (0.5, "partly"), (0.1, "hardly")])
def test_words_follow_the_figure(session: Path, synchrony: float, word: str) -> None:
    told = pulse_section(paced(session, CAMERA | {"synchrony": synchrony}))
    assert told is not None
    assert f"kept {word} to the beat" in told["kept"]


def test_without_a_pulse_there_is_no_section(session: Path) -> None:
    assert pulse_section(paced(session, None)) is None
    assert "In time with your pulse" not in report_html(paced(session, None))


def test_without_the_routine_no_step_is_listed(session: Path) -> None:
    told = pulse_section(replace(paced(session, CAMERA), routine=None))
    assert told is not None
    assert told["steps"] == []
