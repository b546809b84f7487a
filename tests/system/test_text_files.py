"""Text files that a user's editor may have saved anew: with a byte order mark in front they read as without."""

import ast
import codecs
import json
from pathlib import Path

import facetrack
from facetrack.app.settings import read_settings, settings_path
from facetrack.app.user_state import FILE_NAME, known_steps
from facetrack.session.folder import read_document
from facetrack.session.history.history import _awaiting, _awaiting_path, read_strokes, read_touched
from facetrack.session.journal.reader import read_identity
from facetrack.system import paths
from facetrack.tracking.models.manifest import load_manifest
from facetrack.tracking.models.store import STAMP, ModelStore
from tests.cli.commands import OWN_ROUTINE
from tests.session.export.test_export import NOON
from tests.session.history_fakes import record, session_identity

SOURCE = Path(facetrack.__file__).parent
OUR_OWN = {
    "app/batch/code_hash.py": "the package's own code",
    "capture/camera/devices.py": "the kernel's lines",
    "geometry/head/canonical.py": "comes with the package",
    "study/page.py": "comes with the package",
    "routine/map/face_map.py": "comes with the package",
    "tracking/models/manifest.py": "comes with the package",
    "tracking/models/pip_download.py": "pip's log",
}
"""Readers of text that no editor touches."""


def test_every_reader_of_text_takes_a_byte_order_mark() -> None:
    """Bytes are decoded by ``parse_toml`` and ``json.loads``, which both know it; text has to say so."""
    plain = [
        f"{path.relative_to(SOURCE)}:{call.lineno}"
        for path in SOURCE.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call) and _reads_text(call) and path.relative_to(SOURCE).as_posix() not in OUR_OWN
    ]
    assert plain == []


def _reads_text(call: ast.Call) -> bool:
    """Whether it is ``read_text`` or ``open`` for reading text, with an encoding that takes the mark for a letter."""
    name = getattr(call.func, "attr", "")
    mode = getattr(call.args[0], "value", None) if call.args else "r"
    encoding = [word.value.value for word in call.keywords if word.arg == "encoding" and isinstance(word.value, ast.Constant)]
    reads = name == "read_text" or (name == "open" and mode == "r" and encoding)
    return bool(reads) and encoding != ["utf-8-sig"]


def _marked(path: Path, text: str | None = None) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    data = path.read_bytes() if text is None else text.encode()
    path.write_bytes(codecs.BOM_UTF8 + data.removeprefix(codecs.BOM_UTF8))
    return path


def test_all_that_a_user_may_edit_reads_the_same(tmp_path: Path) -> None:
    _marked(settings_path(), "voice = false\n")
    assert read_settings().voice is False
    assert facetrack.load_routine(_marked(tmp_path / "mine.toml", OWN_ROUTINE)).id == "mine"
    _marked(paths.data_dir() / FILE_NAME, json.dumps({"known_steps": {"fascia": ["neck"]}}))
    assert known_steps("fascia") == {"neck"}
    _marked(_awaiting_path(), f"{tmp_path}\n")
    assert _awaiting() == {tmp_path}
    stamp = {"face": {"sha256": "0", "size": 1, "origin": "x", "recipe": None}}
    _marked(tmp_path / STAMP, json.dumps(stamp))
    assert list(ModelStore(tmp_path, load_manifest()).stamps()) == ["face"]
    folder = record(session_identity(NOON))
    before = _read(folder)
    for name in ("session.json", "strokes.csv", "touched.csv", "frames.jsonl"):
        _marked(folder / name)
    assert before == _read(folder)


def _read(folder: Path) -> tuple[object, ...]:
    """All that is read of a session's folder."""
    identity = read_identity(folder / "frames.jsonl")
    return read_document(folder).to_json(), read_strokes(folder), read_touched(folder), identity.id, identity.routine.sha256
