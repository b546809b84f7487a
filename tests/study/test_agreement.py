"""Agreement: labels made from known mistakes, by delays, misses and false ones that are known, give the known figures."""

import json
import random
from pathlib import Path

import numpy as np
import pytest

from facetrack.errors import FacetrackError
from facetrack.study.agree import agree, agreement_document, write_agreement
from facetrack.study.agreement.matching import match_onsets
from facetrack.study.labels.eaf_document import add_tiers, document_bytes, new_document
from tests.study.made_sessions import document, labels_file, write_session

KIND_SIDES = [(kind, side) for kind in ("zone", "direction", "pace", "symmetry") for side in ("left", "right")]
SEED = 20261130


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, dict[str, float]]:
    """Sessions, labels, and what the figures must be, counted here and in no other way than cell by cell, event by event."""
    print(f"seed {SEED}")
    rng = random.Random(SEED)
    root = tmp_path_factory.mktemp("agreement")
    labels = root / "labels"
    labels.mkdir()
    delays, labelled, told, found = [], 0, 0, 0
    cells = np.zeros((2, 2), dtype=np.int64)
    for number in range(12):
        theirs, ours = [], []
        for kind, side in KIND_SIDES:
            start = round(rng.uniform(1, 8), 2)
            while start < 50:
                end = start + rng.uniform(2, 4)
                fate = rng.choice(["found", "found", "found", "missed", "false"])
                delay = rng.uniform(0.1, 1.5)
                if fate != "false":
                    theirs.append((kind, side, start, round(end, 3)))
                    labelled += 1
                if fate != "missed":
                    ours.append((kind, side, round(start + delay, 3), round(end + delay, 3)))
                    told += 1
                if fate == "found":
                    found += 1
                    delays.append(round(start + delay, 3) - start)
                start = round(end + rng.uniform(6, 9), 2)
        for kind, side in KIND_SIDES:
            for k in range(600):
                middle = (100 * k + 50) / 1000
                inside = [any(a <= middle < b for c, s, a, b in events if (c, s) == (kind, side)) for events in (theirs, ours)]
                cells[int(inside[0]), int(inside[1])] += 1
        write_session(root / "sessions", document(number, ours))
        labels_file(labels / f"clip-{number}.txt", theirs)
    share = cells / cells.sum()
    chance = share.sum(axis=1) @ share.sum(axis=0)
    truth = {
        "recall": found / labelled,
        "precision": found / told,
        "delay_s": float(np.median(delays)),
        "kappa": float((np.trace(share) - chance) / (1 - chance)),
        "prevalence_first": float(share[1].sum()),
        "prevalence_second": float(share[:, 1].sum()),
    }
    return root / "sessions", labels, truth


def test_known_delays_misses_and_false_ones_give_the_known_figures(study: tuple[Path, Path, dict[str, float]]) -> None:
    sessions, labels, truth = study
    (made,) = agree(sessions, [labels], None)
    row = made.rows[-1].as_dict()
    assert (row["kind"], row["side"]) == ("all", "all")
    assert {name: row[name] for name in truth} == pytest.approx(truth, abs=1e-9)
    assert made.recordings == 12
    assert made.participants == 10
    assert row["recall_low"] < row["recall"] < row["recall_high"]
    assert made.remarks == ()


def test_the_intervals_are_those_of_leaving_one_participant_out(study: tuple[Path, Path, dict[str, float]]) -> None:
    sessions, labels, _ = study
    (made,) = agree(sessions, [labels], None)
    everybody = sorted({one.name.split("-")[1].split(".")[0] for one in labels.iterdir()}, key=int)
    persons = {number: int(number) % 10 for number in everybody}
    recalls = []
    for person in sorted(set(persons.values())):
        kept = [labels / f"clip-{number}.txt" for number in everybody if persons[number] != person]
        counts = np.array([_found_of(sessions, path) for path in kept]).sum(axis=0)
        recalls.append(counts[0] / counts[1])
    n = len(recalls)
    spread = np.sqrt((n - 1) / n * np.sum((np.array(recalls) - np.mean(recalls)) ** 2))
    row = made.rows[-1].as_dict()
    assert row["recall_high"] - row["recall"] == pytest.approx(2.2621571628 * spread, rel=1e-6)  # Student's t, 9 degrees


def _found_of(sessions: Path, labels: Path) -> tuple[int, int]:
    (made,) = agree(sessions, [labels], None)
    row = made.rows[-1].as_dict()
    return row["matched"], row["first"]


