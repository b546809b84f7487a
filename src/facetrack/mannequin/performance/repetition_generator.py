"""Generates one repetition of a step by one hand: the movements of all its phases and the way back; right, or wrong in one
way."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from facetrack.mannequin.body.skin_path import SkinPath
from facetrack.mannequin.performance.mistakes import (
    MIN_ACROSS_MM,
    SHORT_SHARE,
    Mistake,
    Variant,
    across_length,
    displaced_path,
    middle_and_normal,
    possible_variants,
)
from facetrack.mannequin.performance.motion_segments import (
    RATE_HZ,
    MotionSegment,
    SegmentKind,
    lifted,
    spiral,
    stay,
    stroke,
    transfer,
    wobble,
)
from facetrack.mannequin.performance.style import Style, comfortable_mm_s, comfortable_turns_s, spiral_turns
from facetrack.packets import Float
from facetrack.routine.compiled import CompiledPhase, CompiledStep, Kind

MIDLINE_MM: Final = 7.0
"""Two hands that work at once keep this far from the midline: half a fingertip's width each."""
_JOIN_MM: Final = 9.0  # the next phase is begun without lifting from this near
_WAVER_MM: Final = 0.9
_TREMBLE_MM: Final = 0.25
_SHORT_OF_END: Final = 0.035  # share of a path that a person may stop before its end
_PACE_SPREAD: Final = 0.07
_SHORTEST_RETURN_S: Final = 0.42
_SLIDE_BACK_SHARE: Final = 0.62  # one hand that slides back does not travel much more than the other
_DEFAULT_HOLD_S: Final = 2.0
_ALL_CONTACT: Final[frozenset[SegmentKind]] = frozenset({"along", "against", "across", "hold", "rest"})


@dataclass(frozen=True, slots=True)
class Cycle:
    """One repetition."""

    moves: tuple[tuple[int, MotionSegment], ...]  # (phase, movement) pairs
    variant: Variant | None = None
    wrong_kinds: frozenset[SegmentKind] = frozenset()  # kinds of the movements that make the mistake
    order: int | None = None  # index of the order to make a mistake; None for a right repetition

    @property
    def samples(self) -> int:
        return sum(move.samples for _, move in self.moves)


