"""The checked-in JSON Schema is what the models say."""

from pathlib import Path

from facetrack.routine.file.schema import Step, json_schema, schema_text

TOP = Path(__file__).parents[2]


def test_schema_is_up_to_date() -> None:
    assert (TOP / "routines" / "routine.schema.json").read_text(encoding="utf-8") == schema_text(), (
        "run scripts/write_routine_files.py"
    )


def test_schema_knows_every_key_and_has_no_null() -> None:
    schema = json_schema()
    assert set(schema["$defs"]["Step"]["properties"]) == set(Step.model_fields)
    assert '"null"' not in schema_text()
    assert schema["additionalProperties"] is False
    assert schema["$defs"]["Step"]["additionalProperties"] is False


def test_every_key_is_described_in_the_guide() -> None:
    guide = (TOP / "docs" / "routines.md").read_text(encoding="utf-8")
    keys = {key for table in ("Step", "Phase", "Caution", "Schedule") for key in json_schema()["$defs"][table]["properties"]}
    assert [key for key in sorted(keys | set(json_schema()["properties"])) if key not in guide] == []
