"""Makes the report: one HTML file that shows what was done. Imported when first asked for: it needs jinja2 and numpy."""

from typing import TYPE_CHECKING

from facetrack.lazy import lazy_imports

if TYPE_CHECKING:
    from facetrack.report.page import write_report as write_report

__getattr__, __dir__, __all__ = lazy_imports(__name__)
