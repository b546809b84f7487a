"""Holds a session's tables as columns of numbers, for numpy and pandas."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from facetrack.errors import FacetrackError

if TYPE_CHECKING:
    import pandas

    from facetrack.session.tables import Column, Row, Table


class DataTable(Mapping[str, NDArray[Any]]):
    """Holds a table as named columns of equal length.

    Attributes
    ----------
    columns : tuple
        What each column means: ``name``, ``type``, ``unit``, ``meaning``, and ``missing``, which says when it has no value.
    rows : int
        Number of rows.

    Notes
    -----
    Numbers are float64 with NaN for what is missing. Integers and booleans are int64 and bool where the column is never
    missing, else float64 with NaN, and object with None. Text is object, with None for what is missing.

    Examples
    --------
    >>> import facetrack
    >>> strokes = facetrack.load_session("my-session").strokes
    >>> kept = strokes["kind"] == "along"
    >>> bool((strokes["length_mm"][kept] > 0.0).all())
    True
    """

    def __init__(self, table: "Table", rows: "Iterable[Row]") -> None:
        listed = list(rows)
        self.columns = table.columns
        self.rows = len(listed)
        self._title = table.name
        self._arrays = {column.name: _array(column, [row[column.name] for row in listed]) for column in table.columns}

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self._arrays[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._arrays)

    def __len__(self) -> int:
        return len(self._arrays)

    def __repr__(self) -> str:
        return f"<{self._title}: {self.rows} rows of {', '.join(self._arrays)}>"

    def to_pandas(self) -> "pandas.DataFrame":
        """Give the table as a pandas data frame. Raises FacetrackError where pandas is not installed."""
        try:
            import pandas
        except ImportError as error:
            raise FacetrackError("pandas is not installed. Install it with: pip install pandas") from error
        return pandas.DataFrame(self._arrays)


def _array(column: "Column", values: list[Any]) -> NDArray[Any]:
    if column.type == "number" or (column.type == "integer" and column.missing):
        return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
    if column.type == "integer":
        return np.array(values, dtype=np.int64)
    if column.type == "boolean" and not column.missing:
        return np.array(values, dtype=np.bool_)
    return np.array(values, dtype=object)
