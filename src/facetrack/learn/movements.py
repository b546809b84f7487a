"""Cuts a side's track into movements, and tells strokes from what only goes back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from facetrack.learn.hand_track import SideTrack
from facetrack.packets import Float

MotionName = Literal["stroke", "spiral", "back-and-forth", "hold"]
MOVING_MM_S: Final = 8.0
"""Slower than this a hand rests."""
LONGEST_REST_S: Final = 0.15
"""A movement goes on over a rest as short as this."""
SHORTEST_MM: Final = 8.0
"""Shorter movements are the hand's unrest."""
APART_MM: Final = 6.0
"""By so much further than movements the same way lie from each other do a stroke and its lifted return; two ways on the skin
by up to 3 mm, since the place of a moving hand is known a little late."""
QUICK_RETURN: Final = float(np.log(1.4))
"""A way back whose greatest speed differs by this logarithm is a return, wherever it runs: lifting adds to it as well."""
LONGER_RETURN: Final = 0.25
"""Lifted returns go in an arc, and a lifted hand appears beside its path: so much longer (a logarithm) is usual."""
LIFTED_SHARE: Final = 0.03
"""How much larger a palm looks that is lifted by 2 cm at 55 cm, about."""
FASTEST_MM_S: Final = 300.0
"""A first or last movement that is faster at any time brings a hand to the face or takes it away."""
AWAY_S: Final = 1.5
"""Between movements that are further apart the hand may have been away."""
SAMPLES: Final = 25
"""Number of points of a movement's shape, at equal steps of its length."""


@dataclass(frozen=True, slots=True)
class Movement:
    """Describes one movement one way. shape_mm: (SAMPLES, 2) chart. length_mm, speed_mm_s, peak_mm_s: the user's skin.

    speed_mm_s: median. size: mean logarithm of the palm's size in its middle half.
    """

    t_start_s: float
    t_end_s: float
    shape_mm: Float
    length_mm: float
    speed_mm_s: float
    peak_mm_s: float
    size: float

    @property
    def span_mm(self) -> Float:
        """Return (2,) from its start to its end, chart."""
        span: Float = self.shape_mm[-1] - self.shape_mm[0]
        return span


def movements_of(track: SideTrack) -> list[Movement]:
    """Cut a track where the hand rests, turns back or is lost; leave out what is too short, and how the hand arrives."""
    moving = track.speed > MOVING_MM_S
    found: list[Movement] = []
    begin: int | None = None
    rested_s = 0.0
    for k in range(len(track.t_s)):
        if begin is not None and (track.fresh[k] or rested_s > LONGEST_REST_S or _turned_back(track, begin, k)):
            _keep(found, track, begin, k)
            begin = None
        if moving[k]:
            rested_s = 0.0
            begin = k if begin is None else begin
        else:
            rested_s += float(track.frame_s[k]) if begin is not None else 0.0
    if begin is not None:
        _keep(found, track, begin, len(track.t_s))
    return found


def _turned_back(track: SideTrack, begin: int, k: int) -> bool:
    """Say whether the hand goes against the way that it has come in the last third of a second."""
    before = int(np.searchsorted(track.t_s, track.t_s[k] - 0.35))
    come = track.at_mm[max(before, begin)] - track.at_mm[begin]
    speed = np.hypot(*track.velocity[k])
    return bool(np.hypot(*come) > SHORTEST_MM and come @ track.velocity[k] < -0.5 * np.hypot(*come) * speed - 1e-9)


def _keep(found: list[Movement], track: SideTrack, begin: int, end: int) -> None:
    chosen = slice(begin, end)
    speed, dt_s = track.speed[chosen], track.frame_s[chosen]
    length = float(np.sum(speed * dt_s))
    if (
        end - begin < 3
        or track.fresh[begin : begin + 3].any()
        or length < SHORTEST_MM
        or np.hypot(*(track.at_mm[end - 1] - track.at_mm[begin])) < SHORTEST_MM / 2
    ):
        return
    middle = slice(begin + (end - begin) // 4, end - (end - begin) // 4)
    found.append(
        Movement(
            float(track.t_s[begin]), float(track.t_s[end - 1]), resampled(track.at_mm[chosen]), length,
            float(np.median(speed)), float(np.quantile(speed, 0.95)), float(np.mean(track.size[middle])),
        )
    )  # fmt: skip


def resampled(at_mm: Float, samples: int = SAMPLES) -> Float:
    """Return (samples, 2) points at equal steps along the line (N, 2)."""
    way = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(at_mm, axis=0).T))])
    along = np.linspace(0.0, way[-1], samples)
    return np.stack([np.interp(along, way, at_mm[:, axis]) for axis in range(2)], axis=1)


@dataclass(frozen=True, slots=True)
class Ways:
    """Holds a step's movements by their way: there, and back. lifted: whether the way back is only a return."""

    there: tuple[Movement, ...]
    back: tuple[Movement, ...]
    lifted: bool


