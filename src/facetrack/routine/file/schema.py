"""Routine files as pydantic models: names, types, limits and the meaning of each key. Rules between keys are in ``rules``."""

import json
from typing import Annotated, Any, Final, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, Strict, StringConstraints, Tag
from pydantic_core import PydanticCustomError, PydanticKnownError

from facetrack.routine.compiled import ContactPart, Hands, MotionType
from facetrack.routine.file.validation import did_you_mean, quoted
from facetrack.routine.kinds import KINDS
from facetrack.routine.map.face_map import CHART_X_MM, CHART_Y_MM, face_map

SCHEMA_VERSION: Final = 1
"""Version of the format."""

DEFAULT_PACE_MM_S: Final = (10.0, 80.0)
"""Default pace. Pleasant stroking is 10-100 mm/s, best about 30 (C-tactile literature); a relaxed stroke of 60-70 must pass."""
DEFAULT_TURNS_S: Final = (0.4, 1.8)
"""Default turns a second of a spiral. One turn for each beat of a heart at 60-100 beats a minute is 1.0-1.7."""
DEFAULT_TURN_RADIUS_MM: Final = 10.0
"""Default radius of a spiral's loops."""
DEFAULT_HOLD_S: Final = 3.0
"""Default time of a hold."""
DEFAULT_REPETITIONS: Final = 5
"""Default number of repetitions on each side."""
DEFAULT_SPIRAL_SECONDS: Final = 30.0
"""Default time of a spiral."""
DEFAULT_PATH_WIDTH_MM: Final = 30.0
"""Default width of the zone that is made around a path: a fingertip is 15-20 mm wide, and no hand is a ruler."""
DEFAULT_TOLERANCE_MM: Final = 8.0
"""Default distance that a working point may be outside its zone."""

Finger = Literal["thumb", "index", "middle", "ring", "pinky"]


def _text_or_list(value: object) -> str:
    return LIST_TAG if isinstance(value, list) else NAME_TAG


def _known_anchor(name: str) -> str:
    known = face_map().anchors
    if name not in known:
        raise PydanticCustomError(
            "anchor", "{problem}", {"problem": f"{quoted(name)} is not a point of the face map; {did_you_mean(name, known)}"}
        )
    return name


def _known_zone(name: str) -> str:
    known = face_map().zones
    if name not in known:
        raise PydanticCustomError(
            "zone", "{problem}", {"problem": f"{quoted(name)} is not a zone of the face map; {did_you_mean(name, known)}"}
        )
    return name


def _known_kind(name: str) -> str:
    if name not in KINDS:
        raise PydanticKnownError("literal_error", {"expected": ", ".join(map(repr, KINDS))})
    return name


Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
OptionalText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]
X = Annotated[float, Field(ge=CHART_X_MM[0], le=CHART_X_MM[1], allow_inf_nan=False)]
Y = Annotated[float, Field(ge=CHART_Y_MM[0], le=CHART_Y_MM[1], allow_inf_nan=False)]
PathX = Annotated[float, Field(ge=0, le=CHART_X_MM[1], allow_inf_nan=False)]
AnchorName = Annotated[str, AfterValidator(_known_anchor), Field(json_schema_extra={"enum": sorted(face_map().anchors)})]
ZoneName = Annotated[str, AfterValidator(_known_zone), Field(json_schema_extra={"enum": sorted(face_map().zones)})]
KindName = Annotated[str, AfterValidator(_known_kind), Field(json_schema_extra={"enum": list(KINDS)})]
MOST_STEPS: Final = 100
MOST_PHASES: Final = 10
MOST_ZONES: Final = 20
MOST_POINTS: Final = 200
"""Most points of a path or polygon."""
Pair = Strict(False)  # TOML has lists only; what they hold stays strict
Polygon = Annotated[list[Annotated[tuple[X, Y], Pair]], Field(min_length=3, max_length=MOST_POINTS)]


def _name_or_list(value: object) -> str:
    return NAME_TAG if isinstance(value, str) else LIST_TAG


