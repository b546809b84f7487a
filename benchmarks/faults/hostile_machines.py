"""Defines the hostile inputs that are no files: folders, environments, cameras and wrong usage; and lists all."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from benchmarks.faults.hostile_inputs import (
    ASKING,
    ONE,
    READERS,
    Input,
    Place,
    bundles,
    histories,
    nothing,
    routines,
    sessions,
    settings,
    videos,
)  # fmt: skip
from benchmarks.faults.watched import CAMERAS
from tests.clips import write_clip

STRANGER: Final = 12345
"""A user that no system list knows."""


WRITERS: Final = {
    "run": ("run", "fascia", "--video", "ROOT/given/clip.mp4", "--headless", "--yes", "--no-voice", "--out", "PLACE"),
    "analyze": ("analyze", "ROOT/given/clip.mp4", *ONE, "--out", "PLACE"),
    "demo": ("demo", "--headless", "--out", "PLACE"),
    "pictures": ("routines", "show", "fascia", "--picture", "PLACE"),
    "new": ("routines", "new", "PLACE/mine.toml"),
}
FOLDERS: Final[dict[str, tuple[str, Callable[[Place], object]]]] = {
    "a file": ("ROOT/given/file", lambda place: (place.given / "file").touch()),
    "in a file": ("ROOT/given/file/below", lambda place: (place.given / "file").touch()),
    "a link to nothing": ("ROOT/given/link", lambda place: (place.given / "link").symlink_to("/nonexistent/x")),
    "a link to itself": ("ROOT/given/link", lambda place: (place.given / "link").symlink_to("link")),
    "of the kernel": ("/proc/nothing", nothing),
    "a device": ("/dev/null/below", nothing),
    "of another user": ("ROOT/given/theirs/mine", lambda place: (place.given / "theirs").mkdir(mode=0o755)),
    "hidden by another user": ("ROOT/given/theirs/mine", lambda place: (place.given / "theirs").mkdir(mode=0o700)),
    "on a full disk": ("ROOT/given/full/mine", lambda place: _disk(place, "size=64k")),
    "on a disk that is only read": ("ROOT/given/full/mine", lambda place: _disk(place, "ro")),
}


def _disk(place: Place, options: str) -> None:
    (place.given / "full").mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place.given / "full")], check=True, capture_output=True)


def _no_disk(place: Place) -> None:
    subprocess.run(["umount", str(place.given / "full")], check=False, capture_output=True)


def _folders() -> Iterator[Input]:
    words = r"written|folder|full|Permission|file of that name|made at|there already"
    for what, (path, make) in FOLDERS.items():
        for name, command in WRITERS.items():
            if what == "on a full disk" and name == "new":
                continue  # a routine's file is small enough for what is left
            made = tuple(part.replace("PLACE", path) for part in command)
            theirs = STRANGER if "another user" in what else None
            yield Input(
                "folders", f"{what}, {name}", made, words, (1, 2), partial(_with_clip, make), as_user=theirs, clean=_no_disk
            )
    for what, mode in {"data of root": 0o755, "data hidden by root": 0o700}.items():
        for name, command in ASKING.items():
            yield Input(
                "folders", f"{what}, {name}", command, r"belongs to root|no sessions|No sessions", (0, 1, 2),
                partial(_roots, mode), as_user=STRANGER,
            )  # fmt: skip


def _with_clip(make: Callable[[Place], object], place: Place) -> None:
    write_clip(place.given / "clip.mp4", 40, size_wh=(160, 120))
    (place.given / "clip.mp4").chmod(0o644)
    place.given.chmod(0o755)
    make(place)


def _roots(mode: int, place: Place) -> None:
    from facetrack.session.history.database import HistoryDatabase

    place.data.mkdir()
    with HistoryDatabase(place.data / "history.sqlite3"):
        pass
    (place.data / "history.sqlite3").chmod(0o644)
    (place.data / ".kept-from-others").touch()
    place.data.chmod(mode)


HOMELESS: Final = ("HOME", "FACETRACK_DATA_DIR", "FACETRACK_CACHE_DIR")
ENVIRONMENTS: Final[dict[str, dict[str, str]]] = {
    "a terminal that can nothing": {"TERM": "dumb"},
    "no such terminal": {"TERM": "x" * 300, "COLUMNS": "0", "LINES": "-1"},
    "a code page": {"PYTHONIOENCODING": "cp1252"},
    "ASCII alone": {"PYTHONIOENCODING": "ascii", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "an unknown language": {"LANG": "xx_YY.nonsense", "LC_ALL": "xx_YY"},
    "an unknown zone": {"TZ": "Nowhere/Nothing"},
    "a display that is none": {"DISPLAY": ":987", "XAUTHORITY": "/nonexistent"},
    "Wayland alone": {"WAYLAND_DISPLAY": "wayland-0"},
    "a data folder with a line break": {"FACETRACK_DATA_DIR": "ROOT/out/a\nb"},
    "a data folder of nobody": {"FACETRACK_DATA_DIR": "~nobody-here/x"},
    "a data folder that is a file": {"FACETRACK_DATA_DIR": "/etc/passwd"},
    "a data folder of the kernel": {"FACETRACK_DATA_DIR": "/proc/x"},
    "a home that is not there": {"HOME": "/nonexistent"},
    "OpenCV told to shout": {"OPENCV_LOG_LEVEL": "DEBUG", "OPENCV_FFMPEG_DEBUG": "1"},
    "wrong numbers of threads": {"OMP_NUM_THREADS": "-5", "OPENBLAS_NUM_THREADS": "many"},
    "a browser that is none": {"BROWSER": "/nonexistent/browser"},
}
QUICK: Final = {
    "analyze": (("analyze", "ROOT/given/absent.mp4", *ONE), r"no file", (1,)),
    "show": (("sessions", "show"), r"no sessions|can't be (used|made)|FACETRACK_DATA_DIR|can't", (1, 2)),
    "run": (("run", "nothing", "--headless"), r"no routine", (2,)),
}


def _environments() -> Iterator[Input]:
    for what, env in ENVIRONMENTS.items():
        for name, (command, words, codes) in QUICK.items():
            yield Input("environments", f"{what}, {name}", command, words, codes, env=env)
    for command in (("sessions", "list"), ("sessions", "export"), ("report",), ("run", "--headless", "--yes")):
        yield Input(
            "environments",
            f"no home, {' '.join(command[:2])}",
            command,
            "FACETRACK_DATA_DIR",
            (1,),
            unset=HOMELESS,
            as_user=STRANGER,
        )
    for closed in ("<&-", ">&-", "2>&-", ">&- 2>&-", ">/dev/full", "<&- >&- 2>&-"):
        shell = ["bash", "-c", f'exec "$0" "$@" {closed}']
        yield Input("environments", f"streams {closed}", READERS["analyze"], r"no file|^$", (1, 2), wrapper=shell)
    if sys.platform.startswith("linux"):
        few = ["bash", "-c", 'ulimit -n 24; exec "$0" "$@"']
        yield Input("environments", "few open files", QUICK["analyze"][0], r"no file|open files", (1,), wrapper=few)


def _cameras() -> Iterator[Input]:
    numbers = [
        "²",
        "٣",
        "99999999999",
        "2147483648",
        "9" * 5000,
        "-1",
        "1.5",
        "0x1",
        " ",
        "a\nb",
        "\u202e1",
        "007",
        "63",
        "1e3",
    ]
    paths = ["/dev/video63", "/dev/null", "/etc/passwd", "/nonexistent", "/dev", "/dev/video0/../null", "rtsp://127.0.0.1:9/x"]
    for wanted in numbers + paths:
        for name in ("run", "pulse"):
            head = ("run", "fascia", "--headless", "--yes", "--no-save") if name == "run" else ("pulse",)
            yield Input(
                "cameras", f"{wanted[:24]!r}, {name}", (*head, "--camera", wanted), "camera|null|passwd|nonexistent|dev", (1, 2)
            )
    for kind in CAMERAS:
        for name in ("run", "pulse"):
            head = ("run", "fascia", "--headless", "--yes", "--no-save") if name == "run" else ("pulse",)
            yield Input("cameras", f"{kind}, {name}", (*head, "--camera", "0"), "Camera 0", (1,), camera=kind)


WRONG: Final = """\
run --bpm fast
run --bpm nan
run --bpm inf
run --bpm -5
run --bpm 1e400
run --label x
run --label =x
run --label a=1 --label a=2
run --no-save --out x
run --step x fascia
run --step neck --again neck fascia
run --camera 0 --video x
run --again x
run --guide-only --record
demo --step x
demo nothing
analyze
analyze x --workers 0
analyze x --workers many
analyze x --routine nothing
bench --frames 0
sessions list -n 0
sessions export --format xls
sessions delete
models nothing
nothing
--nothing
routines new
report a b
pulse --camera 0 --video x
"""
"""Commands that are called wrongly, one a line."""


def _usage() -> Iterator[Input]:
    for line in WRONG.splitlines():
        yield Input("usage", line, tuple(line.split()), r"facetrack: |Usage", (2,))


def all_inputs() -> Iterator[Input]:
    """Yield every input; those that need root or another user's rights only where this process can have them."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("setpriv") is not None
    for group in (videos, routines, settings, histories, sessions, bundles, _folders, _environments, _cameras, _usage):
        yield from (one for one in group() if root or (one.as_user is None and "disk" not in one.name))
