"""The report: one HTML file that tells what was done. Imported when first asked for, as it needs jinja2 and numpy."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from facetrack.report.page import write_report

__all__ = ["write_report"]


def __getattr__(name: str) -> Any:
    if name != "write_report":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from facetrack.report.page import write_report

    return write_report
