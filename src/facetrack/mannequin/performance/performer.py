"""Performs steps: right, or with mistakes on order. Makes a ``Performance``; pure numpy."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from facetrack.geometry.head.canonical import canonical_face
from facetrack.geometry.head.landmarks import NOSE_TIP
from facetrack.mannequin.performance.mistakes import Mistake, MistakeWindow
from facetrack.mannequin.performance.motion_segments import RATE_HZ, MotionSegment, stay
from facetrack.mannequin.performance.repetition_generator import Cycle, RepetitionGenerator
from facetrack.mannequin.performance.script import HandTracks, Performance, RepetitionTruth, StepSpan, StrokeTruth
from facetrack.mannequin.performance.style import Style, natural_pointing
from facetrack.packets import SIDES, Float
from facetrack.routine.compiled import CompiledStep

PARKED_AWAY_MM: Final = np.array([90.0, -430.0, 90.0])
"""Where a left hand waits out of sight, from where it works."""
_ARRIVE_S: Final = 1.1
_LEAVE_S: Final = 0.9
_OUT_S: Final = 0.5  # out of sight between steps
_POINTING_LAG_S: Final = 0.25  # a hand turns slower than its fingertip moves
_OPEN_POINTING: Final = 0.35  # share of its turn that an arriving, open hand has
_LONGEST_S: Final = 600.0
_PATIENCE_S: Final = 0.5
_HOVER_MM: Final = 26.0
SHOWN_S: Final = 3.2
"""How long a tool is shown."""
SHOW_RESTS_S: Final = 0.3
"""How long the hand is still at the beginning and the end of that."""
NOSE_TIP_MM: Final = canonical_face().points_mm[NOSE_TIP, :2]


@dataclass(slots=True)
class _Hand:
    """One hand's movements until now, on the left side of the face map."""

    side: Literal["left", "right"]
    chart: list[Float] = field(default_factory=list)
    lift: list[Float] = field(default_factory=list)
    away: list[Float] = field(default_factory=list)  # share of PARKED_AWAY_MM
    step: list[NDArray[np.intp]] = field(default_factory=list)
    samples: int = 0
    strokes: list[StrokeTruth] = field(default_factory=list)
    repetitions: list[RepetitionTruth] = field(default_factory=list)
    wrong: dict[int, MistakeWindow] = field(default_factory=dict)  # by the order's place in the list

    @property
    def now_s(self) -> float:
        return self.samples / RATE_HZ

    @property
    def here(self) -> Float:
        place: Float = self.chart[-1][-1]
        return place

    def add(self, move: MotionSegment, step: int, phase: int, away: Float | None = None) -> None:
        start = self.now_s
        self.chart.append(move.chart_mm)
        self.lift.append(move.lift_mm)
        self.away.append(np.zeros(move.samples) if away is None else away)
        self.step.append(np.full(move.samples, step, dtype=np.intp))
        self.samples += move.samples
        if away is None:
            truth = StrokeTruth(self.side, step, phase, move.kind, start, self.now_s, move.length_mm, move.turns)
            self.strokes.append(truth)

    def park(self, seconds: float, step: int, place: Float) -> None:
        if seconds > 0:
            move = stay(place, seconds)
            self.add(move, step, -1, np.ones(move.samples))

    def arrive(self, step: int, place: Float) -> None:
        move = stay(place, _ARRIVE_S)
        share = np.arange(1, move.samples + 1) / move.samples
        away = 1 - share * share * share * (10 - 15 * share + 6 * share * share)
        lift = 30.0 * np.clip(1.15 - share, 0, 1) * np.clip((1 - share) / 0.3, 0, 1)
        self.add(replace(move, lift_mm=lift), step, -1, away)

    def leave(self, step: int) -> None:
        move = stay(self.here, _LEAVE_S)
        share = np.arange(1, move.samples + 1) / move.samples
        lift = 30.0 * np.clip(share / 0.3, 0, 1)
        self.add(replace(move, lift_mm=lift), step, -1, share * share * share * (10 - 15 * share + 6 * share * share))


