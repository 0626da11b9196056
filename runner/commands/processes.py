"""Processes of this machine: who we are, and whether another one still lives."""

from __future__ import annotations

import getpass
import os
import socket
import subprocess
from pathlib import Path

_PROC = Path("/proc")
UNKNOWN = ""


def user() -> str:
    """Who runs this; a container may run under a number that has no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"


def machine() -> str:
    """What a process number is unique in: this start of this machine, and the container in it."""
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text().strip()
        return f"{boot} {os.readlink(_PROC / 'self/ns/pid')}"
    except OSError:
        return socket.gethostname()


def born(process: int) -> str | None:
    """When a process was started, as the system counts; None when it does not live, UNKNOWN when nobody can tell.

    Tells a number that was given again apart.
    """
    if not (_PROC / "self/stat").exists():
        return _asked(process)
    try:
        state, *rest = (_PROC / str(process) / "stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    except OSError:
        return UNKNOWN
    return None if state in "ZX" else rest[18]


def _asked(process: int) -> str | None:
    """The same where there is no /proc."""
    words = ["ps", "-o", "lstart=,stat=", "-p", str(process)]
    try:
        answer = subprocess.run(words, capture_output=True, text=True, check=False)
    except OSError:
        return UNKNOWN
    found = answer.stdout.split()
    return None if not found or found[-1].startswith("Z") else " ".join(found[:-1])
