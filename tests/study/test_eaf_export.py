"""facetrack's corrections as ELAN files, under a person's labels."""

from pathlib import Path

import pympi
import pytest

from facetrack.errors import UsageError
from facetrack.study.labels.eaf_export import export_eaf
from tests.study.made_sessions import document


def test_corrections_stand_under_the_labels_of_a_person(tmp_path: Path) -> None:
    theirs = pympi.Elan.Eaf(author="somebody")
    theirs.add_tier("zone left")
    theirs.add_annotation("zone left", 1000, 2000, "outside")
    (tmp_path / "labels").mkdir()
    theirs.to_file(str(tmp_path / "labels" / "clip-0.eaf"))
    made = document(0, [("pace", "both", 5.0, None)])
    (path,) = export_eaf([made], tmp_path / "out", tmp_path / "labels")
    merged = pympi.Elan.Eaf(str(path))
    assert merged.get_annotation_data_for_tier("zone left") == [(1000, 2000, "outside")]
    for side in ("left", "right"):
        assert merged.get_annotation_data_for_tier(f"facetrack pace {side}") == [(5000, 60000, "Message")]
    again = export_eaf([made], tmp_path / "twice", tmp_path / "out")  # ids and names that are taken are not taken again
    assert pympi.Elan.Eaf(str(again[0])).get_annotation_data_for_tier("facetrack pace left 2") == [(5000, 60000, "Message")]


def test_the_labels_are_never_overwritten(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds the labels"):
        export_eaf([document(0)], tmp_path, tmp_path)
