"""What a live session needs, looked at one by one: what is there, what is missing, what to do about it."""

from facetrack.doctor.all_checks import run_checks
from facetrack.doctor.check import Check

__all__ = ["Check", "run_checks"]