# The tags keep errors to the one kind that was meant; ``load`` takes them out of the key again.
NAME_TAG: Final = "<name>"
LIST_TAG: Final = "<list>"
PathPoint = Annotated[
    Annotated[AnchorName, Tag(NAME_TAG)] | Annotated[tuple[PathX, Y], Pair, Tag(LIST_TAG)], Discriminator(_name_or_list)
]
ZoneEntry = Annotated[Annotated[ZoneName, Tag(NAME_TAG)] | Annotated[Polygon, Tag(LIST_TAG)], Discriminator(_name_or_list)]
ZoneEntries = Annotated[list[ZoneEntry], Field(min_length=1, max_length=MOST_ZONES)]
Zones = Annotated[Annotated[ZoneName, Tag(NAME_TAG)] | Annotated[ZoneEntries, Tag(LIST_TAG)], Discriminator(_name_or_list)]
ContactList = Annotated[list[ContactPart], Field(min_length=1, max_length=len(get_args(ContactPart)))]
Contacts = Annotated[
    Annotated[ContactPart, Tag(NAME_TAG)] | Annotated[ContactList, Tag(LIST_TAG)], Discriminator(_text_or_list)
]
Speed = Annotated[float, Field(gt=0, le=500, allow_inf_nan=False)]
Turns = Annotated[float, Field(gt=0, le=5, allow_inf_nan=False)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


def _about(text: str, default: Any = None, **limits: Any) -> Any:
    return Field(default=default, description=text, **limits)


class Movement(_Strict):
    """What the hands do: the keys of a phase, which a step of one movement has itself."""

    motion: MotionType | None = _about(
        'How the hands move: "stroke" (one way along the path), "spiral" (small circles that wander along the path), '
        '"back-and-forth" (along the path and back) or "hold" (resting in place). Default: stroke.'
    )
    path: list[PathPoint] | None = _about(
        "The way that the working point takes, in order: names of points of the face map, or [x, y] in mm, "
        "written for the user's left side. A hold needs one point, everything else two or more.",
        min_length=1,
        max_length=MOST_POINTS,
    )
    pace_mm_s: Annotated[tuple[Speed, Speed], Pair] | None = _about(
        "Slowest and fastest speed in mm a second along the skin; above the second it is called rushed. Default: [10, 80]."
    )
    turns_s: Annotated[tuple[Turns, Turns], Pair] | None = _about(
        "Spirals only, in place of pace_mm_s: slowest and fastest turns a second. Default: [0.4, 1.8]."
    )
    radius_mm: float | None = _about(
        "Spirals only: the radius of a loop in mm. Each turn wanders on by as much along the path. Default: 10.",
        ge=4,
        le=40,
        allow_inf_nan=False,
    )
    way: Line | None = _about(
        'Strokes and spirals only: what corrects a wrong direction, with its goal, such as "Outwards, to the temple". '
        "Default: made from the path."
    )
    hold_s: float | None = _about("Holds only: how long to stay, in seconds. Default: 3.", ge=0.5, le=600, allow_inf_nan=False)


class Phase(Movement):
    """One movement of a step that has several. One repetition of the step goes through all of them in order."""

    also: bool = _about(
        "An optional movement: allowed at any time, never asked for; doing it can count as a repetition.", False
    )


class Step(Movement):
    """One step of the massage."""

    id: Slug = Field(description="Short name: lower-case letters, digits and hyphens; no two steps share it.")
    title: Line | None = _about("Heading on the screen. Default: made from the id.")
    say: Text | None = _about("The sentence that says what to do, shown and spoken. Default: the title.")
    point: OptionalText = _about("One point to mind.", "")
    with_tool: OptionalText = _about("What to mind as well with a tool in the hand.", "")
    group: int | None = _about("Number of the group of steps that belong together. Default: a group of its own.", ge=1, le=100)
    zone: Zones | None = _about(
        "Where the working point should be: names of zones of the face map, or polygons of your own [[x, y], ...] in mm, "
        "for the user's left side. Default: a band around the path."
    )
    width_mm: float | None = _about(
        "How wide the band around the path is, where no zone is given. Default: 30.", ge=10, le=120, allow_inf_nan=False
    )
    hands: Hands = _about(
        'Whose half of the face is worked: "both" at once, "either" one after the other, "any" with one hand or both, '
        '"alternate" by turns, '
        '"left" or "right" only.',
        "both",
    )
    contact: Contacts = _about(
        "What touches the skin: one thing, or a list of those that are right. Which of them it is is seen, or chosen with "
        "--contact.",
        "fingertips",
    )
    fingers: list[Finger] | None = _about(
        'Fingertips only: whose tips make the working point (their mean). Default: ["middle"].', min_length=1, max_length=5
    )
    pressure: Line = _about("Advice in words; a camera cannot see pressure.", "light")
    repetitions: int | None = _about(
        "How often, on each side. Default: 5, if seconds is not given and nothing circles or holds only.", ge=1, le=200
    )
    seconds: float | None = _about(
        "How long, in place of repetitions. Default: 30 for spirals; a step of holds only takes their time.",
        ge=1,
        le=1800,
        allow_inf_nan=False,
    )
    tolerance_mm: float | None = _about(
        "How far outside the zone is still right. Default: 8, and 20 for ears, neck and chest.",
        ge=0,
        le=60,
        allow_inf_nan=False,
    )
    judge: list[KindName] | None = _about(
        "What is judged. Default: all that the movement and the contact allow.", max_length=len(KINDS)
    )
    optional: bool = _about("Whether it may be left out.", False)
    tempo: Literal["pulse"] | None = _about('"pulse": a stroke or a turn with each beat of the heart.')
    phase: list[Phase] | None = _about(
        "Several movements, one after the other; then the step has no motion or path of its own.",
        min_length=1,
        max_length=MOST_PHASES,
    )


class Caution(_Strict):
    """When not to massage."""

    text: Text = Field(description="The condition, e.g. a fever.")
    scope: Literal["session", "area"] = _about('"session": do not massage at all; "area": leave that area out.', "session")


class Schedule(_Strict):
    """How often."""

    start_per_week: int | None = _about("How often a week to begin with.", ge=1, le=21)
    say: OptionalText = _about("Advice on how often, in words.", "")


class RoutineFile(_Strict):
    """A massage routine for facetrack."""

    schema_version: Literal[1] = Field(description="Version of this format: 1.")
    id: Slug = Field(description="Short name by which commands call it: lower-case letters, digits and hyphens.")
    title: Line | None = _about("Name for people. Default: made from the id.")
    version: int = _about("Raise it when you change the routine.", 1, ge=1, le=1_000_000)
    language: str = _about(
        'Language of its texts, e.g. "en" or "pt-BR".', "en", pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=20
    )
    author: OptionalText = _about("Who wrote it.", "")
    source: OptionalText = _about("Where it comes from.", "")
    prepare: list[Text] = _about("What to do before.", (), max_length=20)
    advice: list[Text] = _about("What to mind throughout.", (), max_length=20)
    with_tool: OptionalText = _about("What to mind throughout with a tool, said where one is chosen.", "")
    after: list[Text] = _about("What to do afterwards.", (), max_length=20)
    schedule: Schedule | None = _about("How often to massage.")
    concern: OptionalText = _about("Asks which areas to do once more after the last step.", "")
    caution: list[Caution] = _about("When not to massage.", (), max_length=50)
    step: list[Step] = Field(description="The steps, in their order.", min_length=1, max_length=MOST_STEPS)


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of routine files (2020-12), for editors. ``rules`` checks what it can't express."""
    schema: dict[str, Any] = _without_null(RoutineFile.model_json_schema())
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _without_null(node: Any) -> Any:
    """Remove null from the schema: TOML has none, so an optional key is described by its type alone."""
    if isinstance(node, list):
        return [_without_null(item) for item in node]
    if not isinstance(node, dict):
        return node
    out = {key: _without_null(value) for key, value in node.items() if not (key == "default" and value is None)}
    options = [option for option in out.get("anyOf", ()) if option != {"type": "null"}]
    if "anyOf" in out and len(options) == 1:
        del out["anyOf"]
        return {**options[0], **out}
    return {**out, "anyOf": options} if options else out


def schema_text() -> str:
    """Return the JSON Schema as the text of ``routines/routine.schema.json``."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
