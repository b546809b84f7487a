"""The pages' site builds without a warning, and loads nothing from another host."""

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

import facetrack
from tests.docs.pages import PAGES, TOP

LOADING = {"link": "href", "script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src", "object": "data"}
_OUTSIDE = re.compile(r"^\s*(?:\w+:)?//")
_STYLE = re.compile(r"""(?:@import\s+|url\()["']?((?:\w+:)?//[^"')\s]+)""")


class _Loads(HTMLParser):
    """Collects the addresses that a browser fetches to show a page; links that are only followed by a click are none."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        address = given.get(LOADING.get(tag, "")) or ""
        if _OUTSIDE.match(address) and given.get("rel") != "canonical":
            self.found.append(address)


def outside_loads(text: str) -> list[str]:
    """Of a page's or a style sheet's text."""
    reader = _Loads()
    reader.feed(text)
    return [*reader.found, *_STYLE.findall(text)]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built pages; a warning fails the build."""
    folder = tmp_path_factory.mktemp("site")
    build = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html", "-d", str(folder / "cache")]
    made = subprocess.run([*build, str(TOP / "docs"), str(folder / "html")], capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    return folder / "html"


def test_every_page_is_built_and_listed(site: Path) -> None:
    index = (site / "index.html").read_text("utf-8")
    for page in PAGES:
        if page.parent == TOP / "docs":
            built = page.with_suffix(".html").name
            assert (site / built).exists()
            assert page.stem == "index" or f'href="{built}"' in index


def test_pages_and_styles_load_nothing_from_another_host(site: Path) -> None:
    files = [path for path in site.rglob("*") if path.suffix in (".html", ".css")]
    assert len(files) > len(PAGES)
    assert {path.name: found for path in files if (found := outside_loads(path.read_text("utf-8")))} == {}


@pytest.mark.parametrize(
    "text",
    [
        '<script src="https://cdn.example.org/a.js"></script>',
        '<link rel="stylesheet" href="//fonts.example.org/css">',
        "@import 'https://fonts.example.org/css';",
        "a { background: url(http://example.org/a.png) }",
    ],
)
def test_an_outside_load_would_be_seen(text: str) -> None:
    assert outside_loads(text)


def test_a_link_to_follow_is_no_load() -> None:
    assert not outside_loads('<a href="https://toml.io">TOML</a><svg xmlns="http://www.w3.org/2000/svg"></svg>')


def test_the_reference_has_every_public_name(site: Path) -> None:
    page = (site / "python.html").read_text("utf-8")
    assert [name for name in facetrack.__all__ if f'id="facetrack.{name}"' not in page] == []
