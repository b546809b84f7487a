"""Running a command without a network, and watching it for internet sockets, where this machine lets us."""

import re
import shutil
import subprocess
from functools import cached_property
from pathlib import Path
from typing import Final

INTERNET: Final = re.compile(r"\bsocket\(AF_INET6?\b|\bconnect\(\d+, \{sa_family=AF_INET")


def _works(*command: str) -> bool:
    return shutil.which(command[0]) is not None and subprocess.run(command, capture_output=True).returncode == 0


class Seals:
    """What can be put before a command; tried once, when first asked for."""

    @cached_property
    def offline(self) -> tuple[str, ...]:
        """Runs it in a namespace with no network; empty where none can be made."""
        command = ("unshare", "-rn")
        return command if _works(*command, "true") else ()

    @cached_property
    def _strace(self) -> tuple[str, ...]:
        command = ("strace", "-f", "-e", "trace=socket,connect", "-o")
        quick = ("strace", "--seccomp-bpf", *command[1:])  # stops only at these two calls, not at all of them
        return next((one for one in (quick, command) if _works(*one, "/dev/null", "true")), ())

    @property
    def can_watch(self) -> bool:
        return bool(self._strace)

    def watched(self, trace: Path) -> tuple[str, ...]:
        """Writes the command's socket calls to trace; empty where nothing may be traced."""
        return (*self._strace, str(trace)) if self._strace else ()


SEALS: Final = Seals()


def internet_calls(trace: Path) -> list[str]:
    """Of a finished command. Fails if it was not traced to its end."""
    calls = trace.read_text(encoding="utf-8", errors="replace")
    assert "exited with 0" in calls
    return INTERNET.findall(calls)
