"""What a golden file holds, how it is written, and how two of them are compared."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from facetrack.coach import CoachOptions, LiveCoach
from facetrack.geometry import FaceMapper, FacePoints
from facetrack.geometry.quantisation import quantise
from facetrack.packets import Observation
from facetrack.routine.compiled import CompiledRoutine
from facetrack.session import SessionIdentity, SessionRecorder

FOLDER = Path(__file__).parent
FIGURE = 0.01
"""Largest difference of two figures that count as equal: 0.01 mm, 0.01 mm/s, a hundredth of a share."""
HELD = ("complete", "tracking", "score", "steps", "corrections", "cues")
"""Fields of session.json that are compared. The others name the session, the program and its settings."""


def mapped(observations: Iterable[Observation]) -> Iterator[FacePoints]:
    """Take observations through mapper and quantisation."""
    mapper = FaceMapper()
    for observation in observations:
        points, _ = mapper.update(observation)
        yield quantise(points)


def judge(frames: Iterable[FacePoints], routine: CompiledRoutine, step_id: str) -> dict[str, Any]:
    """Take points at the journal's resolution through coach and recorder, and return the verdicts of one step's clip."""
    options = CoachOptions(step_id=step_id)
    coach = LiveCoach(routine, options)
    identity = SessionIdentity(
        id="golden",
        routine=routine,
        models={},
        settings=options.as_settings(),
        labels={},
        source_kind="video",
        source_name="golden",
        started_at=datetime(2026, 11, 20, 8, tzinfo=UTC),
    )
    recorder = SessionRecorder(identity, None)
    last_s = 0.0
    for points in frames:
        recorder.take(points, coach.update(points))
        last_s = points.t_s
    document = recorder.finish(last_s, complete=True, last=coach.finish(last_s))
    strokes = [
        {
            "side": stroke.side,
            "kind": stroke.kind,
            "counted": stroke.counted,
            "t_start_s": round(stroke.t_start_s, 3),
            "t_end_s": round(stroke.t_end_s, 3),
            "length_mm": round(stroke.length_mm, 2),
        }
        for stroke in (one.stroke for one in recorder.metrics.strokes)
    ]
    return verdicts_of(json.loads(document.to_json())) | {"strokes": strokes}


def counted(verdicts: dict[str, Any]) -> dict[str, Any]:
    """Replace the list of strokes by their numbers, side and kind: of people no more is kept."""
    numbers = Counter(f"{stroke['side']} {stroke['kind']}" for stroke in verdicts["strokes"])
    return verdicts | {"strokes": dict(sorted(numbers.items()))}


def verdicts_of(document: dict[str, Any]) -> dict[str, Any]:
    """Pick out of session.json what is compared."""
    return {name: document[name] for name in HELD}


def load(name: str) -> dict[str, Any]:
    """Read a golden file, such as ``fascia/cheeks``."""
    verdicts: dict[str, Any] = json.loads(path_of(name).read_text(encoding="utf-8"))
    return verdicts


def save(name: str, verdicts: dict[str, Any], frame_s: float) -> None:
    """Write a golden file, unless the one that is there differs from it by less than counts."""
    path = path_of(name)
    if path.exists() and not differences(load(name), verdicts, frame_s):
        return
    path.parent.mkdir(exist_ok=True)
    path.write_text(_text(verdicts) + "\n", encoding="utf-8")


def path_of(name: str) -> Path:
    """Return a golden's file."""
    return FOLDER / f"{name}.json"


def _text(value: Any, indent: str = "") -> str:
    """Format as JSON with one line for each record that holds no other, so that a difference is read line by line."""
    parts = value.values() if isinstance(value, dict) else value
    if not isinstance(value, dict | list) or not any(isinstance(part, dict | list) for part in parts):
        return json.dumps(value, ensure_ascii=False)
    inner = indent + "  "
    if isinstance(value, dict):
        lines = [f"{inner}{json.dumps(key)}: {_text(part, inner)}" for key, part in value.items()]
        return "{\n" + ",\n".join(lines) + f"\n{indent}}}"
    return "[\n" + ",\n".join(inner + _text(part, inner) for part in value) + f"\n{indent}]"


def differences(golden: Any, now: Any, frame_s: float, where: str = "", share: float = 0.0) -> list[str]:
    """List where ``now`` departs from ``golden``, one line each: times by more than a frame, other floats by more than FIGURE
    and by more than that share of them, everything else by anything."""
    if isinstance(golden, dict) and isinstance(now, dict):
        names = list(dict.fromkeys((*golden, *now)))
        return [
            line
            for name in names
            for line in (
                differences(golden[name], now[name], frame_s, f"{where}.{name}" if where else name, share)
                if name in golden and name in now
                else [f"{where}.{name}: only {'before' if name in golden else 'now'}"]
            )
        ]
    if isinstance(golden, list) and isinstance(now, list):
        lines = [f"{where}: {len(golden)} entries -> {len(now)}"] if len(golden) != len(now) else []
        for place, (old, new) in enumerate(zip(golden, now, strict=False)):
            lines += differences(old, new, frame_s, f"{where}[{place}]", share)
        return lines
    if isinstance(golden, float) and isinstance(now, float | int) and not isinstance(now, bool):
        limit = frame_s if where.rsplit(".", 1)[-1].startswith("t_") else max(FIGURE, share * abs(golden))
        return [] if abs(golden - now) <= limit + 1e-9 else [f"{where}: {golden} -> {now}"]
    return [] if golden == now and type(golden) is type(now) else [f"{where}: {golden!r} -> {now!r}"]
