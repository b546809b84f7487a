"""Places things on a picture of a given size."""

from dataclasses import dataclass

from facetrack.overlay.drawing.theme import Theme

Rect = tuple[int, int, int, int]
"""x, y, width, height in pixels."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Positions and lengths on a picture, in pixels."""

    width: int
    height: int
    unit: int  # the picture's shorter side, on which all sizes depend
    margin: int
    top: Rect  # the band with the step and the counts
    foot: Rect  # the small line at the bottom

    @staticmethod
    def of(size_wh: tuple[int, int], theme: Theme) -> "Layout":
        """Make the layout for a picture of that size."""
        width, height = size_wh
        unit = min(width, height)
        margin = max(4, round(theme.margin * unit))
        top = round((theme.text_title * 1.25 + theme.text_count * 1.2) * unit) + 2 * margin
        foot = round(theme.text_small * 1.1 * unit) + margin
        return Layout(width, height, unit, margin, (0, 0, width, top), (0, height - foot, width, foot))

    def px(self, share: float) -> int:
        """Convert a share of the shorter side to pixels, at least one."""
        return max(1, round(share * self.unit))
