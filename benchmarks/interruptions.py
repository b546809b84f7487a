"""Right sessions of somebody who talks, scratches the nose, fetches cream and looks away in between: none of it is a mistake.

``python -m benchmarks.interruptions`` goes hands-free through both routines, each step done right and interrupted three times.
It prints every correction and every step that was not done.
"""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.accuracy.noise import observe
from benchmarks.accuracy.projection import project
from benchmarks.hands_free import CAMERA, OPENING_S, STYLE, chosen, run_flow
from facetrack.flow.pages.intro_pages import advice_of, reading_s
from facetrack.geometry.head.canonical import canonical_face
from facetrack.mannequin import HeadMotion, Performance, perform_steps
from facetrack.mannequin.camera import HeadPose
from facetrack.mannequin.performance.motion_segments import RATE_HZ
from facetrack.mannequin.performance.performer import PARKED_AWAY_MM
from facetrack.mannequin.performance.script import HandTracks
from facetrack.packets import Float
from facetrack.pipeline.sinks import FrameResult
from facetrack.routine.compiled import CompiledRoutine

STEP_S: Final = 30.0
INTERRUPTIONS: Final = 3
"""In each step."""
SETTLED_S: Final = 3.0
"""Time after a step's beginning, and before its end, without one."""
HEARD_S: Final = 0.3
"""The person has gone on by then: a step ends for both at about the same time."""
CREAM_S: Final = (4.0, 12.0)
CREAM_WAY_S: Final = 1.0
"""Out of the picture, and back."""
ITCH_S: Final = (0.4, 1.2)
"""Of scratching; the hand's ways there and back come on top."""
ITCHES_MM: Final = np.array([[2.0, -28.0], [12.0, 40.0], [55.0, -20.0], [14.0, -75.0]])
"""Places of the face map, on the left: nose, brow, cheek, chin."""
SCRATCH_MM, SCRATCH_HZ = 3.0, 4.0
LIFTED_MM: Final = 25.0
LOOK_S: Final = (1.5, 4.0)
LOOK_YAW_DEG: Final = (35.0, 65.0)
FACE_LOST_DEG: Final = 55.0
"""Yaw beyond which the tracker has no face."""
TALK_S: Final = (4.0, 9.0)
JAW_DROP_MM: Final = 7.0
SYLLABLE_HZ: Final = 3.5


@dataclass(frozen=True)
class Interruption:
    """One of them, in the time of the interrupted performance."""

    what: str
    t_start_s: float
    t_end_s: float
    yaw_deg: float = 0.0  # of a look

    def later(self, by_s: float) -> "Interruption":
        return replace(self, t_start_s=self.t_start_s + by_s, t_end_s=self.t_end_s + by_s)


def interrupted(play: Performance, rng: np.random.Generator) -> tuple[Performance, list[Interruption]]:
    """The performance with interruptions put into its steps, and these in its own time."""
    made: list[Interruption] = []
    pieces: list[HandTracks] = []
    spans = []
    done, added_s = 0, 0.0
    for span in play.spans:
        start_s = span.t_start_s + added_s
        for cut_s in np.sort(rng.uniform(span.t_start_s + SETTLED_S, span.t_end_s - SETTLED_S, INTERRUPTIONS)):
            cut = round(float(cut_s) * RATE_HZ)
            one, put = _interruption(play.tracks, cut, rng)
            pieces += [_part(play.tracks, done, cut), put]
            made.append(one.later(cut_s + added_s))
            done, added_s = cut, added_s + len(put.t_s) / RATE_HZ
        spans.append(replace(span, t_start_s=start_s, t_end_s=span.t_end_s + added_s))
    pieces.append(_part(play.tracks, done, len(play.tracks.t_s)))
    tracks = _each(lambda *parts: np.concatenate(parts), *pieces)
    tracks = replace(tracks, t_s=np.arange(len(tracks.t_s)) / RATE_HZ)
    return replace(play, tracks=tracks, spans=tuple(spans), strokes=(), repetitions=()), made


def _interruption(tracks: HandTracks, sample: int, rng: np.random.Generator) -> tuple[Interruption, HandTracks]:
    """One that begins at a sample, as if at 0 s, and what the hands do meanwhile; nothing where they go on."""
    what = str(rng.choice(["cream", "itch", "look", "talk"]))
    if what in ("cream", "itch"):
        put = _cream(tracks, sample, rng) if what == "cream" else _itch(tracks, sample, rng)
        return Interruption(what, 0.0, len(put.t_s) / RATE_HZ), put
    lasts_s = rng.uniform(*(LOOK_S if what == "look" else TALK_S))
    return Interruption(what, 0.0, lasts_s, rng.choice([-1, 1]) * rng.uniform(*LOOK_YAW_DEG)), _part(tracks, 0, 0)


