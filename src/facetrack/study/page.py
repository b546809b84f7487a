"""Writes pages about a study, in the style of the report: one HTML file without any outside reference."""

import math
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from facetrack import __version__


def study_page(title: str, notes: Sequence[str], tables: Mapping[str, tuple[Sequence[str], Sequence[Sequence[Any]]]]) -> str:
    """Return a page of tables. tables: for each heading the columns' titles and the rows; None and NaN become a dash."""
    environment = Environment(
        loader=PackageLoader("facetrack.study"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["cell"] = cell
    style = files("facetrack.report").joinpath("templates/report.css").read_text(encoding="utf-8")
    template = environment.get_template("study.html")
    return template.render(title=title, notes=notes, tables=tables, style=style, version=__version__)


def cell(value: Any) -> str:
    """Write a figure for a table: a dash for what is missing, three digits for what is not a whole number."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "–"
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() and abs(value) >= 10 else f"{value:.3g}"
    return str(value)
