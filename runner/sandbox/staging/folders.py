"""Where the files of stages lie: one folder a stage under the organisation's root, found by number and not by name."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from runner.sandbox.classes import dataclass

FOLDER = "stages"


@dataclass(frozen=True, slots=True)
class StagedFile:
    """One file: `name` is its path in the stage, with `/` between folders."""

    name: str
    path: Path
    size: int
    modified_at: datetime

    @property
    def md5(self) -> str:
        """The content's MD5 in hexadecimal, as LIST shows it."""
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


class Folders:
    """The stages' folders of one organisation; those of one that lives in memory go with it."""

    def __init__(self, root: Path | None) -> None:
        self._root = root / FOLDER if root is not None else None
        self._temporary: tempfile.TemporaryDirectory[str] | None = None

    @property
    def root(self) -> Path:
        if self._root is None:
            self._temporary = tempfile.TemporaryDirectory(prefix="sandbox-stages-")
            self._root = Path(self._temporary.name)
        return self._root

    def of(self, kind: str, number: int) -> Path:
        """The folder of a stage, made when it is first asked for; only the sandbox's user may look inside."""
        folder = self.root / f"{kind}-{number}"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder

    def drop(self, kind: str, number: int) -> None:
        """The files of a stage that is gone for good."""
        if self._root is not None:
            shutil.rmtree(self._root / f"{kind}-{number}", ignore_errors=True)

    def close(self) -> None:
        if self._temporary is not None:
            self._temporary.cleanup()


def listed(folder: Path, prefix: str = "") -> Iterator[StagedFile]:
    """The files whose path begins with the prefix, by path; a link that leads out of the folder is no file of it."""
    inside = folder.resolve()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if (
            name.startswith(prefix)
            and not path.name.endswith(".part")
            and path.is_file()
            and path.resolve().is_relative_to(inside)
        ):
            facts = path.stat()
            yield StagedFile(name, path, facts.st_size, datetime.fromtimestamp(int(facts.st_mtime), UTC))
