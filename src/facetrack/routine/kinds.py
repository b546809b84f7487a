"""Lists the kinds of judgement. To add one, write its check in ``coach/checks/`` and add a line here."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:  # a list of sessions names kinds too, and loads no numpy
    from facetrack.routine.compiled import Kind, MotionType


@dataclass(frozen=True, slots=True)
class KindOfJudgement:
    """Describes a kind to everything that lists kinds: routine files, coach, sessions, exports and reports."""

    check: str  # where its check is, as ``module:class``. It is looked up when a coach is made: routines know no coach.
    word: str  # what reports call it. Its first letter, as a capital, marks it in charts.
    not_motions: "tuple[MotionType, ...]" = ()  # motions for which it can't be judged
    with_one_hand: bool = True  # whether it can be judged in a step for one side only
    # How a report shows what was measured and what is allowed: a format string of ``value`` and ``limit``, and of
    # ``value_percent`` and ``limit_percent``, which are a hundred times as much.
    figures: str = "{value:g} (limit {limit:g})"
    figures_of_spirals: str = ""  # the same for steps with spirals, where it differs

    @property
    def letter(self) -> str:
        """Return its mark in charts."""
        return self.word[0].upper()


_CHECKS: Final = "facetrack.coach.checks"
KINDS: Final[dict["Kind", KindOfJudgement]] = {
    "zone": KindOfJudgement(f"{_CHECKS}.zone:ZoneCheck", "area", figures="{value:.0f} mm outside (up to {limit:.0f} mm)"),
    "direction": KindOfJudgement(
        f"{_CHECKS}.direction:DirectionCheck",
        "direction",
        not_motions=("back-and-forth", "hold"),
        figures="{value:.0f}° off (up to {limit:.0f}°)",
    ),
    "pace": KindOfJudgement(
        f"{_CHECKS}.pace:PaceCheck",
        "pace",
        not_motions=("hold",),
        figures="{value:.0f} mm/s (up to {limit:.0f})",
        figures_of_spirals="{value:.1f} turns/s (up to {limit:.1f})",
    ),
    "symmetry": KindOfJudgement(
        f"{_CHECKS}.symmetry:SymmetryCheck",
        "balance",
        with_one_hand=False,
        figures="{value_percent:.0f} % (at least {limit_percent:.0f} %)",
    ),
}
"""All kinds, in order of priority. Where the hands are comes first: in the wrong place direction and pace mean little."""


def kind_of(name: "Kind") -> KindOfJudgement:
    """Return a kind's description. One that is not listed, as in a later version's session, goes by its own name."""
    return KINDS.get(name) or KindOfJudgement("", name)
