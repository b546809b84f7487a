"""Draws a verdict and its screen over the frame. Coach and flow have decided everything that is shown."""

import cv2
import numpy as np

from facetrack.capture.opencv import Image
from facetrack.coach.verdict import Verdict
from facetrack.flow.pointing import NOTHING, Pointing
from facetrack.flow.screen import Screen
from facetrack.flow.texts import TEXTS
from facetrack.geometry.face_points import FacePoints
from facetrack.overlay.drawing.layout import Layout, Rect
from facetrack.overlay.drawing.theme import THEME, Theme
from facetrack.overlay.parts.beat_panel import draw_beat
from facetrack.overlay.parts.face_layer import FaceLayer
from facetrack.overlay.parts.gauges import draw_balance, draw_pace
from facetrack.overlay.parts.inset import ABOVE_A_PAGES_TEXT, BESIDE_A_PAGES_TEXT, draw_inset, inset_rect
from facetrack.overlay.parts.pages import Pages
from facetrack.overlay.parts.panels import Foot, Panels
from facetrack.packets import Frame, Observation
from facetrack.pipeline.sinks import ImageChartTransform
from facetrack.routine.compiled import CompiledRoutine, CompiledStep


class Overlay:
    """Draws the picture of a session.

    mirrored: show the picture as a mirror does; words are never mirrored. recording: say that the picture is recorded.
    demo: say instead that the person is drawn.
    """

    def __init__(self, theme: Theme = THEME, *, mirrored: bool = True, recording: bool = False, demo: bool = False) -> None:
        self._theme = theme
        self._mirrored = mirrored
        self._foot: Foot = "demo" if demo else "recording" if recording else "not-recording"
        self._layout = Layout.of((0, 0), theme)
        self._canvas: Image = np.empty((0, 0, 3), np.uint8)

    def draw(
        self,
        frame: Frame,
        observation: Observation,
        points: FacePoints,
        fit: ImageChartTransform | None,
        verdict: Verdict,
        routine: CompiledRoutine,
        screen: Screen | None = None,
        demonstration: Image | None = None,
        late_s: float = 0.0,
    ) -> Image:
        """Draw the picture to show, (H, W, 3) uint8. The buffer is reused: it is valid until the next call.

        screen: what the session's flow shows; None draws only the work. demonstration: its picture, as it should be seen.
            late_s: how long after the frame the picture is shown; the beat is drawn for that time.
        """
        self._begin(frame)
        alone = screen is not None and screen.no_camera
        fault = frame.source_error
        if screen is not None and screen.page not in ("working", "paused"):
            rect = self._draw_page(screen, demonstration, fault)
        else:
            beside = demonstration is not None and alone and self._layout.width > self._layout.height
            picture = self._canvas if demonstration is None else demonstration
            rect = inset_rect(self._layout, self._theme, picture, self._layout.foot[1] if beside else None, beside)
            left = rect[0] + rect[2] if beside else 0
            bottom = self._draw_work(
                frame.t_s, late_s, observation, points, fit, verdict, routine, screen, demonstration is None, left, fault
            )
            if alone and not beside:
                rect = inset_rect(self._layout, self._theme, picture, bottom)
        if demonstration is not None:
            words = TEXTS["demonstration.first" if screen is not None and screen.page == "prepare" else "demonstration"]
            draw_inset(self._canvas, self._theme, self._layout, demonstration, words, rect)
        if fault is not None and (screen is None or screen.page == "working"):
            Panels(self._canvas, self._layout, self._theme, self._mirrored).notice(fault)
        if screen is not None:
            pages = Pages(self._canvas, self._layout, self._theme)
            pages.palms(screen.palms)
            if screen.keys:
                pages.help(screen.keys)
        return self._canvas

    def _draw_page(self, screen: Screen, demonstration: Image | None, fault: str | None) -> Rect:
        """Draw a page and return where the demonstration goes."""
        layout, picture = self._layout, self._canvas if demonstration is None else demonstration
        beside = layout.width > layout.height
        bottom = round((BESIDE_A_PAGES_TEXT if beside else ABOVE_A_PAGES_TEXT) * layout.height)
        rect = inset_rect(layout, self._theme, picture, bottom if screen.no_camera else None)
        if screen.no_camera and beside:
            _, y, width, height = rect
            rect = (layout.width - layout.margin - width, y, width, height)
        Pages(self._canvas, self._layout, self._theme).page(screen, None if demonstration is None else rect, fault)
        panels = Panels(self._canvas, self._layout, self._theme, self._mirrored)
        panels.foot(self._foot, screen)
        return rect

    def _draw_work(
        self,
        t_s: float,
        late_s: float,
        observation: Observation,
        points: FacePoints,
        fit: ImageChartTransform | None,
        verdict: Verdict,
        routine: CompiledRoutine,
        screen: Screen | None,
        gauges: bool,
        left: int,
        fault: str | None,
    ) -> int:
        """Draw the running step. gauges: whether there is room for the pace scales. left: where the words begin.

        Returns the y above which there is room.
        """
        bottom = self._layout.foot[1]
        step = routine.steps[verdict.step] if 0 <= verdict.step < len(routine.steps) else None
        if step is not None and fit is not None and verdict.state in ("working", "paused"):
            self._draw_face(t_s, observation, fit, verdict, step, screen.pointing if screen is not None else NOTHING)
        panels = Panels(self._canvas, self._layout, self._theme, self._mirrored, left)
        if screen is not None and screen.page == "paused":
            Pages(self._canvas, self._layout, self._theme).page(screen, fault=fault)
        else:
            panels.top(routine, verdict, points.calibrated_share, screen)
            bottom = panels.message(verdict, step, screen)
            if screen is not None and screen.beat is not None:
                bottom = draw_beat(self._canvas, self._layout, self._theme, screen.beat, t_s + late_s, bottom)
            if step is not None and verdict.state == "working":
                if gauges:
                    draw_pace(self._canvas, self._layout, self._theme, self._mirrored, verdict, step, bottom)
                draw_balance(self._canvas, self._layout, self._theme, self._mirrored, verdict, step)
        panels.foot(self._foot, screen)
        return bottom

    def notice(self, words: str) -> Image:
        """Return the last picture with words over it, while no new ones come."""
        if self._canvas.size == 0:
            self._canvas = np.zeros((480, 640, 3), np.uint8)
            self._layout = Layout.of((640, 480), self._theme)
        Panels(self._canvas, self._layout, self._theme, self._mirrored).notice(words)
        return self._canvas

    def _begin(self, frame: Frame) -> None:
        image = frame.image_bgr
        if self._canvas.shape != image.shape:
            self._canvas = np.empty_like(image)
            self._layout = Layout.of((image.shape[1], image.shape[0]), self._theme)
        if self._mirrored:
            cv2.flip(image, 1, dst=self._canvas)
        else:
            np.copyto(self._canvas, image)

    def _draw_face(
        self,
        t_s: float,
        observation: Observation,
        fit: ImageChartTransform,
        verdict: Verdict,
        step: CompiledStep,
        pointing: Pointing,
    ) -> None:
        layer = FaceLayer(self._canvas, self._layout, self._theme, fit, self._mirrored)
        phase = step.phases[min(max(verdict.phase_index, 0), len(step.phases) - 1)]
        needed = [side for side in (0, 1) if verdict.sides[side].needed]
        layer.guide(step, phase, needed or [0, 1], t_s)
        layer.arrows(pointing.arrows)
        layer.tips(step, verdict, observation)
