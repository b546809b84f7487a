"""Landmarks of real hands on real faces, played to and fro as a long performance. Their folder lies beside the checkout and
never enters it."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, takewhile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from facetrack.packets import Observation
from facetrack.routine import load_routine
from facetrack.tracking.hands.association import HandAssociator
from tests.golden.verdicts import counted, judge, mapped
from tests.tracking.seats import Seats

LASTS_S = 20.0
STEPS = {
    "cheek-press-long": ("japanese", "cheeks"),
    "cheek-stroke": ("fascia", "cheeks"),
    "chin-on-hand": ("japanese", "neck-down"),
    "press-cheek-palm": ("japanese", "cup-and-slide"),
    "selfie-brush-lipstick": ("japanese", "lower-lip"),
    "selfie-dab-and-pat": ("japanese", "spiral-out"),
    "selfie-under-eye": ("fascia", "under-eyes"),
    "temple-stroke": ("fascia", "jawline"),
    "thumb-at-temple": ("fascia", "forehead"),
}
"""The step that each stream is judged as: one whose zone its hands touch or come near to."""


@dataclass(frozen=True)
class Stream:
    """One stream of landmarks."""

    name: str
    routine_id: str
    step_id: str

    @property
    def frame_s(self) -> float:
        return 1.0 / float(np.load(self._file())["fps"])

    def verdicts(self) -> dict[str, Any]:
        """Judge the stream as its step."""
        return counted(judge(mapped(self.observations()), load_routine(self.routine_id), self.step_id))

    def observations(self) -> Iterator[Observation]:
        """Play the stream to and fro, each hand named left or right as the tracker names it."""
        with np.load(self._file()) as data:
            face, hands, scores = data["face"].astype(float), data["hands"].astype(float), data["left_score"].astype(float)
            (width, height), fps = data["size_wh"].tolist(), float(data["fps"])
        scale = np.array([width, height, width], float)
        associator, seats = HandAssociator(), Seats()
        back_and_forth = 2 * (len(face) - 1)
        for index in takewhile(lambda index: index / fps < LASTS_S, count()):
            at = index % back_and_forth
            frame = min(at, back_and_forth - at)
            found = ~np.isnan(hands[frame, :, 0, 0])
            face_px = face[frame] * scale
            hands_px = seats.taken(hands[frame, found] * scale, scores[frame, found])
            named = associator.update(index / fps, hands_px, face_px)
            yield Observation(index / fps, (width, height), face_px, named)

    def _file(self) -> Path:
        for parent in Path(__file__).parents:
            file = parent / "shared" / "real" / f"{self.name}.npz"
            if file.exists():
                return file
        pytest.skip("the landmarks of real hands are not here")


def streams() -> list[Stream]:
    """List the streams."""
    return [Stream(name, *step) for name, step in STEPS.items()]
