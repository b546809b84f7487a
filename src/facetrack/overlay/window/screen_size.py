"""Finds out how large the screen is, from the system's own library; OpenCV does not tell."""

import contextlib
import ctypes
import sys
from typing import Final

FALLBACK_WH: Final = (1280, 800)
"""What nearly every screen has."""
FILLED: Final = 0.85
"""How much of the screen the window takes: room is left for its frame and for bars."""
LEAST_PX: Final = 200
"""What says that it is smaller is not a screen."""


def screen_size() -> tuple[int, int]:
    """Return the width and height of the screen in pixels, or FALLBACK_WH where they can't be had."""
    with contextlib.suppress(Exception):  # no such library, or no display: each has an error of its own
        width, height = _ASKING.get(sys.platform, _x11)()
        if width >= LEAST_PX and height >= LEAST_PX:
            return width, height
    return FALLBACK_WH


def large_size(image_wh: tuple[int, int], screen_wh: tuple[int, int]) -> tuple[int, int]:
    """Return the size of a window that shows a picture as large as the screen allows, in the picture's proportions."""
    scale = min(FILLED * screen / image for image, screen in zip(image_wh, screen_wh, strict=True))
    return round(scale * image_wh[0]), round(scale * image_wh[1])


def _x11() -> tuple[int, int]:
    x11 = ctypes.CDLL("libX11.so.6")
    x11.XOpenDisplay.restype = ctypes.c_void_p
    display = ctypes.c_void_p(x11.XOpenDisplay(None))
    if not display:
        return 0, 0
    screen = x11.XDefaultScreen(display)
    size = x11.XDisplayWidth(display, screen), x11.XDisplayHeight(display, screen)
    x11.XCloseDisplay(display)
    return size


def _windows() -> tuple[int, int]:
    metrics = ctypes.windll.user32.GetSystemMetrics  # type: ignore[attr-defined]
    return metrics(0), metrics(1)


def _macos() -> tuple[int, int]:
    graphics = ctypes.CDLL("/System/Library/Frameworks/CoreGraphics.framework/CoreGraphics")
    main = graphics.CGMainDisplayID()
    return graphics.CGDisplayPixelsWide(main), graphics.CGDisplayPixelsHigh(main)


_ASKING: Final = {"win32": _windows, "darwin": _macos}
