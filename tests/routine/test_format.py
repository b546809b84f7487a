"""The format: short routines with good defaults, and every mistake of a file told at once."""

from pathlib import Path

import numpy as np
import pytest

from facetrack.errors import FacetrackError
from facetrack.routine import RoutineFileError, read_routine
from facetrack.routine.compiled import CompiledRoutine, CompiledStep
from facetrack.routine.file.load import parse_routine

HEAD = 'schema_version = 1\nid = "mine"\n'
SHORT = """schema_version = 1
id = "mine"
[[step]]
id = "forehead"
path = ["forehead-centre", "forehead-middle", "temple"]
[[step]]
id = "cheek-circles"
motion = "spiral"
path = ["jaw-middle", "cheek-side", [66, 10]]
zone = ["jawline", "cheek", "cheekbone", "temple"]
"""
STROKE = 'id = "a"\npath = ["cheek-inner", "ear-front"]\n'


def compiled(tmp_path: Path, text: str) -> CompiledRoutine:
    file = tmp_path / "mine.toml"
    file.write_text(text, encoding="utf-8")
    return read_routine(file)


def only_step(tmp_path: Path, keys: str) -> CompiledStep:
    return compiled(tmp_path, f"{HEAD}[[step]]\n{keys}").steps[0]


def problems(text: str) -> list[str]:
    with pytest.raises(RoutineFileError) as caught:
        parse_routine(text.encode(), "f.toml")
    return list(caught.value.lines)


def test_a_useful_routine_takes_ten_lines(tmp_path: Path) -> None:
    assert len(SHORT.splitlines()) <= 15
    routine = compiled(tmp_path, SHORT)
    assert routine.title == "Mine"
    forehead, circles = routine.steps
    assert (forehead.title, forehead.say, forehead.hands) == ("Forehead", "Forehead.", "both")
    assert (forehead.repetitions, forehead.seconds, forehead.tolerance_mm) == (5, None, 8.0)
    assert forehead.judge == {"zone", "direction", "pace", "symmetry"}
    assert forehead.phases[0].pace_mm_s == (10.0, 80.0)
    assert (circles.repetitions, circles.seconds, circles.group) == (None, 30.0, 2)
    spiral = circles.phases[0]
    assert (spiral.turns_s, spiral.turn_radius_mm, spiral.drift_mm) == ((0.4, 1.8), 10.0, 10.0)
    assert spiral.pace_mm_s == pytest.approx((0.4 * 20 * np.pi, 1.8 * 20 * np.pi))


def test_the_zone_of_a_step_without_one_is_a_band_around_its_path(tmp_path: Path) -> None:
    from facetrack.geometry.chart.zones import zone_distance

    step = only_step(tmp_path, 'id = "a"\npath = [[20, 0], [60, 0], [60, 40]]\nwidth_mm = 20\n')
    around = np.array([[40.0, 9.9], [40, -9.9], [69.9, 20], [50.1, 20], [10.5, 0]])
    assert zone_distance(around, step.zone).max() == 0.0
    assert zone_distance(np.array([[40.0, -12.0], [73.0, 20.0]]), step.zone).min() > 0


def test_own_polygons_points_fingers_and_one_side(tmp_path: Path) -> None:
    step = only_step(
        tmp_path,
        'id = "a"\npath = [[20, 0], [60, 0]]\nzone = [[[10, -10], [70, -10], [70, 10], [10, 10]], "temple"]\n'
        'fingers = ["index", "ring"]\nhands = "left"\njudge = ["zone"]\nseconds = 12\noptional = true\ntolerance_mm = 3\n',
    )
    assert step.working.tolist() == [False, True, False, True, False, False, False]
    assert step.zone[0].tolist() == [[10, -10], [70, -10], [70, 10], [10, 10]]
    assert (step.zone_names, step.hands, step.judge) == (("temple",), "left", {"zone"})
    assert (step.planned_s, step.optional, step.tolerance_mm) == (12.0, True, 3.0)


@pytest.mark.parametrize(("contact", "working"), [("knuckles", [5]), ("palms", [6]), ("tool", [1, 2])])
def test_contact_makes_the_working_point(tmp_path: Path, contact: str, working: list[int]) -> None:
    step = only_step(tmp_path, f'{STROKE}contact = "{contact}"\n')
    assert np.flatnonzero(step.working).tolist() == working
    assert "zone" in step.judge


