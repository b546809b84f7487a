"""Thirteen short cases, always the same: what the test suite can afford to judge at each run."""

from typing import Final

from benchmarks.accuracy.cases import Case, Wanted
from benchmarks.accuracy.conditions import Conditions
from facetrack.mannequin import Style

_FPS: Final = 15.0
"""The slowest frame rate of the conditions: a minute costs half as much to judge as at 30."""

_RECIPES: Final[tuple[tuple[str, str, Wanted | None], ...]] = (
    ("fascia", "forehead", None),
    ("fascia", "forehead", Wanted("direction", "against", "both")),
    ("fascia", "forehead", Wanted("pace", "rushed", "both")),
    ("fascia", "jawline", None),
    ("fascia", "jawline", Wanted("zone", "beside", "both")),
    ("fascia", "cheeks", None),
    ("fascia", "cheeks", Wanted("direction", "slide-back", "both")),
    ("fascia", "cheeks", Wanted("zone", "beside", "both")),
    ("japanese", "cheeks", None),  # a spiral
    ("japanese", "lower-lip", None),  # both hands at once
    ("japanese", "lower-lip", Wanted("pace", "rushed", "right")),
    ("japanese", "lower-lip", Wanted("symmetry", "idle", "left")),
    ("japanese", "lower-lip", Wanted("symmetry", "short", "right")),
)


def make_small() -> list[Case]:
    """Ordinary conditions at 15 frames a second; skin tones and manners differ from case to case."""
    return [_case(number, *recipe) for number, recipe in enumerate(_RECIPES)]


def _case(number: int, routine: str, step: str, wanted: Wanted | None) -> Case:
    label = f"{wanted.variant}-{wanted.side}" if wanted else "right"
    style = Style(seed=number, order="together", phase_lag=0.1 * (number % 3))
    # A few degrees and centimetres off straight and 60 cm, now one way, now the other.
    conditions = Conditions(
        "ordinary",
        yaw_deg=3.0 * (number % 5 - 2),
        pitch_deg=2.0 * (number % 3 - 1),
        distance_mm=540.0 + 30.0 * (number % 4),
        tone=number % 10 + 1,
        fps=_FPS,
        seed=number,
    )
    return Case(f"{routine}/{step}/{label}/small", routine, step, (wanted,) if wanted else (), "middle", style, conditions)