class RepetitionGenerator:
    """Generates repetitions of one step for one hand, each a little different."""

    def __init__(self, step: CompiledStep, side: str, style: Style, rng: np.random.Generator) -> None:
        self._step, self._style, self._rng = step, style, rng
        self._right = side == "right"
        self._pair = step.hands in ("both", "alternate") or (step.hands == "either" and style.order == "together")
        self._pair |= step.hands == "any" and style.order in ("together", "in-turn")
        also = tuple(phase for phase in step.phases if phase.also) if style.also_in_turn else ()
        self._turns = [(phases, *self._laid_out(phases)) for phases in (step.asked, also) if phases]
        self._take_turn()
        self.start: Float = self._paths[0].at(np.array(0.0))
        self._here = self.start
        self._now_s = 0.0
        self._known_variants: dict[Kind, tuple[Variant, ...]] = {}

    def can(self, mistake: Mistake) -> bool:
        variants = self._variants(mistake.kind)
        return bool(variants) and (mistake.variant is None or mistake.variant in variants)

    def _variants(self, kind: Kind) -> tuple[Variant, ...]:
        if kind not in self._known_variants:
            self._known_variants[kind] = possible_variants(self._step, kind)
        return self._known_variants[kind]

    def cycle(self, mistake: Mistake | None, now_s: float = 0.0) -> Cycle:
        """Generate the next repetition, from where the last one ended. now_s: when it begins, for those who keep to a beat."""
        self._now_s = now_s
        self._take_turn()
        if mistake is None:
            return Cycle(self._phases(self._paths))
        variant = mistake.variant or self._variants(mistake.kind)[0]
        if variant == "idle":
            return self._idle()
        if variant == "beside":
            return self._beside()
        one_sided = mistake.side != "both"
        if variant == "against":
            return Cycle(self._phases(self._paths, against=True), variant, frozenset({"against"}))
        if variant == "slide-back":
            return Cycle(
                self._phases(self._paths, slide=_SLIDE_BACK_SHARE if one_sided else 1.0), variant, frozenset({"against"})
            )
        if variant == "across":
            return Cycle(self._phases(self._paths, across=True), variant, frozenset({"across"}))
        if variant == "rushed":
            return Cycle(self._phases(self._paths, rush=self._style.rush), variant, frozenset({"along", "against"}))
        return Cycle(self._phases(self._paths, share=SHORT_SHARE), variant, frozenset({"along", "against"}))

    def _take_turn(self) -> None:
        """Choose the phases of the next repetition: those that are asked for, and in turn those that are right as well."""
        self._asked, self._corners, self._paths = self._turns[0]
        self._turns = self._turns[1:] + self._turns[:1]

    def _laid_out(self, phases: tuple[CompiledPhase, ...]) -> tuple[list[Float], list[SkinPath]]:
        corners = [self._clear_of_midline(phase.path_mm) for phase in phases]
        return corners, [self._path(some) for some in corners]

    def _clear_of_midline(self, corners: Float) -> Float:
        if not self._pair:
            return corners
        return np.stack([np.maximum(corners[:, 0], MIDLINE_MM), corners[:, 1]], axis=-1)

    def _path(self, corners: Float) -> SkinPath:
        return SkinPath.through(corners, self._right)

    def _vary(self, spread: float) -> float:
        return float(np.exp(self._rng.normal(0.0, spread * self._style.variation)))

    def _phases(
        self,
        paths: list[SkinPath],
        against: bool = False,
        slide: float = 0.0,
        across: bool = False,
        rush: float = 1.0,
        share: float = 1.0,
    ) -> tuple[tuple[int, MotionSegment], ...]:
        moves: list[tuple[int, MotionSegment]] = []
        for number, (phase, path) in enumerate(zip(self._asked, paths, strict=True)):
            if share < 1.0 and path.length_mm > 0:
                path = path.part(share)
            work = self._work(phase, path, number, against, slide, across, rush, share)
            joined = self._join(work[0].chart_mm[0])
            if self._style.beat_s > 0:
                joined += self._wait_for_beat(sum(move.samples for move in (*(m for _, m in moves), *joined)))
            moves += [(number, move) for move in (*joined, *work)]
            self._here = work[-1].chart_mm[-1]
            moves += [(number, move) for move in self._pause()]
        return tuple(moves) + tuple((0, move) for move in self._home(paths, against, share))

    def _wait_for_beat(self, samples: int) -> list[MotionSegment]:
        """Stay still until the next beat, or not at all if it is now. samples: length of the repetition until here."""
        since_s = (self._now_s + samples / RATE_HZ) % self._style.beat_s
        seconds = self._style.beat_s - since_s
        return [stay(self._here, seconds)] if min(since_s, seconds) > 1.5 / RATE_HZ else []

    def _home(self, paths: list[SkinPath], against: bool, share: float) -> list[MotionSegment]:
        """Move back to where the next repetition starts."""
        path = paths[0].part(share) if share < 1.0 and paths[0].length_mm > 0 else paths[0]
        backwards = against and self._asked[0].motion in ("stroke", "spiral")
        goal = path.at(np.array(path.length_mm if backwards else 0.0))
        if len(paths) == 1 and path.length_mm > 0 and np.linalg.norm(goal - self._here) > _JOIN_MM:
            lengths = (0.0, path.length_mm) if backwards else (path.length_mm, 0.0)
            move = lifted(path, *lengths, self._return_s(path.length_mm), self._lift(), self._style.return_aside_mm)
            offset = np.linspace(1, 0, move.samples)[:, None] * (self._here - move.chart_mm[0])
            move = MotionSegment(move.kind, move.chart_mm + offset, move.lift_mm, move.length_mm)
            self._here = move.chart_mm[-1]
            return [move, *self._pause()]
        return self._join(goal)

    def _join(self, goal: Float) -> list[MotionSegment]:
        """Move to where the next movement begins, lifted unless it is near."""
        distance = float(np.linalg.norm(goal - self._here))
        if distance < 0.05:
            return []
        near = distance < _JOIN_MM
        lift = 0.0 if near else self._lift()
        move = transfer(self._here, goal, max(0.25, distance / 40) if near else self._return_s(distance), lift)
        self._here = goal
        return [MotionSegment("rest", move.chart_mm, move.lift_mm, move.length_mm) if near else move]

    def _return_s(self, length_mm: float) -> float:
        return max(_SHORTEST_RETURN_S, length_mm / self._style.return_mm_s) * self._vary(_PACE_SPREAD) + 0.12

    def _lift(self) -> float:
        return float(self._rng.uniform(*self._style.lift_mm))

    def _pause(self) -> list[MotionSegment]:
        seconds = float(self._rng.uniform(0.02, 1.0)) * self._style.pause_s * self._style.variation
        return [stay(self._here, seconds)] if seconds > 0.02 else []

    def _work(
        self,
        phase: CompiledPhase,
        path: SkinPath,
        number: int,
        against: bool,
        slide: float,
        across: bool,
        rush: float,
        share: float,
    ) -> list[MotionSegment]:
        if phase.motion == "hold" or path.length_mm <= 0:
            return [self._hold(phase, path)]
        if phase.motion == "spiral":
            return [self._spiral(phase, path, against, rush, share)]
        speed = comfortable_mm_s(phase) * self._style.tempo * self._vary(_PACE_SPREAD)
        if rush > 1.0:
            speed = rush * phase.pace_mm_s[1] * self._vary(_PACE_SPREAD / 2)
        speed *= share  # a short stroke takes as long as a whole one: the hands stay in time
        near, far = self._ends(path)
        waver = wobble(self._rng, 64, _WAVER_MM * self._style.variation)
        if phase.motion == "back-and-forth":
            there = stroke(path, near, far, speed, waver)
            return [there, stroke(path, far, near, speed * self._vary(_PACE_SPREAD), waver[::-1], "along")]
        if across:
            return self._across(number, speed, path.length_mm)
        if against:
            return [stroke(path, far, near, speed, waver, "against")]
        if slide:
            far = near + (far - near) * slide
            return [stroke(path, near, far, speed, waver), stroke(path, far, near, speed, waver[::-1], "against")]
        return [stroke(path, near, far, speed, waver)]

    def _ends(self, path: SkinPath) -> tuple[float, float]:
        short = self._rng.uniform(0.0, _SHORT_OF_END * self._style.variation, 2) * path.length_mm
        return float(short[0]), float(path.length_mm - short[1])

    def _spiral(self, phase: CompiledPhase, path: SkinPath, against: bool, rush: float, share: float) -> MotionSegment:
        turns_s = comfortable_turns_s(phase) * self._style.tempo * self._vary(_PACE_SPREAD)
        if self._style.beat_s > 0:
            turns_s = 1.0 / self._style.beat_s
        if rush > 1.0:
            turns_s = rush * phase.turns_s[1] * self._vary(_PACE_SPREAD / 2)
        turns = spiral_turns(phase, path.chart_length_mm / share)
        near, far = (path.length_mm, 0.0) if against else (0.0, path.length_mm)
        radius = phase.turn_radius_mm * share * self._vary(_PACE_SPREAD)
        return spiral(path, near, far, radius, turns_s, turns, "against" if against else "along")

    def _hold(self, phase: CompiledPhase, path: SkinPath) -> MotionSegment:
        seconds = _DEFAULT_HOLD_S if np.isnan(phase.hold_s) else phase.hold_s
        trembling = np.stack([wobble(self._rng, 64, _TREMBLE_MM * self._style.variation) for _ in (0, 1)], axis=-1)
        return stay(path.at(np.array(path.length_mm)), seconds, trembling, "hold")

    def _across(self, number: int, speed: float, length_mm: float) -> list[MotionSegment]:
        """Stroke across the middle of the path, to and fro, about as far in all as the path is long."""
        corners = self._corners[number]
        middle, normal = middle_and_normal(corners)
        reach = max(MIN_ACROSS_MM, across_length(self._step, corners)) / 2
        path = self._path(np.stack([middle - reach * normal, middle + reach * normal]))
        count = max(2, round(length_mm / path.length_mm))
        ends = (0.0, path.length_mm)
        return [stroke(path, ends[k % 2], ends[1 - k % 2], speed, None, "across") for k in range(count)]

    def _beside(self) -> Cycle:
        """Make the right movement in the wrong place."""
        moved = displaced_path(self._step, self._asked[0].path_mm)
        assert moved is not None
        shift = moved.mean(axis=0) - self._asked[0].path_mm.mean(axis=0)
        paths = [self._path(moved)]
        for phase in self._asked[1:]:
            other = displaced_path(self._step, phase.path_mm)
            paths.append(self._path(phase.path_mm + shift if other is None else other))
        return Cycle(self._phases(paths), "beside", _ALL_CONTACT)

    def _idle(self) -> Cycle:
        """Stay still on the face while the other hand works."""
        right = sum(move.seconds for _, move in self._peek())
        trembling = np.stack([wobble(self._rng, 64, _TREMBLE_MM) for _ in (0, 1)], axis=-1)
        return Cycle(((0, stay(self._here, right, trembling)),), "idle", frozenset({"rest"}))

    def _peek(self) -> tuple[tuple[int, MotionSegment], ...]:
        here = self._here
        moves = self._phases(self._paths)
        self._here = here
        return moves
