"""The two shipped routines: every step of the articles, in order, and paths that a right performer can follow."""

import numpy as np
import pytest

from facetrack.flow.tempo import beat_of
from facetrack.geometry.chart.zones import zone_distance
from facetrack.geometry.face_points import POINT_NAMES
from facetrack.mannequin import Style, perform
from facetrack.mannequin.performance.script import CONTACT_LIFT_MM
from facetrack.packets import Float
from facetrack.routine.compiled import CompiledStep
from facetrack.routine.library import load_routine
from facetrack.routine.map.polygons import sampled
from facetrack.system.paths import shipped

JAPANESE = [
    "apply-cream",
    "spiral-out",
    "upper-eyelids",
    "lower-eyelids",
    "nose-bridge",
    "nostrils",
    "upper-lip",
    "lower-lip",
    "cheeks",
    "cup-and-slide",
    "neck-down",
]
FASCIA = ["forehead", "cheeks", "jawline", "neck", "nose", "nose-sides", "under-eyes", "lips", "brow"]
ROUTINES = {"japanese": JAPANESE, "fascia": FASCIA}
STEPS = [(routine, step) for routine, steps in ROUTINES.items() for step in steps]

OUT, IN_, UP, DOWN = (1, 0), (-1, 0), (0, 1), (0, -1)
DIRECTIONS = {
    ("japanese", "spiral-out"): [OUT],
    ("japanese", "upper-eyelids"): [OUT],
    ("japanese", "lower-eyelids"): [OUT, DOWN],
    ("japanese", "nose-bridge"): [DOWN],
    ("japanese", "upper-lip"): [OUT],
    ("japanese", "lower-lip"): [OUT, UP],
    ("japanese", "cheeks"): [UP],
    ("japanese", "cup-and-slide"): [OUT],
    ("japanese", "neck-down"): [DOWN],
    ("fascia", "forehead"): [OUT],
    ("fascia", "cheeks"): [OUT, UP],
    ("fascia", "jawline"): [OUT, UP],
    ("fascia", "neck"): [UP],
    ("fascia", "nose"): [UP],
    ("fascia", "nose-sides"): [DOWN, OUT],
    ("fascia", "under-eyes"): [OUT, UP],
}
UNPROVEN = [
    "lymph",
    "waste",
    "collagen",
    "rejuvenat",
    "release",
    "toxin",
    "detox",
    "wrinkle",
    "acne-scar",
    "scar",
    "heals",
    "cure",
    "circulation",
    "blood",
    "firm",
    "lift-your-face",
    "anti-age",
    "young",
    "drain",
    "puff",
]


def step_of(routine: str, step: str) -> CompiledStep:
    return load_routine(routine).step(step)


def chord(path: Float) -> Float:
    along: Float = path[-1] - path[0]
    return along / np.linalg.norm(along)


@pytest.mark.parametrize("routine", ROUTINES)
def test_steps_and_their_order(routine: str) -> None:
    compiled = load_routine(routine)
    assert [step.id for step in compiled.steps] == ROUTINES[routine]
    assert [step.index for step in compiled.steps] == list(range(len(compiled.steps)))


def test_groups_are_the_numbering_of_the_japanese_article() -> None:
    assert [step.group for step in load_routine("japanese").steps] == [1, 2, 3, 3, 4, 4, 4, 4, 5, 6, 7]


def test_hands_and_what_is_optional() -> None:
    one_hand_or_both = {"japanese": {"nose-bridge", "nostrils"}, "fascia": {"nose", "lips"}}
    for name, otherwise in (("japanese", "both"), ("fascia", "either")):
        for step in load_routine(name).steps:
            assert step.hands == ("any" if step.id in one_hand_or_both[name] else otherwise)
    assert [step.id for step in load_routine("fascia").steps if step.optional] == FASCIA[4:]
    assert not any(step.optional for step in load_routine("japanese").steps)


@pytest.mark.parametrize("side", ["left", "right"])
def test_for_who_has_one_hand_free_the_other_side_is_not_asked_for(side: str) -> None:
    for name in ROUTINES:
        whole = load_routine(name)
        for step, before in zip(whole.for_one_side(side).steps, whole.steps, strict=True):
            assert step.hands == ("any" if before.hands == "any" else side)
            assert "symmetry" not in step.judge
            assert (step.planned_s < before.planned_s) == (before.hands == "either")


def test_only_the_japanese_routine_says_how_often() -> None:
    japanese, fascia = load_routine("japanese"), load_routine("fascia")
    assert japanese.start_per_week == 2
    assert japanese.schedule_say
    assert fascia.start_per_week is None
    assert not fascia.schedule_say
    assert len(japanese.session_cautions) == 4
    assert len(japanese.area_cautions) == 2
    assert fascia.session_cautions
    assert {step.tempo for step in fascia.steps} == {None}


@pytest.mark.parametrize(("routine", "step"), STEPS)
def test_the_right_way_is_in_the_zone(routine: str, step: str) -> None:
    """The path itself and, of spirals, the loops around it stay inside; tolerance is left for hands and cameras."""
    compiled = step_of(routine, step)
    for phase in compiled.phases:
        way = sampled(phase.path_mm)
        if phase.motion == "spiral":
            angle = np.linspace(0, 2 * np.pi, 16)[:, None]
            loop = phase.turn_radius_mm * np.concatenate([np.cos(angle), np.sin(angle)], axis=1)
            assert zone_distance((way[:, None] + loop).reshape(-1, 2), compiled.zone).max() <= compiled.tolerance_mm / 2
        assert zone_distance(way, compiled.zone).max() == 0.0
        assert (phase.path_mm[:, 0] >= 0).all()


