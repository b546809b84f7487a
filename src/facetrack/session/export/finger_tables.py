"""Defines the tables that ``sessions export --fingers`` adds: every fingertip in every frame, and every movement of each."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from facetrack.geometry.face_points import POINT_NAMES
from facetrack.packets import SIDES
from facetrack.session.export.finger_motion import FingersInStep, movement_flags
from facetrack.session.tables import SESSION_ID, STEP_PLACE, Column, Row, Table

_STEP: Final = Column("step", "text", "", "the step's id in the routine")
_HAND: Final = Column("hand", "text", "", "the user's hand: left or right")
_FINGER: Final = Column("finger", "text", "", "thumb, index, middle, ring or pinky")
_SIDE: Final = Column("side", "text", "", "half of the user's face: left or right")
_NO_DIRECTION: Final = "the step has no direction"

FINGERTIPS: Final = Table(
    "fingertips",
    "one fingertip in one frame of a step, if its place was known",
    (
        SESSION_ID,
        STEP_PLACE,
        _STEP,
        _HAND,
        _FINGER,
        Column("t_s", "number", "s", "since the session's source began"),
        _SIDE,
        Column("x_mm", "number", "mm", "chart, smoothed as for the coach: to the user's left"),
        Column("y_mm", "number", "mm", "chart, smoothed as for the coach: up"),
        Column("in_zone", "boolean", "", "whether it is in the step's zone or within its tolerance"),
        Column("off_path_mm", "number", "mm", "distance from the step's nearest path, chart"),
        Column("progress_mm", "number", "mm", "how far along that path, chart"),
        Column("speed_mm_s", "number", "mm/s", "speed along the user's smoothed skin, as it is judged"),
        Column("off_path_deg", "number", "degrees", "0..180 between its movement and the path", f"at rest, or {_NO_DIRECTION}"),
    ),
)

MOVEMENTS: Final = Table(
    "movements",
    "one movement of one fingertip, on the skin or lifted; it ends where the finger rests, turns back or changes sides",
    (
        SESSION_ID,
        STEP_PLACE,
        _STEP,
        _HAND,
        _FINGER,
        _SIDE,
        Column("t_start_s", "number", "s", "start, since the session's source began"),
        Column("t_end_s", "number", "s", "end, since the session's source began"),
        Column("length_mm", "number", "mm", "length along the smoothed skin, as it is judged"),
        Column("mean_mm_s", "number", "mm/s", "mean speed"),
        Column("peak_mm_s", "number", "mm/s", "highest speed"),
        Column("off_path_deg", "number", "degrees", "0..180 between the whole movement and the path", _NO_DIRECTION),
        Column("zone_share", "number", "0..1", "share of its time in the step's zone"),
        Column("in_place", "boolean", "", "whether most of its time is in the zone"),
        Column("along", "boolean", "", "whether it is within 60 degrees of the path", _NO_DIRECTION),
        Column(
            "rushed",
            "boolean",
            "",
            "whether its mean speed is above the step's limit; the coach judges a median, with a margin",
        ),
    ),
)

_COMMON: Final = 5
"""The tables begin with this many columns in common, from the session to the finger."""
_DECIMALS: Final = 3


def fingertip_arrays(one: FingersInStep) -> dict[str, NDArray[Any]]:
    """Return the columns of FINGERTIPS after the finger, each (K, N) over its fingers and frames; NaN for what is missing."""
    motion = one.motion
    still = motion.speed_mm_s < one.limits.tuning.segments.still_mm_s
    return {
        "t_s": np.broadcast_to(np.round(one.t_s, _DECIMALS), motion.speed_mm_s.shape),
        "side": np.array(SIDES)[motion.side],
        "x_mm": np.round(one.points_mm[0], _DECIMALS),
        "y_mm": np.round(one.points_mm[1], _DECIMALS),
        "in_zone": motion.in_zone,
        "off_path_mm": np.round(motion.off_path_mm, _DECIMALS),
        "progress_mm": np.round(motion.progress_mm, _DECIMALS),
        "speed_mm_s": np.round(motion.speed_mm_s, _DECIMALS),
        "off_path_deg": np.round(np.where(still, np.nan, motion.off_path_deg), _DECIMALS),
    }


def fingertip_rows(session_id: str, hands: Iterable[FingersInStep]) -> Iterator[Row]:
    """Yield rows of FINGERTIPS: by step, hand, finger and time."""
    for one in hands:
        arrays = fingertip_arrays(one)
        for k, finger in enumerate(one.fingers):
            columns = tuple(
                _numbers(values[k]) if values.dtype == np.float64 else values[k].tolist() for values in arrays.values()
            )
            yield from _rows(FINGERTIPS, session_id, one, [POINT_NAMES[finger]] * len(one.t_s), columns)


def movement_rows(session_id: str, hands: Iterable[FingersInStep]) -> Iterator[Row]:
    """Yield rows of MOVEMENTS: by step, hand, finger and time."""
    for one in hands:
        made, checked = one.movements, movement_flags(one)
        columns = (
            [SIDES[side] for side in made.side.tolist()],
            one.t_s[made.first].tolist(),
            one.t_s[made.last].tolist(),
            *(_numbers(v) for v in (made.length_mm, made.mean_mm_s, made.peak_mm_s, made.off_path_deg, made.zone_share)),
            checked.in_place.tolist(),
            [along if directed else None for directed, along in zip(checked.directed, checked.along.tolist(), strict=True)],
            checked.rushed.tolist(),
        )
        yield from _rows(MOVEMENTS, session_id, one, [POINT_NAMES[one.fingers[k]] for k in made.point], columns)


def _rows(
    table: Table, session_id: str, one: FingersInStep, fingers: list[str], columns: tuple[list[Any], ...]
) -> Iterator[Row]:
    common = {"session_id": session_id, "step_place": one.place, "step": one.plan.step.id, "hand": SIDES[one.hand]}
    names = table.names[_COMMON:]
    for finger, *values in zip(fingers, *columns, strict=True):
        yield common | {"finger": finger} | dict(zip(names, values, strict=True))


def _numbers(values: NDArray[np.float64]) -> list[float | None]:
    """Return rounded numbers, None for NaN."""
    return [None if value != value else value for value in np.round(values, _DECIMALS).tolist()]
