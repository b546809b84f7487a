"""Rounds figures for the tables: to what they are worth, null where they could not be had."""

import math
from typing import Any, Final

SECONDS, LENGTH, SHARE, WHOLE, SCALE = 3, 1, 3, 0, 5
DECIMALS: Final = {
    "observed_s": SECONDS,
    "duration_s": SECONDS,
    "t_s": SECONDS,
    "t_start_s": SECONDS,
    "t_end_s": SECONDS,
    "path_mm": LENGTH,
    "median": LENGTH,
    "p90": LENGTH,
    "mean_acceleration_mm_s2": LENGTH,
    "value": SHARE,
    "limit": SHARE,
    "score": WHOLE,
    "mm_per_px": SCALE,
    "mm_per_px_error": SCALE,
    "fps": 2,
}
"""A figure has this many decimals, by its name; shares have three."""


def round_for_output(value: Any, name: str = "") -> Any:
    """Return floats rounded by their names and NaN as null, at every depth."""
    if isinstance(value, dict):
        return {key: round_for_output(item, key) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [round_for_output(item, name) for item in value]
    if isinstance(value, bool) or not isinstance(value, float):
        return value
    if not math.isfinite(value):
        return None
    decimals = DECIMALS.get(name, SHARE)
    return round(value, decimals) if decimals else round(value)
