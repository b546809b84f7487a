"""Every number of the rules stands in thresholds.py or tuning.py, and thereby in session.json."""

import ast
import dataclasses
from pathlib import Path

import facetrack.coach
from facetrack.coach import CoachOptions, Thresholds
from facetrack.session.serialization import options_from_json, to_json

FOLDER = Path(facetrack.coach.__file__).parent
HOMES = {"thresholds.py", "tuning.py"}
MATHEMATICS = {0.0, 0.5, 1.0, 2.0, 180.0, 1e-9, 1e9}
"""Halves, doubles, half a turn, what keeps a division finite, and "long ago"."""
NOT_RULES = {"_FRAMES_KEPT"}
"""How much is remembered at most."""


def numbers_of(path: Path) -> set[str]:
    """Float literals, and whole module constants, as they are written."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = {str(n.value) for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, float)}
    found -= {str(value) for value in MATHEMATICS}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, int | float):
            found |= {ast.unparse(target) for target in node.targets}
    return found - NOT_RULES


def test_every_number_of_the_rules_is_a_threshold_or_a_tuning() -> None:
    elsewhere = {path.name: numbers_of(path) for path in FOLDER.rglob("*.py") if path.name not in HOMES}
    assert {name: found for name, found in elsewhere.items() if found} == {}


def test_all_of_them_are_in_the_settings_of_a_session() -> None:
    settings = to_json(CoachOptions(thresholds=Thresholds(off_path_deg=45)).as_settings())["thresholds"]
    assert settings["off_path_deg"] == 45
    assert settings == to_json(dataclasses.asdict(Thresholds(off_path_deg=45)))
    assert options_from_json({"thresholds": settings}).thresholds == Thresholds(off_path_deg=45)
    assert sum(len(group) for group in settings["tuning"].values() if isinstance(group, dict)) > 120
