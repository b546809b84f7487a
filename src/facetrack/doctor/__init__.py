"""What a live session needs, looked at one by one: what is there, what is missing, what to do about it."""

from facetrack.doctor.check import Check
from facetrack.doctor.examination import examine

__all__ = ["Check", "examine"]
