"""Many short clips on a Dask cluster of this computer: what two workers bring, and what is left when one is killed.

``python -m benchmarks.study.cluster [--clips N] [--timed N] [--json FILE]``

All clips go to two workers, one of which is killed in the middle; one file is no video. Some of them, with all that differ, are
judged in three shards without a cluster, to compare with; and by one worker and by two, for the speed.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psutil
from distributed import LocalCluster

from facetrack.mannequin import Camera, Scene, Style, perform, render_clip
from facetrack.routine import load_routine

ROUTINE, STEP = "fascia", "lips"
DIFFERENT: Final = 8
"""Clips that differ; the others are copies of them under names of their own."""
FPS: Final = 9.0
"""Few, but not so few that nothing is judged."""
SHARDS: Final = 3
OWN: Final = ("id", "started_at", "source")
"""What the judgements of two equal clips differ in."""
LOOPBACK: Final = ("lo", "lo0", "Loopback Pseudo-Interface 1")
PATIENCE_S: Final = 3600.0


@dataclass(frozen=True)
class Ran:
    """One run of the command. documents: session.json by clip, without what every run has anew. bytes: on the loopback."""

    documents: dict[str, Any]
    said: list[str]
    code: int
    took_s: float
    bytes: int


def write_clips(folder: Path, count: int) -> list[Path]:
    """Render the different ones, kept in the cache, and copy them."""
    step, scene = load_routine(ROUTINE).step(STEP), Scene(camera=Camera(size_wh=(320, 240)))
    made = []
    for seed in range(min(DIFFERENT, count)):
        style = Style(order="together", seed=seed, tempo=2.0)
        made.append(render_clip(perform(step, (), style, neutral_s=0.2, repetitions=1), scene, fps=FPS, codec="MJPG"))
    folder.mkdir()
    return [Path(shutil.copy(made[k % len(made)], folder / f"clip-{k:03d}.avi")) for k in range(count)]


def analyse(clips: list[Path], out: Path, *options: str) -> Ran:
    """Run ``facetrack analyze``."""
    command = [sys.executable, "-m", "facetrack", "analyze", *map(str, clips), "--json", "--out", str(out)]
    before, began_s = _loopback_bytes(), time.perf_counter()
    ran = subprocess.run(
        [*command, "--routine", ROUTINE, "--step", STEP, *options], capture_output=True, text=True, timeout=PATIENCE_S
    )
    took_s = time.perf_counter() - began_s
    found = [json.loads(line) for line in ran.stdout.splitlines()]
    documents = {one["source"]["name"]: {name: value for name, value in one.items() if name not in OWN} for one in found}
    return Ran(documents, ran.stderr.splitlines(), ran.returncode, took_s, _loopback_bytes() - before)


def _loopback_bytes() -> int:
    """Return what this computer has sent to itself: client, scheduler and workers, and whatever else there is."""
    return sum(one.bytes_sent for name, one in psutil.net_io_counters(pernic=True).items() if name in LOOPBACK)


def on_cluster(workers: int, clips: list[Path], out: Path, kill_at: int | None = None) -> Ran:
    """Run it on a new cluster. kill_at: when so many clips are done, a worker is killed."""
    with LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=":0") as cluster:
        over = threading.Event()
        if kill_at is not None:
            threading.Thread(target=_kill_one, args=(cluster, out, kill_at, over), daemon=True).start()
        try:
            return analyse(clips, out, "--cluster", cluster.scheduler_address)
        finally:
            over.set()


def _kill_one(cluster: Any, out: Path, done: int, over: threading.Event) -> None:
    while not over.wait(0.1):
        if sum(1 for _ in out.rglob("session.json")) >= done:
            pid = next(iter(cluster.workers.values())).pid
            os.kill(pid, signal.SIGKILL)
            print(f"killed worker {pid} after {done} clips", flush=True)
            return


def measure(root: Path, count: int, timed: int) -> dict[str, Any]:
    """Return all figures."""
    clips = write_clips(root / "clips", count)
    damaged = clips[count // 2]
    damaged.write_text("This is a shopping list.\n" * 100)
    found: dict[str, Any] = {"clips": count, "cores": os.cpu_count()}
    whole = on_cluster(2, clips, root / "killed", kill_at=count // 3)
    some = [clip for clip in clips if clip != damaged][:timed]
    shards = [analyse(some, root / "shards", "--workers", "1", "--shard", f"{k + 1}/{SHARDS}") for k in range(SHARDS)]
    together = {name: document for shard in shards for name, document in shard.documents.items()}
    same = [whole.documents[clip.name] == together[some[k % DIFFERENT].name] for k, clip in enumerate(clips) if clip != damaged]
    found["with_one_killed"] = {
        "results": len(whole.documents),
        "lines": whole.said,
        "exit_code": whole.code,
        "took_s": round(whole.took_s, 1),
        "as_in_shards": sum(same),
        "loopback_kb_a_clip": round(whole.bytes / 1000 / count, 1),
    }
    print(json.dumps(found["with_one_killed"]), flush=True)
    took = {workers: on_cluster(workers, some, root / f"timed-{workers}").took_s for workers in (1, 2)}
    found["timed"] = {"clips": len(some), "one_s": round(took[1], 1), "two_s": round(took[2], 1)}
    found["timed"]["speedup"] = round(took[1] / took[2], 2)
    print(json.dumps(found["timed"]), flush=True)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", type=int, default=200)
    parser.add_argument("--timed", type=int, default=24)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as root:
        found = measure(Path(root), options.clips, options.timed)
    if options.json:
        options.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
