"""The pinned requirements are what pyproject.toml asks for, and name no place to get them from."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

TOP = Path(__file__).parents[1]
PROJECT = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]
ASKED = [Requirement(line) for line in (*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"])]
PINNED = re.compile(r"^([a-z0-9.-]+)==(\S+)", re.MULTILINE)


def pinned(name: str) -> dict[str, set[Version]]:
    """Every version of each library: there may be one for some Pythons and one for others."""
    found: dict[str, set[Version]] = {}
    for library, version in PINNED.findall((TOP / "requirements" / f"{name}.txt").read_text(encoding="utf-8")):
        found.setdefault(library, set()).add(Version(version))
    return found


@pytest.mark.parametrize("name", ["locked", "lowest"])
@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: asked.name)
def test_every_requirement_is_pinned_within_its_limits(name: str, asked: Requirement) -> None:
    versions = pinned(name).get(asked.name, set())
    assert versions, f"`make lock` pins {asked.name}"
    assert all(version in asked.specifier for version in versions), f"`make lock` pins {asked}; here are {versions}"


@pytest.mark.parametrize("name", ["locked", "lowest"])
def test_every_library_has_hashes_and_none_a_host(name: str) -> None:
    text = (TOP / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    entries = re.split(r"^(?=[a-z])", text, flags=re.MULTILINE)[1:]
    assert len(entries) == sum(map(len, pinned(name).values())) >= len(ASKED)
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in text
