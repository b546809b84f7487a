"""session.json as types: what is read back, and of which versions."""

import json
from pathlib import Path
from typing import Any

import pytest

from facetrack.errors import FacetrackError
from facetrack.session.document import CHANGED_IN_2, SessionDocument, schema_text
from tests.golden.verdicts import load


@pytest.fixture
def values() -> dict[str, Any]:
    """A document of version 1, as JSON values."""
    head = {
        "schema_version": 1,
        "facetrack_version": "0.1.0",
        "id": "20261120-080000-7f3a",
        "routine": {"id": "fascia", "version": 1, "sha256": "ab"},
        "models": {"face": "ff"},
        "settings": {"zone_mm": 8.0},
        "labels": {"participant": "p07"},
        "source": {"kind": "video", "name": "clip.mp4"},
        "started_at": "2026-11-20T08:00:00Z",
        "duration_s": 61.2,
        "pulse": None,
    }
    return head | {name: value for name, value in load("fascia/cheeks").items() if name != "strokes"}


def read(values: dict[str, Any]) -> SessionDocument:
    return SessionDocument.from_json(json.dumps(values))


def test_figures_that_meant_something_else_are_not_read_from_version_1(values: dict[str, Any]) -> None:
    step = read(values).steps[0]
    for block in (step, *step.sides):
        assert all(getattr(block, name, None) is None for name in CHANGED_IN_2)
    assert step.left.path_mm == values["steps"][0]["left"]["path_mm"]
    assert step.score == values["steps"][0]["score"]


def test_version_2_is_read_as_it_was_written(values: dict[str, Any]) -> None:
    document = read(values | {"schema_version": 2})
    written = json.loads(document.to_json())
    assert written == values | {"schema_version": 2}
    assert document.steps[0].left.pace_mm_s.median == values["steps"][0]["left"]["pace_mm_s"]["median"]
    assert SessionDocument.from_json(document.to_json(indent=2)) == document


def test_what_a_later_facetrack_adds_is_passed_over(values: dict[str, Any]) -> None:
    later = values | {"schema_version": 2, "mood": "calm"}
    later["steps"] = [later["steps"][0] | {"light": 3}]
    assert read(later) == read(values | {"schema_version": 2})


def test_fields_of_older_sessions_may_be_missing(values: dict[str, Any]) -> None:
    del values["pulse"], values["tracking"]["gaps"], values["steps"][0]["synchrony"]
    document = read(values)
    assert (document.pulse, document.tracking.gaps, document.steps[0].synchrony) == (None, (), None)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"schema_version": 3}, FacetrackError),
        ({"steps": [{"id": "cheeks"}]}, KeyError),
        ({"schema_version": 2, "steps": [{"id": "cheeks"}]}, ValueError),
        ({"schema_version": 2, "duration_s": "long"}, ValueError),
        ({"schema_version": None}, TypeError),
    ],
)
def test_what_cannot_be_read(values: dict[str, Any], change: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        read(values | change)


def test_the_schema_in_the_docs_is_that_of_the_code() -> None:
    """Written anew by ``python -m facetrack.session.document > docs/session.schema.json``."""
    shipped = Path(__file__).parents[2] / "docs" / "session.schema.json"
    assert _without_default(json.loads(shipped.read_text(encoding="utf-8"))) == _without_default(json.loads(schema_text()))


def _without_default(schema: Any) -> Any:
    """Leave out that other properties are allowed: it is the default, and only newer versions of pydantic say so."""
    if isinstance(schema, list):
        return [_without_default(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    return {name: _without_default(one) for name, one in schema.items() if (name, one) != ("additionalProperties", True)}
