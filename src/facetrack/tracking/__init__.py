"""Tracking: frames in, observations out. The only package that imports mediapipe; its heavy parts load when they are used."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from facetrack.tracking.hands.association import HandIdentity
    from facetrack.tracking.models import Models, ensure_models, model_hashes
    from facetrack.tracking.tracker import Tracker

__all__ = ["HandIdentity", "Models", "Tracker", "ensure_models", "model_hashes"]

_HOMES = {
    "HandIdentity": "hands.association",
    "Models": "models",
    "ensure_models": "models",
    "model_hashes": "models",
    "Tracker": "tracker",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