class _Performer:
    """Moves both hands, in time with each other."""

    def __init__(self, style: Style, mistakes: Sequence[Mistake], neutral_s: float) -> None:
        self._style, self._mistakes = style, list(mistakes)
        self._rng = np.random.default_rng(style.seed)
        self._neutral_s = neutral_s
        self._due = {(number, side) for number in range(len(self._mistakes)) for side in SIDES}  # ordered, not yet begun
        self.hands = (_Hand("left"), _Hand("right"))
        self.spans: list[StepSpan] = []
        self._shown: list[tuple[str, float, float]] = []

    def perform(self, index: int, step: CompiledStep, repetitions: int | None, seconds: float | None) -> None:
        """Perform one step, with both hands coming and going."""
        generators = tuple(RepetitionGenerator(step, side, self._style, self._rng) for side in SIDES)
        turns = self._turns(step)
        share_s = None if seconds is None else seconds / len(turns)
        for turn in turns:
            self._enter(index, generators, turn)
            start = self.hands[turn[0]].now_s
            self._work(index, step, generators, turn, repetitions, share_s)
            self.spans.append(StepSpan(index, step.id, start, max(self.hands[k].now_s for k in turn)))
            for k in turn:
                self.hands[k].leave(index)
            self._level(index, _OUT_S)

    def _turns(self, step: CompiledStep) -> tuple[tuple[int, ...], ...]:
        """List the groups of hands that work one after the other."""
        if step.hands in ("left", "right"):
            return ((SIDES.index(step.hands),),)
        orders = {"together": ((0, 1),), "in-turn": ((0,), (1,)), "left": ((0,),), "right": ((1,),)}
        if step.hands == "either" or (step.hands == "any" and self._style.order != "in-turn"):
            return orders[self._style.order]
        return ((0, 1),)

    def show(self, index: int, place: Float) -> None:
        """Hold the edges of the tools at a place, first the left one, and turn the hands slowly."""
        for hand in self.hands:
            hand.park(self._neutral_s, index, place)
        for hand in self.hands:
            hand.arrive(index, place)
            begun = hand.now_s
            move = stay(place, SHOWN_S)
            hand.add(move, index, -1, np.zeros(move.samples))
            self._shown.append((hand.side, begun, hand.now_s))
            hand.leave(index)
            self._level(index, _OUT_S)

    def _swing(self, tracks: HandTracks) -> Float:
        """Return the turns of the hands while they show their tools: there, to the other side, and back."""
        assert self._style.shows_deg is not None
        swing = np.zeros((len(tracks.t_s), 2, 2))
        for side, begun, ended in self._shown:
            at = (tracks.t_s >= begun) & (tracks.t_s <= ended)
            share = np.clip((tracks.t_s[at] - begun - SHOW_RESTS_S) / (ended - begun - 2 * SHOW_RESTS_S), 0.0, 1.0)
            wave = np.sin(2 * np.pi * share) * np.sin(np.pi * share) ** 0.3
            swing[at, SIDES.index(side)] = 0.5 * wave[:, None] * np.deg2rad(self._style.shows_deg)
        return swing

    def _enter(self, index: int, generators: tuple[RepetitionGenerator, ...], turn: tuple[int, ...]) -> None:
        for k, hand in enumerate(self.hands):
            if not hand.samples:
                hand.park(self._neutral_s, index, generators[k].start)
            if k in turn:
                hand.arrive(index, generators[k].start)

    def _work(
        self,
        index: int,
        step: CompiledStep,
        generators: tuple[RepetitionGenerator, ...],
        turn: tuple[int, ...],
        repetitions: int | None,
        seconds: float | None,
    ) -> None:
        alternate = step.hands == "alternate" and len(turn) == 2
        begun, done = self.hands[turn[0]].now_s, 0
        if self._style.phase_lag > 0 and len(turn) == 2 and not alternate:
            lag = self._style.phase_lag * sum(m.seconds for _, m in generators[1].cycle(None).moves)
            self.hands[1].add(stay(generators[1].start, lag), index, -1)
        while True:
            spent = self.hands[turn[0]].now_s - begun
            if (
                (repetitions is not None and done >= repetitions)
                or (seconds is not None and spent >= seconds)
                or spent > _LONGEST_S
            ):
                return
            cycles = {k: self._cycle(k, generators[k]) for k in turn}
            longest = max(cycle.samples for cycle in cycles.values())
            for k, cycle in cycles.items():
                others = sum(c.samples for other, c in cycles.items() if other != k)
                before, after = ((0, longest - cycle.samples), (0, others) if k == turn[0] else (others, 0))[alternate]
                self._carry_out(k, cycle, index, before, after)
            done += 1

    def _cycle(self, k: int, generator: RepetitionGenerator) -> Cycle:
        """Generate the next repetition of a hand, wrong if a mistake is ordered for now."""
        hand = self.hands[k]
        for number, order in enumerate(self._mistakes):
            if not order.concerns(hand.side) or not generator.can(order):
                continue
            waiting = (number, hand.side) in self._due and hand.now_s >= order.t_start_s
            if waiting or (order.t_start_s <= hand.now_s < order.t_end_s):
                return replace(generator.cycle(order, hand.now_s), order=number)
        return generator.cycle(None, hand.now_s)

    def _carry_out(self, k: int, cycle: Cycle, index: int, before: int, after: int) -> None:
        hand = self.hands[k]
        if before > 1:
            hand.add(stay(hand.here, before / RATE_HZ), index, -1)
        start = hand.now_s
        wrong_from, wrong_to = None, start
        for phase, move in cycle.moves:
            if move.kind in cycle.wrong_kinds:
                wrong_from = hand.now_s if wrong_from is None else wrong_from
                wrong_to = hand.now_s + move.seconds
            hand.add(move, index, phase)
        hand.repetitions.append(RepetitionTruth(hand.side, index, start, hand.now_s, cycle.order is None))
        if after > 1:
            seconds = after / RATE_HZ
            hovers = cycle.order is not None and seconds > _PATIENCE_S  # waiting long on the skin would be a stillness
            lift = _HOVER_MM if hovers else 0.0
            hand.add(stay(hand.here, seconds, lift_mm=lift), index, -1)
        if cycle.variant in ("idle", "beside"):  # to the end it stays where it should not be
            wrong_to = hand.now_s
        if cycle.order is not None and wrong_from is not None:
            self._due.discard((cycle.order, hand.side))
            self._note(hand, cycle, index, wrong_from, wrong_to)

    def _note(self, hand: _Hand, cycle: Cycle, index: int, start: float, end: float) -> None:
        assert cycle.order is not None
        assert cycle.variant is not None
        order = self._mistakes[cycle.order]
        old = hand.wrong.get(cycle.order)
        first = start if old is None else old.t_start_s
        hand.wrong[cycle.order] = MistakeWindow(order.kind, hand.side, cycle.variant, index, first, end)

    def _level(self, index: int, pause_s: float) -> None:
        """Park the hands until both have been out of sight for a while."""
        until = max(hand.samples for hand in self.hands) + round(pause_s * RATE_HZ)
        for hand in self.hands:
            hand.park((until - hand.samples) / RATE_HZ, index, hand.here)

    def windows(self) -> tuple[MistakeWindow, ...]:
        out = []
        for number, order in enumerate(self._mistakes):
            made = [hand.wrong[number] for hand in self.hands if number in hand.wrong]
            if made:
                side = order.side if len(made) == 2 else made[0].side
                start, end = min(m.t_start_s for m in made), max(m.t_end_s for m in made)
                out.append(replace(made[0], side=side, t_start_s=start, t_end_s=end))
        return tuple(out)

    def finished(self, steps: tuple[CompiledStep, ...]) -> Performance:
        tracks = _tracks(self.hands, steps)
        tracks = tracks if self._style.shows_deg is None else replace(tracks, swing_rad=self._swing(tracks))
        strokes = sorted((s for h in self.hands for s in h.strokes), key=lambda s: s.t_start_s)
        repetitions = sorted((r for h in self.hands for r in h.repetitions), key=lambda r: r.t_start_s)
        return Performance(
            steps,
            tracks,
            tuple(strokes),
            tuple(repetitions),
            self.windows(),
            tuple(self.spans),
            self._neutral_s,
            self._style.tool,
        )


