"""Verdicts are as they were. A change that is meant to alter them writes the goldens anew (see the package)."""

import copy

import pytest

from tests.golden.steps import FPS, StepClip, step_clips
from tests.golden.streams import Stream, streams
from tests.golden.verdicts import differences, load

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("clip", step_clips(), ids=lambda clip: clip.name)
def test_a_step_with_mistakes_is_judged_as_before(clip: StepClip) -> None:
    assert differences(load(clip.name), clip.verdicts(), 1 / FPS) == []


@pytest.mark.parametrize("stream", streams(), ids=lambda stream: stream.name)
def test_real_hands_are_judged_as_before(stream: Stream) -> None:
    assert differences(load(f"real/{stream.name}"), stream.verdicts(), stream.frame_s) == []


def test_all_steps_together_hold_every_kind_of_correction() -> None:
    raised = {(one["kind"], one["side"]) for clip in step_clips() for one in load(clip.name)["corrections"]}
    assert {kind for kind, _ in raised} == {"zone", "direction", "pace", "symmetry"}
    assert {side for _, side in raised} == {"left", "right", "both"}


@pytest.mark.parametrize(
    ("where", "value", "found"),
    [
        (("corrections", 0, "kind"), "other", 1),
        (("corrections", 0, "t_start_s"), +0.9, 1),
        (("corrections", 0, "t_start_s"), +0.06, 0),
        (("strokes", 0, "length_mm"), +0.02, 1),
        (("strokes", 0, "length_mm"), +0.005, 0),
        (("steps", 0, "left", "repetitions"), +1, 1),
        (("steps", 0, "left", "path_mm"), None, 1),
    ],
)
def test_what_counts_as_a_difference(where: tuple[str | int, ...], value: object, found: int) -> None:
    golden = load("fascia/cheeks")
    now = copy.deepcopy(golden)
    *way, last = where
    place = now
    for key in way:
        place = place[key]
    place[last] = place[last] + value if isinstance(value, float | int) else value
    assert len(differences(golden, now, 1 / FPS)) == found
    del place[last]
    assert len(differences(golden, now, 1 / FPS)) == 1
