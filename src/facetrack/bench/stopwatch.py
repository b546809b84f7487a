"""Measures the times of named parts of the pipeline, frame by frame."""

import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import numpy as np

from facetrack.packets import Float

P = ParamSpec("P")
T = TypeVar("T")


class Stopwatch:
    """Measures wall and processor time side by side: on a busy machine the second still shows what the work itself takes.

    Processor time is that of all the process's threads, so nothing else may work in it meanwhile. What is timed more than once
    in a frame is added up; ``lap`` ends the frame, ``forget`` drops it.
    """

    def __init__(self) -> None:
        self._laps: list[dict[str, tuple[float, float]]] = []
        self._running: dict[str, tuple[float, float]] = {}

    def time(self, part: str, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do the work and count how long it took for the part."""
        cpu_s, wall_s = time.process_time(), time.perf_counter()
        done = work(*args, **kwargs)
        wall_s, cpu_s = time.perf_counter() - wall_s, time.process_time() - cpu_s
        before = self._running.get(part, (0.0, 0.0))
        self._running[part] = before[0] + wall_s, before[1] + cpu_s
        return done

    def lap(self) -> None:
        """End the frame."""
        self._laps.append(self._running)
        self._running = {}

    def forget(self) -> None:
        """Drop the frame."""
        self._running = {}

    def wall_s(self, *parts: str) -> Float:
        """Return the wall seconds (frames,) that these parts took together; 0 in a frame without them."""
        return self._together(parts, 0)

    def cpu_s(self, *parts: str) -> Float:
        """Return the processor seconds (frames,) of these parts together."""
        return self._together(parts, 1)

    def _together(self, parts: tuple[str, ...], clock: int) -> Float:
        return np.array([sum(lap.get(part, (0.0, 0.0))[clock] for part in parts) for lap in self._laps])


def best_s(work: Callable[[], object], times: int) -> float:
    """Return the shortest wall time of that many tries, in seconds."""
    shortest_s = float("inf")
    for _ in range(times):
        began_s = time.perf_counter()
        work()
        shortest_s = min(shortest_s, time.perf_counter() - began_s)
    return shortest_s
