"""Checks one by one what a live session needs, and says what is there, what is missing and what to do about it."""

from facetrack.doctor.all_checks import run_checks
from facetrack.doctor.check import Check

__all__ = ["Check", "run_checks"]
