"""How a person works: pace, size and regularity of the movements, order of the hands. Seeded; pure numpy."""

from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np

from facetrack.mannequin.body.tool import Tool
from facetrack.mannequin.performance.mistakes import RUSH
from facetrack.mannequin.performance.motion_segments import peak_over_mean
from facetrack.packets import Float
from facetrack.routine.compiled import CompiledPhase, ContactPart

Order = Literal["together", "in-turn", "left", "right"]
"""Order of the hands in a step for either hand."""
_COMFORTABLE_SHARE: Final = 0.45  # of the fastest allowed: about 30 mm/s, where stroking is most pleasant
PALM_POINTING_RAD: Final = float(np.deg2rad(6.0))
"""Turn of the fingers when palms work."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a person works."""

    seed: int = 0  # seed of all variation
    variation: float = 1.0  # from 0, none, to 1, an ordinary person
    phase_lag: float = 0.0  # how far the right hand is behind: 0..1 of a repetition
    order: Order = "in-turn"  # order of the hands in a step for either hand
    pause_s: float = 0.25  # longest pause between movements
    lift_mm: tuple[float, float] = (22.0, 38.0)  # range of a lift
    return_mm_s: float = 150.0  # mean speed of a return
    return_aside_mm: float = 0.0  # how far beside its path (chart, to the left of it) a hand goes back; negative: to the right
    rush: float = RUSH  # mean speed of a rushed movement, as a multiple of the step's limit
    tempo: float = 1.0  # factor on the comfortable pace
    also_in_turn: bool = False  # of a step that allows more movements than it asks for: every second repetition is such a one
    # Every stroke begins, and every turn is made, in time with a beat of this length from t = 0; 0 for no beat.
    beat_s: float = 0.0
    tool: Tool = field(default_factory=Tool)  # held in steps that are done with one
    # Whether a tool is shown before the first step: its edge at the tip of the nose, and the hand turned by so much in the
    # picture and out of it, in degrees.
    shows_deg: tuple[float, float] | None = None


def comfortable_mm_s(phase: CompiledPhase) -> float:
    """Return a mean speed well inside the phase's pace, so that a stroke's peak is inside it too where possible."""
    low, high = phase.pace_mm_s
    return float(np.clip(_COMFORTABLE_SHARE * high, low * 1.2, max(low * 1.05, 0.92 * high / peak_over_mean())))


def comfortable_turns_s(phase: CompiledPhase) -> float:
    """Return a turning rate well inside that of the phase."""
    low, high = phase.turns_s
    turns = float(np.clip(np.sqrt(max(low, 0.05) * high), low * 1.1, max(low, 0.8 * high)))
    fastest = phase.pace_mm_s[1]
    if phase.turn_radius_mm > 0:
        turns = max(low, min(turns, 0.75 * fastest / (2 * np.pi * phase.turn_radius_mm)))
    return turns


def spiral_turns(phase: CompiledPhase, length_mm: float) -> int:
    """Return how many loops a pass along a path of that length has."""
    drift = phase.turn_radius_mm if np.isnan(phase.drift_mm) else phase.drift_mm
    return max(2, round(length_mm / max(drift, 1.0)))


def natural_pointing(chart_mm: Float, contact: ContactPart) -> Float:
    """Return the turn (N,) of a hand's fingers from straight up towards the midline, for working points (N, 2) of the left
    side: level where the two hands meet, steeper towards the ears."""
    x, y = np.clip(chart_mm[:, 0], 0, 70), chart_mm[:, 1]
    if contact == "palms":
        return np.full(len(x), PALM_POINTING_RAD)
    level = np.deg2rad(82.0 - 0.52 * x)
    low = np.clip((-y - 60.0) / 60.0, 0, 1)  # jaw and neck: elbows hang
    turned: Float = level - np.deg2rad(14.0) * low
    return turned
