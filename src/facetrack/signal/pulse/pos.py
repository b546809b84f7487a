"""Extracts the pulse wave from the mean colour of skin with POS.

W. Wang, A. C. den Brinker, S. Stuijk, G. de Haan, *Algorithmic principles of remote PPG*, IEEE Transactions on Biomedical
Engineering 64 (2017): in short windows colours are divided by their means and projected onto the plane orthogonal to the tone
of skin, and the two axes of that plane are combined so that changes of brightness, which affect all channels alike, cancel.
"""

from typing import Final

import numpy as np

from facetrack.packets import Float

GRID_HZ: Final = 30.0
"""Rate to which uneven frames are resampled: a webcam's usual rate."""
WINDOW_S: Final = 1.6
"""Length of the windows, from the paper: it just holds a beat at 40 a minute."""
_PROJECTION: Final = np.array([[0.0, 1.0, -1.0], [-2.0, 1.0, 1.0]])
"""The paper's plane, over red, green and blue."""
_NOTHING: Final = 1e-9
"""Guards divisions by zero."""


def evened(t_s: Float, values: Float) -> Float:
    """Resample values (N, ...) at rising, uneven times (N,) to a grid of GRID_HZ (M, ...) by linear interpolation."""
    grid = np.arange(t_s[0], t_s[-1] + 1e-9, 1.0 / GRID_HZ)
    flat = values.reshape(len(values), -1)
    even: Float = np.stack([np.interp(grid, t_s, column) for column in flat.T], axis=-1)
    return even.reshape(len(grid), *values.shape[1:])


def pulse_wave(colours_rgb: Float) -> Float:
    """Extract the wave (N,) from colours (N, 3) on the grid. Its mean is 0 in every window, and its scale arbitrary.

    The wave is zero where nothing changes, and if there are fewer colours than one window holds.
    """
    length = round(WINDOW_S * GRID_HZ)
    wave = np.zeros(len(colours_rgb))
    if len(colours_rgb) < length:
        return wave
    windows = np.lib.stride_tricks.sliding_window_view(colours_rgb, length, axis=0)  # (W, 3, length)
    normal = windows / np.maximum(windows.mean(axis=-1, keepdims=True), _NOTHING)
    one, two = np.moveaxis(_PROJECTION @ normal, 1, 0)
    tuning = one.std(axis=-1) / np.maximum(two.std(axis=-1), _NOTHING)
    pulses = one + tuning[:, None] * two
    pulses -= pulses.mean(axis=-1, keepdims=True)
    for place in range(length):  # overlap-add
        wave[place : place + len(pulses)] += pulses[:, place]
    return wave
