"""Draws the pages around the work: text over the darkened mirror, as large as it fits."""

import math
from functools import lru_cache
from typing import Final

import numpy as np

from facetrack.capture.opencv import Image
from facetrack.flow.screen import Screen
from facetrack.flow.texts import TEXTS
from facetrack.overlay.drawing import shapes, text
from facetrack.overlay.drawing.layout import Layout, Rect
from facetrack.overlay.drawing.theme import Theme

LARGEST_BODY: Final = 0.075
"""Largest size of a page's text, as a share of the picture's shorter side: a short text is read from two metres."""
WIDEST_UNITS: Final = 1.35
"""Longest line in shorter sides of the picture; longer ones are hard to read."""
OVAL: Final = (0.21, 0.29)
"""Half axes of the oval in which the face should be, in shorter sides of the picture."""
BARE_PAGES: Final = ("framing", "neutral", "pulse", "tool", "showing", "shown")
"""Pages on which users have to see themselves, so that the picture is not darkened."""
CENTRED_PAGES: Final = ("duration", "advice", "pulse-result", "end")
"""Pages whose text is centred."""

ENDING_PAGES: Final = ("end", "showing")
"""Pages after which the session is over when their time has passed."""


class Pages:
    """Draws pages onto the displayed picture."""

    def __init__(self, image: Image, layout: Layout, theme: Theme) -> None:
        self._image, self._layout, self._theme = image, layout, theme

    def page(self, screen: Screen, beside: Rect | None = None, fault: str | None = None) -> None:
        """Draw a page: title at the top, text in the middle, and at the bottom what is asked for, with its progress.

        beside: the demonstration's rectangle, which the text leaves free. fault: why there is no picture; it is said instead of
            what the page asks for, as nothing else can be done.
        """
        layout, theme = self._layout, self._theme
        if screen.page in BARE_PAGES:
            title = round(1.6 * layout.px(theme.text_title))
            shapes.darken(self._image, (0, 0, layout.width, title), theme.panel_shade)
        else:
            shade = theme.paused_shade if screen.page == "paused" else theme.page_shade
            shapes.darken(self._image, (0, 0, layout.width, layout.foot[1]), shade)
        self._title(screen)
        bottom = self._ask(screen, fault)
        if screen.page == "paused":
            self._pause_sign()
            bottom = min(bottom, layout.height // 2 + layout.px(0.32))
            self._body(screen.lines, layout.height // 2 + layout.px(0.16), bottom, middle=True)
        else:
            top = layout.px(theme.text_title) + 3 * layout.margin
            right = layout.width
            if beside is not None and layout.width > layout.height:
                right = beside[0]
            elif beside is not None:
                top = beside[1] + beside[3] + layout.margin
            self._body(screen.lines, top, bottom - layout.margin, screen.page in CENTRED_PAGES, right)
        if screen.page == "framing":
            self._oval()

    def _title(self, screen: Screen) -> None:
        layout, theme = self._layout, self._theme
        size, lines = text.fit(
            screen.title, layout.px(theme.text_title), theme.weight_large, layout.width - 2 * layout.margin, 1
        )
        baseline = layout.margin + layout.px(0.9 * theme.text_title)
        for line in lines[:1]:
            self._put(line, layout.width // 2, baseline, size, theme.weight_large, 0.5)

    def _ask(self, screen: Screen, fault: str | None) -> int:
        """Draw what is asked for, or the fault. Returns the y above which there is room."""
        layout, theme = self._layout, self._theme
        top = layout.foot[1]
        words = fault or screen.ask
        most = 2 if layout.width > layout.height and not fault else 4
        if words:
            size, rows = text.fit(
                words, layout.px(theme.text_title), theme.weight_large, layout.width - 4 * layout.margin, most
            )
            row = round(size * text.LINE_HEIGHT)
            height = row * len(rows) + 2 * layout.margin
            top -= height
            shapes.darken(self._image, (0, top, layout.width, height), theme.panel_shade)
            if fault:
                self._image[top : top + height, : layout.margin] = theme.wrong
            for number, line in enumerate(rows):
                self._put(line, layout.width // 2, top + layout.margin + size + number * row, size, theme.weight_large, 0.5)
        share = screen.share
        if math.isfinite(share):
            thick = layout.px(2.0 * theme.line)
            top -= thick
            self._image[top : top + thick, : round(layout.width * min(max(share, 0.0), 1.0))] = theme.right_light
        if math.isfinite(screen.left_s):
            size, weight = layout.px(theme.text_count), theme.weight_small
            words = TEXTS["page.ends" if screen.page in ENDING_PAGES else "page.goes-on"]
            words = words.format(left_s=math.ceil(screen.left_s))
            right, height = layout.width - layout.margin, round(1.4 * size)
            top -= height
            if screen.page in BARE_PAGES:
                left = right - text.width_of(words, size, weight) - layout.margin
                shapes.darken(self._image, (left, top, layout.width - left, height), theme.panel_shade)
            text.put_text_light(self._image, words, right, top + size, theme.quiet_text_colour, size, weight, align=1.0)
        return top

    def _oval(self) -> None:
        """Draw the oval that a face of a good size would fill."""
        layout, theme = self._layout, self._theme
        turn = np.linspace(0.0, 2 * np.pi, 49)
        oval = np.stack([OVAL[0] * np.cos(turn), OVAL[1] * np.sin(turn)], axis=-1) * layout.unit
        oval += (layout.width / 2.0, 0.45 * layout.height)
        shapes.lines(self._image, [oval], theme.right_light, layout.px(theme.line), theme.outline)

    def _body(self, lines: tuple[str, ...], top: int, bottom: int, middle: bool, right: int = 1 << 20) -> None:
        layout, theme = self._layout, self._theme
        right = min(right, layout.width)
        if not lines or bottom <= top:
            return
        room = min(right - 2 * layout.margin, round(WIDEST_UNITS * layout.unit))
        left = (right - room) // 2
        size, rows = _set(lines, layout.px(LARGEST_BODY), theme.weight_small, room, bottom - top)
        row = round(size * text.LINE_HEIGHT)
        baseline = top + size + max(0, (bottom - top - row * len(rows)) // 2)
        for number, line in enumerate(rows):
            y = baseline + number * row
            if middle:
                self._put(line, layout.width // 2, y, size, theme.weight_small, 0.5)
            else:
                self._put(line, left, y, size, theme.weight_small, 0.0)

    def _put(self, line: str, x: int, baseline: int, size: int, weight: int, align: float) -> None:
        text.put_text_light(self._image, line, x, baseline, self._theme.text_colour, size, weight, align)

    def _pause_sign(self) -> None:
        layout, theme = self._layout, self._theme
        height, width = layout.px(0.22), layout.px(0.07)
        y, x = (layout.height - height) // 2, layout.width // 2
        for left in (x - round(1.3 * width), x + round(0.3 * width)):
            self._image[y : y + height, left : left + width] = theme.text_colour

    def palms(self, share: float) -> None:
        """Draw how long the palms have been held up, while they are."""
        if share <= 0.0:
            return
        layout, theme = self._layout, self._theme
        centre = np.array([layout.width / 2.0, layout.top[3] + 0.11 * layout.unit])
        radius, thick = 0.06 * layout.unit, layout.px(2.5 * theme.line)
        turn = np.linspace(-0.5 * np.pi, -0.5 * np.pi + 2 * np.pi * share, max(3, round(40 * share)))
        shapes.ring(self._image, centre, radius, theme.outline, thick + 4)
        shapes.lines(self._image, [centre + radius * np.stack([np.cos(turn), np.sin(turn)], axis=-1)], theme.right_light, thick)

    def help(self, keys: tuple[tuple[str, str], ...]) -> None:
        """Draw the keys on a panel in the middle, which hides the words that stand there."""
        layout, theme = self._layout, self._theme
        size = layout.px(theme.text_small)
        wide = self._columns(keys, size)
        while sum(wide) + 7 * layout.margin > layout.width and size > text.SMALLEST:
            size -= 1
            wide = self._columns(keys, size)
        row = round(1.6 * size)
        width, height = sum(wide) + 3 * layout.margin, row * len(keys) + layout.margin
        rect: Rect = ((layout.width - width) // 2, (layout.height - height) // 2, width, height)
        shapes.darken(self._image, rect, 0.0)
        for number, (key, meaning) in enumerate(keys):
            baseline = rect[1] + layout.margin // 2 + round(0.75 * row) + number * row
            text.put_text_light(
                self._image, key, rect[0] + layout.margin, baseline, theme.text_colour, size, theme.weight_large
            )
            x = rect[0] + wide[0] + 2 * layout.margin
            text.put_text_light(self._image, meaning, x, baseline, theme.text_colour, size, theme.weight_small)

    def _columns(self, keys: tuple[tuple[str, str], ...], size: int) -> tuple[int, int]:
        """Return the widths of the keys and of their meanings."""
        weights = (self._theme.weight_large, self._theme.weight_small)
        left, right = (max(text.width_of(row[n], size, weight) for row in keys) for n, weight in enumerate(weights))
        return left, right


@lru_cache(maxsize=32)
def _set(lines: tuple[str, ...], largest: int, weight: int, room: int, height: int) -> tuple[int, tuple[str, ...]]:
    """Find the largest size at which all wrapped lines fit into the height. Only a tiny picture lacks the room for some."""
    for size in range(max(largest, text.SMALLEST), text.SMALLEST - 1, -1):
        rows = tuple(row for line in lines for row in text.wrap(line, size, weight, room))
        if len(rows) * round(size * text.LINE_HEIGHT) <= height:
            return size, rows
    return size, rows[: max(1, height // round(size * text.LINE_HEIGHT))]
