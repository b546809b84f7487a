"""Running facetrack in tests: in this process, or in one of its own."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from facetrack.cli import main

OWN_ROUTINE = """schema_version = 1
id = "mine"
title = "My own"
version = 1
language = "en"
[[step]]
id = "cheeks"
title = "Cheeks"
say = "Stroke over the cheeks, outwards."
zone = ["cheek", "cheekbone"]
hands = "both"
seconds = 8
path = [[25, -40], [62, -30]]
"""
"""A routine file as short as a user may write one."""


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        """stderr, which must be one line of ours."""
        assert self.err.startswith("facetrack: "), self.err
        assert self.err.count("\n") == 1, self.err
        return self.err


def facetrack(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> Ran:
    """In this process: quick, since MediaPipe is loaded once."""
    capsys.readouterr()
    with pytest.raises(SystemExit) as end:
        main([str(argument) for argument in arguments])
    assert isinstance(end.value.code, int)
    printed = capsys.readouterr()
    return Ran(end.value.code, printed.out, printed.err)


WHOLE = ("-m", "facetrack")
BLIND = (str(Path(__file__).with_name("blind.py")),)
RECORDED = (str(Path(__file__).with_name("recorded.py")),)
"""What Python runs: all of facetrack; all but its tracker, where nothing hangs on that; or with a tracker that remembers."""


def started(
    *arguments: str | Path,
    env: dict[str, str],
    wrapper: tuple[str, ...] = (),
    program: tuple[str, ...] = WHOLE,
    **options,
) -> subprocess.Popen[str]:
    """In a process of its own, for signals and for what only a real exit shows. program: what Python runs of it."""
    command = [*wrapper, sys.executable, *program, *map(str, arguments)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, env=env, text=True, **(pipes | options))
