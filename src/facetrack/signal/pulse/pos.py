"""The pulse wave in the mean colour of skin, by POS.

W. Wang, A. C. den Brinker, S. Stuijk, G. de Haan, *Algorithmic principles of remote PPG*, IEEE Transactions on Biomedical
Engineering 64 (2017): in short windows colours are divided by their means and projected onto the plane orthogonal to skin's
tone, and the two axes of that plane combined so that what brightens all channels alike cancels.
"""

from typing import Final

import numpy as np

from facetrack.packets import Float

GRID_HZ: Final = 30.0
"""What uneven frames are resampled to: a webcam's usual rate."""
WINDOW_S: Final = 1.6
"""The paper's: a beat at 40 a minute just fits into it."""
_PROJECTION: Final = np.array([[0.0, 1.0, -1.0], [-2.0, 1.0, 1.0]])
"""The paper's plane, over red, green and blue."""
_NOTHING: Final = 1e-9


def evened(t_s: Float, values: Float) -> Float:
    """Values (N, ...) at rising, uneven times (N,) -> (M, ...) on a grid of GRID_HZ, by linear interpolation."""
    grid = np.arange(t_s[0], t_s[-1] + 1e-9, 1.0 / GRID_HZ)
    flat = values.reshape(len(values), -1)
    even: Float = np.stack([np.interp(grid, t_s, column) for column in flat.T], axis=-1)
    return even.reshape(len(grid), *values.shape[1:])


def pulse_wave(colours_rgb: Float) -> Float:
    """(N, 3) colours on the grid -> (N,) the wave, of mean 0 in every window; up to a factor. All zero where nothing changes.

    Shorter than one window: all zero.
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