def test_planned_time_counts_sides_returns_and_holds(tmp_path: Path) -> None:
    both = only_step(tmp_path, f"{STROKE}repetitions = 4\n").planned_s
    either = only_step(tmp_path, f'{STROKE}repetitions = 4\nhands = "either"\n').planned_s
    assert either == pytest.approx(2 * both, abs=0.2)  # both are rounded
    quick = only_step(tmp_path, f"{STROKE}repetitions = 4\npace_mm_s = [60, 90]\n").planned_s
    assert quick < both
    to_and_fro = only_step(tmp_path, f'{STROKE}repetitions = 4\nmotion = "back-and-forth"\n').planned_s
    assert to_and_fro > 1.2 * both
    hold = only_step(tmp_path, 'id = "a"\nmotion = "hold"\npath = ["temple"]\nhold_s = 4\nrepetitions = 3\n').planned_s
    assert hold == 12.0
    chart_mm = np.hypot(71 - 27, 19 - 35)
    assert both > 4 * chart_mm / 30 * 1.2  # the cheek's skin is longer than its picture


def test_phases_are_one_repetition(tmp_path: Path) -> None:
    step = only_step(
        tmp_path,
        'id = "a"\nzone = "cheek"\nrepetitions = 2\n'
        '[[step.phase]]\npath = ["cheek-inner", "cheek-side"]\n[[step.phase]]\nmotion = "hold"\npath = ["cheek-side"]\n',
    )
    assert [phase.motion for phase in step.phases] == ["stroke", "hold"]
    assert np.isnan(step.phases[0].hold_s)
    assert step.phases[1].hold_s == 3.0


BAD_STEPS = [
    ('path = ["cheek-midle", "temple"]', ".path[1]", 'did you mean "cheek-middle"'),
    ('path = ["chin", "temple"]', ".path[1]", 'did you mean "chin-centre"'),
    ('path = ["jaw", "temple"]', ".path[1]", 'did you mean "jaw-front" or "jaw-middle" or "jaw-corner"?'),
    ('path = ["xyz", "temple"]', ".path[1]", "more (docs/routines.md shows them)"),
    ("path = [[-5, 3], [40, 3]]", ".path[1][1]", "left side"),
    ('path = ["temple"]', ".path", "needs two or more"),
    ('motion = "spiral"\npath = ["temple"]', ".path", "circles on the spot"),
    ('motion = "circle"\npath = ["cheek-inner", "temple"]', ".motion", 'did you mean "spiral"?'),
    ("path = [[10, 10], [10, 10]]", ".path", "the same"),
    ("path = [[10, 10], [15, 10]]", ".path", "5.0 mm long"),
    ("path = [[10, 10], [50, 10], [12, 11]]", ".path", "turns back at point 2"),
    ("path = [[10, 10], [50, 10], [30, 40], [30, -20]]", ".path", "crosses itself"),
    ("path = [[10, 10], [50, inf]]", ".path[2][2]", "finite"),
    ("path = [[10, 10], [50, nan]]", ".path[2][2]", "finite"),
    ("path = []", ".path", "at least 1"),
    ("", ".path", "missing"),
    ('motion = "spirl"\npath = ["cheek-inner", "temple"]', ".motion", 'did you mean "spiral"'),
    ('motion = "spiral"\npace_mm_s = [1, 2]\npath = ["cheek-inner", "temple"]', ".pace_mm_s", "turns_s"),
    ('hold_s = 2\npath = ["cheek-inner", "temple"]', ".hold_s", "hold"),
    ('turns_s = [1, 2]\npath = ["cheek-inner", "temple"]', ".turns_s", "spiral"),
    ('pace_mm_s = [80, 10]\npath = ["cheek-inner", "temple"]', ".pace_mm_s", "slowest first"),
    ('pace_mm_s = [80]\npath = ["cheek-inner", "temple"]', ".pace_mm_s[2]", "a pair of numbers"),
    ('zone = "chek"\npath = ["cheek-inner", "temple"]', ".zone", 'did you mean "cheek"'),
    ('zone = "chin"\npath = ["cheek-inner", "temple"]', ".path", "out of the step's zone"),
    ('zone = [[[0, 0], [40, 40], [0, 40], [40, 0]]]\npath = ["cheek-inner", "temple"]', ".zone[1]", "crosses itself"),
    ('zone = [[[0, 0], [4, 0], [0, 4]]]\npath = ["cheek-inner", "temple"]', ".zone[1]", "mm² large"),
    ('zone = [[[0, 0], [40, 0]]]\npath = ["cheek-inner", "temple"]', ".zone[1]", "at least 3"),
    ('zone = "cheek"\nwidth_mm = 20\npath = ["cheek-inner", "cheek-side"]', ".width_mm", "zone is given"),
    ('hands = "left"\njudge = ["symmetry"]\npath = ["cheek-inner", "temple"]', ".judge[1]", "cannot be judged"),
    ('contact = ["tool", "tool"]\npath = ["cheek-inner", "temple"]', ".contact", "twice"),
    ('contact = ["palms", "tool"]\npath = ["cheek-inner", "temple"]', ".contact", "can't be told"),
    ('contact = ["knuckles", "rollers"]\npath = ["cheek-inner", "temple"]', ".contact[2]", "rollers"),
    ('contact = []\npath = ["cheek-inner", "temple"]', ".contact", "at least 1"),
    ('or_knuckles = true\npath = ["cheek-inner", "temple"]', ".or_knuckles", 'write contact = ["fingertips", "knuckles"]'),
    ('contact = "palms"\nfingers = ["ring"]\npath = ["cheek-inner", "temple"]', ".fingers", "fingertips"),
    ('fingers = ["ring", "ring"]\npath = ["cheek-inner", "temple"]', ".fingers", "twice"),
    ('repetitions = 3\nseconds = 4\npath = ["cheek-inner", "temple"]', ".seconds", "keep one"),
    ('repetitions = true\npath = ["cheek-inner", "temple"]', ".repetitions", "whole number"),
    ('colour = "red"\npath = ["cheek-inner", "temple"]', ".colour", "no such key"),
    ('repetition = 3\npath = ["cheek-inner", "temple"]', ".repetition", 'did you mean "repetitions"'),
    ('path = ["cheek-inner", "temple"]\n[[step.phase]]\npath = ["cheek-inner", "temple"]', ".path", "phases"),
]