@pytest.mark.parametrize(("routine", "step"), STEPS)
def test_an_ordinary_performance_stays_in_the_zone(routine: str, step: str) -> None:
    """The mannequin, with a person's irregularity: nowhere in contact further out than half the tolerance."""
    compiled = step_of(routine, step)
    tracks = perform(compiled, style=Style(seed=3), seconds=6.0).tracks
    left_sided = tracks.working_mm * np.array([[1.0, 1.0], [-1.0, 1.0]])
    touching = (tracks.lift_mm < CONTACT_LIFT_MM) & ~np.isnan(left_sided[..., 0])
    assert touching.sum() > 100
    assert zone_distance(left_sided[touching], compiled.zone).max() <= compiled.tolerance_mm / 2


@pytest.mark.parametrize(("routine", "step"), sorted(DIRECTIONS))
def test_the_path_leads_where_the_sentence_says(routine: str, step: str) -> None:
    compiled = step_of(routine, step)
    moving = [phase for phase in compiled.asked if phase.motion != "hold"]
    for phase in moving:
        for wanted in DIRECTIONS[routine, step]:
            assert chord(phase.path_mm) @ wanted > 0.3


def test_the_lips_may_be_done_in_turn_and_spirals_begin_at_mouth_and_chin_too() -> None:
    upper, lower = step_of("japanese", "upper-lip"), step_of("japanese", "lower-lip")
    for one, other in ((upper, lower), (lower, upper)):
        own, also = one.phases
        assert (own.also, also.also) == (False, True)
        assert np.allclose(also.path_mm, other.asked[0].path_mm)
        assert one.planned_s < 20.0, "a repetition is a stroke on either lip"
    begin = np.array([phase.path_mm[0] for phase in step_of("japanese", "spiral-out").phases])
    assert begin[:, 0].max() < 35
    assert {"chin", "upper-lip", "lower-lip"} <= set(step_of("japanese", "spiral-out").zone_names)


def test_every_finger_step_of_the_japanese_routine_has_a_tempo_for_every_pulse() -> None:
    for step in load_routine("japanese").steps:
        assert (step.tempo == "pulse") == (step.contact == "fingertips")
        if step.tempo:
            assert all(beat_of(step, bpm) is not None for bpm in range(45, 121))


@pytest.mark.parametrize(("routine", "step"), STEPS)
def test_every_way_has_its_goal(routine: str, step: str) -> None:
    for phase in step_of(routine, step).phases:
        assert "," in phase.way


def test_back_and_forth_steps() -> None:
    for routine, step, axis in (("japanese", "nostrils", 1), ("fascia", "lips", 0), ("fascia", "brow", 0)):
        compiled = step_of(routine, step)
        assert [phase.motion for phase in compiled.phases] == ["back-and-forth"]
        assert "direction" not in compiled.judge
        assert abs(chord(compiled.phases[0].path_mm)[axis]) > 0.9


def test_lower_lip_ends_upwards_at_the_corner_and_lower_eyelids_end_downwards_on_the_cheek() -> None:
    lip = step_of("japanese", "lower-lip").phases[0].path_mm
    assert chord(lip[-2:])[1] > 0.9
    eyelids = step_of("japanese", "lower-eyelids").phases[0].path_mm
    assert chord(eyelids[-2:])[1] < -0.9
    assert chord(eyelids[:4])[0] > 0.8


def test_cup_and_slide_ends_in_a_hold_below_the_ears() -> None:
    slide, hold = step_of("japanese", "cup-and-slide").phases
    assert (slide.motion, hold.motion) == ("stroke", "hold")
    assert np.allclose(slide.path_mm[-1], hold.path_mm[0])
    assert slide.path_mm[-1][0] > 65


def test_working_points() -> None:
    for routine, step in STEPS:
        compiled = step_of(routine, step)
        names = [name for name, works in zip(POINT_NAMES, compiled.working, strict=True) if works]
        assert names == (["palm"] if step in ("apply-cream", "cup-and-slide") else ["middle"])


@pytest.mark.parametrize(("routine", "step"), STEPS)
def test_a_careful_person_is_not_called_rushed(routine: str, step: str) -> None:
    compiled = step_of(routine, step)
    for phase in compiled.phases:
        if phase.motion == "spiral":
            assert phase.turns_s[1] >= 1.7  # a turn a beat of a quick heart
        elif phase.motion != "hold":
            assert phase.pace_mm_s[1] >= 70
            assert phase.pace_mm_s[0] <= 10


@pytest.mark.parametrize(("routine", "step"), STEPS)
def test_judged_as_the_contract_says(routine: str, step: str) -> None:
    compiled = step_of(routine, step)
    motions = {phase.motion for phase in compiled.phases}
    wanted = {"zone"} if compiled.hands == "any" else {"zone", "symmetry"}
    wanted |= {"direction"} if motions & {"stroke", "spiral"} else set()
    wanted |= {"pace"} if motions - {"hold"} else set()
    assert compiled.judge == ({"zone"} if step == "apply-cream" else wanted)
    far = {"ear-base", "neck-side", "neck-front", "nape", "collarbone", "chest"}
    assert compiled.tolerance_mm == (20 if far & set(compiled.zone_names) else 8)
    assert 8 <= compiled.planned_s <= 90


@pytest.mark.parametrize("routine", ROUTINES)
def test_promises_nothing_unproven(routine: str) -> None:
    text = (shipped("routines") / f"{routine}.toml").read_text(encoding="utf-8").lower()
    assert [word for word in UNPROVEN if word in text] == []


@pytest.mark.parametrize(("routine", "step"), STEPS)
def test_every_step_has_its_words(routine: str, step: str) -> None:
    compiled = step_of(routine, step)
    assert compiled.title
    assert compiled.say.endswith(".")
    assert compiled.point.endswith(".") or not compiled.point
    assert compiled.pressure
