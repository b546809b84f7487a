"""Says what is right, wrong or unseen in each frame. Imports numpy and the standard library only."""

from facetrack.coach.coach import Coach
from facetrack.coach.guided import GuideCoach
from facetrack.coach.live_coach import LiveCoach
from facetrack.coach.thresholds import CoachOptions, Thresholds
from facetrack.coach.verdict import Correction, Cue, SideVerdict, StepEnd, Stroke, Verdict

__all__ = [
    "Coach",
    "CoachOptions",
    "Correction",
    "Cue",
    "GuideCoach",
    "LiveCoach",
    "SideVerdict",
    "StepEnd",
    "Stroke",
    "Thresholds",
    "Verdict",
]
