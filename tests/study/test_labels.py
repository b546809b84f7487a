"""Labels as ELAN and BORIS write them."""

from pathlib import Path

import pympi
import pytest

from facetrack.study.labels.boris import read_boris
from facetrack.study.labels.elan import read_eaf, read_tab_delimited
from facetrack.study.labels.row import LabelError
from facetrack.study.labels.template import write_templates


def test_an_eaf_of_another_program_is_read(tmp_path: Path) -> None:
    made = pympi.Elan.Eaf(author="somebody")
    made.add_linked_file("file:///videos/clip-7.mp4", relpath="./clip-7.mp4", mimetype="video/mp4")
    made.add_tier("zone left", part="left hand")
    made.add_annotation("zone left", 1500, 2750, "outside")
    path = tmp_path / "x.eaf"
    made.to_file(str(path))
    table = read_eaf(path.read_text(encoding="utf-8"))
    assert table.recordings == ("file:///videos/clip-7.mp4",)
    (row,) = table.rows
    assert (row.value, row.texts, row.t_start_s, row.t_end_s) == ("outside", ("zone left", "left hand"), 1.5, 2.75)


@pytest.mark.parametrize(
    "text",
    [
        "zone left\tp\t00:00:01.500\t00:00:02.750\t00:00:01.250\toutside",
        "zone left\tp\t1.5\t2.75\t1.25\toutside",
        "zone left\tp\t1500\t2750\t1250\toutside",
        "zone left\tp\t00:00:01.500\t1.5\t1500\t00:00:02.750\t2.75\t2750\t00:00:01.250\t1.25\t1250\toutside",
        "zone left\tp\t00:00:01.500\t1.5\t00:00:02.750\t2.75\toutside",
        "Tier\tParticipant\tBegin Time - ss.msec\tEnd Time - ss.msec\tannotation\nzone left\tp\t1.5\t2.75\toutside",
        '"#file:///C:/x/clip.eaf"\n#clip.mp4 -- offset: 0\nzone left\tp\t1.5\t2.75\toutside',
    ],
)
def test_tab_delimited_exports_are_read(text: str) -> None:
    (row,) = read_tab_delimited(text).rows
    assert (row.value, row.texts, row.t_start_s, row.t_end_s) == ("outside", ("zone left", "p"), 1.5, 2.75)


def test_one_column_a_tier_and_the_files_path_are_read() -> None:
    titles = "Begin Time - msec\tEnd Time - msec\tzone left\tpace right\tFile Path"
    table = read_tab_delimited(f"{titles}\n1500\t2750\toutside\t\t/x/clip-1.eaf\n3000\t4000\t\tfast\t/x/clip-2.eaf")
    assert [(row.recording, row.value, row.texts) for row in table.rows] == [
        ("/x/clip-1.eaf", "outside", ("zone left",)),
        ("/x/clip-2.eaf", "fast", ("pace right",)),
    ]


@pytest.mark.parametrize("text", ["zone left\tp\toutside", "zone left\tp\t1.5\toutside", "just words"])
def test_exports_without_times_are_refused(text: str) -> None:
    with pytest.raises(LabelError):
        read_tab_delimited(text)


AGGREGATED = (
    "Observation id,Observation date,Description,Observation type,Source,Time offset (s),Coding duration,Media duration (s),"
    "FPS (frame/s),Subject,Observation duration by subject by observation,Behavior,Behavioral category,Modifier #1,"
    "Behavior type,Start (s),Stop (s),Duration (s),Media file name,Image index start,Image index stop,Image file path start,"
    "Image file path stop,Comment start,Comment stop\n"
    "obs,2026-11-20 08:00:00,,Media file,player #1:clip-1.mp4,0,60,60,30,No focal subject,60,zone left,zone,,STATE,1.5,2.75,"
    "1.25,clip-1.mp4,45,82,,,,\n"
)
TABULAR = (
    "Observation id\tSubject\tBehavior\tModifier #1\tBehavior type\tTime\tMedia file name\n"
    "obs\tleft hand\tzone\t\tSTART\t1.5\tclip-1.mp4\n"
    "obs\tleft hand\tzone\t\tSTOP\t2.75\tclip-1.mp4\n"
)
OLD = (
    "Observation id,clip-1\n\nTime,Media file path,Subject,Behavior,Comment,Status\n"
    "1.5,,left,zone,,START\n2.75,,left,zone,,STOP\n"
)


@pytest.mark.parametrize(("text", "texts"), [(AGGREGATED, ()), (TABULAR, ("left hand",)), (OLD, ("left",))])
def test_exports_of_boris_are_read(text: str, texts: tuple[str, ...]) -> None:
    (row,) = read_boris(text).rows
    assert (row.t_start_s, row.t_end_s, row.texts) == (1.5, 2.75, texts)
    assert row.recording in ("clip-1.mp4", "clip-1")


def test_a_start_without_its_stop_is_refused() -> None:
    with pytest.raises(LabelError, match="no stop"):
        read_boris("\n".join(TABULAR.splitlines()[:2]))


def test_templates_have_a_tier_for_each_kind_and_side(tmp_path: Path) -> None:
    paths = write_templates(tmp_path, [Path("a/clip-1.mp4")])
    assert [path.name for path in paths] == ["clip-1.eaf", "facetrack.boris", "mapping.toml"]
    made = pympi.Elan.Eaf(str(paths[0]))
    assert set(made.get_tier_names()) >= {"zone left", "symmetry right"}
    assert read_eaf(paths[0].read_text(encoding="utf-8")).recordings == ("clip-1.mp4",)
