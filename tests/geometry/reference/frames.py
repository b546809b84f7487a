"""Whole frames by the plain functions."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from facetrack.geometry import mapper
from tests.geometry.reference.hands import clearance_mm, hand_points_px, palm_size_px, visibility_weight
from tests.geometry.reference.pose_fit import fit_pose
from tests.geometry.reference.projection import PlainFaceFit


@contextmanager
def plain_geometry() -> Iterator[None]:
    """Within the block FaceMapper works with the functions of this package."""
    with patch.multiple(
        mapper,
        clearance_mm=clearance_mm,
        visibility_weight=visibility_weight,
        fit_pose=fit_pose,
        FaceFit=PlainFaceFit,
        hand_points_px=hand_points_px,
        palm_size_px=palm_size_px,
    ):
        yield
