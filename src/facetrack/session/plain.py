"""Frozen dataclasses of numbers, text and arrays to plain JSON values and back, exactly.

A journal carries the compiled routine and the coach's options in its header, so that a session stays replayable after the
routine file has changed. NaN is null; floats keep every bit (JSON holds the shortest text that reads back equal).
"""

import dataclasses
import math
import types
from collections.abc import Mapping
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import numpy as np

T = TypeVar("T")


def to_plain(value: object) -> Any:
    """value as JSON values. Sets become sorted lists; raises TypeError for what JSON can't hold."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, np.ndarray | np.generic):
        return to_plain(value.tolist())
    if isinstance(value, float):
        return None if math.isnan(value) else _checked(value)
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Mapping):
        return {str(key): to_plain(item) for key, item in value.items()}
    if isinstance(value, frozenset | set):
        return sorted(to_plain(item) for item in value)
    if isinstance(value, list | tuple):
        return [to_plain(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no plain form")


def _checked(value: float) -> float | str:
    return value if math.isfinite(value) else ("inf" if value > 0 else "-inf")


def from_plain(kind: type[T], value: Any) -> T:
    """The object of that type whose plain form is value. Raises TypeError, ValueError or KeyError where it has none."""
    return cast(T, _build(kind, value))


def _build(kind: Any, value: Any) -> Any:
    origin = get_origin(kind)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        hints = get_type_hints(kind)
        known = {f.name: f for f in dataclasses.fields(kind)}
        missing = [n for n, f in known.items() if n not in value and _required(f)]
        if missing:
            raise KeyError(f"{kind.__name__} lacks {', '.join(missing)}")
        return kind(**{name: _build(hints[name], item) for name, item in value.items() if name in known})
    if origin is np.ndarray:
        scalar = get_args(get_args(kind)[1])[0]
        return np.array(value, dtype=scalar)
    if origin in (Union, types.UnionType):
        return None if value is None else _build(next(arm for arm in get_args(kind) if arm is not type(None)), value)
    if origin is tuple:
        arms = get_args(kind)
        each = [arms[0]] * len(value) if arms[-1] is Ellipsis else list(arms)
        return tuple(_build(arm, item) for arm, item in zip(each, value, strict=True))
    if origin in (frozenset, set, list):
        return origin(_build(get_args(kind)[0], item) for item in value)
    if origin in (dict, Mapping) or origin is Literal or kind is Any:
        return value
    if kind is float:
        return math.nan if value is None else float(value)
    if kind in (bool, int, str):
        if not isinstance(value, kind):
            raise TypeError(f"{value!r} is not {kind.__name__}")
        return value
    return value


def _required(field: "dataclasses.Field[Any]") -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
