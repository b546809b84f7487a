"""The models: fetched from a pinned wheel, verified, packed into the bundles that MediaPipe loads."""

from facetrack.tracking.models.fetch import Models, ensure_models, fetch_models, model_hashes, model_status, verify_models
from facetrack.tracking.models.store import BundleStatus

__all__ = ["BundleStatus", "Models", "ensure_models", "fetch_models", "model_hashes", "model_status", "verify_models"]
