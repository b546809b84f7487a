"""The geometry core: pure numpy, vectorised over hands, fingers, zones and, in batch, over frames."""

from facetrack.geometry.face_points import POINT_NAMES, CalibrationState, FacePoints
from facetrack.geometry.head.canonical import CanonicalFace, canonical_face
from facetrack.geometry.mapper import FaceMapper
from facetrack.geometry.surface.projection import FaceFit

__all__ = ["POINT_NAMES", "CalibrationState", "CanonicalFace", "FaceFit", "FaceMapper", "FacePoints", "canonical_face"]
