"""Sessions of a study, made without pictures: documents with known figures, and the strokes beside them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from facetrack.session.document import SessionDocument
from facetrack.session.tables import STROKES, csv_bytes

Mistake = tuple[str, str, float, float | None]
"""Kind, side, start and end in s."""


def correction(kind: str, side: str, t_start_s: float, t_end_s: float | None) -> dict[str, Any]:
    about = {"step": "forehead", "value": 1.0, "limit": 2.0, "message_id": f"{kind}.x", "message": "Message"}
    return {"t_start_s": t_start_s, "t_end_s": t_end_s, "side": side, "kind": kind, **about}


def step(**changes: Any) -> dict[str, Any]:
    side = {
        "repetitions": 5, "strokes": 5, "path_mm": 400.0, "zone_share": 0.9, "direction_score": 0.95, "coverage": 0.7,
        "pace_mm_s": {"median": 40.0, "p90": 60.0, "in_range_share": 0.8}, "mean_acceleration_mm_s2": 300.0,
        "approximate_entropy": 0.4,
    }  # fmt: skip
    whole = {
        "id": "forehead", "status": "done", "t_start_s": 2.0, "t_end_s": 58.0, "observed_s": 56.0, "left": side, "right": side,
        "balance": 0.9, "mean_acceleration_mm_s2": 300.0, "synchrony": None, "withheld": 0.02, "score": 90,
    }  # fmt: skip
    return whole | changes


def document(number: int = 0, mistakes: Sequence[Mistake] = (), **changes: Any) -> SessionDocument:
    """A document of the recording clip-NUMBER.mp4, of 60 s; changes: fields of session.json."""
    labels = {"participant": f"p{number % 10:02d}", "condition": "before" if number % 20 < 10 else "after"}
    whole: dict[str, Any] = {
        "schema_version": 2, "facetrack_version": "1.0", "id": f"20261120-080000-{number:04x}",
        "routine": {"id": "fascia", "version": 1, "sha256": "ab" * 32}, "models": {"face": "f" * 64, "hand": "a" * 64},
        "settings": {"thresholds": {"off_path_deg": 60.0}}, "labels": labels,
        "source": {"kind": "video", "name": f"clip-{number}.mp4"},
        "started_at": f"2026-11-{1 + number // 10 % 28:02d}T08:00:00Z",
        "duration_s": 60.0, "complete": True,
        "tracking": {"frames": 1800, "withheld": 0.02, "calibration": "neutral", "fps": 30.0, "withheld_intervals": []},
        "score": 90, "steps": [step()], "corrections": [correction(*one) for one in mistakes], "cues": [], "pulse": None,
    }  # fmt: skip
    return SessionDocument.model_validate(whole | changes)


def write_session(root: Path, made: SessionDocument, strokes: int = 10) -> Path:
    """Write what a study reads of a session into a folder of root, named by its id."""
    folder = root / made.id
    folder.mkdir(parents=True)
    (folder / "session.json").write_text(made.to_json(), encoding="utf-8")
    rows = [_stroke(made.id, place) for place in range(strokes)]
    (folder / "strokes.csv").write_bytes(csv_bytes(STROKES, rows))
    return folder


def _stroke(session_id: str, place: int) -> dict[str, Any]:
    texts = {"session_id": session_id, "step": "forehead", "side": "left", "hand": "left", "kind": "along"}
    row: dict[str, Any] = dict.fromkeys(STROKES.names, 1.5) | texts
    return row | {"step_place": 0, "counted": True, "t_start_s": 2.0 * place, "t_end_s": 2.0 * place + 1.0}


def labels_file(path: Path, rows: Sequence[tuple[str, str, float, float]]) -> Path:
    """Write labels as ELAN's tab-delimited export does: tier, participant, begin, end, duration, value."""
    lines = [f"{kind} {side}\t\t{start:.3f}\t{end:.3f}\t{end - start:.3f}\tx" for kind, side, start, end in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
