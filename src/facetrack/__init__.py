"""facetrack: coaching for a facial self-massage in front of a webcam, entirely on the user's own computer."""

__version__ = "0.1.0"
