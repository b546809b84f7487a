"""Which changes of the code make another program."""

from pathlib import Path

import pytest

from facetrack.app.batch.code_hash import code_hash, statements

CODE = '"""A module."""\n\nLIMIT = 60.0\n"""The limit."""\n\n\ndef wrong(angle):\n    """Say it."""\n    return angle > LIMIT\n'


@pytest.mark.parametrize(
    "same",
    [
        CODE.replace("A module", "Another docstring"),
        CODE.replace('"""The limit."""\n', ""),
        CODE.replace("    return", "    # A comment.\n    return"),
        CODE.replace("angle > LIMIT", "(\n        angle > LIMIT\n    )"),
    ],
)
def test_words_and_layout_change_nothing(same: str) -> None:
    assert same != CODE
    assert statements(same) == statements(CODE)


@pytest.mark.parametrize("other", [CODE.replace("60", "61"), CODE.replace(">", ">="), CODE.replace("angle)", "angle, more=1)")])
def test_statements_do(other: str) -> None:
    assert statements(other) != statements(CODE)


def test_files_their_places_and_data_count(tmp_path: Path) -> None:
    (tmp_path / "coach").mkdir()
    rules, data = tmp_path / "coach" / "rules.py", tmp_path / "coach" / "head.npz"
    rules.write_text(CODE, encoding="utf-8")
    hashes = [code_hash(tmp_path, ["coach"])]
    data.write_bytes(b"1")
    hashes.append(code_hash(tmp_path, ["coach"]))
    data.write_bytes(b"2")
    hashes.append(code_hash(tmp_path, ["coach"]))
    rules.rename(rules.with_name("checks.py"))
    hashes.append(code_hash(tmp_path, ["coach"]))
    assert len(set(hashes)) == len(hashes)
    (tmp_path / "elsewhere.py").write_text(CODE, encoding="utf-8")
    assert code_hash(tmp_path, ["coach"]) == hashes[-1]
    with pytest.raises(FileNotFoundError):
        code_hash(tmp_path, ["moved.py"])
