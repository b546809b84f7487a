"""Tracking: frames in, observations out. The only package that imports mediapipe; its heavy parts load when they are used."""

from typing import TYPE_CHECKING

from facetrack.lazy import lazy_imports

if TYPE_CHECKING:
    from facetrack.tracking.models import Models as Models, ensure_models as ensure_models, model_hashes as model_hashes
    from facetrack.tracking.tracker import Tracker as Tracker

__getattr__, __dir__, __all__ = lazy_imports(__name__)