def test_two_people_come_first_and_agree_with_themselves(study: tuple[Path, Path, dict[str, float]], tmp_path: Path) -> None:
    sessions, labels, _ = study
    people, *others = agree(sessions, [labels, labels], None)
    row = people.rows[-1].as_dict()
    assert (row["recall"], row["precision"], row["delay_s"]) == (1.0, 1.0, 0.0)
    assert row["kappa"] == pytest.approx(1.0, abs=1e-12)
    assert [one.second for one in others] == ["facetrack", "facetrack"]
    names = [path.name for path in write_agreement(tmp_path / "out", [people, *others])]
    assert names == ["agreement.json", "agreement.csv", "agreement.html"]
    assert json.loads((tmp_path / "out" / "agreement.json").read_text()) == agreement_document([people, *others])
    assert "facetrack against" in (tmp_path / "out" / "agreement.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("shift_s", [2.0, -2.0])
def test_labels_that_are_shifted_are_noticed(
    study: tuple[Path, Path, dict[str, float]], tmp_path: Path, shift_s: float
) -> None:
    sessions, labels, _ = study
    shifted = tmp_path / "clip-3.txt"
    lines = [line.split("\t") for line in (labels / "clip-3.txt").read_text().splitlines()]
    moved = [(*line[0].split(" "), float(line[2]) + 3 + shift_s, float(line[3]) + 3 + shift_s) for line in lines]
    ours = agree(sessions, [labels / "clip-3.txt"], None)[0].remarks
    labels_file(shifted, [(kind, side, start - 3, end - 3) for kind, side, start, end in moved])
    (made,) = agree(sessions, [shifted], None)
    assert ours == ()
    assert len(made.remarks) == 1
    assert made.remarks[0].startswith("clip-3.mp4: facetrack begins")
    assert ("earlier" if shift_s > 0 else "later") in made.remarks[0]


def test_withheld_time_is_left_out_and_its_share_stated(tmp_path: Path) -> None:
    gap = {"t_start_s": 10.0, "t_end_s": 40.0, "side": "left", "reason": "hand"}
    tracking = {"frames": 1800, "withheld": 0.5, "withheld_intervals": [gap]}
    write_session(tmp_path / "s", document(0, [("zone", "left", 5.5, 7.0)], tracking=tracking))
    labels = labels_file(tmp_path / "clip-0.txt", [("zone", "left", 5.0, 7.0), ("zone", "left", 20.0, 25.0)])
    (made,) = agree(tmp_path / "s", [labels], None)
    row = next(one.as_dict() for one in made.rows if (one.kind, one.side) == ("zone", "left"))
    assert (row["first"], row["withheld_first"], row["recall"]) == (1, 1, 1.0)
    assert row["withheld"] == pytest.approx(0.5, abs=1e-12)
    assert row["recall_low"] is None  # one participant


def test_each_event_is_matched_once_and_as_many_as_can_be() -> None:
    assert match_onsets([0.0, 1.5], [1.4, 3.2]) == [(0, 0), (1, 1)]  # the nearest first would leave one without a match
    assert match_onsets([0.0, 0.1], [0.05]) in ([(0, 0)], [(1, 0)])
    assert match_onsets([0.0], [2.0001]) == []
    assert match_onsets([], [1.0]) == []


def _eaf(path: Path, rows: list[tuple[str, float, float, str]]) -> Path:
    root = new_document("clip-0.mp4", [], author="test")
    tiers: dict[str, list[tuple[float, float, str]]] = {}
    for tier, start, end, text in rows:
        tiers.setdefault(tier, []).append((start, end, text))
    add_tiers(root, tiers)
    path.write_bytes(document_bytes(root))
    return path


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("zone left", 1.0, 3.0, "x"), ("zone left", 2.0, 4.0, "x")], "overlap"),
        ([("nonsense", 1.0, 3.0, "x")], "names no kind"),
        ([("zone left", 1.0, 3.0, "pace")], "both zone and pace"),
        ([("zone left", 5000.0, 7000.0, "x")], "milliseconds"),
        ([("zone left", 70.0, 75.0, "x")], "the recording lasts 60.0 s"),
        ([("zone left", 3.0, 1.0, "x")], "before it begins"),
    ],
)
def test_bad_labels_give_one_clear_line(tmp_path: Path, rows: list[tuple[str, float, float, str]], said: str) -> None:
    write_session(tmp_path / "s", document(0))
    with pytest.raises(FacetrackError, match=said) as caught:
        agree(tmp_path / "s", [_eaf(tmp_path / "clip-0.eaf", rows)], None)
    assert "\n" not in str(caught.value)
    assert "clip-0.eaf" in str(caught.value)


def test_labels_of_other_recordings_are_refused(tmp_path: Path) -> None:
    write_session(tmp_path / "s", document(0))
    labels = labels_file(tmp_path / "other.txt", [("zone", "left", 1.0, 2.0)])
    with pytest.raises(FacetrackError, match="none of the 1 recordings has that name"):
        agree(tmp_path / "s", [labels], None)


def test_a_mapping_translates_words_and_ignores_others(tmp_path: Path) -> None:
    write_session(tmp_path / "s", document(0, [("zone", "left", 5.5, 7.0)]))
    mapping = tmp_path / "mapping.toml"
    mapping.write_text('[codes]\n"wrong place" = "zone"\n"linke Seite" = "left"\n"talks" = "ignore"\n', encoding="utf-8")
    rows = [("Linke Seite", 5.0, 7.0, "wrong place"), ("Linke Seite", 8.0, 9.0, "talks")]
    (made,) = agree(tmp_path / "s", [_eaf(tmp_path / "clip-0.eaf", rows)], mapping)
    assert made.rows[-1].counts.first == 1
    assert made.rows[-1].counts.recall == 1.0
    mapping.write_text('[codes]\n"wrong place" = "area"\n', encoding="utf-8")
    with pytest.raises(FacetrackError, match="'area'"):
        agree(tmp_path / "s", [_eaf(tmp_path / "clip-0.eaf", rows)], mapping)
