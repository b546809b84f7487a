"""The benchmark's cases: tools of several kinds and sizes, shown and not shown, right and with mistakes; and knuckles."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from benchmarks.accuracy.cases import Case, Wanted, routine_of
from benchmarks.accuracy.conditions import Conditions
from facetrack.mannequin import Mistake, Performance, Style, perform
from facetrack.mannequin.body.tool import Tool
from facetrack.mannequin.performance.style import Order
from facetrack.routine.compiled import CompiledRoutine, CompiledStep, ContactPart

TOOLS: Final = (
    Tool("plate", 28.0, 54.0),
    Tool("plate", 45.0, 80.0, aside_deg=15.0),
    Tool("roller", 45.0, 40.0),
    Tool("plate", 15.0, 40.0, aside_deg=-10.0),
    Tool("roller", 58.0, 50.0, aside_deg=8.0),
)
SHOWS_DEG: Final = (40.0, 30.0)
"""How far the hand turns while it shows a tool: in the picture, and out of it."""
STEPS: Final = ("forehead", "cheeks", "jawline", "neck", "brow")
TRUTH_FPS: Final = 15.0
CLIP_FPS: Final = 12.0
CLIP_S: Final = 8.0
BARE_S: Final = 2.4
LETS_GO_S: Final = 4.0
"""From the first touch to the moment at which a hand takes the tool anew."""
FAR: Final = (("jawline", "forehead"), ("forehead", "jawline"), ("neck", "cheeks"), ("cheeks", "neck"), ("neck", "forehead"))
"""(what is done, what is asked for): places that are 40 mm and more apart."""


@dataclass(frozen=True, slots=True)
class ToolCase(Case):
    """A case of the accuracy benchmark, done with something else than fingertips."""

    contact: ContactPart = "tool"

    def compiled(self) -> tuple[CompiledRoutine, CompiledStep]:
        """Return the routine as it is done with that, and the step."""
        return compiled(self.step, self.contact)


@dataclass(frozen=True, slots=True)
class Clip:
    """A short clip, rendered. lets_go_s: when the hands open for a moment; NaN: never."""

    name: str
    step: str
    conditions: Conditions
    performance: Performance
    contact: ContactPart = "tool"
    lets_go_s: float = float("nan")


def compiled(step: str, contact: ContactPart) -> tuple[CompiledRoutine, CompiledStep]:
    """Return the fascia routine as it is done with a contact, and a step of it."""
    routine = routine_of("fascia").with_contact(contact)
    return routine, routine.step(step)


def truth_cases() -> list[ToolCase]:
    """Every step right, and with a mistake of each kind that it is judged for; tools, distances and yaw in turn."""
    made = []
    for place, step in enumerate(STEPS):
        _, asked = compiled(step, "tool")
        wrongs: list[Wanted | None] = [None, Wanted("zone", "beside", "left"), Wanted("pace", "rushed", "right")]
        wrongs += [Wanted("direction", "against", "both")] if "direction" in asked.judge and step != "brow" else []
        wrongs += [Wanted("symmetry", "totals", "right")]
        for number, wrong in enumerate(wrongs):
            if wrong is None or wrong.kind in asked.judge:
                made.append(_truth(step, wrong, 7 * place + number))
    return made


def knuckle_cases() -> list[ToolCase]:
    """Every step that knuckles may do, right, four times."""
    steps = [step.id for step in routine_of("fascia").steps if "knuckles" in step.contacts]
    made = []
    for number, step in enumerate(4 * steps):
        style = Style(seed=100 + number, order="together", phase_lag=0.1 * (number % 3))
        conditions = _conditions(100 + number, TRUTH_FPS)
        made.append(ToolCase(f"{step}/knuckles", "fascia", step, (), "middle", style, conditions, contact="knuckles"))
    return made


def _truth(step: str, wrong: Wanted | None, number: int) -> ToolCase:
    order: Order = "left" if wrong is not None and wrong.variant == "totals" else "together"
    tool = TOOLS[number % len(TOOLS)]
    style = Style(seed=number, order=order, tool=tool, shows_deg=SHOWS_DEG, phase_lag=0.1 * (number % 3))
    label = "right" if wrong is None else wrong.kind
    conditions = _conditions(number, TRUTH_FPS)
    return ToolCase(f"{step}/{label}", "fascia", step, (wrong,) if wrong else (), "middle", style, conditions)


def far_performance(done: str, number: int) -> Performance:
    """Return a step done rightly, to be judged as another one."""
    style = Style(seed=50 + number, order="together", tool=TOOLS[number % len(TOOLS)])
    return perform(compiled(done, "tool")[1], (), style, seconds=12.0)


def far_conditions(number: int) -> Conditions:
    """Return the conditions of such a performance."""
    return _conditions(50 + number, TRUTH_FPS)


def _conditions(number: int, fps: float) -> Conditions:
    yaw = (-15.0, -7.0, 0.0, 8.0, 15.0)[number % 5]
    distance = (450.0, 560.0, 680.0)[number % 3]
    return Conditions("ordinary", yaw_deg=yaw, distance_mm=distance, tone=number % 10 + 1, fps=fps, seed=number)


def clips() -> list[Clip]:
    """Return the clips to render: tones, distances, yaw, both hands and one, a zone mistake, grips that change, knuckles."""
    plain = [
        _clip("plate", "forehead", TOOLS[0], Conditions("ordinary", fps=CLIP_FPS, seed=1, tone=4)),
        _clip("large-plate", "cheeks", TOOLS[1], Conditions("yaw", fps=CLIP_FPS, seed=2, tone=8, yaw_deg=10.0)),
        _clip("roller", "jawline", TOOLS[2], Conditions("ordinary", fps=CLIP_FPS, seed=3, tone=2, distance_mm=520.0)),
        _clip(
            "small-plate",
            "forehead",
            TOOLS[3],
            Conditions("yaw", fps=CLIP_FPS, seed=4, tone=10, distance_mm=680.0, yaw_deg=-12.0),
        ),
        _clip(
            "one-hand",
            "cheeks",
            TOOLS[2],
            Conditions("yaw", fps=CLIP_FPS, seed=5, tone=6, distance_mm=560.0, yaw_deg=-15.0),
            order="left",
        ),
        _clip(
            "beside",
            "jawline",
            TOOLS[0],
            Conditions("ordinary", fps=CLIP_FPS, seed=6, tone=3),
            (Mistake("zone", "both", 18.0, 30.0),),
        ),
    ]
    longer = [replace(plain[0], performance=_performed("forehead", TOOLS[0], 1, seconds=9.0))]
    longer += [replace(plain[1], performance=_performed("cheeks", TOOLS[1], 2, seconds=9.0))]
    knuckles = [
        _knuckles("cheeks", Conditions("ordinary", fps=CLIP_FPS, seed=7, tone=5)),
        _knuckles("jawline", Conditions("yaw", fps=CLIP_FPS, seed=8, tone=9, yaw_deg=10.0, distance_mm=540.0)),
    ]
    return [*plain, _lets_go(longer[0], 0.9), _lets_go(longer[1], 0.8), *knuckles]


def _performed(
    step: str, tool: Tool, seed: int, mistakes: tuple[Mistake, ...] = (), order: Order = "together", seconds: float = CLIP_S
) -> Performance:
    style = Style(seed=seed, tool=tool, shows_deg=SHOWS_DEG, order=order)
    return perform(compiled(step, "tool")[1], list(mistakes), style, neutral_s=BARE_S, seconds=seconds)


def _clip(
    name: str,
    step: str,
    tool: Tool,
    conditions: Conditions,
    mistakes: tuple[Mistake, ...] = (),
    order: Order = "together",
) -> Clip:
    seconds = CLIP_S + 5.0 * bool(mistakes)
    return Clip(name, step, conditions, _performed(step, tool, conditions.seed, mistakes, order, seconds))


def _knuckles(step: str, conditions: Conditions) -> Clip:
    style = Style(seed=conditions.seed, order="together")
    performance = perform(compiled(step, "knuckles")[1], (), style, neutral_s=BARE_S, seconds=12.0)
    return Clip(f"knuckles-{step}", step, conditions, performance, "knuckles")


def _lets_go(clip: Clip, open_share: float) -> Clip:
    """Both hands open for 0.6 s and close again."""
    tracks = clip.performance.tracks
    at_s = clip.performance.spans[0].t_start_s + LETS_GO_S
    opened = open_share * np.clip((0.9 - np.abs(tracks.t_s - at_s - 0.6)) / 0.4, 0.0, 1.0)
    changed = replace(tracks, open_share=np.maximum(tracks.open_share, opened[:, None]))
    return replace(clip, name=f"{clip.name}-lets-go", performance=replace(clip.performance, tracks=changed), lets_go_s=at_s)
