"""Shows how far a batch of recordings has come."""

from collections.abc import Sequence

from facetrack.system.progress import ProgressBar


class BatchProgressBar(ProgressBar):
    """One bar for many recordings.

    sizes: the recordings' sizes, in whatever unit: large ones take longer.
    """

    def __init__(self, sizes: Sequence[float]) -> None:
        super().__init__("Analysing")
        self._sizes = [max(float(size), 1.0) for size in sizes]
        self._shares = [0.0] * len(sizes)
        self._done = 0

    def update(self, number: int, share: float) -> None:
        """Note what share of a recording has been read."""
        self._shares[number] = share
        read = sum(s * size for s, size in zip(self._shares, self._sizes, strict=True))
        label = f"Analysing, {self._done} of {len(self._sizes)} done" if len(self._sizes) > 1 else None
        self.reached(read, sum(self._sizes), label)

    def done(self, number: int) -> None:
        """Note that a recording is done, and make room for what is said of it."""
        self._shares[number] = 1.0
        self._done += 1
        self.wipe()
