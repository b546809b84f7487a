"""Times of frames as cameras give them: uneven, and some are lost."""

import numpy as np

from facetrack.packets import Float


def uneven_times(duration_s: float, fps: float, jitter_s: float = 0.0, lost_share: float = 0.0, seed: int = 0) -> Float:
    """Times (N,) of the frames that arrive: unevenly by up to +-jitter_s, a share of them lost at random."""
    count = max(1, int(duration_s * fps))
    rng = np.random.default_rng(seed)
    times = np.maximum(np.arange(count) / fps + rng.uniform(-1, 1, count) * min(jitter_s, 0.45 / fps), 0.0)
    arrived: Float = times[rng.random(count) >= lost_share]
    return arrived if len(arrived) else times[:1]
