"""Estimates the velocity of a point as the least-squares slope over a short window of time."""

from collections import deque


class VelocityEstimator:
    """Slope over the last ``window_s``; its lag is half of that. Uneven timestamps are fine."""

    def __init__(self, window_s: float) -> None:
        self._window_s = window_s
        self._samples: deque[tuple[float, float, float]] = deque()

    def __len__(self) -> int:
        """Count the samples in the window: with fewer than two there is no slope."""
        return len(self._samples)

    def reset(self) -> None:
        """Forget all samples."""
        self._samples.clear()

    def update(self, x: float, y: float, t_s: float) -> tuple[float, float]:
        """Add a sample and give the velocity (units a second); (0, 0) with a single sample."""
        samples = self._samples
        samples.append((t_s, x, y))
        oldest = t_s - self._window_s - 1e-9
        while len(samples) > 2 and samples[0][0] < oldest:
            samples.popleft()
        n = len(samples)
        if n < 2:
            return 0.0, 0.0
        tt = tx = ty = mean_t = 0.0
        for t, _, _ in samples:
            mean_t += t
        mean_t /= n
        for t, sx, sy in samples:
            t -= mean_t
            tt += t * t
            tx += t * sx
            ty += t * sy
        return (tx / tt, ty / tt) if tt > 0 else (0.0, 0.0)
