"""Recordings of real people, none of whom massages: everything ends well, and what can't be seen is withheld."""

import itertools
import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.commands import facetrack

FACE_SEEN = {"tfjs_facemesh_demo_input.mp4": (0.98, 1.0), "pyfeat_face_noface.mov": (0.38, 0.46)}
"""Of the others at least nine tenths."""
HAND_FREE = (*FACE_SEEN, "pyfeat_single_face.mp4")


@pytest.mark.media
@pytest.mark.slow
@pytest.mark.usefixtures("recorded_tracking")
def test_analyze_ends_well_on_every_clip(media: Path, capfd: pytest.CaptureFixture[str]) -> None:
    clips = sorted(path for path in media.iterdir() if path.suffix in (".mp4", ".mov"))
    options = ["--routine", "fascia", "--step", "forehead", "--workers", "1", "--json"]
    ran = facetrack(capfd, "analyze", *clips, *options)
    assert ran.code == 1, "of some nothing could be judged"
    said = ran.err.splitlines()
    assert all("nothing was judged" in line for line in said), "nobody stands on his head, no picture is squeezed"
    documents = {document["source"]["name"]: document for document in map(json.loads, ran.out.splitlines())}
    assert list(documents) == [clip.name for clip in clips]
    for name, document in documents.items():
        assert document["complete"], name
        assert document["corrections"] == [], name
        low, high = FACE_SEEN.get(name, (0.9, 1.0))
        assert low <= document["tracking"]["face_seen"] <= high, name
    for name in HAND_FREE:
        assert _withheld_from_start_to_end(documents[name]), name
    assert _withheld_s(documents["pyfeat_face_noface.mov"], "face") > 3.0, "the face is away for 3.7 s"


def _withheld_from_start_to_end(document: dict[str, Any]) -> bool:
    """Nothing at all is judged, on either side."""
    for side in ("left", "right"):
        spans = [one for one in document["tracking"]["withheld_intervals"] if one["side"] == side]
        gaps = [one["t_end_s"] != following["t_start_s"] for one, following in itertools.pairwise(spans)]
        if any(gaps) or spans[0]["t_start_s"] != 0.0 or spans[-1]["t_end_s"] != document["duration_s"]:
            return False
    return True


def _withheld_s(document: dict[str, Any], reason: str) -> float:
    """Of the left side."""
    spans = [one for one in document["tracking"]["withheld_intervals"] if (one["side"], one["reason"]) == ("left", reason)]
    return float(sum(one["t_end_s"] - one["t_start_s"] for one in spans))
