"""Tries hostile inputs on the real command line, each in a process and folders of its own, and says what was wrong with any.

Of each: no traceback, no signal, one of the exit codes that it should have, no model loaded and no picture decoded, at most
LONGEST_S until it ends, nothing written outside its folders, no input changed, and words that name the trouble.
"""

import hashlib
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from benchmarks.faults import watched
from benchmarks.faults.hostile_inputs import Input, Place
from benchmarks.faults.hostile_machines import all_inputs
from facetrack.system import paths

LONGEST_S: Final = 2.0
"""On a machine with nothing else to do: on a busy one, the time is divided by how many times as long a reference takes as its
processor time."""
REFERENCE: Final = (sys.executable, "-c", "import cv2")
LONGEST_LINE: Final = 700
"""Letters of a line that is facetrack's, without what the user typed."""
AGAIN: Final = 2
"""How often an input that was too slow is tried again."""
EVERY: Final = 8
"""The reference is run again after this many inputs."""
HANGS_S: Final = 60.0
ANYWHERE: Final = ("/dev/null", "/dev/shm/", "/proc/self/")
"""What may be opened for writing and is no file of anybody's."""


@dataclass(frozen=True, slots=True)
class Tried:
    """How one input went. wrong: what should not have been, in words; empty: nothing."""

    group: str
    name: str
    command: str
    code: int
    seconds: float
    words: str
    wrong: list[str]


def sweep() -> list[Tried]:
    """Try them all, one after the other."""
    tried: list[Tried] = []
    slowdown = 1.0
    for number, one in enumerate(all_inputs()):
        if number % EVERY == 0:
            slowdown = _slowdown()
        tried.append(_quickest(one, slowdown))
        if tried[-1].wrong:
            print(f"{number}: {one.group}: {one.name}: {tried[-1].code} {tried[-1].words!r}: {tried[-1].wrong}", flush=True)
    return tried


def _quickest(one: Input, slowdown: float) -> Tried:
    """Try an input; one that is only too slow is tried again, since other programs may have come in between."""
    first = _tried(one, slowdown)
    for _ in range(AGAIN):
        if len(first.wrong) != 1 or first.seconds <= LONGEST_S:
            break
        first = min(first, _tried(one, _slowdown()), key=lambda tried: tried.seconds)
    return first


