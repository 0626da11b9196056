"""The records of plans, and the files that belong to them, on disk. Nothing of a user's is written over."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import TypeAlias

from runner.authoring.names import RESERVED
from runner.authoring.record import FOLDER, Record, path_of, read_record
from runner.authoring.scripts import File
from runner.core.errors import FileInTheWay, UnknownPlan, UsageError
from runner.project.files import read_text

_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}\Z")
Owned: TypeAlias = Mapping[str, frozenset[str]]
"""Paths of a plan's files, and the sha256 of each as the plan's steps wrote it."""
_MACRO = re.compile(r"\{%-?\s*macro\s+(\w+)")


def check_name(name: str) -> None:
    """A plan's name becomes a template's and part of file names."""
    if not _NAME.match(name):
        raise UsageError(f"'{name}' cannot be a plan's name: small letters, digits and _ can, a letter first.")
    if name in RESERVED:
        raise UsageError(f"'{name}' cannot be a plan's name: the word means something else in scripts.")


def known(root: Path) -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in (root / FOLDER).glob("*.json")))


def find(root: Path, name: str) -> Record | None:
    check_name(name)
    path = root / path_of(name)
    return read_record(path_of(name), read_text(path, path_of(name))) if path.is_file() else None


def load(root: Path, name: str) -> Record:
    """Raises UnknownPlan or RecordDamaged."""
    record = find(root, name)
    if record is None:
        raise UnknownPlan(name, known(root))
    return record


def check_writable(root: Path, files: Iterable[File], owned: Owned, *, force: bool) -> None:
    """Raises FileInTheWay for a file that is not the plan's, or that somebody has edited."""
    for file in files:
        path = root / file.path
        if not path.exists():
            continue
        bytes_ = path.read_bytes()
        if bytes_ == file.text.encode():
            continue
        if file.path in owned:
            _check_unedited(path, file.path, owned)
        elif not force:
            raise FileInTheWay(file.path, "stands there and is not this plan's")


def stale(root: Path, owned: Owned, files: Iterable[File]) -> tuple[str, ...]:
    """The plan's files that it does not write any more. Raises FileInTheWay for one that was edited."""
    found = [path for path in sorted(owned.keys() - {file.path for file in files}) if (root / path).is_file()]
    for path in found:
        _check_unedited(root / path, path, owned)
    return tuple(found)


def owned_by(record: Record | None) -> Owned:
    """The files that a plan has written, with the hash that each step gave them."""
    found: dict[str, frozenset[str]] = {}
    for file in (file for step in record.steps for file in step.files) if record else ():
        found[file.path] = found.get(file.path, frozenset()) | {file.sha256}
    return found


def lost(root: Path, record: Record) -> Mapping[str, int]:
    """Files that are missing, or as an earlier step left them, and the step that wrote each last. Edited ones stay."""
    last = {file.path: (step.number, file.sha256) for step in record.steps for file in step.files}
    owned, found = owned_by(record), dict[str, int]()
    for path, (step, wanted) in last.items():
        now = sha256_of(root / path) if (root / path).is_file() else None
        if now is None or (now != wanted and now in owned[path]):
            found[path] = step
    return found


def standing(root: Path, record: Record) -> tuple[File, ...]:
    """The plan's scripts as they stand in the project."""
    paths = (path for path in sorted(owned_by(record)) if (root / path).is_file())
    return tuple(File(path, read_text(root / path, path)) for path in paths)


def sha256_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _check_unedited(path: Path, shown: str, owned: Owned) -> None:
    if sha256_of(path) not in owned[shown]:
        raise FileInTheWay(shown, "was written by this plan and edited since", f"`git diff {shown}`: {_EDITED}")


_EDITED = "take the edit back, or keep the script and write what is new as the next one."


def write(root: Path, files: Iterable[File], remove: Sequence[str] = ()) -> tuple[str, ...]:
    """Writes what is not there yet as it should be, takes the others away, and gives the paths that were written.

    All of it or nothing: whatever comes in between, a full disk or an interrupt, everything is as it was. The first one
    is the first to stand, for what gives no time to put things back.
    """
    wanted = {file.path: file.text.encode() for file in files}
    before = {path: _bytes(root / path) for path in [*wanted, *remove]}
    changed = [path for path, text in wanted.items() if before[path] != text]
    try:
        for path in changed:
            _beside(root / path).write_bytes(wanted[path])
        for path in changed:
            _beside(root / path).replace(root / path)
        for path in remove:
            (root / path).unlink()
    except BaseException:
        for path in [*changed, *remove]:
            _put_back(root / path, before[path])
        raise
    return tuple(changed)


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _beside(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.with_name(f".{path.name}.new")


def _put_back(path: Path, text: bytes | None) -> None:
    _beside(path).unlink(missing_ok=True)
    if text is None:
        path.unlink(missing_ok=True)
    elif _bytes(path) != text:
        path.write_bytes(text)


def macros(root: Path, folder: Path, files: Iterable[File]) -> tuple[File, ...]:
    """The macro files that the scripts call and the project has not yet.

    One that stands there is left as it is, if it has every macro that is called; else it is a FileInTheWay.
    """
    text = "\n".join(file.text for file in files)
    found = list[File]()
    for packaged in sorted(
        resources.files("runner.authoring").joinpath("macros").iterdir(), key=lambda each: each.name
    ):
        name = packaged.name.removesuffix(".sql")
        called = set(re.findall(rf"\b{name}\.(\w+)\(", text))
        if not packaged.name.endswith(".sql") or not called:
            continue
        path = folder / packaged.name
        shown = path.relative_to(root).as_posix()
        if not path.exists():
            found.append(File(shown, packaged.read_text(encoding="utf-8")))
        elif missing := called - set(_MACRO.findall(read_text(path, shown))):
            lacking = ", ".join(sorted(missing))
            advice = f"Give it these macros, or call it something else: the plan brings its own {packaged.name} then."
            raise FileInTheWay(shown, f"has no macro {lacking}, which the plan's scripts call", advice)
    return tuple(found)
