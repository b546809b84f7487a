"""Combines performance, head motion and scene: any moment as a picture and as ground truth."""

import numpy as np
from numpy.typing import NDArray

from facetrack.mannequin.body.posed_hand import Carried, PosedHand, carried_with, posed_hand
from facetrack.mannequin.body.skin import skin
from facetrack.mannequin.camera import HeadPose
from facetrack.mannequin.ground_truth.hands import HandsGroundTruth, hands_ground_truth
from facetrack.mannequin.performance.head_motion import HeadMotion
from facetrack.mannequin.performance.script import Performance
from facetrack.mannequin.render.renderer import Renderer
from facetrack.mannequin.render.scene import Scene
from facetrack.packets import LEFT, RIGHT, Float

_SMEAR_MOMENTS = 3


class SceneRig:
    """The frames of a performance at given times. Each frame is a pure function of its number."""

    def __init__(self, performance: Performance, scene: Scene, head: HeadMotion, times_s: Float) -> None:
        self._scene, self._head = scene, head
        self._renderer = Renderer(scene)
        self._hands = hands_ground_truth(performance, times_s, head)
        self._smear = self._smeared(performance, times_s)

    def _smeared(self, performance: Performance, times_s: Float) -> list[HandsGroundTruth]:
        shutter = self._scene.flaws.shutter_s
        if shutter <= 0:
            return []
        offsets = np.linspace(-0.5, 0.5, _SMEAR_MOMENTS) * shutter
        return [hands_ground_truth(performance, np.clip(times_s + offset, 0, None), self._head) for offset in offsets]

    def __len__(self) -> int:
        return len(self._hands.t_s)

    @property
    def hands(self) -> HandsGroundTruth:
        return self._hands

    def picture(self, number: int) -> NDArray[np.uint8]:
        """Render frame ``number``, (H, W, 3) uint8 BGR."""
        pose = self._pose(number)
        moments = [self._posed(hands, number, pose) for hands in self._smear or [self._hands]]
        return self._renderer.frame(pose, moments, number, float(self._hands.t_s[number]))

    def _pose(self, number: int) -> HeadPose:
        return self._head.at(float(self._hands.t_s[number]))

    def _carried(self, hands: HandsGroundTruth, number: int, side: int, pose: HeadPose) -> Carried:
        return carried_with(skin(), pose, skin().plane(hands.working_mm[number, side]))

    def _posed(self, hands: HandsGroundTruth, number: int, pose: HeadPose) -> list[PosedHand]:
        out = []
        moved = np.array(pose.translation_mm)
        for placement in hands.placements:
            place = int(np.searchsorted(placement.moments, number))
            if place >= len(placement.moments) or placement.moments[place] != number:
                continue
            for side in (LEFT, RIGHT):
                if hands.visible[number, side]:
                    carried = self._carried(hands, number, side, pose)
                    lift_mm = float(hands.lift_mm[number, side])
                    out.append(posed_hand(placement.hands[side], place, carried, lift_mm, moved, placement.tool))
        return out
