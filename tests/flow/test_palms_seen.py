"""The pausing gesture as MediaPipe sees it, on the mannequin's own hands, turned towards the camera."""

import numpy as np
import pytest

from facetrack.flow.input.palm_gesture import HELD_S, PalmsGesture
from facetrack.mannequin import Appearance, Camera, HeadPose, Scene
from facetrack.mannequin.body.hand_pose import HandPlacement
from facetrack.mannequin.body.hand_rig import Fingers, pose_joints, rotation_about
from facetrack.mannequin.body.posed_hand import Carried, PosedHand, posed_hand
from facetrack.mannequin.render.renderer import Renderer
from facetrack.packets import Frame
from tests.recorded_tracking import RecordedTracker

FPS = 12.0
SECONDS = 3.0
RISE_S = 0.8
STILL = Carried(np.eye(3), np.zeros(3))
PALM_TO_CAMERA = np.diag([-1.0, 1.0, -1.0])
BACK_TO_CAMERA = np.eye(3)


def _hand(right: bool, wrist_mm: np.ndarray, attitude: np.ndarray) -> PosedHand:
    """A flat hand with fingers up and apart; wrist_mm (3,) of the left hand, the right one mirrors it."""
    fingers = Fingers(np.full((1, 5, 3), 0.06), np.deg2rad(np.array([[-12.0, -6.0, 0.0, 5.0, 11.0]])))
    posed = pose_joints(fingers)
    turn = rotation_about(np.array([0.0, 0.0, 1.0]), np.array(-0.12)) @ attitude
    joints = wrist_mm + np.einsum("ij,nkj->nki", turn, posed.landmarks)
    placement = HandPlacement(right, wrist_mm[None], turn[None], fingers, posed, joints, np.array([[0.0, 0.0, 1.0]]))
    return posed_hand(placement, 0, STILL, 40.0)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("x_mm", "attitude", "pauses"),
    [(165.0, PALM_TO_CAMERA, True), (165.0, BACK_TO_CAMERA, False), (55.0, PALM_TO_CAMERA, False)],
    ids=["palms", "backs", "over-the-face"],
)
def test_only_palms_beside_the_face_pause(x_mm: float, attitude: np.ndarray, pauses: bool) -> None:
    renderer = Renderer(Scene(camera=Camera((640, 480), 58.0, 650.0, (0.0, 60.0)), look=Appearance(tone=5)))
    gesture, completed, both = PalmsGesture(), [], 0
    with RecordedTracker() as tracker:
        for number in range(round(SECONDS * FPS)):
            t_s = number / FPS
            rise = max(0.0, 1.0 - t_s / RISE_S)
            wrist = np.array([x_mm + 4.0 * np.sin(3.0 * t_s), -150.0 - 250.0 * rise, 90.0])
            hands = [_hand(right, wrist, attitude) for right in (False, True)]
            seen = tracker.update(Frame(renderer.frame(HeadPose(), [hands], number), t_s, number))
            both += bool(seen.hand_seen.all())
            if gesture.update(seen, t_s):
                completed.append(t_s)
    assert both > 0.5 * SECONDS * FPS, "both hands are seen"
    assert len(completed) == pauses
    assert all(HELD_S <= t_s < RISE_S + HELD_S + 0.5 for t_s in completed)
