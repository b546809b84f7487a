"""What is possible in a routine file but hardly meant is asked about, and the file is good all the same."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from facetrack.cli.commands.routines import app
from facetrack.routine import load_routine
from facetrack.routine.file.doubts import doubts_about
from tests.routine.test_format import HEAD

RUN = CliRunner()


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ('path = ["cheek-inner", "temple"]\npace_mm_s = [1, 3]', "step[1] (a).pace_mm_s: [1, 3] are millimetres a second"),
        ('path = ["cheek-inner", "temple"]\npace_mm_s = [10, 400]', "too fast for a camera"),
        ('motion = "spiral"\npath = ["cheek-inner", "temple"]\nturns_s = [0.4, 5]\nradius_mm = 20', ".turns_s: up to 628 mm"),
        ('motion = "hold"\npath = ["temple"]\nhold_s = 100', "step[1] (a).hold_s: 100 seconds"),
        ('path = [[25, -35], [44, -32], [60, -2]]\nzone = "cheek"\ntolerance_mm = 20', "mm out of the zone"),
        ('path = ["cheek-inner", "temple"]\nrepetitions = 200', "minutes; is that meant?"),
    ],
)
def test_a_value_that_is_hardly_meant_is_asked_about(keys: str, told: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(f'{HEAD}[[step]]\nid = "a"\n{keys}\n')
    ran = RUN.invoke(app, ["validate", str(file)])
    assert ran.exit_code == 0, ran.output
    assert ": good: " in ran.stdout
    (doubt,) = ran.stderr.splitlines()
    assert "is it meant?" in doubt
    assert told in doubt


@pytest.mark.parametrize("name", ["japanese", "fascia"])
def test_the_shipped_routines_raise_no_doubts(name: str) -> None:
    assert doubts_about(load_routine(name)) == []
