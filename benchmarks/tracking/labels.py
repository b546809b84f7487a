"""Which hands are visible in the signers' clips, labelled by eye frame by frame; see tests/data/signers/README.md."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetrack.packets import SIDES, Bool, Float

FOLDER: Final = Path(__file__).parents[2] / "tests" / "data" / "signers"
FINGERS: Final = ("thumb", "index", "middle", "ring", "pinky")
_SEEN: Final = {"no": 0, "yes": 1, "unclear": -1}


@dataclass(frozen=True, slots=True)
class Labels:
    """N frames. visible: (N, 2) left and right hand. clear: (N, 2) whether that could be told; what is unclear is not scored.
    tips_px: (N, 2, 5, 2), NaN where not labelled."""

    visible: Bool
    clear: Bool
    tips_px: Float

    @property
    def hand_free(self) -> Bool:
        """(N,) frames in which surely no part of a hand is in the picture."""
        free: Bool = (self.clear & ~self.visible).all(axis=1)
        return free


def read_labels(folder: Path = FOLDER) -> dict[str, Labels]:
    """By clip. Raises ValueError where a clip's frames are not all labelled once, in order."""
    rows: dict[str, list[tuple[int, int]]] = {}
    for row in _rows(folder / "hands.csv"):
        seen = rows.setdefault(row["clip"], [])
        first, last = int(row["first"]), int(row["last"])
        if first != len(seen) or last < first:
            raise ValueError(f"hands.csv: frames {first} to {last} of {row['clip']} follow upon {len(seen) - 1}")
        seen += [(_SEEN[row["left"]], _SEEN[row["right"]])] * (last - first + 1)
    tips = {clip: np.full((len(seen), 2, len(FINGERS), 2), np.nan) for clip, seen in rows.items()}
    for row in _rows(folder / "fingertips.csv"):
        at = int(row["frame"]), SIDES.index(row["side"]), FINGERS.index(row["finger"])
        tips[row["clip"]][at] = float(row["x_px"]), float(row["y_px"])
    return {clip: _labels(np.array(seen), tips[clip]) for clip, seen in rows.items()}


def _labels(seen: NDArray[np.intp], tips_px: Float) -> Labels:
    return Labels(seen == _SEEN["yes"], seen != _SEEN["unclear"], tips_px)


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
