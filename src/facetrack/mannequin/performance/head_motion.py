"""How the head moves while the hands work: a pose to hold, and slow natural swaying about it. A pure function of time."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from facetrack.mannequin.camera import HeadPose

_SWAY_PERIODS_S: Final = (5.3, 7.9, 6.7, 9.1, 11.3, 8.3)
"""Periods of yaw, pitch, roll, x, y and z; incommensurate, so that the swaying does not repeat within a clip."""


@dataclass(frozen=True, slots=True)
class HeadMotion:
    """Pose and swaying of the head, in degrees and mm."""

    yaw_deg: float = 0.0
    pitch_deg: float = 0.0
    roll_deg: float = 0.0
    translation_mm: tuple[float, float, float] = (0.0, 0.0, 0.0)
    sway_deg: float = 0.0  # amplitude of the swaying; 0 keeps the head still, and frames are drawn faster
    sway_mm: float = 0.0  # amplitude of the swaying in position
    still_until_s: float = 0.0  # no swaying before this time; then it grows over 2 s
    seed: int = 0

    @property
    def turns(self) -> bool:
        """Whether the head is ever rotated."""
        return any((self.yaw_deg, self.pitch_deg, self.roll_deg, self.sway_deg))

    def at(self, t_s: float) -> HeadPose:
        held = (self.yaw_deg, self.pitch_deg, self.roll_deg)
        if self.sway_deg == 0 and self.sway_mm == 0:
            yaw, pitch, roll = (float(np.deg2rad(a)) for a in held)
            return HeadPose(yaw, pitch, roll, self.translation_mm)
        phases = np.random.default_rng(self.seed).uniform(0, 2 * np.pi, 6)
        grown = float(np.clip((t_s - self.still_until_s) / 2.0, 0, 1))
        waves = np.sin(2 * np.pi * t_s / np.array(_SWAY_PERIODS_S) + phases) * grown
        yaw, pitch, roll = (float(np.deg2rad(a + w * self.sway_deg)) for a, w in zip(held, waves[:3], strict=True))
        x, y, z = (float(a + w * self.sway_mm) for a, w in zip(self.translation_mm, waves[3:], strict=True))
        return HeadPose(yaw, pitch, roll, (x, y, z))