def _each(change: Callable[..., NDArray[Any]], *tracks: HandTracks) -> HandTracks:
    """Tracks made of the same arrays of several; one that they do not have stays None."""
    arrays = {f.name: [getattr(one, f.name) for one in tracks] for f in fields(HandTracks)}
    return HandTracks(**{name: None if given[0] is None else change(*given) for name, given in arrays.items()})


def _part(tracks: HandTracks, start: int, end: int) -> HandTracks:
    return _each(lambda array: array[start:end], tracks)


def _held(tracks: HandTracks, sample: int, count: int) -> HandTracks:
    """Both hands stay where they are."""
    return _each(lambda array: np.repeat(array[sample : sample + 1], count, axis=0), tracks)


def _smooth(share: Float) -> Float:
    return share**3 * (10 - 15 * share + 6 * share**2)


def _there_and_back(count: int, ramp_s: float) -> Float:
    """(count,) 0 to 1 and back to 0."""
    share = np.minimum(np.arange(count), np.arange(count)[::-1]) / (ramp_s * RATE_HZ)
    return _smooth(np.clip(share, 0.0, 1.0))


def _cream(tracks: HandTracks, sample: int, rng: np.random.Generator) -> HandTracks:
    count = round(rng.uniform(*CREAM_S) * RATE_HZ)
    held = _held(tracks, sample, count)
    out = _there_and_back(count, CREAM_WAY_S)
    away = out[:, None, None] * PARKED_AWAY_MM * np.array([[1.0, 1.0, 1.0], [-1.0, 1.0, 1.0]])
    lift = held.lift_mm + LIFTED_MM * np.clip(out[:, None] * 20.0, 0.0, 1.0)
    return replace(held, away_mm=held.away_mm + away, lift_mm=lift, open_share=np.maximum(held.open_share, out[:, None]))


def _itch(tracks: HandTracks, sample: int, rng: np.random.Generator) -> HandTracks:
    """One hand goes through the air, scratches and comes back; the other rests."""
    way_s, scratch_s = 0.5, rng.uniform(*ITCH_S)
    count = round((2 * way_s + scratch_s) * RATE_HZ)
    held = _held(tracks, sample, count)
    hand = int(rng.integers(2))
    goal = rng.choice(ITCHES_MM) * ([1.0, 1.0] if hand == 0 else [-1.0, 1.0])
    there = _there_and_back(count, way_s)
    place = held.working_mm[:, hand] + there[:, None] * (goal - held.working_mm[:, hand])
    t_s = np.arange(count) / RATE_HZ
    scratching = there >= 1.0
    place[:, 0] += np.where(scratching, SCRATCH_MM * np.sin(2 * np.pi * SCRATCH_HZ * (t_s - way_s)), 0.0)
    working, lift = held.working_mm.copy(), held.lift_mm.copy()
    working[:, hand] = place
    air = np.sin(np.pi * np.clip(there, 0.0, 1.0)) ** 0.5
    lift[:, hand] = np.where(scratching, 0.0, np.maximum(lift[:, hand] * (1 - there), LIFTED_MM * air))
    return replace(held, working_mm=working, lift_mm=lift)


@dataclass(frozen=True, slots=True)
class HeadOfInterruptions(HeadMotion):
    """A head that is turned away at times."""

    looks: tuple[Interruption, ...] = ()

    def at(self, t_s: float) -> HeadPose:
        pose = HeadMotion.at(self, t_s)
        for look in self.looks:
            share = np.clip(min(t_s - look.t_start_s, look.t_end_s - t_s) / 0.4, 0.0, 1.0)
            pose = replace(pose, yaw_rad=pose.yaw_rad + float(_smooth(share)) * np.deg2rad(look.yaw_deg))
        return pose


