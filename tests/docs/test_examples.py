"""The examples run, and so does the Python code on the pages."""

import ast
import doctest
import json
import runpy
import shutil
from pathlib import Path
from typing import Any

import pytest

import facetrack
from tests.docs.pages import PAGES, TOP, code_blocks, name_of

STEP = "jawline"
PAGES_WITH_CODE = [page for page in PAGES if code_blocks(page, "python")]
EXAMPLES = sorted(path for path in (TOP / "examples").iterdir() if path.suffix in (".py", ".ipynb"))
pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("recorded_tracking")]


@pytest.fixture
def here(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The workplace as the current folder."""
    monkeypatch.chdir(workplace)
    return workplace


def example(name: str) -> dict[str, Any]:
    """What an example defines."""
    return runpy.run_path(str(TOP / "examples" / name))


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("page", PAGES_WITH_CODE, ids=name_of)
def test_python_code_on_a_page_runs(page: Path) -> None:
    exec(compile("\n".join(code_blocks(page, "python")), str(page), "exec"), {})


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("name", facetrack.__all__)
def test_a_public_name_has_an_example_that_runs(name: str) -> None:
    documented = getattr(facetrack, name)
    found = doctest.DocTestFinder(recurse=False).find(documented, name, globs={})
    runner = doctest.DocTestRunner()
    attempted = sum(runner.run(one).attempted for one in found)
    assert runner.failures == 0
    assert attempted > 0 or "has an example" in str(documented.__doc__)


def test_every_example_is_listed_and_tested() -> None:
    page, tests = (TOP / "docs" / "python.md").read_text("utf-8"), Path(__file__).read_text("utf-8")
    assert len(EXAMPLES) >= 5
    for path in EXAMPLES:
        assert f"`examples/{path.name}`" in page
        assert f'"{path.name}"' in tests


@pytest.mark.usefixtures("here")
def test_analyze_clip(capsys: pytest.CaptureFixture[str]) -> None:
    example("analyze_clip.py")["main"]("clip.mp4", "fascia", STEP)
    assert capsys.readouterr().out.startswith(f"{STEP}: ")


@pytest.mark.usefixtures("here")
def test_replay_with_thresholds(capsys: pytest.CaptureFixture[str]) -> None:
    example("replay_with_thresholds.py")["main"]("my-session")
    rows = [line.split() for line in capsys.readouterr().out.splitlines()[1:]]
    assert [row[0] for row in rows] == ["30", "45", "60", "75"]
    counts = [int(row[1]) for row in rows]
    assert counts == sorted(counts, reverse=True), "a wider limit corrects no more"


@pytest.mark.usefixtures("here")
def test_own_sink(capsys: pytest.CaptureFixture[str]) -> None:
    example("own_sink.py")["main"]("clip.mp4", "fascia", STEP)
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "complete"
    assert len(lines) == 1 + facetrack.load_session("my-session").corrections.rows


def test_plot_strokes(here: Path) -> None:
    plot = example("plot_strokes.py")
    plot["main"]("my-session", "strokes.svg")
    assert (here / "strokes.svg").read_text("utf-8").endswith("</svg>\n")
    ends = {"start_x_mm": [10.0, 60.0], "start_y_mm": [-20.0, 5.0], "end_x_mm": [60.0, 10.0], "end_y_mm": [5.0, -20.0]}
    drawn = plot["svg"]({"kind": ["along", "return"], **ends})
    assert 'd="M-10.0 20.0 -60.0 -5.0"' in drawn, "the user's left is on the left, up is up"
    assert drawn.count("marker-end") == 1, "a lifted return is not drawn"


def cells(name: str) -> list[str]:
    """The code of a notebook, a cell each."""
    notebook = json.loads((TOP / "examples" / name).read_text("utf-8"))
    return ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]


def test_study_notebook(workplace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from facetrack.study.dataset.build import build_dataset

    monkeypatch.chdir(tmp_path)
    shutil.copytree(workplace / "my-session", "sessions/my-session")
    build_dataset([Path("sessions")], Path("dataset"))
    names: dict[str, Any] = {}
    shown = [_shown(cell, names) for cell in cells("study.ipynb")]
    assert len(shown[0]) == len(names["recorded"]) == 1
    assert len(names["counted"]) == len(names["strokes"].query("kind in ('along', 'across', 'against')"))
    assert list(shown[-1].columns) == [45.0, 60.0, 75.0]


def _shown(cell: str, names: dict[str, Any]) -> Any:
    """Run a cell as a notebook does: what its last line gives is shown."""
    tree = ast.parse(cell)
    last = tree.body.pop()
    assert isinstance(last, ast.Expr), "each cell of the notebook shows something"
    exec(compile(tree, "cell", "exec"), names)
    return eval(compile(ast.Expression(last.value), "cell", "eval"), names)