@pytest.mark.parametrize(("keys", "where", "told"), BAD_STEPS)
def test_each_mistake_is_told_at_its_place(keys: str, where: str, told: str) -> None:
    lines = problems(f'{HEAD}[[step]]\nid = "a"\n{keys}\n')
    assert len(lines) == 1
    assert lines[0].startswith(f"f.toml: step[1] (a){where}: ")
    assert told in lines[0]


def test_every_mistake_at_once_in_the_order_of_the_file() -> None:
    text = "\n".join(
        [
            "schema_version = 3",
            'id = "Not A Slug"',
            'titel = "x"',
            *(line for keys, _, _ in BAD_STEPS[:20] for line in ("[[step]]", 'id = "same"', keys)),
        ]
    )
    lines = problems(text)
    for _, where, told in BAD_STEPS[:20]:
        assert any(where in line and told in line for line in lines), (where, told)
    assert sum("id already" in line for line in lines) == 19
    assert [line.split(": ")[1] for line in lines[:3]] == ["schema_version", "id", "titel"]
    assert 'did you mean "title"' in lines[2]
    assert all("\n" not in line for line in lines)


def test_an_error_is_one_line_that_names_the_way_to_all() -> None:
    with pytest.raises(FacetrackError) as caught:
        parse_routine(b'schema_version = 1\nid = "a"\nx = 1\ny = 2\n', "f.toml")
    assert "\n" not in str(caught.value)
    assert "and 2 more: facetrack routines validate f.toml" in str(caught.value)


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"\xff\xfe", "line 1 is not UTF-8"),
        (b"a = 1\n\n# \xe9", "line 3 is not UTF-8"),
        (b"id = ", "not TOML"),
        (b'id = "a\nversion = 1\n', "a quotation mark is missing at the end of the text (at line 1"),
        (b"", "schema_version: missing"),
        (b"a = 1" + b"0" * 5000, "not TOML"),
    ],
)
def test_files_that_are_no_routine(raw: bytes, told: str) -> None:
    with pytest.raises(RoutineFileError) as caught:
        parse_routine(raw, "f.toml")
    assert any(told in line for line in caught.value.lines)


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(FacetrackError, match="routines new"):
        read_routine(tmp_path / "none.toml")
    with pytest.raises(FacetrackError, match="a folder"):
        read_routine(tmp_path)
