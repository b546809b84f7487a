"""FaceMapper: from an Observation to FacePoints, one frame at a time."""

from dataclasses import replace
from typing import Final

import numpy as np

from facetrack.geometry.face_points import POINTS, FacePoints
from facetrack.geometry.hand_points import LAYER, hand_points_px, palm_size_px
from facetrack.geometry.head.calibration import Calibration
from facetrack.geometry.head.landmarks import OUTER_EYE_CORNERS, head_model
from facetrack.geometry.head.occlusion import clearance_mm, visibility_weight
from facetrack.geometry.head.pose_fit import Pose, PosePrior, fit_pose
from facetrack.geometry.head.pose_prior import PoseMemory
from facetrack.geometry.surface.face_surface import LAYERS, FaceSurface
from facetrack.geometry.surface.metric import Skin
from facetrack.geometry.surface.projection import APART_MM, FaceFit
from facetrack.packets import Float, Observation

HOLD_S: Final = 0.7
"""How long the last pose stands in when too little of the face can be seen."""
AWAY_SINE: Final = 0.57
"""Sine of 35 degrees of yaw. On a head that is turned farther, half of the skin is out of sight, and a hand's place on the rest
rests on depths that nobody measured; who looks at us while stroking is within 25."""
ENOUGH_UNCOVERED: Final = 0.003
"""Share of the pose points' weight that must be left: the pivot holds the turning, so a few points do."""
BARE_MM: Final = 15.0
"""With a hand nearer than this to the mesh a frame is not used to learn the user's face."""
WORST_RESIDUAL_MM: Final = 5.5
"""A fit worse than this is not a face that this template belongs to."""
SUSPECT_RESIDUAL_MM: Final = 1.6
"""A fit under the prior that leaves more than this is tried again as a shift of the whole head."""
CLEARLY_BETTER: Final = 0.85
TURNED_SHARE: Final = 0.4
"""Where the points alone fit so much better, the head has turned more quickly than the prior allows: with it the error of yaw
on moving heads is half as large. A mesh that a hand draws along leaves more (0.48 in rendered clips, 0.7 in real ones)."""
_NEAR_MIDDLE_MM, _NEAR_HALF_MM = np.array([0.0, -60.0]), np.array([120.0, 175.0])
"""The part of the chart where a hand may be working, and half of its width and height."""


