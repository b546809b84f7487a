"""Defines the options that several commands take, and what their values mean."""

import functools
import glob
import inspect
import math
import os
from collections.abc import Callable
from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, get_type_hints

import typer

from facetrack.errors import UsageError

if TYPE_CHECKING:
    from facetrack.routine.compiled import CompiledRoutine

DEFAULT_ROUTINE: Final = "japanese"


class FreeHands(StrEnum):
    """Whose hand is free."""

    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"


class Contact(StrEnum):
    """What touches the skin."""

    FINGERTIPS = "fingertips"
    KNUCKLES = "knuckles"
    TOOL = "tool"


SLOWEST_BPM: Final = 30
FASTEST_BPM: Final = 200
"""Beats a minute; beyond, it was mistyped."""

StepOption = Annotated[
    str | None, typer.Option("--step", metavar="STEP", help="Only this step, from start to end; it never advances.")
]
ContactOption = Annotated[
    Contact | None,
    typer.Option("--contact", help="What touches your skin, in steps that allow it. Default: what is seen."),
]
OutOption = Annotated[Path | None, typer.Option("--out", metavar="DIR", help="The session's folder.")]
AgainOption = Annotated[
    list[str] | None, typer.Option("--again", metavar="STEP", help="A second pass over this step at the end. May be repeated.")
]
LabelOption = Annotated[
    list[str] | None,
    typer.Option("--label", metavar="KEY=VALUE", help="A label (participant, condition) for the export. May be repeated."),
]
LabelFilterOption = Annotated[
    list[str] | None,
    typer.Option("--label", metavar="KEY=VALUE", help="Only sessions with this label. May be repeated."),
]
InputMirroredOption = Annotated[
    bool, typer.Option("--input-mirrored", help="The pictures are already mirrored, as some cameras and recorders do.")
]


KeepLandmarksOption = Annotated[
    bool,
    typer.Option("--keep-landmarks", help="Keep face and hands as numbers too, to be judged anew. No pictures."),
]


@dataclass(frozen=True, slots=True)
class SessionOptions:
    """Holds the options of a session that somebody watches; a command takes them with ``with_session_options``."""

    step: StepOption = None
    headless: Annotated[bool, typer.Option("--headless", help="No window.")] = False
    out: OutOption = None
    again: AgainOption = None
    record: Annotated[bool, typer.Option("--record", help="Keep the annotated picture as a video.")] = False
    keep_landmarks: KeepLandmarksOption = False
    no_save: Annotated[bool, typer.Option("--no-save", help="Keep nothing of the session.")] = False
    guide_only: Annotated[bool, typer.Option("--guide-only", help="Show and speak the routine; judge nothing.")] = False
    no_mirror: Annotated[bool, typer.Option("--no-mirror", help="Show the picture unmirrored.")] = False
    input_mirrored: InputMirroredOption = False
    hands: Annotated[
        FreeHands, typer.Option("--hands", help="Which hand is free; the other side is not asked for.", show_default=False)
    ] = FreeHands.BOTH
    contact: ContactOption = None
    bpm: Annotated[
        str | None, typer.Option("--bpm", metavar="N", help="Your pulse, if you know it: the tempo of steps in time with it.")
    ] = None
    measure_pulse: Annotated[
        bool, typer.Option("--measure-pulse", help="Measure your pulse at rest first: 20 seconds. A tempo, no medical reading.")
    ] = False
    voice: Annotated[bool | None, typer.Option("--voice/--no-voice", help="Speak, with tones. Default: yes.")] = None
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Skip the safety page.")] = False
    label: LabelOption = None

    @property
    def repeated(self) -> tuple[str, ...]:
        """List the steps of --again."""
        return tuple(self.again or ())

    @property
    def named_steps(self) -> list[str]:
        """List all steps that were asked for by name."""
        return [*([self.step] if self.step else []), *self.repeated]

    @property
    def pulse(self) -> float:
        """Read the pulse; NaN: none was given. Raises UsageError."""
        if self.bpm is None:
            return math.nan
        try:
            bpm = float(self.bpm)
        except ValueError:
            bpm = math.nan
        if not SLOWEST_BPM <= bpm <= FASTEST_BPM:
            raise UsageError(f"--bpm {self.bpm} is not a pulse at rest: {SLOWEST_BPM} to {FASTEST_BPM} beats a minute.")
        return bpm

    def fitted(self, routine: "CompiledRoutine") -> "CompiledRoutine":
        """Return the routine for the hands that are free, and for what touches. Raises UsageError."""
        routine = routine.with_contact(self.contact.value if self.contact else None)
        if self.hands is FreeHands.BOTH:
            return routine
        return routine.for_one_side("left" if self.hands is FreeHands.LEFT else "right")

    @property
    def labels(self) -> dict[str, str]:
        """Read the labels. Raises UsageError."""
        return labels_from(self.label)

    def check(self) -> None:
        """Raise UsageError for options that exclude each other, or whose values do not exist."""
        excluded_by_no_save(self.no_save, self.out, self.record or self.keep_landmarks)
        together_with_step(self.step, self.again)
        labels_from(self.label)
        _ = self.pulse
        if self.guide_only and self.record and self.out is None:
            raise UsageError("--guide-only keeps no session: name a folder for the video with --out, or leave out --record.")


