"""Draws on the face itself: the zone, the path, the working fingertips, and the arrows of a correction."""

from typing import Final

import numpy as np

from facetrack.capture.opencv import Image
from facetrack.coach.touch.grip import CURLED_RATIO, curl_ratio
from facetrack.coach.verdict import Verdict
from facetrack.flow.pointing import Arrows
from facetrack.geometry.face_points import KNUCKLE
from facetrack.overlay.drawing import shapes
from facetrack.overlay.drawing.layout import Layout
from facetrack.overlay.drawing.theme import Theme
from facetrack.packets import Float, Observation
from facetrack.pipeline.sinks import ImageChartTransform
from facetrack.routine.compiled import CompiledPhase, CompiledStep

CHEVRON_GAP_MM: Final = 20.0
"""Distance between the chevrons on a path."""
CHEVRON_SPEED_MM_S: Final = 30.0
"""Speed of the chevrons: that of pleasant stroking, so that following them gives a good pace."""
TANGENT_MM: Final = 2.0
"""Length on the face map over which a direction is converted to the picture."""
MIRROR: Final = np.array([-1.0, 1.0])
"""Factor that mirrors the user's left half of the face map to the right."""
DIAMOND: Final = np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0]])
"""Shape that marks a wrong fingertip."""
CROSS: Final = np.array([[[-1.0, -1.0], [1.0, 1.0]], [[-1.0, 1.0], [1.0, -1.0]]])
"""Shape inside the diamond."""
TICK: Final = np.array([[-0.45, 0.0], [-0.1, 0.35], [0.5, -0.35]])
"""Shape inside the disc that marks a right fingertip."""
PALM_LANDMARKS: Final = (0, 5, 9, 13, 17)
"""Hand landmarks whose mean is the palm's centre."""
TIP_LANDMARKS: Final = (4, 8, 12, 16, 20)
"""Hand landmarks of the fingertips, thumb first."""
KNUCKLE_LANDMARK: Final = 10
"""Hand landmark of the middle finger's PIP joint."""


def sided(points_mm: Float, side: int) -> Float:
    """Move a drawing of the left side to side 0 (left) or 1 (right)."""
    return points_mm if side == 0 else points_mm * MIRROR


def _lengths(path_mm: Float) -> Float:
    steps = np.hypot(*np.diff(path_mm, axis=0).T)
    lengths: Float = np.concatenate([[0.0], np.cumsum(steps)])
    return lengths


def along_path(path_mm: Float, at_mm: Float) -> tuple[Float, Float]:
    """Return points (N, 2) and unit tangents (N, 2) of a polyline (P, 2) at lengths (N,) from its start."""
    lengths = _lengths(path_mm)
    points = np.stack([np.interp(at_mm, lengths, path_mm[:, axis]) for axis in (0, 1)], axis=-1)
    piece = np.clip(np.searchsorted(lengths, at_mm, side="right") - 1, 0, len(path_mm) - 2)
    tangents = np.diff(path_mm, axis=0)[piece]
    tangents = tangents / np.maximum(np.hypot(tangents[:, 0], tangents[:, 1]), 1e-9)[:, None]
    return points, tangents


