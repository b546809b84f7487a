"""A drawn face with hands on it, and what the coach might say of it."""

from dataclasses import replace

import cv2
import numpy as np

from facetrack.coach.verdict import Correction, SideVerdict, Verdict
from facetrack.flow import Screen
from facetrack.geometry.face_points import FacePoints
from facetrack.packets import Frame, Observation
from facetrack.routine.compiled import CompiledPhase, CompiledRoutine, CompiledStep
from facetrack.routine.kinds import KINDS

NAN = float("nan")
PATH = np.array([[4.0, 45.0], [30.0, 48.0], [60.0, 40.0]])
ZONE = np.array([[-4.0, 30.0], [-4.0, 60.0], [40.0, 62.0], [66.0, 48.0], [68.0, 30.0], [40.0, 30.0]])
TIPS = (8, 12, 16)
HERE_MM = (np.array([20.0, 45.0]), np.array([-35.0, 45.0]))
SKIN = (150, 180, 220)


class PlainFit:
    """The chart, scaled and put in the middle of the picture; the user's left is at the picture's right."""

    def __init__(self, size_wh: tuple[int, int]) -> None:
        self._centre = np.array([size_wh[0] / 2, size_wh[1] * 0.45])
        self.scale = min(size_wh) * 0.2 / 70.0

    def image_from_chart(self, points_mm):
        return self._centre + self.scale * np.asarray(points_mm) * (1.0, -1.0)


def step(motion="stroke") -> CompiledStep:
    working = np.zeros(7, bool)
    working[1:4] = True
    phase = CompiledPhase(motion, PATH, (15.0, 80.0), (0.5, 2.0), 8.0, 2.0)
    say = "Stroke from the centre above the brows to the temples, slowly, in one direction."
    return CompiledStep(
        id="forehead", index=0, group=1, title="Forehead", say=say, point="", hands="both", contact="fingertips",
        working=working, pressure="light", zone=(ZONE,), zone_names=("forehead",), tolerance_mm=8.0, judge=frozenset(KINDS),
        repetitions=5, seconds=None, planned_s=30.0, optional=False, tempo=None, phases=(phase,),
    )  # fmt: skip


def routine(motion="stroke") -> CompiledRoutine:
    return CompiledRoutine("fascia", 1, "", "Fascia massage", "en", (), (), (), (), 2, "", (step(motion),))


def correction(side="right", kind="direction", message="Stroke outward, to the temple") -> Correction:
    return Correction(0, "forehead", side, kind, 0.0, None, 150.0, 60.0, f"{kind}.test", message)


def side(hand, here_mm, **changes) -> SideVerdict:
    plain = SideVerdict(True, None, hand, here_mm, True, True, True, 30.0, 1.0, 10.0, NAN, 3, 0.0)
    return replace(plain, **changes)


def verdict(shown: Correction | None = None, **changes) -> Verdict:
    sides = (side("left", HERE_MM[0]), side("right", HERE_MM[1]))
    corrections = (shown,) if shown else ()
    plain = Verdict(1.0, "working", 0, 0, sides, 1.0, corrections, corrections, shown, None, (), (), 3.0, 12.0, 5, None, None)
    return replace(plain, **changes)


def frame(size_wh=(640, 480)) -> Frame:
    width, height = size_wh
    image = np.full((height, width, 3), (120, 130, 140), np.uint8)
    short = min(size_wh)
    cv2.ellipse(image, (width // 2, int(height * 0.52)), (int(short * 0.2), int(short * 0.29)), 0, 0, 360, SKIN, -1)
    return Frame(image, 1.0, 30)


def observation(size_wh=(640, 480)) -> Observation:
    fit = PlainFit(size_wh)
    hands = np.full((2, 21, 3), NAN)
    for hand, here in enumerate(HERE_MM):
        base = fit.image_from_chart(here)
        hands[hand, :, :2] = base + np.array([0.0, 60.0])
        for place, tip in enumerate(TIPS):
            hands[hand, tip, :2] = base + np.array([(place - 1) * 12.0 * fit.scale, 0.0])
    return Observation(1.0, size_wh, np.zeros((478, 3)), hands)


def points() -> FacePoints:
    both = np.ones(2, bool)
    return FacePoints(1.0, np.full((2, 7, 2), NAN), np.ones((2, 3)), np.ones(2), both, True, both, 0.7, "neutral", 1.0)


def screen(**changes) -> Screen:
    return replace(Screen("working", place=(2, 9), session_left_s=260.0), **changes)