def _talking(face_px: Float, t_s: Float, mm_per_px: Float, talks: Sequence[Interruption], rng: np.random.Generator) -> Float:
    """(N, 478, 3) with a jaw that goes up and down while there is talk."""
    points = canonical_face().points_mm
    share = np.clip((-points[:, 1] - 45.0) / 25.0, 0.0, 1.0)  # from the upper lip downwards
    open_mm = np.zeros_like(t_s)
    for talk in talks:
        now = (t_s >= talk.t_start_s) & (t_s < talk.t_end_s)
        wave = np.sin(2 * np.pi * SYLLABLE_HZ * t_s + rng.uniform(0, 6)) * np.sin(2 * np.pi * 0.9 * t_s)
        open_mm += np.where(now, JAW_DROP_MM * np.abs(wave), 0.0)
    out = face_px.copy()
    out[..., 1] += share * (open_mm / mm_per_px)[:, None]
    return out


def session(routine: CompiledRoutine, seed: int) -> tuple[list[FrameResult], list[Interruption], Performance]:
    """Every result of a session that is right but for its interruptions."""
    rng = np.random.default_rng(seed)
    style = replace(STYLE, seed=seed)
    play = perform_steps(routine.steps, (), style, neutral_s=OPENING_S + sum(reading_s(advice_of(routine))), seconds=STEP_S)
    play, interruptions = interrupted(play, rng)
    looks = tuple(one for one in interruptions if one.what == "look")

    def observed(times_s: NDArray[np.float64]) -> list:  # type: ignore[type-arg]
        head = HeadOfInterruptions(sway_deg=2.0, sway_mm=4.0, seed=seed, looks=looks)
        exact = project(play, times_s, head, CAMERA)
        talks = [one for one in interruptions if one.what == "talk"]
        exact = replace(exact, face_px=_talking(exact.face_px, times_s, exact.mm_per_px, talks, rng))
        lost = np.abs(np.rad2deg(exact.poses.angles_rad[:, 0])) > FACE_LOST_DEG
        exact.face_px[lost] = np.nan
        return observe(exact, seed)

    # The first time shows when the steps' clock stands still, the second time each step ends when the person has done it.
    trial = _planned(routine, [span.t_end_s - span.t_start_s for span in play.spans])
    seconds = _clocked_s(run_flow(trial, play, observed), [span.t_end_s + HEARD_S for span in play.spans])
    return run_flow(_planned(routine, seconds), play, observed), interruptions, play


def _planned(routine: CompiledRoutine, seconds: Sequence[float]) -> CompiledRoutine:
    """Steps that last so long."""
    lasting = zip(routine.steps, seconds, strict=True)
    return replace(routine, steps=tuple(replace(step, repetitions=None, seconds=step_s) for step, step_s in lasting))


def _clocked_s(results: Sequence[FrameResult], ends_s: Sequence[float]) -> list[float]:
    """What the steps' clock shows between these times: it stands still while nobody is there, or both hands are away."""
    verdicts = [result.verdict for result in results]
    begun = np.diff([verdict.step for verdict in verdicts], prepend=-1) != 0
    elapsed = np.array([verdict.step_elapsed_s for verdict in verdicts])
    clock_s = np.cumsum(np.where(begun, elapsed, np.diff(elapsed, prepend=0.0)))
    return np.diff(np.interp(ends_s, [verdict.t_s for verdict in verdicts], clock_s), prepend=0.0).tolist()  # type: ignore[no-any-return]


def tell(name: str, results: list[FrameResult], interruptions: Sequence[Interruption], play: Performance) -> None:
    """Print every correction with what was going on about then, and the steps that were not done."""
    events = {event.index: event for result in results for event in result.verdict.changed}
    ends = [end for result in results for end in result.verdict.ended]
    minutes = sum(span.t_end_s - span.t_start_s for span in play.spans) / 60
    done = sum(end.status == "done" for end in ends)
    print(f"{name}: {len(events)} corrections in {minutes:.1f} minutes; {done} of {len(play.spans)} steps done")
    for event in events.values():
        near = [one for one in interruptions if one.t_start_s - 1 < event.t_start_s < one.t_end_s + 6]
        about = ", ".join(f"{one.what} {one.t_start_s:.1f}-{one.t_end_s:.1f}" for one in near)
        print(f"  {event.t_start_s:7.1f} s  {event.kind} {event.step_id}: {event.message} ({about})")
    for end in ends:
        if end.status != "done":
            print(f"  {end.step_id}: {end.status}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="*", default=[1])
    parser.add_argument("--routines", nargs="*", default=["japanese", "fascia"])
    given = parser.parse_args()
    for seed in given.seeds:
        for name in given.routines:
            tell(f"{name}, seed {seed}", *session(chosen(name), seed))


if __name__ == "__main__":
    main()
