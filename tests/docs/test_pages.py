"""What the pages name is there: links, commands with their options, files, and names of the code."""

import re
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import cv2
import pytest
import typer

from facetrack.cli.app import app
from tests.docs.pages import PAGES, TOP, commands, inline_code, links, name_of

SOURCE = TOP / "src" / "facetrack"
PLACES = (TOP, SOURCE, TOP / "docs")
"""Where a path on a page may begin."""
_PATH = re.compile(r"^[\w.-]+(?:/[\w.-]+)*/(?:[\w-]+\.(?:py|md|toml|json|npz|csv|svg|yml))?$")
_MODULE = re.compile(r"^\w+\.py$")
_OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+")
_NAME = re.compile(r"^(?:\w+\.)+[A-Z]\w+$")
each_page = pytest.mark.parametrize("page", PAGES, ids=name_of)


@cache
def root() -> Any:
    return typer.main.get_command(app)


def command_of(words: list[str]) -> tuple[Any, list[str]]:
    """The command that the words after ``facetrack`` call, and what is left of them; raises KeyError where there is none."""
    command, rest = root(), list(words)
    while hasattr(command, "commands") and rest and not rest[0].startswith("-"):
        command = command.commands[rest.pop(0)]
    return command, rest


def options_of(command: Any) -> set[str]:
    found = {name for one in command.params for name in (*one.opts, *one.secondary_opts)} | {"-h", "--help"}
    for inner in getattr(command, "commands", {}).values():
        found |= options_of(inner)
    return found


@cache
def script_texts() -> str:
    """The sources of what is called as ``python -m``, where their options stand."""
    return "\n".join(path.read_text("utf-8") for folder in ("benchmarks", "scripts") for path in (TOP / folder).rglob("*.py"))


def broken_command(words: list[str]) -> str | None:
    """Why a command would fail at once, or None."""
    program, rest = words[0], words[1:]
    if program == "make":
        makefile = (TOP / "Makefile").read_text("utf-8")
        goals = [word for word in rest if "=" not in word]
        missing = [goal for goal in goals if not re.search(rf"^{goal}:", makefile, re.MULTILINE)]
        return f"no such goals: {missing}" if missing else None
    if program == "python":
        if rest[:1] != ["-m"] or not rest[1].startswith(("benchmarks", "scripts", "facetrack")):
            return None
        base = TOP / "src" if rest[1].startswith("facetrack") else TOP
        path = base.joinpath(*rest[1].split("."))
        return None if path.with_suffix(".py").exists() or (path / "__main__.py").exists() else f"no module {rest[1]}"
    try:
        command, rest = command_of(rest)
    except KeyError as error:
        return f"no such command: {error}"
    unknown = {word.partition("=")[0] for word in rest if word.startswith("-")} - options_of(command)
    return f"no such options: {sorted(unknown)}" if unknown else None


@each_page
def test_links_lead_somewhere(page: Path) -> None:
    assert [target for target in links(page) if not (page.parent / target).exists()] == []


@each_page
def test_commands_and_their_options_exist(page: Path) -> None:
    broken = {" ".join(words): broken_command(words) for words in commands(page)}
    assert {line: why for line, why in broken.items() if why} == {}


@each_page
def test_options_in_the_text_exist(page: Path) -> None:
    known = options_of(root())
    ours = [code for code in inline_code(page) if not code.startswith(("mypy", "ruff", "pip"))]
    named = {option for code in ours for option in _OPTION.findall(code)}
    assert {option for option in named - known if f'"{option}"' not in script_texts()} == set()


@cache
def module_files() -> set[str]:
    return {
        path.name for folder in ("src", "benchmarks", "scripts", "tests", "examples") for path in (TOP / folder).rglob("*.py")
    }


@each_page
def test_files_and_folders_exist(page: Path) -> None:
    code = inline_code(page)
    paths = {one for one in code if _PATH.match(one) and not one.startswith("out/")}
    assert {path for path in paths if not any((place / path).exists() for place in PLACES)} == set()
    assert {one for one in code if _MODULE.match(one)} - module_files() == set()


def test_the_files_of_the_diagram_for_contributors_exist() -> None:
    text = (TOP / "CONTRIBUTING.md").read_text("utf-8")
    lines = re.findall(r"^      -> .*? (\w+)/ +([\w, :]+)$", text, re.MULTILINE)
    assert len(lines) >= 7
    for folder, names in lines:
        for name in names.split(": ")[0].split(", "):
            assert (SOURCE / folder / f"{name}.py").exists(), name


def test_every_part_of_the_package_is_in_the_tables_for_contributors() -> None:
    text = (TOP / "CONTRIBUTING.md").read_text("utf-8").partition("## Where is")[0]
    parts = {f"{path.name}/" for path in SOURCE.iterdir() if (path / "__init__.py").exists()}
    assert {part for part in parts if part not in text} == set()


def test_the_glossarys_words_are_sorted_and_those_in_italics_have_entries() -> None:
    text = (TOP / "docs" / "glossary.md").read_text("utf-8")
    words = [word.casefold() for word in re.findall(r"^\| \*\*(.+?)\*\*", text, re.MULTILINE)]
    assert words == sorted(words)
    named = {word.casefold() for word in re.findall(r"(?<!\*)\*([^*\n]+)\*(?!\*)", text.partition("|---|")[2])}
    assert {word for word in named if word not in words and word.removesuffix("s") not in words} == set()


@each_page
def test_names_of_the_code_exist(page: Path) -> None:
    for code in inline_code(page):
        if _NAME.match(code):
            module, _, name = code.rpartition(".")
            module = module if module.startswith(("facetrack", "benchmarks", "cv2")) else f"facetrack.{module}"
            assert hasattr(import_module(module), name), code


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("facetrack run fascia --step jawline", None),
        ("facetrack models fetch --from wheel.whl", None),
        ("facetrack runn", "command"),
        ("facetrack sessions burn", "command"),
        ("facetrack run --stepp jawline", "options"),
        ("make demo", None),
        ("make breakfast", "goals"),
        ("python -m benchmarks.nothing", "module"),
    ],
)
def test_a_broken_command_would_be_seen(line: str, why: str | None) -> None:
    found = broken_command(line.split())
    assert (found is None) if why is None else (found is not None and why in found)


def test_the_moving_picture_moves_and_loads_quickly() -> None:
    path = TOP / "docs" / "pictures" / "correction.webp"
    read, animation = cv2.imreadanimation(str(path))
    assert read
    assert len(animation.frames) > 40
    assert path.stat().st_size < 1_000_000
