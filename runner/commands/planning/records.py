"""The records of plans, and the files that belong to them, on disk. Nothing of a user's is written over."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from importlib import resources
from pathlib import Path

from runner.authoring.record import FOLDER, Record, path_of, read_record
from runner.authoring.scripts import File
from runner.core.errors import FileInTheWay, UnknownPlan, UsageError
from runner.project.files import read_text

_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}\Z")
_MACRO = re.compile(r"\{%-?\s*macro\s+(\w+)")


def check_name(name: str) -> None:
    """A plan's name becomes a template's and part of file names."""
    if not _NAME.match(name):
        raise UsageError(f"'{name}' cannot be a plan's name: small letters, digits and _ can, a letter first.")


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


def check_writable(root: Path, files: Iterable[File], owned: Mapping[str, str], *, force: bool) -> None:
    """Raises FileInTheWay for a file that is not the plan's, or that somebody has edited. ``owned``: path → sha256."""
    for file in files:
        path = root / file.path
        if not path.exists():
            continue
        bytes_ = path.read_bytes()
        if bytes_ == file.text.encode():
            continue
        if file.path in owned:
            if hashlib.sha256(bytes_).hexdigest() != owned[file.path]:
                raise FileInTheWay(file.path, "was written by this plan and edited since")
        elif not force:
            raise FileInTheWay(file.path, "stands there and is not this plan's")


def remove(root: Path, owned: Mapping[str, str], files: Iterable[File]) -> None:
    """Takes away the plan's files that it does not write any more. Raises FileInTheWay for one that was edited."""
    stale = [root / path for path in sorted(owned.keys() - {file.path for file in files})]
    standing = [path for path in stale if path.is_file()]
    for path in standing:
        shown = path.relative_to(root).as_posix()
        if hashlib.sha256(path.read_bytes()).hexdigest() != owned[shown]:
            raise FileInTheWay(shown, "was written by this plan and edited since")
    for path in standing:
        path.unlink()


def write(root: Path, files: Iterable[File]) -> tuple[str, ...]:
    """Writes what is not there yet as it should be; gives the paths that were written."""
    return tuple(file.path for file in files if _written(root / file.path, file.text))


def _written(path: Path, text: str) -> bool:
    if path.is_file() and path.read_bytes() == text.encode():
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    beside.write_bytes(text.encode())
    beside.replace(path)
    return True


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
            raise FileInTheWay(shown, f"has no macro {', '.join(sorted(missing))}, which the plan's scripts call")
    return tuple(found)
