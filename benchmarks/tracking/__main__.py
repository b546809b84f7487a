"""python -m benchmarks.tracking: how well hands are seen."""

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any, Final

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from benchmarks.tracking.following import Score, follow
from benchmarks.tracking.losing import Loss, found_again_s, moments
from benchmarks.tracking.scenes import Scene, close_ups, mannequins, signers, without_hands
from benchmarks.tracking.tables import found_again, plain, resampled, summed, text_of, time_ratio
from benchmarks.tracking.trackers import TRACKERS
from benchmarks.tracking.zones import zone_movement

MOMENTS: Final = 20
SEED: Final = 5


def main() -> int:
    arguments = _arguments()
    rendered = [] if arguments.real else mannequins()
    scenes = [*signers(), *close_ups(), *without_hands(), *rendered]
    told = {"seed": SEED, **_followed(scenes), "losses": _lost(rendered, arguments.moments)}
    moved = {name: [] for name in TRACKERS} if arguments.real else zone_movement()
    told["zone_mm"] = {name: resampled(parts, lambda mm: float(np.percentile(mm, 95)), SEED) for name, parts in moved.items()}
    print(text_of(told))
    if arguments.json:
        arguments.json.write_text(json.dumps(plain(told), indent=1) + "\n", encoding="utf-8")
    return 0


def _followed(scenes: list[Scene]) -> dict[str, Any]:
    scores: dict[str, list[dict[str, Score]]] = {}
    for scene in scenes:
        _progress(f"{scene.group}: {scene.name}")
        scores.setdefault(scene.group, []).append(follow(scene))
    groups = {
        group: {name: summed([score[name] for score in each], SEED) for name in TRACKERS} for group, each in scores.items()
    }
    every = [score for each in scores.values() for score in each]
    ratio = time_ratio([score["ours"] for score in every], [score["mediapipe"] for score in every], SEED)
    return {"groups": groups, "time_ratio": ratio}


def _lost(rendered: list[Scene], count: int) -> dict[str, Any]:
    """Real hands: signers as filmed and close up. Rendered ones: on the face as filmed and close up."""
    close = [scene for scene in rendered if scene.name.startswith("close")]
    groups = {"signers": signers(), "close-ups": close_ups(), "mannequins": rendered, "mannequins close up": close}
    kinds: tuple[tuple[Loss, str], ...] = (
        ("black", "after five black frames"),
        ("bare", "after five frames without the hands"),
        ("start", "of a start with hands on the face"),
    )
    told = {}
    for group, scenes in groups.items():
        drawn = moments(scenes, count, SEED) if scenes else []
        for loss, wording in kinds if drawn else ():
            _progress(f"{group}: {wording}")
            times = {name: [t for one in drawn for t in found_again_s(one, loss, name)] for name in TRACKERS}
            told[f"{wording}: {group}"] = {name: found_again(seconds) for name, seconds in times.items()}
    return told


def _progress(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tracking", description=__doc__)
    parser.add_argument("--real", action="store_true", help="only the clips of real people; nothing is rendered")
    parser.add_argument("--moments", type=int, default=MOMENTS, help="forced losses in each group of clips")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