def with_session_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add all options of ``SessionOptions`` to a command, which receives them as its argument ``options``."""
    own = [one for one in inspect.signature(command, eval_str=True).parameters.values() if one.name != "options"]
    hints = get_type_hints(SessionOptions, include_extras=True)
    added = [
        inspect.Parameter(
            field.name, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=field.default, annotation=hints[field.name]
        )
        for field in fields(SessionOptions)
    ]

    @functools.wraps(command)
    def with_options(**given: Any) -> None:
        options = SessionOptions(**{field.name: given.pop(field.name) for field in fields(SessionOptions)})
        command(**given, options=options)

    del with_options.__wrapped__  # typer would look through it
    with_options.__annotations__ = {}
    with_options.__signature__ = inspect.Signature([*own, *added])  # type: ignore[attr-defined]
    return with_options


def expand_patterns(given: list[Path] | None) -> list[Path]:
    """Replace patterns such as *.mp4 by the files that they fit, in the order of their names: Windows' shells leave that to the
    program.

    A name that exists is no pattern, and brackets belong to names. A pattern that fits nothing stays, to be reported as a file
    that is not there. None, where none need be given, stays none.
    """
    return [file for one in given or () for file in _fitting(one)]


def _fitting(given: Path) -> list[Path]:
    if not any(mark in str(given) for mark in "*?") or os.path.lexists(given):
        return [given]
    found = glob.glob(str(given).replace("[", "[[]"), recursive=True)  # noqa: PTH207  a pattern may be absolute
    return [Path(one) for one in sorted(found)] or [given]


def labels_from(given: list[str] | None) -> dict[str, str]:
    """Read ``["participant=p07"]`` as ``{"participant": "p07"}``. Raises UsageError."""
    labels: dict[str, str] = {}
    for text in given or ():
        key, equals, value = text.partition("=")
        if not equals or not key.strip():
            raise UsageError(f"--label {text!r} is not KEY=VALUE, for example --label participant=p07.")
        if key.strip() in labels:
            raise UsageError(f"--label {key.strip()} is given twice.")
        labels[key.strip()] = value.strip()
    return labels


def excluded_by_no_save(no_save: bool, out: Path | None, record: bool) -> None:
    """Raise UsageError for --no-save with what asks to keep something."""
    if no_save and (out is not None or record):
        raise UsageError("--no-save keeps nothing: leave out --out, --record and --keep-landmarks.")


def together_with_step(step: str | None, again: list[str] | None) -> None:
    """Raise UsageError for --again beside --step, which fills the whole recording."""
    if step is not None and again:
        raise UsageError("--step is the whole session, so that there is no second pass: leave out --step or --again.")