class FaceLayer:
    """Draws onto the displayed picture of one frame."""

    def __init__(self, image: Image, layout: Layout, theme: Theme, fit: ImageChartTransform, mirrored: bool) -> None:
        self._image = image
        self._layout = layout
        self._theme = theme
        self._fit = fit
        self._mirrored = mirrored

    def _shown(self, points_px: Float) -> Float:
        if not self._mirrored:
            return points_px
        return points_px * (-1.0, 1.0) + (self._layout.width - 1.0, 0.0)

    def _place(self, points_mm: Float) -> Float:
        return self._shown(self._fit.image_from_chart(points_mm))

    def guide(self, step: CompiledStep, phase: CompiledPhase, sides: list[int], t_s: float) -> None:
        """Draw the zone's tint and the path's moving chevrons on each of the given sides."""
        zones = [sided(polygon, side) for side in sides for polygon in step.zone]
        at_mm, tangents = self._path(phase, t_s)
        paths = [sided(at_mm, side) for side in sides]
        ahead = [sided(at_mm + TANGENT_MM * tangents, side) for side in sides]
        # One call carries everything to the picture: the map's cost is mostly per call.
        pieces = [*zones, *paths, *ahead]
        placed = self._place(np.concatenate(pieces))
        cut = np.split(placed, np.cumsum([len(piece) for piece in pieces])[:-1])
        outlines, centres = cut[: len(zones)], np.concatenate(cut[len(zones) : len(zones) + len(sides)])
        heads = np.concatenate(cut[len(zones) + len(sides) :])
        seen = [outline for outline in outlines if np.isfinite(outline).all()]
        if seen:
            shapes.tint(self._image, seen, self._theme.right_light, self._theme.zone_tint)
        self._marks(phase, centres, heads - centres)

    def _path(self, phase: CompiledPhase, t_s: float) -> tuple[Float, Float]:
        if phase.motion == "hold" or len(phase.path_mm) < 2:
            spot = phase.path_mm[-1:]
            return spot, np.zeros_like(spot)
        length = _lengths(phase.path_mm)[-1]
        offset = (CHEVRON_SPEED_MM_S * t_s) % CHEVRON_GAP_MM if phase.motion != "back-and-forth" else 0.5 * CHEVRON_GAP_MM
        at_mm = np.arange(offset, length + 1e-6, CHEVRON_GAP_MM)
        return along_path(phase.path_mm, at_mm if len(at_mm) else np.array([0.5 * length]))

    def _marks(self, phase: CompiledPhase, centres: Float, ahead: Float) -> None:
        theme, layout = self._theme, self._layout
        size, thickness = theme.chevron * layout.unit, layout.px(theme.line)
        if phase.motion == "hold":
            for centre in centres[np.isfinite(centres).all(axis=-1)]:
                for radius in (1.0, 1.8):
                    shapes.ring(self._image, centre, radius * size, theme.outline, thickness + 2)
                    shapes.ring(self._image, centre, radius * size, theme.text_colour, thickness)
            return
        directions = ahead / np.maximum(np.hypot(ahead[:, 0], ahead[:, 1]), 1e-9)[:, None]
        curves = shapes.chevrons(centres, directions, size)
        if phase.motion == "back-and-forth":
            curves += shapes.chevrons(centres - 1.5 * size * directions, -directions, size)
        elif phase.motion == "spiral":
            curves += [self._loop(centre, size) for centre in centres[::2] if np.isfinite(centre).all()]
        if curves:
            shapes.lines(self._image, curves, theme.text_colour, thickness, theme.outline)

    @staticmethod
    def _loop(centre: Float, size: float) -> Float:
        turn = np.linspace(0.0, 1.7 * np.pi, 14)
        loop: Float = centre + 1.3 * size * np.stack([np.cos(turn), np.sin(turn)], axis=-1)
        return loop

    def tips(self, step: CompiledStep, verdict: Verdict, observation: Observation) -> None:
        """Mark the working points of each side's hand: a disc with a tick, a diamond with a cross, or an empty ring where
        nothing is judged (yet)."""
        for name, side in zip(("left", "right"), verdict.sides, strict=True):
            if side.hand is None:
                continue
            hand = observation.hands_px[0 if side.hand == "left" else 1, :, :2]
            points = self._shown(working_points(hand, step))
            points = points[np.isfinite(points).all(axis=-1)]
            if side.withheld:
                self._unseen_tips(points)
            elif any(correction.side in (name, "both") for correction in verdict.corrections):
                self._wrong_tips(points)
            elif side.in_zone:
                self._right_tips(points)
            else:
                self._unseen_tips(points)

    def _unseen_tips(self, points: Float) -> None:
        radius, thickness = self._theme.marker * self._layout.unit, self._layout.px(self._theme.line)
        for point in points:
            shapes.ring(self._image, point, radius, self._theme.unseen, thickness)

    def _wrong_tips(self, points: Float) -> None:
        theme, radius, thickness = self._theme, self._theme.marker * self._layout.unit, self._layout.px(0.6 * self._theme.line)
        diamonds = [point + 1.4 * radius * DIAMOND for point in points]
        shapes.fill(self._image, diamonds, theme.wrong)
        shapes.lines(self._image, [point + 0.45 * radius * arm for point in points for arm in CROSS], theme.outline, thickness)
        shapes.lines(self._image, diamonds, theme.text_colour, thickness, closed=True)

    def _right_tips(self, points: Float) -> None:
        theme, radius, thickness = self._theme, self._theme.marker * self._layout.unit, self._layout.px(0.6 * self._theme.line)
        for point in points:
            shapes.ring(self._image, point, radius, theme.text_colour, -1)
            shapes.ring(self._image, point, radius - thickness, theme.right, -1)
        shapes.lines(self._image, [point + radius * TICK for point in points], theme.text_colour, thickness)

    def arrows(self, arrows: Arrows) -> None:
        """Draw the arrows of a correction: all of one that leads somewhere, a piece of one that shows a way."""
        wanted = self._theme.arrow * self._layout.unit
        for arrow in filter(None, arrows):
            tail, end = self._place(np.stack([arrow.start_mm, arrow.end_mm]))
            length = float(np.hypot(*(end - tail)))
            if not np.isfinite(length) or length < 1.0:
                continue
            tip = end if arrow.arrives and length > wanted else tail + (end - tail) * (wanted / length)
            shapes.arrow(
                self._image, tail, tip, self._theme.wrong, self._layout.px(2.2 * self._theme.line), self._theme.outline
            )


def working_points(hand_px: Float, step: CompiledStep) -> Float:
    """Return the (N, 2) pixels of the points of a hand (21, 2) that the step works with."""
    palm = hand_px[list(PALM_LANDMARKS)].mean(axis=0)
    points: Float = np.concatenate([hand_px[[*TIP_LANDMARKS, KNUCKLE_LANDMARK]], palm[None]])
    if "knuckles" in step.or_contact and curl_ratio(points.tolist()) <= CURLED_RATIO:
        return points[[KNUCKLE]]
    return points[step.working]
