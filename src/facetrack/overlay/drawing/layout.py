"""Where things go on a picture of a given size."""

from dataclasses import dataclass

from facetrack.overlay.drawing.theme import Theme

Rect = tuple[int, int, int, int]
"""x, y, width, height in pixels."""


@dataclass(frozen=True, slots=True)
class Layout:
    """unit: the picture's shorter side, on which all sizes depend. top: step and counts. foot: the small line at the bottom."""

    width: int
    height: int
    unit: int
    margin: int
    top: Rect
    foot: Rect

    @staticmethod
    def of(size_wh: tuple[int, int], theme: Theme) -> "Layout":
        width, height = size_wh
        unit = min(width, height)
        margin = max(4, round(theme.margin * unit))
        top = round((theme.text_title * 1.25 + theme.text_count * 1.2) * unit) + 2 * margin
        foot = round(theme.text_small * 1.1 * unit) + margin
        return Layout(width, height, unit, margin, (0, 0, width, top), (0, height - foot, width, foot))

    def px(self, share: float) -> int:
        """A share of the shorter side in pixels, at least one."""
        return max(1, round(share * self.unit))
