"""The files by which a sandbox's process is found: its lock, pid, port and log. Standard library only.

The lock, not the pid, says whether a process lives: the operating system frees it however the process ends.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOCK = "sandbox.lock"
PID = "pid"
PORT = "port"
LOG = "sandbox.log"
ADMIN = "admin.json"
TLS = "tls"
AUTHORITY = "ca.pem"
TRUSTSTORE = "truststore.p12"
TRUSTSTORE_PASSWORD = "changeit"
"""Java asks for one; what it guards is public."""


@contextmanager
def owner(root: Path) -> Iterator[bool]:
    """Own the root for the length of the block; False when another process does."""
    root.mkdir(parents=True, exist_ok=True)
    (root / ".gitignore").write_text("*\n")
    handle = os.open(root / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(handle)


def owned(root: Path) -> bool:
    """Whether a process owns the root now."""
    if not (root / LOCK).exists():
        return False
    handle = os.open(root / LOCK, os.O_RDWR)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


def identity(root: Path) -> int | None:
    """Which lock lies in the root: a folder that was removed and made again has another; None when there is none."""
    try:
        return (root / LOCK).stat().st_ino
    except OSError:
        return None


def number(path: Path) -> int | None:
    """The number a file holds; None when it is not there or not written yet."""
    try:
        return int(path.read_text())
    except (FileNotFoundError, ValueError):
        return None


def write(path: Path, text: str) -> None:
    """The whole text or nothing, for who reads it meanwhile."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.write_text(text)
    fresh.replace(path)