class FaceMapper:
    """Learns the user's face, follows the head, and places the hands on the canonical face.

    It remembers the user's neutral face and the last pose, nothing else.

    Examples
    --------
    >>> import facetrack
    >>> mapper = facetrack.FaceMapper()
    >>> points, projection = mapper.update(facetrack.Observation.empty(0.0, (640, 480)))
    >>> points.points_mm.shape  # hands, points of a hand, x and y
    (2, 7, 2)
    >>> projection is None  # the face is not known
    True
    """

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget the user and the last pose."""
        self.calibration = Calibration()
        self._skin = Skin.of(self.calibration.template_mm)
        self._canonical_skin = self._skin
        self._surface = self._canonical_surface = FaceSurface.of(self.calibration.template_mm, 1.0)
        self._pose_points_mm = self.calibration.template_mm[head_model().pose]
        self._memory = PoseMemory()
        self._pose: Pose | None = None
        self._pose_t_s = -np.inf

    def update(self, observation: Observation) -> tuple[FacePoints, FaceFit | None]:
        """Place the hands on the face; also return the map from pixels to the face, None while it is unknown or turned away."""
        if observation.doubt == "person" and self.calibration.share > 0.0:
            self.reset()  # whoever was measured may be somebody else
        pose = self._pose_of(observation) if observation.face_seen else None
        held = pose is None
        if pose is not None and abs(float(pose.rotation[0, 2])) > AWAY_SINE:
            self._pose_t_s = -np.inf  # the head goes on turning: that pose is none to be held
            return replace(self._nothing(observation), face_seen=False), None
        if pose is not None:
            self._pose, self._pose_t_s = pose, observation.t_s
        elif observation.t_s - self._pose_t_s <= HOLD_S:
            pose = self._pose
        if pose is None:
            return self._nothing(observation), None
        fit = FaceFit(pose, self._surface, self.calibration.size, held)
        return self._points(observation, fit), fit

    def _pose_of(self, observation: Observation) -> Pose | None:
        model = head_model()
        px = observation.face_px[:, :2].take(model.pose, axis=0)
        mm_per_px = 1.0 / self._pose.scale if self._pose is not None else _rough_mm_per_px(observation)
        clearance = clearance_mm(px, observation.hands_px, mm_per_px)
        self._calibrate(observation, float(clearance.min()) < BARE_MM)
        weight = model.pose_weight * visibility_weight(clearance)
        uncovered = float(weight.sum()) / model.all_weight
        if uncovered < ENOUGH_UNCOVERED:
            return None
        prior = self._memory.prior(1.0 - uncovered, model.all_weight, observation.t_s)
        pose = self._fit(self._pose_points_mm, px, weight, prior)
        if pose is None or pose.residual_mm > WORST_RESIDUAL_MM:
            return None
        self._memory.update(pose, 1.0 - uncovered, self.calibration.size, observation.t_s)
        return pose

    def _fit(self, template_mm: Float, image_px: Float, weight: Float, prior: PosePrior | None) -> Pose | None:
        """The pose under the prior; where that does not fit, as of a head that moved without turning or turned quickly, if that
        does."""
        pose = fit_pose(template_mm, image_px, weight, prior)
        if prior is None or (pose is not None and pose.residual_mm < SUSPECT_RESIDUAL_MM):
            return pose
        shifted = self._memory.shifted(prior, template_mm, image_px, weight)
        other = fit_pose(template_mm, image_px, weight, shifted)
        if other is not None and (pose is None or other.residual_mm < CLEARLY_BETTER * pose.residual_mm):
            self._memory.shift(shifted.pivot_px)
            pose = other
        turned = fit_pose(template_mm, image_px, weight)
        better = pose is not None and turned is not None and turned.residual_mm < TURNED_SHARE * pose.residual_mm
        return turned if better else pose

    def _calibrate(self, observation: Observation, hand_on_face: bool) -> None:
        state = self.calibration.state
        if observation.doubt is None and self.calibration.update(observation.face_px, hand_on_face, observation.t_s):
            finished = state != self.calibration.state or self.calibration.state == "neutral"
            self._lay_out(finished)

    def _lay_out(self, finished: bool) -> None:
        """The user's skin: of their own shape once it is known, before that the canonical one at their size."""
        template, size = self.calibration.template_mm, self.calibration.size
        self._skin = Skin.of(template) if finished else Skin(self._canonical_skin.metric * size**2)
        self._surface = FaceSurface.of(template, size) if finished else self._canonical_surface
        self._pose_points_mm = template[head_model().pose]

    def _points(self, observation: Observation, fit: FaceFit) -> FacePoints:
        chart, apart = fit.located(hand_points_px(observation.hands_px), LAYERS[LAYER])
        near = (np.abs(chart - _NEAR_MIDDLE_MM) < _NEAR_HALF_MM).all(axis=-1).any(axis=-1)
        return FacePoints(
            t_s=observation.t_s,
            points_mm=np.where((apart > APART_MM)[..., None], np.nan, chart),
            metric_tensor=self._skin.metric_of_hands(chart[:, 2]),
            palm_mm=palm_size_px(observation.hands_px) * fit.mm_per_px,
            near_face=near,
            face_seen=observation.face_seen,
            hand_seen=observation.hand_seen,
            mm_per_px=fit.mm_per_px,
            calibration=self.calibration.state,
            calibrated_share=self.calibration.share,
            eyes_differ=self.calibration.eyes_differ,
            doubt=observation.doubt,
            repeated=observation.repeated,
        )

    def _nothing(self, observation: Observation) -> FacePoints:
        return FacePoints(
            t_s=observation.t_s,
            points_mm=np.full((2, POINTS, 2), np.nan),
            metric_tensor=np.full((2, 3), np.nan),
            palm_mm=np.full(2, np.nan),
            near_face=np.zeros(2, dtype=np.bool_),
            face_seen=observation.face_seen,
            hand_seen=observation.hand_seen,
            mm_per_px=np.nan,
            calibration=self.calibration.state,
            calibrated_share=self.calibration.share,
            eyes_differ=self.calibration.eyes_differ,
            doubt=observation.doubt,
            repeated=observation.repeated,
        )


def _rough_mm_per_px(observation: Observation) -> float:
    """From the distance between the outer eye corners (92 mm on the canonical face), before there is a pose."""
    across = np.subtract(*observation.face_px[list(OUTER_EYE_CORNERS), :2])
    return 92.0 / max(float(np.hypot(across[0], across[1])), 1.0)
