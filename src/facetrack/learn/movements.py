"""Cuts a side's track into movements, and tells strokes from what only goes back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, Literal

import numpy as np

from facetrack.learn.hand_track import MOVING_MM_S, SideTrack
from facetrack.packets import Float

MotionName = Literal["stroke", "spiral", "back-and-forth", "hold"]
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
MUCH_QUICKER: Final = 2.0
"""What is as many times as quick as most movements the same way only lifts the hand, or puts it down."""
SUDDEN_S: Final = 0.2
"""A hand that is lifted aside becomes so much quicker within this time."""
FASTEST_MM_S: Final = 300.0
"""A first or last movement that is faster at any time brings a hand to the face or takes it away."""
AWAY_S: Final = 1.5
"""Between movements that are further apart the hand may have been away."""
SHARPEST_CORNER: Final = -0.87
"""Cosine of the sharpest corner that a path may have in a routine file, 150 degrees; a sharper one turns back."""
CORNER_REST_S: Final = 0.1
CORNER_QUICKER: Final = float(np.log(1.6))
"""At a corner of its path a hand rests no longer, and goes on no quicker or slower than by this logarithm."""
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
    """Cut a track where the hand rests, turns back or is lost; leave out what is too short, and how the hand arrives.

    What only corners part, as in a zigzag, is one movement.
    """
    joined: list[list[slice]] = []
    for leg in filter(partial(_is_long_enough, track), _cut(track)):
        if joined and _is_corner(track, joined[-1], leg):
            joined[-1].append(leg)
        else:
            joined.append([leg])
    return [_movement(track, slice(legs[0].start, legs[-1].stop)) for legs in joined]


def _cut(track: SideTrack) -> Iterator[slice]:
    """Yield the frames of each movement."""
    moving = track.speed > MOVING_MM_S
    begin: int | None = None
    rested_s = 0.0
    for k in range(len(track.t_s)):
        if begin is not None:
            end = k if track.fresh[k] or rested_s > LONGEST_REST_S else _end_of_path(track, begin, k)
            if end is not None:
                yield slice(begin, end)
                begin = end if end < k else None
        if moving[k]:
            rested_s = 0.0
            begin = k if begin is None else begin
        else:
            rested_s += float(track.frame_s[k]) if begin is not None else 0.0
    if begin is not None:
        yield slice(begin, len(track.t_s))


def _is_corner(track: SideTrack, legs: Sequence[slice], leg: slice) -> bool:
    """Say whether a leg goes on with those before, on the skin and not back to where they began."""
    begin, before = legs[0].start, slice(legs[-1].start, leg.start)
    moved_s = track.t_s[before][track.speed[before] > MOVING_MM_S].max(initial=-np.inf)
    if track.t_s[leg.start] - moved_s > CORNER_REST_S or track.fresh[legs[-1].stop : leg.start + 1].any():
        return False
    come, gone = (track.at_mm[one.stop - 1] - track.at_mm[one.start] for one in (legs[-1], leg))
    cosine = float(come @ gone) / max(float(np.hypot(*come) * np.hypot(*gone)), 1e-9)
    quicker = float(np.log(np.quantile(track.speed[leg], 0.95) / np.quantile(track.speed[legs[-1]], 0.95)))
    from_begin = np.hypot(*(track.at_mm[begin : leg.stop] - track.at_mm[begin]).T)
    comes_back = from_begin[-1] < 0.5 * from_begin.max()
    return bool(cosine > SHARPEST_CORNER and abs(quicker) < CORNER_QUICKER and not comes_back)


def _end_of_path(track: SideTrack, begin: int, k: int) -> int | None:
    """Return where a movement ended, if it has: the hand has turned back, or was lifted and goes back in an arc."""
    if _turned_back(track, begin, k):
        return k
    if not _lifted_aside(track, begin, k):
        return None
    first = int(np.searchsorted(track.t_s, track.t_s[k] - 2.5 * SUDDEN_S))
    return first + int(np.argmin(track.speed[first:k]))


def _lifted_aside(track: SideTrack, begin: int, k: int) -> bool:
    """Say whether the hand suddenly goes much quicker than it has, and elsewhere."""
    first, last = np.searchsorted(track.t_s, track.t_s[k] - np.array([2.5, 1.0]) * SUDDEN_S)
    if first <= begin or last - begin < 3:
        return False
    come, speed = track.at_mm[last] - track.at_mm[first], float(np.hypot(*track.velocity[k]))
    quick = track.speed[k] > MUCH_QUICKER * np.quantile(track.speed[begin:last], 0.95)
    return bool(quick and come @ track.velocity[k] < 0.5 * np.hypot(*come) * speed)


def _turned_back(track: SideTrack, begin: int, k: int) -> bool:
    """Say whether the hand goes against the way that it has come in the last third of a second."""
    before = int(np.searchsorted(track.t_s, track.t_s[k] - 0.35))
    come = track.at_mm[max(before, begin)] - track.at_mm[begin]
    speed = np.hypot(*track.velocity[k])
    return bool(np.hypot(*come) > SHORTEST_MM and come @ track.velocity[k] < -0.5 * np.hypot(*come) * speed - 1e-9)


def _is_long_enough(track: SideTrack, chosen: slice) -> bool:
    at_mm, length = track.at_mm[chosen], float(np.sum(track.speed[chosen] * track.frame_s[chosen]))
    arrives = bool(track.fresh[chosen.start : chosen.start + 3].any())
    far = len(at_mm) >= 3 and length >= SHORTEST_MM and np.hypot(*(at_mm[-1] - at_mm[0])) >= SHORTEST_MM / 2
    return bool(far and not arrives)


def _movement(track: SideTrack, chosen: slice) -> Movement:
    speed, quarter = track.speed[chosen], (chosen.stop - chosen.start) // 4
    return Movement(
        float(track.t_s[chosen.start]),
        float(track.t_s[chosen.stop - 1]),
        resampled(track.at_mm[chosen]),
        float(np.sum(speed * track.frame_s[chosen])),
        float(np.median(speed)),
        float(np.quantile(speed, 0.95)),
        float(np.mean(track.size[chosen.start + quarter : chosen.stop - quarter])),
    )


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
    every = [whole for movements in tracks for whole in _whole(movements)]
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
    at_work, whole = _at_work(movements), _whole(movements)
    if not whole:
        return _Parted([], [], True)
    axis = _outward_axis(whole)
    axis = axis if axis @ outward >= 0 else -axis
    there, back = (_usual([one for one in at_work if sign * _along(one, axis) > 0.3]) for sign in (1.0, -1.0))
    begun_s = [some[0].t_start_s if some else np.inf for some in (there, back)]
    return _Parted(there, back, begun_s[0] < begun_s[1])


def _whole(movements: Sequence[Movement]) -> list[Movement]:
    """Return the movements at work that are about as long as most."""
    at_work = _at_work(movements)
    usual = _usual_mm(at_work)
    return [one for one in at_work if 0.5 * usual <= one.length_mm <= 1.8 * usual]


def _usual(movements: Sequence[Movement]) -> list[Movement]:
    """Return the movements, all the same way, that are about as long and as quick as most."""
    if not movements:
        return []
    usual_mm, usual_mm_s = _usual_mm(movements), float(np.median([one.peak_mm_s for one in movements]))
    return [one for one in movements if 0.5 <= one.length_mm / usual_mm <= 1.8 and one.peak_mm_s < MUCH_QUICKER * usual_mm_s]


def _usual_mm(movements: Sequence[Movement]) -> float:
    """Return the length of the movements on which half of the whole way is spent at most: many short ones count little."""
    lengths = np.sort([one.length_mm for one in movements])
    return float(lengths[np.searchsorted(np.cumsum(lengths), lengths.sum() / 2)]) if len(lengths) else 0.0


def _at_work(movements: Sequence[Movement]) -> list[Movement]:
    return [one for k, one in enumerate(movements) if one.peak_mm_s < FASTEST_MM_S or not _comes_or_goes(movements, k)]


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
