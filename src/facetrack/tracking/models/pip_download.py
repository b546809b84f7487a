"""One wheel through the user's own pip: their index, proxy and certificate settings hold, and nothing else opens a socket.

Their other settings are meant for packages that get installed (constraints, hashes, targets), and would only hinder a download
whose hash is checked here.
"""

import ast
import hashlib
import importlib.util
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from facetrack.errors import FacetrackError
from facetrack.system.processes import python_module
from facetrack.tracking.models.manifest import WheelSpec

OTHER_WAY: Final = "or give a file that you have: facetrack models fetch --from FILE"

SOURCES: Final = {"index-url", "extra-index-url", "no-index", "find-links", "trusted-host", "cache-dir", "no-cache-dir"}
CONNECTION: Final = {"proxy", "cert", "client-cert", "timeout", "default-timeout", "retries", "resume-retries"}
TRUST: Final = {"keyring-provider", "use-feature", "use-deprecated"}
KEPT_SETTINGS: Final = SOURCES | CONNECTION | TRUST
"""pip's settings that say where packages come from and how they are reached."""
_SECTIONS: Final = ("global", "download", ":env:")
"""Sections of pip's settings that hold for a download; a later one wins."""
_SETTING: Final = re.compile(r"^([^.\s]+)\.([\w-]+)=(.+)$")
_POLL_S: Final = 0.1
_NO_NETWORK: Final = re.compile(
    r"NewConnectionError|NameResolutionError|name resolution|getaddrinfo|Max retries|ProxyError|SSLError|timed out|"
    r"Connection (?:refused|reset|aborted|broken)|Network is unreachable",
    re.IGNORECASE,
)


def download_wheel(wheel: WheelSpec, folder: Path, progress: Callable[[float, float], None]) -> Path:
    """Fetch the wheel into ``folder`` and check its SHA-256. Raises FacetrackError with one line for whatever went wrong."""
    if importlib.util.find_spec("pip") is None:
        raise FacetrackError(f"The models come through pip, and this Python has none: run {_install_pip()}, {OTHER_WAY}")
    temporary = folder / "pip"
    temporary.mkdir()
    environment = download_environment(_settings())
    command = python_module("pip", "download", "--no-deps", "--only-binary", ":all:", *wheel.pip_target)
    command += ["--progress-bar", "off", "--no-input", "--disable-pip-version-check", "-d", str(folder), wheel.requirement]
    # pip keeps what it downloads in the temporary folder until it is whole: its size there is the progress, whatever pip's age.
    environment |= {"TMPDIR": str(temporary), "TEMP": str(temporary), "TMP": str(temporary)}
    log = folder / "pip.log"
    with log.open("wb") as output:
        pip = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=environment)
        try:
            while True:
                try:
                    pip.wait(_POLL_S)
                    break
                except subprocess.TimeoutExpired:
                    progress(_bytes_in(folder), wheel.size)
        finally:
            if pip.poll() is None:
                pip.kill()
                pip.wait()
    if pip.returncode != 0:
        raise FacetrackError(_why_pip_failed(log.read_text(encoding="utf-8", errors="replace"), wheel))
    return _checked(wheel, folder)


def _settings() -> str:
    """Return the user's pip settings as pip lists them, those of the environment included; "" where it can't read them."""
    command = python_module("pip", "config", "list", "--disable-pip-version-check")
    listed = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, errors="replace", check=False
    )
    return listed.stdout if listed.returncode == 0 else ""


def download_environment(listed: str) -> dict[str, str]:
    """Return the environment for pip: this process's, with those of pip's settings that tell where packages are.

    listed: all settings, as ``pip config list`` writes them.
    """
    found = [match.groups() for line in listed.splitlines() if (match := _SETTING.match(line))]
    kept: dict[str, str] = {}
    for section in _SECTIONS:
        kept |= {name: _plain(value) for place, name, value in found if place == section and name in KEPT_SETTINGS}
    others = {name: value for name, value in os.environ.items() if not name.upper().startswith("PIP_")}
    mine = {f"PIP_{name.upper().replace('-', '_')}": value for name, value in kept.items() if value}
    return {**others, **mine, "PIP_CONFIG_FILE": os.devnull}


def _plain(value: str) -> str:
    """Return a value that pip wrote as Python does; settings of several lines have their parts separated by spaces."""
    try:
        return " ".join(str(ast.literal_eval(value)).split())
    except (ValueError, SyntaxError):
        return value


def _checked(wheel: WheelSpec, folder: Path) -> Path:
    wheels = sorted(folder.glob("*.whl"))
    if len(wheels) != 1:
        raise FacetrackError(f"pip said that it fetched {wheel.requirement}, but no wheel came: try again, {OTHER_WAY}")
    with wheels[0].open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != wheel.sha256:
        raise FacetrackError(
            f"The {wheel.requirement} that pip fetched is not the one that facetrack knows (SHA-256 {found[:12]}… instead of "
            f"{wheel.sha256[:12]}…), so it was not used: check your pip index, {OTHER_WAY}"
        )
    return wheels[0]


def _bytes_in(folder: Path) -> int:
    """Count the bytes of all wheels below; files may vanish while pip works."""
    total = 0
    for path in folder.rglob("*.whl"):
        try:
            total += path.stat().st_size
        except OSError:
            continue
    return total


def _why_pip_failed(log: str, wheel: WheelSpec) -> str:
    if "No space left on device" in log:
        return "The disk is full: make 120 MB of room and run facetrack models fetch again"
    if _NO_NETWORK.search(log):
        return f"The models could not be fetched: pip reached no package index. Connect to the internet once, {OTHER_WAY}"
    errors = [line.removeprefix("ERROR:").strip() for line in log.splitlines() if line.startswith("ERROR:")]
    reason = errors[-1] if errors else (log.strip().splitlines() or ["no reason given"])[-1]
    return f"pip could not fetch {wheel.requirement} ({reason}): see that pip works here, {OTHER_WAY}"


def _install_pip() -> str:
    return "uv pip install pip" if os.environ.get("UV") else f'"{sys.executable}" -m ensurepip'