def ways_of(tracks: Sequence[Sequence[Movement]]) -> Ways:
    """Part the movements of each track by their direction, and decide which way is the stroke, or that both are.

    A way back is a return where it runs beside the stroke, as a lifted hand appears, or is quicker. Which of the two is the
    return is told by quickness, by its length, by the size of the palm, and by what was made first.
    """
    every = [whole for movements in tracks for whole in _whole(movements)[1]]
    outward = _outward_axis(every) if every else np.zeros(2)
    parted = [two for two in (_by_direction(some, outward) for some in tracks) if two.there or two.back]
    if not parted:
        return Ways((), (), lifted=True)
    there, back = ([one for two in parted for one in getattr(two, way)] for way in ("there", "back"))
    both = [two for two in parted if two.there and two.back]
    if not both:
        return Ways(tuple(there or back), (), lifted=True)
    apart = float(np.mean([_apart_mm(two.there, two.back) for two in both]))
    quicker = float(np.mean([_log_ratio(two, "peak_mm_s") for two in both]))
    longer = float(np.mean([_log_ratio(two, "length_mm") for two in both]))
    larger = float(
        np.mean([np.mean([one.size for one in two.back]) - np.mean([one.size for one in two.there]) for two in both])
    )
    begun = float(np.mean([1.0 if two.began_there else -1.0 for two in both]))
    lifted = apart / APART_MM + abs(quicker) / QUICK_RETURN > 1.0
    back_is_return = (
        np.clip(quicker / QUICK_RETURN, -2, 2)
        + np.clip(longer / LONGER_RETURN, -1, 1)
        + np.clip(larger / LIFTED_SHARE, -1.5, 1.5)
        + begun
    )
    if lifted and back_is_return < 0:
        there, back = back, there
    return Ways(tuple(there), tuple(back), lifted)


@dataclass(frozen=True, slots=True)
class _Parted:
    """Holds a track's whole movements by direction, and which of these it began with, whole or not."""

    there: list[Movement]
    back: list[Movement]
    began_there: bool


def _by_direction(movements: Sequence[Movement], outward: Float) -> _Parted:
    """Part a track's movements along their own line, of which the end that lies more in the direction ``outward`` is there."""
    long_enough, whole = _whole(movements)
    if not whole:
        return _Parted([], [], True)
    axis = _outward_axis(whole)
    axis = axis if axis @ outward >= 0 else -axis
    there, back = ([one for one in whole if sign * _along(one, axis) > 0.3] for sign in (1.0, -1.0))
    return _Parted(there, back, _along(long_enough[0], axis) > 0)


def _whole(movements: Sequence[Movement]) -> tuple[list[Movement], list[Movement]]:
    """Return the movements that are about as long as most, or longer; and of these the ones that are no longer either."""
    at_work = [one for k, one in enumerate(movements) if one.peak_mm_s < FASTEST_MM_S or not _comes_or_goes(movements, k)]
    if not at_work:
        return [], []
    usual = float(np.quantile([one.length_mm for one in at_work], 0.6))
    long_enough = [one for one in at_work if one.length_mm >= 0.5 * usual]
    return long_enough, [one for one in long_enough if one.length_mm <= 1.8 * usual]


def _comes_or_goes(movements: Sequence[Movement], k: int) -> bool:
    """Say whether a movement is the first of a visit to the face, or the last."""
    first = k == 0 or movements[k].t_start_s - movements[k - 1].t_end_s > AWAY_S
    last = k == len(movements) - 1 or movements[k + 1].t_start_s - movements[k].t_end_s > AWAY_S
    return first or last


def _along(movement: Movement, axis: Float) -> float:
    """Return the cosine of a movement to an axis."""
    return float(movement.span_mm @ axis) / max(float(np.hypot(*movement.span_mm)), 1e-9)


def _outward_axis(movements: Sequence[Movement]) -> Float:
    """Return the unit vector of the movements' common line; outwards, or upwards where it is upright."""
    spans = np.array([one.span_mm for one in movements])
    _, vectors = np.linalg.eigh(spans.T @ spans)
    axis: Float = vectors[:, -1]
    lead = axis[0] if abs(axis[0]) > 0.3 else axis[1]
    return axis if lead > 0 else -axis


def _apart_mm(there: Sequence[Movement], back: Sequence[Movement]) -> float:
    """Return how much further the two ways lie from each other than movements the same way do."""
    shapes = np.array([one.shape_mm for one in (*there, *back)])
    inner = shapes[:, SAMPLES // 5 : -(SAMPLES // 5)]  # ends are where a hand turns
    far = np.hypot(*(inner[:, None, :, None] - shapes[None, :, None]).transpose(4, 0, 1, 2, 3)).min(axis=-1).mean(axis=-1)
    way = np.arange(len(shapes)) < len(there)
    same = (way[:, None] == way[None]) & ~np.eye(len(shapes), dtype=bool)
    usual = float(np.median(far[same])) if same.any() else 0.0
    return max(float(np.median(far[way[:, None] != way[None]])) - usual, 0.0)


def _log_ratio(parted: _Parted, name: str) -> float:
    """Return the logarithm of how much greater a figure usually is on the way back."""
    back, there = (float(np.median([getattr(one, name) for one in some])) for some in (parted.back, parted.there))
    return float(np.log(back / there))
