"""Computes what the measured times come to: ratios to serial inference, and whether they keep up with a camera."""

import os
import platform
from typing import Any, Final

import numpy as np

from facetrack.bench.footage import FPS
from facetrack.bench.inference import PUBLIC_READING, READING
from facetrack.bench.pipeline_times import COACH, GEOMETRY, OVERLAY, SESSION, PipelineTimes
from facetrack.packets import Float

SCHEMA_VERSION: Final = 1
"""Version of the figures' JSON."""
PARTS: Final[dict[str, tuple[str, ...]]] = {
    "reading": (READING,),
    "geometry": (GEOMETRY,),
    "coach": (COACH,),
    "geometry_and_coach": (GEOMETRY, COACH),
    "overlay": (OVERLAY,),
    "session": (SESSION,),
    "all_but_overlay": (READING, GEOMETRY, COACH, SESSION),
}
"""Name of a figure -> parts of the pipeline whose times it adds up."""


def figures(times: PipelineTimes) -> dict[str, Any]:
    """Return the figures as JSON values. Ratios are to the median of serial inference over the same frames: of a part's median
    and 99th percentile.

    Processor time is used for ratios, so that other programs have no influence, and wall time for frames a second.
    """
    inference_s = times.inference_s(cpu=True)
    typical_s = float(np.median(inference_s))
    frame_s = float(times.frame_s().mean())
    parts: dict[str, dict[str, float] | None] = {}
    read = times.watch.cpu_s(READING) > 0.0  # on the other frames it was done in the public way
    for name, of in PARTS.items():
        part_s = times.watch.cpu_s(*of)
        parts[name] = _ratios(part_s[read] if READING in of and read.any() else part_s, typical_s)
    if not times.uses_structs:
        parts["reading"] = parts["all_but_overlay"] = None
    return {
        "schema_version": SCHEMA_VERSION,
        "machine": machine(),
        "frames": len(inference_s),
        "frames_with_hands": times.frames_with_hands,
        "size_wh": list(times.footage.size_wh),
        "inference_ms": {"median": 1e3 * typical_s, "p99": 1e3 * float(np.percentile(inference_s, 99))},
        "ratio_to_inference": parts,
        "public_reading_over_reading": _reading_gain(times),
        "public_reading_over_reading_warm": times.warm_reading_gain if times.uses_structs else None,
        "frames_per_s": 1.0 / frame_s,
        "busy_share_at_30_fps": frame_s * FPS,
    }


def machine() -> dict[str, Any]:
    """Describe the machine, without names."""
    return {
        "cores": os.cpu_count(),
        "cpu": platform.machine(),
        "python": platform.python_version(),
        "system": platform.system(),
    }


def _ratios(part_s: Float, inference_s: float) -> dict[str, float]:
    return {"median": float(np.median(part_s)) / inference_s, "p99": float(np.percentile(part_s, 99)) / inference_s}


def _reading_gain(times: PipelineTimes) -> float | None:
    if not times.uses_structs:
        return None
    public_s, ours_s = (times.watch.cpu_s(part) for part in (PUBLIC_READING, READING))
    if not (public_s > 0.0).any() or not (ours_s > 0.0).any():
        return None
    return float(np.median(public_s[public_s > 0.0]) / np.median(ours_s[ours_s > 0.0]))