def _slowdown() -> float:
    """Measure how many times as long as its processor time a program takes at the moment; at least 1."""
    began_s, spent = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(REFERENCE, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return max(1.0, (time.monotonic() - began_s) / (after.ru_utime + after.ru_stime - spent.ru_utime - spent.ru_stime))


def _tried(one: Input, slowdown: float) -> Tried:
    with tempfile.TemporaryDirectory(prefix="hostile-") as folder:
        place = Place(Path(folder))
        one.prepare(place)
        if one.as_user is not None:
            _give(place, one.as_user)
        before = _content(place.root)
        log = Path(folder) / "watched.json"
        ran, seconds = _run(one, place, log)
        if ran is None:
            return Tried(one.group, one.name, one.command_line, -1, seconds, "", ["hangs"])
        words = " ".join((ran.stderr + ran.stdout).replace(f"{place.root}/", "").split())
        report = json.loads(log.read_text(encoding="utf-8") or "{}") if log.exists() else {}
        wrong = _wrong(one, ran, report, seconds / slowdown, place)
        after = _content(place.root)
        wrong += [f"changed: {path}" for path in before if before[path] != after.get(path)]
        wrong += [f"left: {path}" for path in after.keys() - before.keys() if not _may_write(place.root / path, place)]
        return Tried(one.group, one.name, one.command_line, ran.returncode, round(seconds / slowdown, 2), words[:300], wrong)


def _run(one: Input, place: Place, log: Path) -> tuple["subprocess.CompletedProcess[str] | None", float]:
    python = [sys.executable, "-P", watched.__file__, str(log), one.camera]
    command = [*python, *(part.replace("ROOT", str(place.root)) for part in one.command)]
    if one.as_user is not None:
        command = ["setpriv", f"--reuid={one.as_user}", "--clear-groups", *command]
        log.touch()
        log.chmod(0o666)
    env = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1", "TMPDIR": str(place.temporary)}
    env |= {"HOME": str(place.home), "FACETRACK_DATA_DIR": str(place.data), "FACETRACK_CACHE_DIR": str(place.cache)}
    env |= {"FACETRACK_MODELS_DIR": str(paths.models_dir())} | {
        name: value.replace("ROOT", str(place.root)) for name, value in one.env.items()
    }
    began_s = time.monotonic()
    try:
        ran = subprocess.run(
            one.wrapper + command,
            cwd=place.work,
            env={name: value for name, value in env.items() if name not in one.unset},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="backslashreplace",
            timeout=HANGS_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None, HANGS_S
    finally:
        one.clean(place)
    return ran, time.monotonic() - began_s


def _wrong(
    one: Input, ran: "subprocess.CompletedProcess[str]", report: dict[str, object], seconds: float, place: Place
) -> list[str]:
    said = own = ran.stderr + ran.stdout
    for given in one.command:
        own = own.replace(given.replace("ROOT", str(place.root)), "…") if given else own
    attempted, removed = ([str(path) for path in report.get(name, ())] for name in ("writes", "removed"))  # type: ignore[attr-defined]
    written = removed + [path for path in attempted if os.path.lexists(path)]
    allowed = (*ANYWHERE, *(str(path) for path in place.writable), str(place.temporary))
    faults = {
        f"exit code {ran.returncode}": ran.returncode not in one.codes,
        "a signal": ran.returncode < 0 or ran.returncode > 130,
        "a traceback": "Traceback" in said or "Something unexpected" in said,
        "untrue words": re.search(one.words, said, re.IGNORECASE | re.DOTALL) is None,
        "lines that are not ours": any(len(line) > LONGEST_LINE for line in own.splitlines()),
        "a picture was decoded": bool(report.get("decoded")),
        "a model was loaded": bool(report.get("models")),
        f"{seconds:.1f} s": seconds > LONGEST_S,
    }
    outside = [f"wrote {path}" for path in written if not path.startswith(allowed)]
    return [words for words, is_so in faults.items() if is_so] + outside


def _give(place: Place, user: int) -> None:
    """Let another user into the folders; those that the input made stay as they are."""
    place.root.chmod(0o755)
    for folder in (place.home, place.work, place.temporary, *place.writable):
        if folder.is_dir() and not folder.is_symlink() and not (folder / ".kept-from-others").exists():
            shutil.chown(folder, user)


def _content(root: Path) -> dict[str, str]:
    """Say what lies in the folders, by path, with files' hashes. What SQLite puts beside a history comes and goes."""
    found = {}
    for folder, _, files in os.walk(root):
        for path in (Path(folder) / name for name in files if name != "watched.json" and not name.endswith(("-shm", "-wal"))):
            kept = path.is_file() and not path.is_symlink()
            found[str(path.relative_to(root))] = hashlib.sha256(path.read_bytes()).hexdigest() if kept else "no file"
    return found


def _may_write(path: Path, place: Place) -> bool:
    return any(one in path.parents for one in place.writable)


def summary(tried: list[Tried]) -> str:
    """Return Markdown: a line for each group, and one for all."""
    lines = ["| inputs | tried | wrong | slowest | exit codes |", "|---|---|---|---|---|"]
    for group in dict.fromkeys(one.group for one in tried):
        of = [one for one in tried if one.group == group]
        codes = ", ".join(str(code) for code in sorted({one.code for one in of}))
        lines.append(f"| {group} | {len(of)} | {sum(map(bool, of_wrong(of)))} | {max(x.seconds for x in of):.2f} s | {codes} |")
    wrong = sum(map(bool, of_wrong(tried)))
    return "\n".join([*lines, f"| all | {len(tried)} | {wrong} | {max(one.seconds for one in tried):.2f} s | |"])


def table(tried: list[Tried]) -> str:
    """Return Markdown: the summary, then a line for each input."""
    lines = [summary(tried), "", "| input | command | exit code | what is said |", "|---|---|---|---|"]
    lines += [f"| {_cell(one.name)} | `{_cell(one.command)}` | {one.code} | {_cell(one.words)} |" for one in tried]
    return "\n".join(lines)


def of_wrong(tried: list[Tried]) -> list[list[str]]:
    """List what was wrong with each."""
    return [one.wrong for one in tried]


def _cell(text: str) -> str:
    printable = "".join(letter if letter.isprintable() else "?" for letter in text)
    return printable.replace("|", "\\|").replace("`", "'")[:200]


def write(tried: list[Tried], folder: Path) -> None:
    """Write hostile.json and hostile.md."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "hostile.json").write_text(
        json.dumps([asdict(one) for one in tried], indent=1, ensure_ascii=False) + "\n", "utf-8"
    )
    head = (
        "# Hostile inputs\n\n`python -m benchmarks.faults all` tries them. Times are divided by how busy the machine was.\n\n"
    )
    (folder / "hostile.md").write_text(head + table(tried) + "\n", "utf-8")