def _tracks(hands: tuple[_Hand, _Hand], steps: tuple[CompiledStep, ...]) -> HandTracks:
    mirror = np.array([[1.0, 1.0], [-1.0, 1.0]])
    chart = np.stack([np.concatenate(h.chart) for h in hands], axis=1)
    lift = np.stack([np.concatenate(h.lift) for h in hands], axis=1)
    share = np.stack([np.concatenate(h.away) for h in hands], axis=1)
    step = np.concatenate(hands[0].step)
    away = share[..., None] * PARKED_AWAY_MM * np.array([[1.0, 1.0, 1.0], [-1.0, 1.0, 1.0]])[None]
    open_share = np.clip(share / 0.5, 0, 1)
    pointing = np.zeros(lift.shape)
    for index, one in enumerate(steps):
        at = step == index
        for k in (0, 1):
            pointing[at, k] = natural_pointing(chart[at, k], one.contact)
        if one.contact == "tool":  # a hand that holds something does not open
            open_share[step == index] = 0.0
    pointing = _lagging(pointing) * (1 - (1 - _OPEN_POINTING) * open_share)
    t_s = np.arange(len(step)) / RATE_HZ
    return HandTracks(t_s, step, chart * mirror, lift, away, pointing, open_share)


def _lagging(values: Float) -> Float:
    """Return a running mean over _POINTING_LAG_S, centred, ends held."""
    width = int(_POINTING_LAG_S * RATE_HZ) | 1
    padded = np.pad(values, ((width // 2 + 1, width // 2), (0, 0)), mode="edge")
    total = np.cumsum(padded, axis=0)
    return (total[width:] - total[:-width]) / width


def stage_shows(steps: Sequence[CompiledStep], style: Style | None) -> bool:
    """Return whether a tool is shown before the first step."""
    return style is not None and style.shows_deg is not None and steps[0].contact == "tool"


def perform_steps(
    steps: Sequence[CompiledStep],
    mistakes: Sequence[Mistake] = (),
    style: Style | None = None,
    neutral_s: float = 3.0,
    repetitions: int | None = None,
    seconds: float | None = None,
) -> Performance:
    """Perform several steps one after another; the hands leave the picture in between, as for more cream.

    repetitions, seconds: instead of what each step says (seconds of work for each step, completed to the end of a repetition).
    """
    stage = _Performer(style or Style(), mistakes, neutral_s)
    if stage_shows(steps, style):
        stage.show(0, NOSE_TIP_MM)
    for index, step in enumerate(steps):
        own = (repetitions, seconds) if repetitions is not None or seconds is not None else (step.repetitions, step.seconds)
        stage.perform(index, step, *own)
    return stage.finished(tuple(steps))


def perform(
    step: CompiledStep,
    mistakes: Sequence[Mistake] = (),
    style: Style | None = None,
    neutral_s: float = 3.0,
    repetitions: int | None = None,
    seconds: float | None = None,
) -> Performance:
    """Perform one step; see ``perform_steps``."""
    return perform_steps((step,), mistakes, style, neutral_s, repetitions, seconds)
