"""Reads the project's Markdown pages: their code, commands, links and names of files."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

TOP = Path(__file__).parents[2]
PAGES = sorted([*TOP.glob("*.md"), *(TOP / "docs").glob("*.md")])
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_INDENTED = re.compile(r"^    (?=\S)(.+)$", re.MULTILINE)
_INLINE = re.compile(r"(?<!`)`([^`]+)`(?!`)")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_PROGRAM = re.compile(r"^(?:\.venv/bin/|\.venv\\Scripts\\)?(facetrack|python|make)(?=\s|$)")


def name_of(page: Path) -> str:
    """A page's path from the repository's top, as pytest shows it."""
    return page.relative_to(TOP).as_posix()


def code_blocks(page: Path, language: str) -> list[str]:
    """The fenced blocks of that language."""
    return [body for found, body in _FENCE.findall(page.read_text("utf-8")) if found == language]


def inline_code(page: Path) -> list[str]:
    """What stands between single backticks, line breaks in it as spaces."""
    prose = _FENCE.sub("", page.read_text("utf-8"))
    return [" ".join(code.split()) for code in _INLINE.findall(prose)]


def commands(page: Path) -> Iterator[list[str]]:
    """Each command of facetrack, python or make that a page shows, split as a shell does, from the program's name on."""
    text = page.read_text("utf-8")
    lines = [*_INDENTED.findall(text), *(line for block in code_blocks(page, "") for line in block.splitlines())]
    for line in [*lines, *inline_code(page)]:
        if _PROGRAM.match(line) and "…" not in line and "..." not in line:
            words = shlex.split(re.split("[|;>]", line)[0].replace("\\", "/"), comments=True)
            yield [Path(words[0]).name, *words[1:]]


def links(page: Path) -> list[str]:
    """The targets of links and pictures that are not addresses, without their anchors."""
    found = [target.partition("#")[0] for target in _LINK.findall(page.read_text("utf-8"))]
    return [target for target in found if target and "://" not in target]
