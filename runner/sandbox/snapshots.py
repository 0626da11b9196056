"""Whole states of an organisation under names: saved while it runs, restored in seconds. Standard library only.

A snapshot holds everything that makes the organisation (rows, catalogue, stages, history, tokens), and nothing of the
process (port, pid, log, results). It lies in `<root>/snapshots/NAME`, whole or not at all.
"""

from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

from runner.sandbox import files, process
from runner.sandbox.classes import dataclass
from runner.sandbox.orders import Orders
from runner.sandbox.process import Running, SandboxError

FOLDER = "snapshots"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_OF_THE_PROCESS = frozenset({FOLDER, "results", ".gitignore", files.LOCK, files.PID, files.PORT, files.LOG, files.TLS})


@dataclass(frozen=True, slots=True)
class Snapshot:
    name: str
    saved_at: datetime
    bytes: int


def checked_name(name: str) -> str:
    """The name, when it can be a folder's: letters, digits, '_', '.', '-', at most 64."""
    if not _NAME.fullmatch(name):
        raise SandboxError(f"'{name[:80]}' cannot name a snapshot: letters, digits, '_', '.', '-', at most 64 of them.")
    return name


def save(root: Path, name: str) -> Snapshot:
    """Keep the present state under a name that is free; statements that change something wait meanwhile."""
    root, name = root.resolve(), checked_name(name)
    running = process.find(root)
    if running is not None:
        Orders(running).send("POST", f"snapshots/{name}")
        return _described(root / FOLDER / name)
    if not (root / files.LOCK).exists():
        raise SandboxError(f"There is no sandbox under {root}.")
    with files.owner(root) as mine:
        if not mine:
            raise SandboxError(f"A process owns {root} and does not answer; see {root / files.LOG}.")
        return keep(root, name)


def keep(root: Path, name: str) -> Snapshot:
    """Copy the state; only who owns the root and holds all writers back may call it."""
    place = root / FOLDER / checked_name(name)
    if place.exists():
        raise SandboxError(f"There is a snapshot '{name}' already; drop it first, or take another name.")
    fresh = place.with_name(f".{name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    try:
        for entry in _state(root):
            _copied(entry, fresh / entry.name)
        fresh.rename(place)
    except OSError as error:
        shutil.rmtree(fresh, ignore_errors=True)
        raise SandboxError(f"The snapshot could not be written: {error.filename}: {error.strerror}.") from None
    return _described(place)


def restore(root: Path, name: str) -> Running:
    """The state as it was saved; what the organisation holds now is gone. The process listens where it listened."""
    root = root.resolve()
    place = _found(root, name)
    running = process.find(root)
    process.down(root)
    with files.owner(root) as mine:
        if not mine:
            raise SandboxError(f"Another process took {root} meanwhile: nothing was restored.")
        fresh = root / FOLDER / ".restored"
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.copytree(place, fresh)
        for entry in _state(root):
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
        for entry in fresh.iterdir():
            entry.rename(root / entry.name)
        fresh.rmdir()
    if running is None:
        return process.up(root)
    return process.up(root, running.port, tls=bool(running.tls_port), tls_port=running.tls_port)


def drop(root: Path, name: str) -> None:
    """Forget a snapshot."""
    shutil.rmtree(_found(root.resolve(), name))


def listed(root: Path) -> list[Snapshot]:
    """Every snapshot of a root, the oldest first."""
    folder = root.resolve() / FOLDER
    places = folder.iterdir() if folder.is_dir() else ()
    return sorted((_described(p) for p in places if not p.name.startswith(".")), key=lambda s: s.saved_at)


def _found(root: Path, name: str) -> Path:
    place = root / FOLDER / checked_name(name)
    if not place.is_dir():
        known = ", ".join(snapshot.name for snapshot in listed(root)) or "none"
        raise SandboxError(f"There is no snapshot '{name}' under {root}; there are: {known}.")
    return place


def _state(root: Path) -> list[Path]:
    """What makes the organisation; the log of the rows before the rows (see `Kernel.still`)."""
    kept = [entry for entry in root.iterdir() if entry.name not in _OF_THE_PROCESS]
    return sorted(kept, key=lambda entry: (entry.suffix != ".wal", entry.name))


def _copied(entry: Path, place: Path) -> None:
    if entry.is_dir():
        shutil.copytree(entry, place)
    else:
        shutil.copy2(entry, place)


def _described(place: Path) -> Snapshot:
    size = sum(file.stat().st_size for file in place.rglob("*") if file.is_file())
    return Snapshot(place.name, datetime.fromtimestamp(place.stat().st_mtime, UTC), size)
