"""facetrack bench on a few frames: that it measures and tells, not how fast."""

import json

import pytest

from facetrack.bench import footage, live, pipeline_times
from facetrack.cli.commands.computer.bench import verdict
from tests.cli.commands import facetrack

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def short_warm_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """The hands come at once, and few frames go by before the first that counts."""
    monkeypatch.setattr(footage, "NEUTRAL_S", 0.1)
    for module in (footage, live, pipeline_times):
        monkeypatch.setattr(module, "WARM_UP_FRAMES", 30)
    for module in (footage, pipeline_times):
        monkeypatch.setattr(module, "REPEATED_FRAMES", 10)


def test_tells_every_part_as_a_ratio_to_inference(capsys: pytest.CaptureFixture[str]) -> None:
    ran = facetrack(capsys, "bench", "--frames", "8", "--json")
    assert (ran.code, ran.err) == (0, "")
    measured = json.loads(ran.out)
    assert (measured["schema_version"], measured["frames"], measured["size_wh"]) == (1, 8, [640, 480])
    assert measured["frames_with_hands"] > 0
    ratios = measured["ratio_to_inference"]
    assert set(ratios) == {"reading", "geometry", "coach", "geometry_and_coach", "overlay", "session", "all_but_overlay"}
    for part in ratios.values():
        assert 0 < part["median"] <= part["p99"]
    assert ratios["geometry_and_coach"]["median"] > ratios["geometry"]["median"]
    # What a frame takes is at least its inference, told in the same run.
    assert measured["frames_per_s"] < 1000 / measured["inference_ms"]["median"] * 2
    assert measured["busy_share_at_30_fps"] == pytest.approx(30 / measured["frames_per_s"])
    assert measured["public_reading_over_reading"] > 0
    assert measured["public_reading_over_reading_warm"] > measured["public_reading_over_reading"]
    live = measured["live"]
    assert live["latency_ms"] > 0
    assert live["frames_per_s"] > 1
    assert live["throughput_over_serial_inference"] > 0
    assert live["latency_over_serial_inference"] > 0


def test_prints_a_table_and_what_it_means(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    figures = {"two_threads": True, "frames_per_s": 40.0, "latency_ms": 21.0, "throughput_over_serial_inference": 1.1}
    monkeypatch.setattr(live, "beside_serial", lambda _footage, _frames: figures)
    ran = facetrack(capsys, "bench", "--frames", "2")
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert lines[0].startswith("Finding face and hands: ")
    assert [line for line in lines if "geometry and coach together" in line and line.count("%") == 2]
    assert lines[-2].startswith("A live session, with face and hands at the same time, does 40, and draws each 21 ms after")
    assert lines[-1] == "Live at 30 frames a second: yes, with 25 % of the time to spare."


@pytest.mark.parametrize(
    ("busy", "said"),
    [(0.6, "yes, with 40 % of the time to spare."), (0.9, "barely, with 10 % of"), (1.5, "no; about 20 of them are judged")],
)
def test_says_whether_live_coaching_keeps_up(busy: float, said: str) -> None:
    assert said in verdict(30 / busy, busy)


def test_missing_models_are_one_line(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    from facetrack.errors import FacetrackError

    def refuse() -> None:
        raise FacetrackError("The models are not here: run facetrack models fetch")

    monkeypatch.setattr(pipeline_times, "ensure_models", refuse)
    ran = facetrack(capsys, "bench", "--frames", "1")
    assert ran.code == 1
    assert "models fetch" in ran.said


def test_no_frames_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert facetrack(capsys, "bench", "--frames", "0").code == 2
